//! Where somebody is signed in.

use askama::Template;
use axum::extract::State;
use store::{Session, UserId};

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::visit::{self, Means, Signed};
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
    means: &'static str,
    seen: String,
    here: bool,
}

/// What a session is called on a page: nobody can do anything with it but end it.
pub(super) fn name_of(session: &Session) -> String {
    secret::name_of(session.token_hash.as_bytes())
}

/// Ends every session of whoever asks but this one.
async fn end_others(app: &App, signed: &Signed) -> Result<(), Problem> {
    for session in app.store.sessions_of(&signed.id).await? {
        if session.token_hash != signed.session {
            app.store.end_session(&session.token_hash).await?;
        }
    }
    Ok(())
}

/// The sessions of somebody that have not ended.
pub(super) async fn of(app: &App, user: &UserId) -> Result<Vec<Session>, Problem> {
    let now = app.now();
    let all = app.store.sessions_of(user).await?;
    Ok(all.into_iter().filter(|session| visit::has_ended(app, session, now).is_none()).collect())
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed) -> Answer {
    let row = |session: &Session| Row {
        name: name_of(session),
        began: time::moment(session.created_at),
        means: Means::of(&session.means).says(),
        seen: time::moment(session.last_seen_at),
        here: session.token_hash == signed.session,
    };
    let rows = of(&app, &signed.id).await?.iter().rev().map(row).collect();
    Ok(page(false, &Sessions { frame: frame.back_to(routes::ACCOUNT), rows }))
}

/// Ends one of them, or all but this one.
pub async fn end(State(app): State<App>, signed: Signed, form: Form) -> Answer {
    let named = |session: &&Session| name_of(session) == form.text("session");
    if form.text("session") == "others" {
        end_others(&app, &signed).await?;
    } else if let Some(session) = of(&app, &signed.id).await?.iter().find(named) {
        app.store.end_session(&session.token_hash).await?;
    }
    go(routes::OWN_SESSIONS)
}
