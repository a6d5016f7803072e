//! Sign in with a user name and a password, and sign out.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use store::User;

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::guard;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::ui::Input;
use crate::shared::visit::{self, Peer, Visit};
use crate::shared::{secret, throttle};

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignIn {
    frame: Frame,
    ended: String,
    next: String,
    held: String,
    whose: String,
    name: Input,
    password: Input,
}

#[derive(Template)]
#[template(path = "accounts/send_held.html")]
struct SendHeld {
    frame: Frame,
    to: String,
    fields: Vec<(String, String)>,
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
    Ok(draw(frame, guard::why_ended(&app, &visit), &query))
}

fn draw(frame: Frame, ended: String, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let signs_in = SignIn {
        frame,
        ended,
        next: local(form.text("next")),
        held: form.exact("held").to_owned(),
        whose: form.text("whose").to_owned(),
        name: Input::new("name", "User name")
            .autocomplete("username")
            .sent(form, &mistakes),
        password: Input::password("password", "Password", "current-password").sent(form, &mistakes),
    };
    page(!mistakes.none(), &signs_in)
}

/// Checks name and password, and starts a session.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    visit: Visit,
    Peer(address): Peer,
    form: Form,
) -> Answer {
    let mut mistakes = Mistakes::new();
    let name = form.text("name");
    if name.is_empty() {
        mistakes.add("name", "Enter your user name");
    }
    if form.exact("password").is_empty() {
        mistakes.add("password", "Enter your password");
    }
    if !mistakes.none() {
        return Ok(draw(frame.with(mistakes), String::new(), &form));
    }
    throttle::try_once(&app, name, &address).await?;
    let Some(user) = recognise(&app, name, form.exact("password")).await? else {
        throttle::failed(&app, &address).await?;
        tracing::warn!(%address, "a sign-in failed");
        mistakes.add(
            "name",
            "The user name or the password is not right. Check both and try again",
        );
        return Ok(draw(frame.with(mistakes), String::new(), &form));
    };
    throttle::succeeded(&app, name).await?;
    welcome(&app, &visit, &user, &form).await
}

/// The user, when name and password are right. It takes as long when they are not.
async fn recognise(app: &App, name: &str, password: &str) -> Result<Option<User>, Problem> {
    let user = app
        .store
        .user_by_sign_in_name(name)
        .await?
        .filter(|user| !user.disabled);
    let stored = user.as_ref().and_then(|user| user.password_hash.clone());
    let right = app.passwords.check(password.to_owned(), stored).await?;
    Ok(user.filter(|_| right))
}

/// On to where they were; what they had written when the session ended is offered to be sent.
async fn welcome(app: &App, visit: &Visit, user: &User, form: &Form) -> Answer {
    let next = local(form.text("next"));
    let token = secret::token()?;
    let held =
        guard::read_held(form.exact("held")).filter(|_| form.text("whose") == user.id.as_str());
    let mut response = match held {
        Some(fields) => page(
            false,
            &SendHeld {
                frame: Frame::bare(app, &token),
                to: next,
                fields,
            },
        ),
        None => Redirect::to(&next).into_response(),
    };
    visit::sign_in(app, visit, user, &token, &mut response).await?;
    Ok(response)
}

/// Ends the session. The browser gets a new token, so that nothing of the old one is left.
pub async fn sign_out(State(app): State<App>, visit: Visit) -> Answer {
    app.store.end_session(&secret::digest(&visit.token)).await?;
    let mut response = Redirect::to(routes::SIGN_IN).into_response();
    visit::set_cookie(&app, &secret::token()?, &mut response);
    Ok(response)
}

/// A path of ours to go on to; the first page for anything that could lead elsewhere.
fn local(next: &str) -> String {
    let ours = next.starts_with('/') && !next.starts_with("//") && next.len() <= 500;
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if ours && plain {
        next.to_owned()
    } else {
        routes::HOME.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_led_elsewhere() {
        for (next, to) in [
            ("/reports/R1?part=2", "/reports/R1?part=2"),
            ("", "/"),
            ("//example.org", "/"),
            ("/\\example.org", "/"),
            ("https://example.org", "/"),
            ("/a\nb", "/"),
            ("javascript:alert(1)", "/"),
        ] {
            assert_eq!(local(next), to, "{next}");
        }
    }
}
