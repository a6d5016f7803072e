//! Links that work once: to sign in, and to choose a password or, where none are taken, add a passkey. Opening one uses nothing up, because mail
//! programs open links to look at them; sending the form does.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use store::User;

use super::changes::{self, Kind, change};
use super::one_time::{Purpose, Spent, offer_token, take};
use super::{may_enter, new_password, refuse_stolen};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::ui::Input;
use crate::shared::visit::{self, Means, Visit};
use crate::shared::{password, secret};

#[derive(Template)]
#[template(path = "accounts/link.html")]
struct SignInLink {
    frame: Frame,
    action: String,
    adds_passkey: bool,
}

#[derive(Template)]
#[template(path = "accounts/password.html")]
struct ChoosePassword {
    frame: Frame,
    action: String,
    password: Input,
    again: Input,
}

/// The page with the button that signs in.
pub async fn show_sign_in(frame: Frame, Path(token): Path<String>) -> Answer {
    Ok(page(false, &SignInLink { frame, action: routes::sign_in_link(&token), adds_passkey: false }))
}

/// Signs in.
pub async fn sign_in(State(app): State<App>, frame: Frame, visit: Visit, Path(token): Path<String>) -> Answer {
    match owner(&app, Purpose::SignIn, &token).await? {
        Ok(user) => {
            let to = changes::first(&app, &user.id, routes::HOME).await?;
            let used = change(&app, &user.id, None, Kind::LinkUsed, "");
            app.store.note_change(used).await?;
            enter(&app, &visit, &user, Means::Link, &to).await
        }
        Err(spent) => Ok(spent.show(frame)),
    }
}

/// The page with the fields for a new password; where none are taken, with the button that leads to a passkey.
pub async fn show_password(State(app): State<App>, frame: Frame, Path(token): Path<String>) -> Answer {
    super::people::refuse_links(&app)?;
    if app.takes_passwords() {
        return Ok(draw_password(frame, &token, &Form::default()));
    }
    let adds = SignInLink { frame, action: routes::choose_password(&token), adds_passkey: true };
    Ok(page(false, &adds))
}

fn draw_password(frame: Frame, token: &str, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let hint = "At least 12 characters. Three or four words that you can remember do well.";
    let chooses = ChoosePassword {
        frame,
        action: routes::choose_password(token),
        password: Input::password("password", "New password", "new-password").hint(hint).sent(form, &mistakes),
        again: Input::password("password_again", "The same password again", "new-password").sent(form, &mistakes),
    };
    page(!mistakes.none(), &chooses)
}

/// Keeps the new password, ends every other session of its owner and signs in.
pub async fn choose_password(
    State(app): State<App>,
    frame: Frame,
    visit: Visit,
    Path(token): Path<String>,
    form: Form,
) -> Answer {
    super::people::refuse_links(&app)?;
    if !app.takes_passwords() {
        return add_passkey(&app, frame, &visit, &token).await;
    }
    let mut mistakes = Mistakes::new();
    let password = new_password(&form, &mut mistakes, &[]);
    refuse_stolen(&app, &password, &mut mistakes).await?;
    if !mistakes.none() {
        return Ok(draw_password(frame.with(mistakes), &token, &form));
    }
    let user = match owner(&app, Purpose::Password, &token).await? {
        Ok(user) => user,
        Err(spent) => return Ok(spent.show(frame)),
    };
    // Only now is it known whose password it is. A link that was used up in vain is followed by another.
    if let Some(says) = password::refuse(&password, &[&user.name, &user.sign_in_name]) {
        mistakes.add("password", says);
        let token = offer_token(&app, Purpose::Password, Some(&user.id), Some(&user.id)).await?;
        return Ok(draw_password(frame.with(mistakes), &token, &form));
    }
    let after = User { password_hash: Some(app.passwords.hash(password).await?), ..user.clone() };
    let changed = changes::between(&app, &user, &after, Some(&user.id));
    // Another password ends every session there is.
    app.store.change_user(after.clone(), changed).await?;
    enter(&app, &visit, &after, Means::Password, routes::HOME).await
}

/// Signs in with the link, ends every other session of its owner, and leads to adding a passkey.
async fn add_passkey(app: &App, frame: Frame, visit: &Visit, token: &str) -> Answer {
    let user = match owner(app, Purpose::Password, token).await? {
        Ok(user) => user,
        Err(spent) => return Ok(spent.show(frame)),
    };
    let used = change(app, &user.id, None, Kind::LinkUsed, "");
    app.store.note_change(used).await?;
    app.store.end_sessions_of(&user.id, None).await?;
    enter(app, visit, &user, Means::Link, routes::OWN_PASSKEY_NEW).await
}

/// Whose link it is; it is used up by asking.
async fn owner(app: &App, purpose: Purpose, token: &str) -> Result<Result<User, Spent>, Problem> {
    let kept = match take(app, purpose, token).await? {
        Ok(kept) => kept,
        Err(spent) => return Ok(Err(spent)),
    };
    let Some(id) = kept.user else {
        return Ok(Err(Spent::Unknown));
    };
    let user = app.store.user(&id).await?.filter(may_enter);
    Ok(user.ok_or(Spent::Unknown))
}

async fn enter(app: &App, visit: &Visit, user: &User, means: Means, to: &str) -> Answer {
    let mut response = Redirect::to(to).into_response();
    let token = secret::token()?;
    visit::sign_in(app, visit, user, means, &token, &mut response).await?;
    Ok(response)
}
