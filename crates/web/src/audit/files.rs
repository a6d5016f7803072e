//! The whole log, as a file to take away; and what every such file is made of. Taking one is in the log itself.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use store::{AccessKind, Operation};

use super::looked::note;
use crate::shared::app::App;
use crate::shared::page::{Answer, Problem};
use crate::shared::visit::Signed;

/// Entries of a log that is given out over the network; a larger one is exported where it is.
const ENTRIES: u64 = 20_000;

/// A cell that no spreadsheet takes for a formula.
pub(super) fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
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
    note(&app, &signed, AccessKind::LogTaken, Operation::Disclose, None).await?;
    // So that what was just noted is under a signature too.
    app.store.checkpoint(app.now()).await?;
    match app.store.ledger_export(ENTRIES).await? {
        Some(text) => Ok(file("application/jsonl; charset=utf-8", "waymark-log.jsonl", text)),
        None => Err(Problem::NotAllowed(format!(
            "The log has more than {ENTRIES} entries, which is too much for a page. Whoever looks after Waymark can write it out: \
             waymark audit export"
        ))),
    }
}

pub(super) fn file(kind: &'static str, name: &str, text: String) -> axum::response::Response {
    let attached = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, attached)];
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
