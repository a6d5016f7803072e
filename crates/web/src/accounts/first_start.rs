//! The first account of all: a supervisor's, made with the link that the server printed.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use store::{User, sign_in_key};

use super::one_time::{Purpose, Spent, offer, take};
use super::{changes, comes_by_force, new_password, refuse_stolen};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::secret;
use crate::shared::ui::Input;
use crate::shared::visit::{self, Means, Visit};

/// The link to make the first account, while there is none: for the server to print when it starts.
///
/// # Errors
/// When the store cannot keep it.
pub async fn first_start(app: &App) -> Result<Option<String>, Problem> {
    if !app.store.users(None, 1).await?.is_empty() {
        return Ok(None);
    }
    offer(app, Purpose::FirstStart, None, None).await.map(Some)
}

/// Where no passwords are taken and no supervisor has any other way in: who can be let in by a link, and the link. Nobody else
/// could let them in, so the server prints it when it starts.
///
/// # Errors
/// When the store cannot be read, or cannot keep it.
pub async fn way_back(app: &App) -> Result<Option<(String, String)>, Problem> {
    if app.takes_passwords() || app.passkeys.is_none() {
        return Ok(None);
    }
    let (mut after, mut first) = (None, None);
    loop {
        let users = app.store.users(after.as_ref(), 100).await?;
        let Some(last) = users.last() else {
            break;
        };
        after = Some(last.id.clone());
        let supervisor = Role::Supervisor.word();
        for user in users.iter().filter(|user| !user.disabled && user.role == supervisor) {
            let by_force = comes_by_force(app, &user.id).await?;
            if by_force || !app.store.passkeys_of(&user.id).await?.is_empty() {
                return Ok(None);
            }
            first.get_or_insert_with(|| user.clone());
        }
    }
    let Some(user) = first else {
        return Ok(None);
    };
    let link = offer(app, Purpose::Password, Some(&user.id), None).await?;
    Ok(Some((user.name, link)))
}

#[derive(Template)]
#[template(path = "accounts/first_start.html")]
struct FirstStart {
    frame: Frame,
    token: String,
    name: Input,
    unit: Input,
    sign_in_name: Input,
    /// The password, and the same again; nothing where none are taken.
    password: Option<(Input, Input)>,
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, Query(query): Query<Vec<(String, String)>>) -> Answer {
    Ok(draw(&app, frame, &Form::from_pairs(query)))
}

fn draw(app: &App, frame: Frame, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let hint = "At least 12 characters. Three or four words that you can remember do well.";
    let starts = FirstStart {
        frame,
        token: form.text("token").to_owned(),
        name: Input::new("name", "Your name")
            .hint("As colleagues know you, with rank or role")
            .autocomplete("name")
            .sent(form, &mistakes),
        unit: Input::new("unit", "Your unit").sent(form, &mistakes),
        sign_in_name: Input::new("sign_in_name", "User name")
            .hint("What you will type to sign in")
            .autocomplete("username")
            .sent(form, &mistakes),
        password: app.takes_passwords().then(|| {
            let password = Input::password("password", "Password", "new-password").hint(hint);
            let again = Input::password("password_again", "The same password again", "new-password");
            (password.sent(form, &mistakes), again.sent(form, &mistakes))
        }),
    };
    page(!mistakes.none(), &starts)
}

/// Makes the account and signs in.
pub async fn submit(State(app): State<App>, frame: Frame, visit: Visit, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let name = mistakes.line(&form, "name", "Enter your name");
    let unit = mistakes.line(&form, "unit", "Enter your unit");
    let sign_in_name = mistakes.line(&form, "sign_in_name", "Enter a user name");
    let password = app.takes_passwords().then(|| new_password(&form, &mut mistakes, &[&name, &sign_in_name]));
    if let Some(chosen) = &password {
        refuse_stolen(&app, chosen, &mut mistakes).await?;
    }
    if !mistakes.none() {
        return Ok(draw(&app, frame.with(mistakes), &form));
    }
    // Links printed by earlier starts end with the first account, whichever of them made it.
    if !app.store.users(None, 1).await?.is_empty() {
        return Ok(Spent::Used.show(frame));
    }
    if let Err(spent) = take(&app, Purpose::FirstStart, form.text("token")).await? {
        return Ok(spent.show(frame));
    }
    let user = User {
        id: secret::user_id()?,
        name,
        sign_in_name: sign_in_key(&sign_in_name),
        role: Role::Supervisor.word().to_owned(),
        unit,
        password_hash: match password {
            Some(password) => Some(app.passwords.hash(password).await?),
            None => None,
        },
        disabled: false,
        created_at: app.now(),
    };
    let made = changes::created(&app, &user, Some(&user.id));
    app.store.add_user(user.clone(), made).await?;
    let (means, to) = match &user.password_hash {
        Some(_) => (Means::Password, routes::PEOPLE),
        // The force's own sign-in knows them by their user name; else they have no way in before they add one.
        None if app.passkeys.is_some() => (Means::Link, routes::OWN_PASSKEY_NEW),
        None => (Means::Link, routes::PEOPLE),
    };
    let mut response = Redirect::to(to).into_response();
    let token = secret::token()?;
    visit::sign_in(&app, &visit, &user, means, &token, &mut response).await?;
    Ok(response)
}
