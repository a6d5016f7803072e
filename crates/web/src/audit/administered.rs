//! What was done to accounts, ways in and keys: by whom, about whom, when. It is read from the log itself.

use jiff::Timestamp;
use store::{AccessKind, Administered, AdministeredFilter, StreamId};

use super::list::{List, Listed};
use super::looked::ACCOUNTS;
use super::query::Query;
use crate::routes;
use crate::shared::app::App;
use crate::shared::changed;
use crate::shared::looks::People;
use crate::shared::page::Problem;
use crate::shared::time;
use crate::shared::ui::{Cell, Input};
use crate::shared::visit::Signed;

/// What was done to accounts and keys.
#[derive(Default)]
pub(crate) struct AccountChanges {
    people: People,
}

/// One thing that was done.
pub(crate) struct Row {
    by: String,
    what: String,
    about: String,
    details: String,
    at: Option<Timestamp>,
    leaf: u64,
}

impl Row {
    /// Its cells, in the order of the heads, with the moment written as somebody or a program reads it.
    fn cells(self, moment: impl FnOnce(Timestamp) -> String) -> [String; 6] {
        let at = self.at.map(moment).unwrap_or_default();
        let leaf = self.leaf.to_string();
        [self.by, self.what, self.about, self.details, at, leaf]
    }
}

impl List for AccountChanges {
    type Entry = Administered;
    type Row = Row;
    const HEADS: &[&str] = &["Who", "What", "Whose account", "Details", "When", "Entry"];
    const FILE: &str = "accounts-and-keys.csv";
    const CSV: &str = routes::AUDIT_ACCOUNTS_CSV;
    const TAKEN: AccessKind = AccessKind::AccountsTaken;

    /// It is about no report, whatever the address asks.
    fn report(_: &Query) -> Option<StreamId> {
        None
    }

    async fn found(app: &App, query: &Query, before: Option<u64>, most: u32) -> Result<Vec<Administered>, Problem> {
        let filter = AdministeredFilter {
            person: query.filter.actor.clone(),
            from: query.filter.from,
            until: query.filter.until,
        };
        Ok(app.store.administered(&filter, before, most).await?)
    }

    fn place(entry: &Administered) -> u64 {
        entry.leaf
    }

    async fn row(&mut self, app: &App, _: &Signed, entry: Administered) -> Result<Option<Row>, Problem> {
        let by = match &entry.actor {
            None => "Not a person here: settings, sign-in or a command".to_owned(),
            Some(actor) => self.people.named(app, actor).await?,
        };
        let about = match &entry.about {
            None => String::new(),
            Some(about) => self.people.named(app, about).await?,
        };
        Ok(Some(Row {
            by,
            what: what(&entry.kind),
            about,
            details: entry.words.unwrap_or_default(),
            at: entry.at,
            leaf: entry.leaf,
        }))
    }

    fn written(row: Row) -> Vec<String> {
        row.cells(|at| at.to_string()).into()
    }
}

impl Listed for AccountChanges {
    const HERE: &str = ACCOUNTS;
    const TITLE: &str = "Accounts and keys";
    const SAYS: &str = "Whatever changes who may sign in, and how, and as what, is written into the log in the same step. Reading this page is recorded too.";
    const PAGE: &str = routes::AUDIT_ACCOUNTS;

    fn fields(query: &Query) -> Vec<Input> {
        query.fields_of_accounts()
    }

    fn cells(row: Row) -> Vec<Cell> {
        row.cells(time::moment).into_iter().map(Cell::text).collect()
    }
}

/// What was done, in words.
fn what(kind: &str) -> String {
    let account = kind.strip_prefix("account-").and_then(changed::says);
    match (account, kind) {
        (Some(says), _) => says.to_owned(),
        (None, "keys-rotated") => "The keys were changed (a new epoch)".to_owned(),
        (None, "record-adopted") => "The log was begun over what was there before".to_owned(),
        (None, other) => other.replace('-', " "),
    }
}
