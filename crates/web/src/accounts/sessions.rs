//! Where somebody is signed in.

use askama::Template;
use axum::extract::State;
use store::Session;

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::visit::{self, Signed};
use crate::shared::{secret, time};

#[derive(Template)]
#[template(path = "accounts/sessions.html")]
struct Sessions {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    began: String,
    seen: String,
    here: bool,
}

/// The sessions of whoever asks that have not ended.
async fn own(app: &App, signed: &Signed) -> Result<Vec<Session>, Problem> {
    let now = app.now();
    let all = app.store.sessions_of(&signed.id).await?;
    Ok(all
        .into_iter()
        .filter(|session| visit::has_ended(app, session, now).is_none())
        .collect())
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed) -> Answer {
    let row = |session: &Session| Row {
        name: secret::hex(&session.token_hash),
        began: time::moment(session.created_at),
        seen: time::moment(session.last_seen_at),
        here: session.token_hash == signed.session,
    };
    let rows = own(&app, &signed).await?.iter().rev().map(row).collect();
    Ok(page(
        false,
        &Sessions {
            frame: frame.back_to(routes::HOME),
            rows,
        },
    ))
}

/// Ends one of them.
pub async fn end(State(app): State<App>, signed: Signed, form: Form) -> Answer {
    let named = |session: &&Session| secret::hex(&session.token_hash) == form.text("session");
    if let Some(session) = own(&app, &signed).await?.iter().find(named) {
        app.store.end_session(&session.token_hash).await?;
    }
    go(routes::OWN_SESSIONS)
}
