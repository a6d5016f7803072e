//! Who looked at a report, when and why: for auditors. Opening this page is itself an entry.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use store::{NotedAccess, UserId, ViewsOf};

use crate::routes;
use crate::shared::access::Role;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::record;
use crate::shared::time;
use crate::shared::ui::{Cell, Table};
use crate::shared::visit::Signed;

/// Entries of one page.
const ENTRIES: u32 = 50;

#[derive(Template)]
#[template(path = "timeline/looked_at.html")]
struct LookedAt {
    frame: Frame,
    reference: String,
    table: Table,
    earlier: Option<String>,
    later: bool,
}

/// The page.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let before: Option<u64> = Form::from_pairs(query).text("before").parse().ok();
    let of = ViewsOf::Report(opened.stream.clone());
    let mut entries = app.store.accesses(&of, before, ENTRIES + 1).await?;
    let more = entries.len() > ENTRIES as usize;
    entries.truncate(ENTRIES as usize);
    let reference = opened.reference().to_owned();
    let last = entries.last().filter(|_| more);
    let shown = LookedAt {
        earlier: last.map(|last| format!("{}?before={}", routes::looked_at(&reference), last.id)),
        later: before.is_some(),
        table: table(&app, &entries).await?,
        // Nothing of what is in the report: no class, no summary.
        frame: frame.back_to(routes::REPORTS),
        reference,
    };
    Ok(page(false, &shown))
}

async fn table(app: &App, entries: &[NotedAccess]) -> Result<Table, Problem> {
    let mut people: BTreeMap<&UserId, String> = BTreeMap::new();
    let heads = ["Who", "Why", "First", "Last", "Times"];
    let mut table = Table::new("The latest first", &heads).packed();
    for entry in entries {
        if !people.contains_key(&entry.actor) {
            people.insert(&entry.actor, person(app, &entry.actor).await?);
        }
        let who = people.get(&entry.actor).map_or("", String::as_str);
        table.row(vec![
            Cell::text(who),
            Cell::text(why(entry)),
            Cell::text(time::moment(entry.first_at)),
            Cell::text(time::last(entry.first_at, entry.last_at)),
            Cell::text(entry.count.to_string()),
        ]);
    }
    Ok(table)
}

fn why(entry: &NotedAccess) -> String {
    match &entry.reason {
        Some(reason) => format!("{}: {reason}", entry.purpose),
        None => entry.purpose.clone(),
    }
}

/// Name, role and unit as they are now.
async fn person(app: &App, id: &UserId) -> Result<String, Problem> {
    let Some(user) = app.store.user(id).await? else {
        return Ok(format!("Account {id}"));
    };
    let role = user.role.parse::<Role>().map_or("", Role::says);
    Ok(format!("{}, {role}, {}", user.name, user.unit))
}
