//! The whole log, as a file to take away; and what every such file is made of. Taking one is in the log itself.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use hyper::body::Frame;
use store::{AccessKind, Extent, Pieces, StoreError};

use super::take;
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame as PageFrame;
use crate::shared::page::{Answer, Problem};
use crate::shared::visit::Signed;

/// Name of the whole log as a file.
const LOG: &str = "waymark-log.jsonl";

/// A cell that no spreadsheet takes for a formula.
pub(super) fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// Asks for whom and why the whole log is taken.
pub async fn ask_log(State(app): State<App>, frame: PageFrame, signed: Signed) -> Answer {
    may_take_all(&app, &signed).await?;
    Ok(take::ask(frame, LOG, routes::AUDIT_LOG.to_owned(), None))
}

/// It is one piece, or nobody could check it: nothing can be left out for somebody.
async fn may_take_all(app: &App, signed: &Signed) -> Result<(), Problem> {
    if app.store.conflicts_of(&signed.id).await?.is_empty() {
        return Ok(());
    }
    Err(Problem::NotAllowed(
        "The whole log has entries in it that you may not read, and it cannot be checked without them. Ask another auditor, or whoever \
         looks after Waymark: waymark audit export"
            .to_owned(),
    ))
}

/// The whole log, to be verified anywhere: read as it was at one moment, and sent while it is read, however long it is.
pub async fn log(State(app): State<App>, frame: PageFrame, signed: Signed, form: Form) -> Answer {
    may_take_all(&app, &signed).await?;
    let reason = match take::read(&form) {
        Ok(reason) => reason,
        Err(mistakes) => return Ok(take::ask(frame.with(mistakes), LOG, routes::AUDIT_LOG.to_owned(), Some(&form))),
    };
    take::note(&app, &signed, AccessKind::LogTaken, None, reason).await?;
    // So that what was just noted is under a signature too.
    app.store.checkpoint(app.now()).await?;
    let pieces = app.store.ledger_export(Extent::Signed).await?;
    Ok((attached("application/jsonl; charset=utf-8", LOG), Body::new(Sent(pieces))).into_response())
}

/// A file that is sent while it is read. One that breaks off ends without its last line, and a check of it says so.
struct Sent(Pieces);

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = StoreError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StoreError>>> {
        let piece = ready!(self.0.poll(context));
        if let Some(Err(why)) = &piece {
            tracing::error!(%why, "the log could not be sent to its end");
        }
        Poll::Ready(piece.map(|piece| piece.map(|bytes| Frame::data(Bytes::from(bytes)))))
    }
}

fn attached(kind: &'static str, name: &str) -> [(header::HeaderName, String); 2] {
    let attached = format!("attachment; filename=\"{name}\"");
    [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, attached)]
}

pub(super) fn file(kind: &'static str, name: &str, text: String) -> axum::response::Response {
    (attached(kind, name), text).into_response()
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
