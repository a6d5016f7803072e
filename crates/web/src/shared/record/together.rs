//! The look of whoever sends a form, kept in the same commit as what the form adds.
//!
//! Each waits for the disk. They go into the queue of the one writer as one, so that they share the flush; the
//! look comes first. It is in the log before anything of the page is sent, whether the form adds something or not.

use std::cell::Cell;

use axum::response::Response;

use store::{Append, AppendError, Appended};

use super::enter::{Look, note, note_and_append};
use crate::shared::app::App;
use crate::shared::page::Problem;

tokio::task_local! {
    /// The look that waits for what is added. Of this request alone.
    static LOOK: Cell<Option<Look>>;
}

/// Works on a form, and notes the look with the first thing it adds, or after it when it adds nothing.
///
/// # Errors
/// What the store says: then nothing may be shown.
pub async fn form(app: &App, look: Look, page: impl Future<Output = Response>) -> Result<Response, Problem> {
    let worked_on = async {
        let page = page.await;
        match LOOK.with(Cell::take) {
            Some(look) => note(app, look).await.map(|()| page),
            None => Ok(page),
        }
    };
    LOOK.scope(Cell::new(Some(look)), worked_on).await
}

/// Adds to reports, all or nothing, and notes the look that waits for it just before.
///
/// # Errors
/// The look cannot be noted. What was added stands, and sent again it is not added twice.
pub async fn add(app: &App, together: Vec<Append>, key: &str) -> Result<Result<Vec<Appended>, AppendError>, Problem> {
    let key = Some(key.to_owned());
    match LOOK.try_with(Cell::take).ok().flatten() {
        Some(look) => note_and_append(app, look, together, key).await,
        None => Ok(app.store.append_all(together, key).await),
    }
}
