//! Changing one's own password.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use store::User;

use super::{changes, new_password, refuse_stolen};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::throttle;
use crate::shared::ui::Input;
use crate::shared::visit::{self, Peer, Signed};

#[derive(Template)]
#[template(path = "accounts/own_password.html")]
struct OwnPassword {
    frame: Frame,
    name: String,
    present: Option<Input>,
    password: Input,
    again: Input,
}

/// The page. Who has no password yet proves in another way that it is them.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed) -> Answer {
    super::refuse_passwords(&app)?;
    let user = own(&app, &signed).await?;
    Ok(draw(frame, &user, &Form::default()))
}

async fn own(app: &App, signed: &Signed) -> Result<User, Problem> {
    app.store.user(&signed.id).await?.ok_or(Problem::Forbidden)
}

fn draw(frame: Frame, user: &User, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let hint = "At least 12 characters. Three or four words that you can remember do well.";
    let present = user.password_hash.is_some().then(|| {
        Input::password("present_password", "Your present password", "current-password").sent(form, &mistakes)
    });
    let chooses = OwnPassword {
        frame: frame.back_to(routes::ACCOUNT),
        name: user.sign_in_name.clone(),
        present,
        password: Input::password("password", "New password", "new-password").hint(hint).sent(form, &mistakes),
        again: Input::password("password_again", "The same new password again", "new-password").sent(form, &mistakes),
    };
    page(!mistakes.none(), &chooses)
}

/// Keeps the new password and ends every other session.
pub async fn submit(State(app): State<App>, frame: Frame, signed: Signed, Peer(address): Peer, form: Form) -> Answer {
    super::refuse_passwords(&app)?;
    let user = own(&app, &signed).await?;
    let mut mistakes = Mistakes::new();
    let has_one = user.password_hash.is_some();
    if has_one && form.exact("present_password").is_empty() {
        mistakes.add("present_password", "Enter your present password");
    }
    let chosen = new_password(&form, &mut mistakes, &[&user.name, &user.sign_in_name]);
    refuse_stolen(&app, &chosen, &mut mistakes).await?;
    if !mistakes.none() {
        return Ok(draw(frame.with(mistakes), &user, &form));
    }
    if has_one {
        throttle::try_once(&app, &user.sign_in_name, &address).await?;
        let present = form.exact("present_password").to_owned();
        if !app.passwords.check(present, user.password_hash.clone()).await? {
            throttle::failed(&app, &address).await?;
            mistakes.add("present_password", "This is not your present password");
            return Ok(draw(frame.with(mistakes), &user, &form));
        }
        throttle::succeeded(&app, &user.sign_in_name).await?;
    }
    let after = User { password_hash: Some(app.passwords.hash(chosen).await?), ..user.clone() };
    let changes = changes::between(&app, &user, &after, Some(&signed.id));
    let changes = changes.into_iter().map(|change| changes::staying(&signed, change)).collect();
    app.store.change_user(after, changes).await?;
    let mut response = Redirect::to(&routes::account_done("password")).into_response();
    visit::step_up(&app, &signed, &mut response).await?;
    Ok(response)
}
