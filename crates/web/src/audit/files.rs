//! The list of looks and the whole log, as files to take away. Taking one is in the log itself.

use axum::extract::{Query as Asked, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use store::Operation;

use super::looked::note;
use super::query::Query;
use super::rows::{self, LOG_TAKEN, Look};
use crate::shared::app::App;
use crate::shared::page::{Answer, Problem};
use crate::shared::visit::Signed;

/// Rows of a table at most: a spreadsheet of more is of no use to a person.
pub(super) const ROWS: usize = 20_000;

/// Rows fetched at once.
pub(super) const AT_ONCE: u32 = 200;

/// Entries of a log that is given out over the network; a larger one is exported where it is.
const ENTRIES: u64 = 20_000;

const HEADS: [&str; 12] = [
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

/// The list as a table that spreadsheets open as it is.
pub async fn csv(
    State(app): State<App>,
    signed: Signed,
    Asked(pairs): Asked<Vec<(String, String)>>,
) -> Answer {
    let query = Query::read(&app, &signed, pairs).await?;
    if !query.mistakes.none() {
        return Err(Problem::Malformed);
    }
    note(
        &app,
        &signed,
        LOG_TAKEN,
        Operation::Disclose,
        query.filter.report.clone(),
    )
    .await?;
    let mut text = format!("\u{feff}{}\r\n", HEADS.map(cell).join(","));
    let (mut before, mut written) = (None, 0);
    loop {
        let found = app.store.looks(&query.filter, before, AT_ONCE).await?;
        let Some(last) = found.last() else { break };
        before = Some(last.id);
        written += found.len();
        if written > ROWS {
            return Err(too_long());
        }
        for look in rows::named(&app, &signed, found).await? {
            text.push_str(&row(&look));
        }
    }
    Ok(file("text/csv; charset=utf-8", "who-looked.csv", text))
}

/// A table that nobody can use.
pub(super) fn too_long() -> Problem {
    Problem::NotAllowed(format!(
        "A table of more than {ROWS} rows cannot be used. Choose a shorter time, a person or a report."
    ))
}

fn row(look: &Look) -> String {
    let (noted, report) = (&look.noted, look.report.as_ref());
    let cells = [
        noted.first_at.to_string(),
        noted.last_at.to_string(),
        noted.count.to_string(),
        look.who.clone(),
        noted.actor.to_string(),
        look.what.clone(),
        noted.op.clone(),
        report.map(|report| report.says.clone()).unwrap_or_default(),
        noted.purpose.clone(),
        noted.reason.clone().unwrap_or_default(),
        noted.leaf.map(|leaf| leaf.to_string()).unwrap_or_default(),
        noted.id.to_string(),
    ];
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that no spreadsheet takes for a formula.
pub(super) fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// The whole log, to be verified anywhere.
pub async fn log(State(app): State<App>, signed: Signed) -> Answer {
    // It is one piece, or nobody could check it: nothing can be left out for somebody.
    if !app.store.conflicts_of(&signed.id).await?.is_empty() {
        return Err(Problem::NotAllowed(
            "The whole log has entries in it that you may not read, and it cannot be checked without them. Ask another auditor, or whoever \
             looks after Waymark: waymark audit export"
                .to_owned(),
        ));
    }
    note(&app, &signed, LOG_TAKEN, Operation::Disclose, None).await?;
    // So that what was just noted is under a signature too.
    app.store.checkpoint(app.now()).await?;
    match app.store.ledger_export(ENTRIES).await? {
        Some(text) => Ok(file(
            "application/jsonl; charset=utf-8",
            "waymark-log.jsonl",
            text,
        )),
        None => Err(Problem::NotAllowed(format!(
            "The log has more than {ENTRIES} entries, which is too much for a page. Whoever looks after Waymark can write it out: \
             waymark audit export"
        ))),
    }
}

pub(super) fn file(kind: &'static str, name: &str, text: String) -> axum::response::Response {
    let attached = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, attached),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"] {
            assert_eq!(cell(formula), format!("\"'{formula}\""));
        }
        assert_eq!(cell("say \"no\""), "\"say \"\"no\"\"\"");
        assert_eq!(cell("plain"), "\"plain\"");
    }
}
