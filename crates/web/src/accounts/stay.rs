//! Staying signed in without going to another page: for the warning before a session ends.

use axum::extract::State;
use axum::response::IntoResponse as _;

use crate::shared::app::App;
use crate::shared::page::Answer;
use crate::shared::visit::{self, Signed};

/// Notes that somebody is still here. The answer is the seconds that are left, as text for a script.
pub async fn stay(State(app): State<App>, signed: Signed) -> Answer {
    app.store.touch_session(&signed.session, app.now()).await?;
    let now = app.now();
    let ends = (now + visit::idle(&app)).min(signed.ends_for_good_at);
    Ok(ends.duration_since(now).as_secs().to_string().into_response())
}
