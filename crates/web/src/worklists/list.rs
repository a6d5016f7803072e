//! The lists of reports, one at a time, and finding one report by its reference.

use askama::Template;
use axum::extract::State;
use jiff::civil::Date;
use store::WorklistQuery;

use super::{Alert, List, alerts, kept_table, table};
use crate::routes;
use crate::shared::access::{Permission, Role};
use crate::shared::app::App;
use crate::shared::form::Mistakes;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record;
use crate::shared::time;
use crate::shared::ui::{Input, Table};
use crate::shared::visit::Signed;

/// Said of what cannot be the reference of a report.
pub(super) const NO_REFERENCE: &str = "This is not a reference of a report. Check it: it looks like WM-2026-000123";
/// Rows of one page: as many as somebody goes through before they choose another list.
const ROWS: u32 = 25;

#[derive(Template)]
#[template(path = "worklists/list.html")]
struct Lists {
    frame: Frame,
    alerts: Vec<Alert>,
    tabs: Vec<Tab>,
    list: List,
    role: Role,
    table: Table,
    find: Input,
    may_start: bool,
    first: Option<String>,
    next: Option<String>,
}

struct Tab {
    list: List,
    count: String,
    here: bool,
}

/// One list, or the report with the reference that was asked for.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, InAddress(query): InAddress) -> Answer {
    let mut mistakes = Mistakes::new();
    let today = time::today(app.now());
    let frame = match reference(query.text("passed"), today) {
        Some(passed) => frame.done(format!(
            "{passed} is passed on. Tell the other unit now: nobody works on it until somebody there takes it on"
        )),
        None => frame,
    };
    if query.has("reference") {
        // Whether there is such a report, and whether it is open to them, is for the door of the report to say.
        if let Some(reference) = reference(query.text("reference"), today) {
            let of_log = signed.role == Role::Auditor;
            let to = if of_log { routes::looked_at } else { routes::report };
            return go(&to(&reference));
        }
        mistakes.add("reference", NO_REFERENCE);
    }
    let all = List::of(signed.role);
    let named = List::named(signed.role, query.text("list"));
    let list = named.or(all.first().copied()).ok_or(Problem::NotFound)?;
    let asked = WorklistQuery {
        filter: list.filter(&signed, app.now()),
        order: list.order(),
        after: query.text("after").parse().ok(),
        limit: ROWS,
    };
    let found = app.store.worklist(&asked).await?;
    let mut tabs = Vec::with_capacity(all.len());
    for other in all {
        let count = other.count(&app, &signed).await?;
        let here = *other == list;
        tabs.push(Tab { list: *other, count, here });
    }
    let find =
        Input::new("reference", "Find a report by its reference").width("20").kind("search").sent(&query, &mistakes);
    let wrong = !mistakes.none();
    let rows = found.rows;
    let shown = Lists {
        table: match list {
            List::Kept => kept_table(&app, &signed, list.title(signed.role), rows),
            _ => table(&app, &signed, list.title(signed.role), rows).await?,
        },
        alerts: alerts(&app, &signed).await?,
        may_start: signed.may(Permission::StartReport),
        first: asked.after.is_some().then(|| list.href()),
        next: found.next.map(|at| format!("{}&after={at}", list.href())),
        frame: frame.with(mistakes),
        tabs,
        list,
        role: signed.role,
        find,
    };
    Ok(page(wrong, &shown))
}

/// A reference of a report, however it was typed, or the last digits of one of this year; nothing for what cannot be one.
pub(super) fn reference(typed: &str, today: Date) -> Option<String> {
    let typed = typed.trim().to_uppercase();
    let typed = match typed.len() {
        1..=6 if typed.bytes().all(|b| b.is_ascii_digit()) => {
            format!("WM-{}-{typed:0>6}", today.year())
        }
        _ => typed,
    };
    record::looks_like_one(&typed).then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_however_it_is_typed() {
        let today = "2026-11-24".parse().unwrap();
        for (typed, read) in [
            (" wm-2026-000017 ", Some("WM-2026-000017")),
            ("17", Some("WM-2026-000017")),
            ("000017", Some("WM-2026-000017")),
            ("1000017", None),
            ("", None),
            ("seventeen", None),
            ("WM-2026", None),
        ] {
            assert_eq!(reference(typed, today).as_deref(), read, "{typed}");
        }
    }
}
