//! The door of each route: who may come in, and where everybody else is sent.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::access::Permission;
use super::app::App;
use super::form::Form;
use super::frame::Frame;
use super::page::{Problem, page};
use super::ui::Input;
use super::visit::{Visit, Why};
use crate::routes;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Anybody: signing in, assets.
    Open,
    /// Whoever is signed in with a role that has this permission.
    May(Permission),
}

/// Lets in or sends away.
pub async fn stand(door: Door, State(app): State<App>, request: Request, next: Next) -> Response {
    let Door::May(permission) = door else {
        return next.run(request).await;
    };
    let visit = request
        .extensions()
        .get::<Visit>()
        .cloned()
        .unwrap_or_default();
    match &visit.signed {
        Some(signed) if signed.may(permission) => next.run(request).await,
        Some(_) => Problem::Forbidden.into_response(),
        None => ask_to_sign_in(&app, &visit, &request),
    }
}

fn ask_to_sign_in(app: &App, visit: &Visit, request: &Request) -> Response {
    let here = request
        .uri()
        .path_and_query()
        .map_or(routes::HOME, |here| here.as_str());
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return Redirect::to(&routes::sign_in_and_back(here)).into_response();
    }
    let form = request
        .extensions()
        .get::<Form>()
        .cloned()
        .unwrap_or_default();
    hold(app, visit, here, &form)
}

/// The session ended while somebody was writing: the page to sign in again carries what they wrote. Only
/// for whoever's session it was, so that nobody sends another's words under their own name.
fn hold(app: &App, visit: &Visit, to: &str, form: &Form) -> Response {
    let whose = visit.ended.as_ref().map(|ended| ended.user.to_string());
    let again = SignInAgain {
        frame: Frame::new(app, visit, to),
        says: why_ended(app, visit),
        kept: whose.is_some(),
        next: to.to_owned(),
        held: held(form),
        whose: whose.unwrap_or_default(),
        name: Input::new("name", "User name").autocomplete("username"),
        password: Input::password("password", "Password", "current-password"),
    };
    page(false, &again)
}

/// Why somebody has to sign in again, in words; empty when they never were.
pub fn why_ended(app: &App, visit: &Visit) -> String {
    let limits = app.config.session;
    match visit.ended.as_ref().map(|ended| ended.why) {
        Some(Why::Idle) => format!(
            "You were signed out because no page was opened for {} minutes.",
            limits.idle_minutes
        ),
        Some(Why::Long) => format!(
            "You were signed out because you had been signed in for {} hours.",
            limits.absolute_hours
        ),
        None => String::new(),
    }
}

/// The fields of a form as one text, to be carried through signing in. Never passwords.
fn held(form: &Form) -> String {
    let kept: Vec<_> = form
        .pairs()
        .filter(|(name, _)| !name.contains("password"))
        .collect();
    serde_json::to_string(&kept).unwrap_or_default()
}

/// What [`held`] made, read back; `None` for anything else.
pub fn read_held(text: &str) -> Option<Vec<(String, String)>> {
    serde_json::from_str(text).ok()
}

#[derive(Template)]
#[template(path = "accounts/sign_in_again.html")]
struct SignInAgain {
    frame: Frame,
    says: String,
    kept: bool,
    next: String,
    held: String,
    whose: String,
    name: Input,
    password: Input,
}

impl SignInAgain {
    const fn title(&self) -> &'static str {
        if self.kept {
            "Sign in to send what you entered"
        } else {
            "Sign in again"
        }
    }
}
