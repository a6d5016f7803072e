//! Signing in with a passkey, or confirming with one that it is still the same person.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use store::UserId;

use super::changes::{self, Kind, change};
use super::{confirm, local, may_enter};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::passkey::{Challenge, Passkeys, Refused};
use crate::shared::visit::{self, Means, Peer, Visit};
use crate::shared::{secret, sign_ins, throttle};

/// What tries are counted under: the passkey that the answer says it is of.
fn account(answer: &str) -> String {
    let answer: serde_json::Value = serde_json::from_str(answer).unwrap_or_default();
    let id = answer.get("id").and_then(serde_json::Value::as_str);
    format!("passkey {}", secret::name_of(id.unwrap_or_default().as_bytes()))
}

/// A passkey was refused: in the log, for the account whose passkey it says it is.
async fn refused(app: &App, visit: &Visit, account: Option<&UserId>) -> Result<(), Problem> {
    sign_ins::failed(app, account, Means::Passkey, visit.signed.is_some()).await
}

#[derive(Template)]
#[template(path = "accounts/passkey.html")]
struct UsePasskey {
    frame: Frame,
    title: &'static str,
    next: String,
    wrong: &'static str,
    challenge: Challenge,
    password: String,
    passwords: bool,
}

/// The page.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let form = Form::from_pairs(query);
    if visit.signed.as_ref().is_some_and(|signed| signed.fresh) {
        return go(&local(form.text("next")));
    }
    draw(&app, frame, &visit, &form, "")
}

fn passkeys(app: &App) -> Result<&Passkeys, Problem> {
    app.passkeys.as_deref().ok_or(Problem::NotFound)
}

fn draw(app: &App, frame: Frame, visit: &Visit, form: &Form, wrong: &'static str) -> Answer {
    let next = form.text("next").to_owned();
    let (title, password) = if visit.signed.is_some() {
        ("Confirm that it is you", routes::step_up(&next))
    } else {
        ("Sign in with a passkey", routes::sign_in_and_back(&local(&next)))
    };
    let asks = UsePasskey {
        frame,
        title,
        next,
        wrong,
        challenge: passkeys(app)?.begin_signing(app, visit)?,
        password,
        passwords: app.takes_passwords(),
    };
    let drawn = page(false, &asks);
    if wrong.is_empty() {
        return Ok(drawn);
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn).into_response())
}

/// Checks the answer, and starts a session or goes on with the one there is.
pub async fn submit(State(app): State<App>, frame: Frame, visit: Visit, Peer(address): Peer, form: Form) -> Answer {
    let key = account(form.exact("answer"));
    throttle::try_once(&app, &key, &address).await?;
    let name = form.text("challenge");
    let proved = passkeys(&app)?.finish_signing(&app, &visit, name, form.exact("answer")).await?;
    let user = match proved {
        Ok(proved) => app.store.user(&proved.user).await?,
        Err(why) => {
            throttle::failed(&app, &address).await?;
            let claimed = passkeys(&app)?.whose(&app, form.exact("answer")).await?;
            refused(&app, &visit, claimed.as_ref()).await?;
            tracing::warn!(%address, ?why, "a passkey was refused");
            if let Refused::Copied(user) = &why {
                let noted = change(&app, user, None, Kind::PasskeyCopied, "");
                app.store.note_change(noted).await?;
            }
            return draw(&app, frame, &visit, &form, why.says());
        }
    };
    throttle::succeeded(&app, &key).await?;
    let account = user.as_ref().map(|user| user.id.clone());
    let Some(user) = user.filter(may_enter) else {
        refused(&app, &visit, account.as_ref()).await?;
        return draw(&app, frame, &visit, &form, Refused::Unknown.says());
    };
    if let Some(signed) = &visit.signed {
        if signed.id != user.id {
            refused(&app, &visit, Some(&signed.id)).await?;
            let other = "This passkey is somebody else\u{2019}s. Use your own, or sign out first";
            return draw(&app, frame, &visit, &form, other);
        }
        return confirm::confirmed(&app, signed, &form).await;
    }
    let to = changes::first(&app, &user.id, &local(form.text("next"))).await?;
    let mut response: Response = Redirect::to(&to).into_response();
    let token = secret::token()?;
    visit::sign_in(&app, &visit, &user, Means::Passkey, &token, &mut response).await?;
    Ok(response)
}
