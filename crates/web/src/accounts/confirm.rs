//! Somebody who is signed in confirms that it is still them.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use store::User;

use super::{comes_by_force, local};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::ui::Input;
use crate::shared::visit::{self, FRESH_FOR, Means, Peer, Signed};
use crate::shared::{sign_ins, throttle};

#[derive(Template)]
#[template(path = "accounts/confirm.html")]
struct Confirm {
    frame: Frame,
    minutes: i64,
    next: String,
    name: String,
    password: Option<Input>,
    passkey: String,
    force: Option<(String, String)>,
    demonstration: bool,
}

#[derive(Template)]
#[template(path = "accounts/confirmed.html")]
struct Confirmed {
    frame: Frame,
    /// What they were on the way to, where it is a file.
    file: Option<String>,
}

/// The page; or on to where they were going, when they proved it a moment ago.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let form = Form::from_pairs(query);
    if !signed.fresh {
        let user = own(&app, &signed).await?;
        return draw(&app, frame, &user, &form).await;
    }
    let next = form.has("next").then(|| local(form.text("next")));
    match next {
        Some(next) if !routes::is_a_file(&next) => go(&next),
        file => Ok(page(false, &Confirmed { frame, file })),
    }
}

async fn own(app: &App, signed: &Signed) -> Result<User, Problem> {
    app.store.user(&signed.id).await?.ok_or(Problem::Forbidden)
}

async fn draw(app: &App, frame: Frame, user: &User, form: &Form) -> Answer {
    let mistakes = frame.mistakes.clone();
    let password = (app.takes_passwords() && user.password_hash.is_some())
        .then(|| Input::password("password", "Password", "current-password").sent(form, &mistakes));
    let next = form.text("next");
    let has_passkey = app.passkeys.is_some() && !app.store.passkeys_of(&user.id).await?.is_empty();
    let passkey = has_passkey.then(|| routes::passkey_and_back(next));
    let here = comes_by_force(app, &user.id).await?;
    let force = app.force.as_ref().filter(|_| here);
    let force = force.map(|force| (force.label().to_owned(), routes::force_and_back(next)));
    let none = password.is_none() && passkey.is_none() && force.is_none();
    let asks = Confirm {
        frame,
        minutes: FRESH_FOR.as_mins(),
        next: next.to_owned(),
        name: user.sign_in_name.clone(),
        demonstration: app.config.demonstration && none,
        password,
        passkey: passkey.unwrap_or_default(),
        force,
    };
    Ok(page(!mistakes.none(), &asks))
}

/// Checks the password.
pub async fn submit(State(app): State<App>, frame: Frame, signed: Signed, Peer(address): Peer, form: Form) -> Answer {
    let user = own(&app, &signed).await?;
    // People who are made up have nothing to prove themselves with.
    if app.config.demonstration && user.password_hash.is_none() {
        return confirmed(&app, &signed, &form).await;
    }
    super::refuse_passwords(&app)?;
    let mut mistakes = Mistakes::new();
    if form.exact("password").is_empty() {
        mistakes.add("password", "Enter your password");
        return draw(&app, frame.with(mistakes), &user, &form).await;
    }
    throttle::try_once(&app, &user.sign_in_name, &address).await?;
    let right = app.passwords.check(form.exact("password").to_owned(), user.password_hash.clone()).await?;
    if !right {
        throttle::failed(&app, &address).await?;
        sign_ins::failed(&app, Some(&user.id), Means::Password, true).await?;
        tracing::warn!(%address, user = %user.id, "a confirmation failed");
        mistakes.add("password", "The password is not right. Try again");
        return draw(&app, frame.with(mistakes), &user, &form).await;
    }
    throttle::succeeded(&app, &user.sign_in_name).await?;
    confirmed(&app, &signed, &form).await
}

/// On to where they were going, under a new token.
pub(super) async fn confirmed(app: &App, signed: &Signed, form: &Form) -> Answer {
    let to = match form.text("next") {
        "" => routes::CONFIRM.to_owned(),
        // A file would leave the page that asks who it is standing.
        next if routes::is_a_file(next) => routes::step_up(&local(next)),
        next => local(next),
    };
    let mut response: Response = Redirect::to(&to).into_response();
    visit::step_up(app, signed, &mut response).await?;
    Ok(response)
}
