//! What was given to others by what was done in reports: by whom, from which, when. It is read from the log itself.

use jiff::Timestamp;
use store::{AccessKind, Disclosed};

use super::list::{List, Listed};
use super::looked::TOLD;
use super::query::Query;
use super::rows::{Named, Reports};
use crate::routes;
use crate::shared::app::App;
use crate::shared::looks::{People, told};
use crate::shared::page::Problem;
use crate::shared::time;
use crate::shared::ui::{Cell, Input};
use crate::shared::visit::Signed;

/// What was passed to others.
#[derive(Default)]
pub(crate) struct Disclosures {
    reports: Reports,
    people: People,
}

/// One thing that was told.
pub(crate) struct Row {
    who: String,
    report: Named,
    to: &'static str,
    at: Timestamp,
    entry: u64,
}

impl List for Disclosures {
    type Entry = Disclosed;
    type Row = Row;
    const HEADS: &[&str] = &["Who", "Report", "To whom", "When", "Entry"];
    const FILE: &str = "told-to-others.csv";
    const CSV: &str = routes::AUDIT_TOLD_CSV;
    const TAKEN: AccessKind = AccessKind::ToldTaken;

    async fn found(app: &App, query: &Query, before: Option<u64>, most: u32) -> Result<Vec<Disclosed>, Problem> {
        Ok(app.store.disclosed(&query.filter, before, most).await?)
    }

    fn place(entry: &Disclosed) -> u64 {
        entry.leaf
    }

    async fn row(&mut self, app: &App, signed: &Signed, entry: Disclosed) -> Result<Option<Row>, Problem> {
        let Some(report) = self.reports.named(app, signed, &entry.stream).await? else {
            return Ok(None);
        };
        Ok(Some(Row {
            who: self.people.named(app, &entry.actor).await?,
            report,
            to: told(&entry.kind),
            at: entry.at,
            entry: entry.leaf,
        }))
    }

    fn written(row: Row) -> Vec<String> {
        vec![row.who, row.report.says, row.to.to_owned(), row.at.to_string(), row.entry.to_string()]
    }
}

impl Listed for Disclosures {
    const HERE: &str = TOLD;
    const TITLE: &str = "Passed to others";
    const SAYS: &str = "Who passed information on, to what kind of recipient, and when: referrals, meetings, requests to a platform, and what a child, a family or another body was told. Names, reasons, and whether it was withdrawn later, are encrypted in the report; the kind of recipient stays here when the report is erased. Anybody who may read the report finds each of these in its timeline, under the same name and time. Reading this page is recorded too.";
    const PAGE: &str = routes::AUDIT_TOLD;

    fn fields(query: &Query) -> Vec<Input> {
        query.fields_without_purpose()
    }

    fn cells(row: Row) -> Vec<Cell> {
        vec![
            Cell::text(row.who),
            row.report.cell(),
            Cell::text(row.to),
            Cell::text(time::moment(row.at)),
            Cell::text(row.entry.to_string()),
        ]
    }
}
