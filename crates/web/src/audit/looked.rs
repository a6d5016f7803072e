//! Who looked at which report and why, over all reports, with the state of the log above.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::State;
use store::{AccessEntry, AccessKind, NotedAccess, Operation, StreamId};

use super::list::{self, List};
use super::query::{OPERATIONS, Query};
use super::rows::{Look, Named, Names};
use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::time;
use crate::shared::ui::{Cell, Input, SummaryList, Table};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "audit/looked.html")]
struct Looked {
    frame: Frame,
    state: SummaryList,
    warning: Option<String>,
    tabs: Vec<Tab>,
    fields: Vec<Input>,
    op: Option<&'static str>,
    table: Table,
    csv: String,
    first: Option<String>,
    earlier: Option<String>,
}

pub(super) struct Tab {
    pub says: &'static str,
    pub href: String,
    pub here: bool,
}

/// The page. It is noted before anything is read.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, InAddress(asked): InAddress) -> Answer {
    let query = Query::read(&app, &signed, asked).await?;
    note(&app, &signed, AccessKind::LogRead, Operation::Consult, query.filter.report.clone()).await?;
    let (looks, last) = list::one_page::<Looks>(&app, &signed, &query).await?;
    let (state, warning) = state(&app).await?;
    let wrong = !query.mistakes.none();
    let shown = Looked {
        state,
        warning,
        tabs: tabs(&query, query.op().unwrap_or_default()),
        fields: query.fields(),
        op: query.op(),
        table: table(&looks),
        csv: query.address(routes::AUDIT_CSV, query.op(), None),
        first: query.before().map(|_| query.address(routes::AUDIT, query.op(), None)),
        earlier: last.map(|last| query.address(routes::AUDIT, query.op(), Some(last))),
        frame: frame.with(query.mistakes.clone()),
    };
    Ok(page(wrong, &shown))
}

/// Looks, as a file too.
#[derive(Default)]
pub(crate) struct Looks(Names);

impl List for Looks {
    type Entry = NotedAccess;
    type Row = Look;
    const HEADS: &[&str] = &[
        "first",
        "last",
        "times",
        "who",
        "account",
        "what",
        "operation",
        "report",
        "purpose",
        "reason",
        "entry",
        "id",
    ];
    const FILE: &str = "who-looked.csv";
    const CSV: &str = routes::AUDIT_CSV;
    const TAKEN: AccessKind = AccessKind::LooksTaken;

    async fn found(app: &App, query: &Query, before: Option<u64>, most: u32) -> Result<Vec<NotedAccess>, Problem> {
        Ok(app.store.looks(&query.filter, before, most).await?)
    }

    fn place(entry: &NotedAccess) -> u64 {
        entry.id
    }

    async fn row(&mut self, app: &App, signed: &Signed, entry: NotedAccess) -> Result<Option<Look>, Problem> {
        self.0.look(app, signed, entry).await
    }

    fn written(look: Look) -> Vec<String> {
        let noted = look.noted;
        vec![
            noted.first_at.to_string(),
            noted.last_at.to_string(),
            noted.count.to_string(),
            look.who,
            noted.actor.to_string(),
            look.what,
            noted.op,
            look.report.map(|report| report.says).unwrap_or_default(),
            noted.purpose,
            noted.reason.unwrap_or_default(),
            noted.leaf.map(|leaf| leaf.to_string()).unwrap_or_default(),
            noted.id.to_string(),
        ]
    }
}

/// Why an auditor reads the log, as the log has it.
pub(super) const AUDITING: &str = "Auditing who looked at reports";

/// Notes that the log is about to be read. If that fails, nothing is shown.
///
/// # Errors
/// It could not be noted.
pub async fn note(
    app: &App,
    signed: &Signed,
    kind: AccessKind,
    op: Operation,
    stream: Option<StreamId>,
) -> Result<(), Problem> {
    let entry = AccessEntry {
        kind: kind.word().to_owned(),
        op,
        stream,
        actor: signed.id.clone(),
        purpose: AUDITING.to_owned(),
        reason: None,
        at: app.now(),
        repeats: op == Operation::Consult,
    };
    app.store.note_access(entry).await?;
    Ok(())
}

