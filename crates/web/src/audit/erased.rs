//! What was erased: by whom, from which report, when and why. The reason outlives the report.

use jiff::Timestamp;
use store::{AccessKind, Erased, Subject};

use super::list::{List, Listed};
use super::looked::ERASED;
use super::query::Query;
use super::rows::{Named, Reports};
use crate::routes;
use crate::shared::app::App;
use crate::shared::looks::People;
use crate::shared::page::Problem;
use crate::shared::time;
use crate::shared::ui::{Cell, Input};
use crate::shared::visit::Signed;

/// What was erased.
#[derive(Default)]
pub(crate) struct Erasures {
    reports: Reports,
    people: People,
}

/// One erasure.
pub(crate) struct Row {
    who: String,
    what: String,
    report: Named,
    why: String,
    at: Timestamp,
    entry: u64,
}

impl List for Erasures {
    type Entry = Erased;
    type Row = Row;
    const HEADS: &[&str] = &["Who", "What", "Report", "Why", "When", "Entry"];
    const FILE: &str = "erased.csv";
    const CSV: &str = routes::AUDIT_ERASED_CSV;
    const TAKEN: AccessKind = AccessKind::ErasuresTaken;

    async fn found(app: &App, query: &Query, before: Option<u64>, most: u32) -> Result<Vec<Erased>, Problem> {
        Ok(app.store.all_erasures(&query.filter, before, most).await?)
    }

    fn place(entry: &Erased) -> u64 {
        entry.leaf
    }

    async fn row(&mut self, app: &App, signed: &Signed, entry: Erased) -> Result<Option<Row>, Problem> {
        let Some(report) = self.reports.named(app, signed, &entry.stream).await? else {
            return Ok(None);
        };
        Ok(Some(Row {
            who: self.people.named(app, &entry.actor).await?,
            what: what(&entry),
            report,
            why: entry.reason.unwrap_or_default(),
            at: entry.at,
            entry: entry.leaf,
        }))
    }

    fn written(row: Row) -> Vec<String> {
        vec![row.who, row.what, row.report.says, row.why, row.at.to_string(), row.entry.to_string()]
    }
}

impl Listed for Erasures {
    const HERE: &str = ERASED;
    const TITLE: &str = "Erased";
    const SAYS: &str = "Whole reports, and who one person in a report was, that were erased for good: who decided it, when and why. Reading this page is recorded too.";
    const PAGE: &str = routes::AUDIT_ERASED;

    fn fields(query: &Query) -> Vec<Input> {
        query.fields_without_purpose()
    }

    fn cells(row: Row) -> Vec<Cell> {
        vec![
            Cell::text(row.who),
            Cell::text(row.what),
            row.report.cell(),
            Cell::text(row.why),
            Cell::text(time::moment(row.at)),
            Cell::text(row.entry.to_string()),
        ]
    }
}

/// What went, in words. People are called by what the report calls them without their names.
fn what(erased: &Erased) -> String {
    let what = match &erased.subject {
        None | Some(Subject::Report) => "The whole report".to_owned(),
        Some(Subject::Person(id)) => format!("Who Person {id} is"),
        Some(Subject::Reporter) => "Who reported it".to_owned(),
        Some(Subject::Place(id)) => format!("What place {id} is"),
    };
    if erased.is_done { what } else { format!("{what}: begun, and not finished yet") }
}
