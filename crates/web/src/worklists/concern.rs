//! An immediate concern, from any page that is not a report's: what to do first, then which report it is about.

use askama::Template;
use axum::extract::{Query, State};
use store::WorklistQuery;

use super::{List, list};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Answer, go, page};
use crate::shared::ui::Input;
use crate::shared::visit::Signed;

/// Reports offered by name: more than a screen of them is a search, and there is a field for that.
const OFFERED: u32 = 12;

#[derive(Template)]
#[template(path = "worklists/concern.html")]
struct Which {
    frame: Frame,
    title: &'static str,
    reports: Vec<Link>,
    find: Input,
}

/// The page, or the page for a concern of the report that was asked for.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Form::from_pairs(query);
    let mut mistakes = Mistakes::new();
    if query.has("reference") {
        // Whether there is such a report, and whether it is open to them, is for its door to say.
        match list::reference(query.text("reference")) {
            Some(reference) => return go(&routes::concern(&reference)),
            None => mistakes.add("reference", list::NO_REFERENCE),
        }
    }
    let mut reports = Vec::new();
    let first = List::of(signed.role).first().copied();
    if let Some(list) = first {
        let asked = WorklistQuery {
            filter: list.filter(&signed, app.now()),
            order: list.order(),
            after: None,
            limit: OFFERED,
        };
        let found = app.store.worklist(&asked).await?;
        reports.extend(found.rows.into_iter().map(|row| Link {
            href: routes::concern(&row.reference),
            text: row.reference,
        }));
    }
    let find = Input::new("reference", "Or by its reference")
        .width("20")
        .kind("search")
        .sent(&query, &mistakes);
    let wrong = !mistakes.none();
    let shown = Which {
        title: first.map_or("", List::title),
        reports,
        find,
        frame: frame.with(mistakes),
    };
    Ok(page(wrong, &shown))
}
