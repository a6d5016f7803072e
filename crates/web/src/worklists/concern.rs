//! An immediate concern, from any page that is not a report's: what to do first, then which report it is about.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use store::WorklistQuery;

use super::{List, list, rows};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::Mistakes;
use crate::shared::frame::{Frame, Link};
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, go, page};
use crate::shared::time;
use crate::shared::ui::Input;
use crate::shared::visit::Signed;

/// Reports offered of each list: more than a screen of them is a search, and there is a field for that.
const OFFERED: u32 = 12;

#[derive(Template)]
#[template(path = "worklists/concern.html")]
struct Which {
    frame: Frame,
    groups: Vec<(&'static str, Vec<Offered>)>,
    find: Input,
    /// Whoever looks may find a person by what they are called.
    may_find: bool,
}

/// A report, and what tells it from others without showing anything of it.
struct Offered {
    link: Link,
    says: String,
}

/// The page, or the page for a concern of the report that was asked for.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, InAddress(query): InAddress) -> Answer {
    let mut mistakes = Mistakes::new();
    let now = app.now();
    if query.has("reference") {
        // Whether there is such a report, and whether it is open to them, is for its door to say.
        match list::reference(query.text("reference"), time::today(now)) {
            Some(reference) => return go(&routes::concern(&reference)),
            None => mistakes.add("reference", list::NO_REFERENCE),
        }
    }
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for list in [List::Mine, List::Unit, List::Beyond] {
        let asked =
            WorklistQuery { filter: list.filter(&signed, now), order: list.order(), after: None, limit: OFFERED };
        let found = app.store.worklist(&asked).await?.rows;
        let new = rows::allowed(&app, &signed, found).into_iter().filter(|row| seen.insert(row.report_id.clone()));
        let reports: Vec<_> = new
            .map(|row| Offered {
                says: rows::in_a_line(&row, now),
                link: Link { href: routes::concern(&row.reference), text: row.reference },
            })
            .collect();
        if !reports.is_empty() {
            groups.push((list.title(signed.role), reports));
        }
    }
    let find = Input::new("reference", "Or by its reference").width("20").kind("search").sent(&query, &mistakes);
    let wrong = !mistakes.none();
    let shown = Which { groups, find, may_find: signed.may(Permission::FindPeople), frame: frame.with(mistakes) };
    Ok(page(wrong, &shown))
}
