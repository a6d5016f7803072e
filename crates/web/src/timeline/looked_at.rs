//! Who looked at a report, when and why: for auditors. Opening this page is itself an entry.

use askama::Template;
use store::{AccessesOf, NotedAccess};

use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::looks::{People, what, why};
use crate::shared::page::{Answer, Problem, page};
use crate::shared::record::OnReport;
use crate::shared::time;
use crate::shared::ui::{Cell, Table};

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
pub async fn show(OnReport { app, frame, reference, opened, .. }: OnReport, InAddress(query): InAddress) -> Answer {
    let before: Option<u64> = query.text("before").parse().ok();
    let of = AccessesOf::Report(opened.stream.clone());
    let mut entries = app.store.accesses(&of, before, ENTRIES + 1).await?;
    let more = entries.len() > ENTRIES as usize;
    entries.truncate(ENTRIES as usize);
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
    let mut people = People::default();
    let heads = ["Who", "What", "Why", "When", "Times"];
    let mut table = Table::new("The latest first", &heads).packed();
    for entry in entries {
        table.row(vec![
            Cell::text(people.named(app, &entry.actor).await?),
            Cell::text(what(entry)),
            Cell::text(why(entry)),
            Cell::text(time::span(entry.first_at, entry.last_at)),
            Cell::text(entry.count.to_string()),
        ]);
    }
    Ok(table)
}
