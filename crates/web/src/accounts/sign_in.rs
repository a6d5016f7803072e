//! Sign in with a user name and a password, and sign out.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use store::{User, UserId};

use super::{changes, local, may_enter};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::guard;
use crate::shared::held::{SendHeld, read_held};
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::ui::Input;
use crate::shared::visit::{self, Means, Peer, Visit};
use crate::shared::{secret, sign_ins, throttle};

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignIn {
    frame: Frame,
    ended: String,
    next: String,
    held: String,
    whose: String,
    password: Option<(Input, Input)>,
    passkey: String,
    force: Option<(String, String)>,
}

/// The page.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Form::from_pairs(query);
    let next = local(query.text("next"));
    if visit.signed.is_some() {
        return go(&next);
    }
    let frame = match query.has("out") {
        true => frame.done("You are signed out"),
        false => frame,
    };
    Ok(draw(&app, frame, guard::why_ended(&app, &visit), &query))
}

fn draw(app: &App, frame: Frame, ended: String, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let next = local(form.text("next"));
    let passkey = app.passkeys.as_ref().map(|_| routes::passkey_and_back(&next));
    let force = app.force.as_ref().map(|force| (force.label().to_owned(), routes::force_and_back(&next)));
    let signs_in = SignIn {
        frame,
        ended,
        next,
        held: form.exact("held").to_owned(),
        whose: form.text("whose").to_owned(),
        password: app.takes_passwords().then(|| {
            let name = Input::new("name", "User name").autocomplete("username");
            let password = Input::password("password", "Password", "current-password");
            (name.sent(form, &mistakes), password.sent(form, &mistakes))
        }),
        passkey: passkey.unwrap_or_default(),
        force,
    };
    page(!mistakes.none(), &signs_in)
}

/// Checks name and password, and starts a session.
pub async fn submit(State(app): State<App>, frame: Frame, visit: Visit, Peer(address): Peer, form: Form) -> Answer {
    super::refuse_passwords(&app)?;
    let mut mistakes = Mistakes::new();
    let name = form.text("name");
    if name.is_empty() {
        mistakes.add("name", "Enter your user name");
    }
    if form.exact("password").is_empty() {
        mistakes.add("password", "Enter your password");
    }
    if !mistakes.none() {
        return Ok(draw(&app, frame.with(mistakes), String::new(), &form));
    }
    throttle::try_once(&app, name, &address).await?;
    let (account, user) = recognise(&app, name, form.exact("password")).await?;
    let Some(user) = user else {
        throttle::failed(&app, &address).await?;
        sign_ins::failed(&app, account.as_ref(), Means::Password, false).await?;
        tracing::warn!(%address, "a sign-in failed");
        mistakes.add("name", "The user name or the password is not right. Check both and try again");
        return Ok(draw(&app, frame.with(mistakes), String::new(), &form));
    };
    throttle::succeeded(&app, name).await?;
    welcome(&app, &visit, &user, &form).await
}

/// Whose name it is, if anybody's, and the user when the password is right too. It takes as long when it is not.
async fn recognise(app: &App, name: &str, password: &str) -> Result<(Option<UserId>, Option<User>), Problem> {
    let user = app.store.user_by_sign_in_name(name).await?;
    let account = user.as_ref().map(|user| user.id.clone());
    let user = user.filter(may_enter);
    let stored = user.as_ref().and_then(|user| user.password_hash.clone());
    let right = app.passwords.check(password.to_owned(), stored).await?;
    Ok((account, user.filter(|_| right)))
}

/// On to where they were; what they had written when the session ended is offered to be sent.
async fn welcome(app: &App, visit: &Visit, user: &User, form: &Form) -> Answer {
    let next = local(form.text("next"));
    let token = secret::token()?;
    let held = read_held(form.exact("held")).filter(|_| form.text("whose") == user.id.as_str());
    let mut response = match held {
        Some(fields) => {
            let frame = Frame::bare(app, &visit::first_form_key(visit, user, &token));
            page(false, &SendHeld { frame, says: "You are signed in again.", to: next, fields })
        }
        None => Redirect::to(&changes::first(app, &user.id, &next).await?).into_response(),
    };
    visit::sign_in(app, visit, user, Means::Password, &token, &mut response).await?;
    Ok(response)
}

/// Ends the session. The browser gets a new token, so that nothing of the old one is left.
pub async fn sign_out(State(app): State<App>, visit: Visit) -> Answer {
    app.store.end_session(&secret::digest(&visit.token)).await?;
    let by_force = visit.signed.is_some_and(|signed| signed.means == Means::Force);
    let to = if by_force { routes::SIGNED_OUT.to_owned() } else { format!("{}?out=yes", routes::SIGN_IN) };
    let mut response = Redirect::to(&to).into_response();
    visit::set_cookie(&app, &secret::token()?, &mut response);
    Ok(response)
}