/// What the lists beside the looks are called in [`tabs`].
pub(super) const ERASED: &str = "erased";
pub(super) const TOLD: &str = "told";
pub(super) const ACCOUNTS: &str = "accounts";

/// The lists of the auditor: looks, of each kind, what was erased, what was given to others, and what was done to accounts.
/// `here` is the word of an operation, empty for all, or one of the others.
pub(super) fn tabs(query: &Query, here: &str) -> Vec<Tab> {
    let tab = |says: &'static str, word: &str, page: &str, op: Option<&str>| Tab {
        says,
        href: query.address(page, op, None),
        here: here == word,
    };
    let mut tabs = vec![tab("All looks", "", routes::AUDIT, None)];
    let ops = OPERATIONS.iter().map(|(says, op)| (*says, op.word()));
    tabs.extend(ops.map(|(says, op)| tab(says, op, routes::AUDIT, Some(op))));
    tabs.push(tab("Erased", ERASED, routes::AUDIT_ERASED, None));
    tabs.push(tab("Passed to others", TOLD, routes::AUDIT_TOLD, None));
    tabs.push(tab("Accounts and keys", ACCOUNTS, routes::AUDIT_ACCOUNTS, None));
    tabs
}

fn table(looks: &[Look]) -> Table {
    let heads = ["Who", "What", "Report", "Why", "When", "Times", "Entry"];
    let mut table = Table::new("The latest first", &heads).packed();
    for (who, look) in names(looks).into_iter().zip(looks) {
        let entry = look.noted.leaf.map_or_else(|| "before the log".to_owned(), |leaf| leaf.to_string());
        let report = look.report.as_ref();
        let report = report.map_or_else(|| Cell::text("none"), Named::cell);
        table.row(vec![
            Cell::text(who),
            Cell::text(&look.what),
            report,
            Cell::text(&look.why),
            Cell::text(time::span(look.noted.first_at, look.noted.last_at)),
            Cell::text(look.noted.count.to_string()),
            Cell::text(entry),
        ]);
    }
    table
}

/// Whose each look was: with role and unit where somebody stands in the list for the first time, later by the name alone, unless
/// somebody else in it has the same.
fn names(looks: &[Look]) -> Vec<&str> {
    let mut whole: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for look in looks {
        let called = name(&look.who);
        whole.entry(called).or_default().insert(&look.who);
    }
    let mut met = BTreeSet::new();
    let shown = looks.iter().map(|look| {
        let called = name(&look.who);
        let is_one = whole.get(called).is_some_and(|all| all.len() == 1);
        if met.insert(&look.who) || !is_one { look.who.as_str() } else { called }
    });
    shown.collect()
}

/// The name, of name, role and unit.
fn name(who: &str) -> &str {
    who.split_once(", ").map_or(who, |(name, _)| name)
}

/// The state of the log, and what is wrong with it.
async fn state(app: &App) -> Result<(SummaryList, Option<String>), Problem> {
    let head = app.store.ledger_head().await?;
    let last = app.store.last_checkpoint_holds().await?;
    let rows = SummaryList::new().row("Entries in the log", head.size.to_string());
    let Some((last, holds)) = last else {
        return Ok((rows.row("Signed", "Nothing yet"), None));
    };
    let signed = format!("{} entries, on {}", last.size, time::moment(last.at));
    let rows = rows.row("Signed", signed);
    let witnessed = app.store.setting(WITNESSED).await?;
    let rows = rows.row("Witnesses", witnessed.unwrap_or_else(|| "None".to_owned()));
    if holds {
        let fits = format!("Up to entry {}: the log still leads to what was signed", last.size.saturating_sub(1));
        return Ok((rows.row("Checked now", fits), None));
    }
    let warning = "The log does not lead to what was signed: something in it was changed. Keep a copy of the database, and \
                   have whoever looks after Waymark run: waymark audit verify";
    Ok((rows, Some(warning.to_owned())))
}

/// The setting under which the server keeps what witnesses have signed, a line each.
pub const WITNESSED: &str = "audit.witnessed";
