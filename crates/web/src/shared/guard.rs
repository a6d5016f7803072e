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
use super::step_up;
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
    /// The same, and they have proved who they are a moment ago (`visit::FRESH_FOR`).
    Fresh(Permission),
}

impl Door {
    /// What is needed to come in; nothing where it is open.
    pub const fn permission(self) -> Option<Permission> {
        match self {
            Self::Open => None,
            Self::May(permission) | Self::Fresh(permission) => Some(permission),
        }
    }
}

/// Lets in or sends away.
pub async fn stand(door: Door, State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(permission) = door.permission() else {
        return next.run(request).await;
    };
    let visit = request
        .extensions()
        .get::<Visit>()
        .cloned()
        .unwrap_or_default();
    match &visit.signed {
        Some(signed) if !signed.may(permission) => Problem::Forbidden.into_response(),
        Some(signed) if matches!(door, Door::Fresh(_)) && !signed.fresh => {
            step_up::ask(&app, &visit, &request)
        }
        Some(_) => next.run(request).await,
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
        others: if app.passkeys.is_some() || app.force.is_some() {
            sendable(form)
        } else {
            Vec::new()
        },
        passkey: app.passkeys.is_some(),
        force: app.force.as_ref().map(|force| force.label().to_owned()),
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
    serde_json::to_string(&sendable(form)).unwrap_or_default()
}

/// The fields of a form that may stand on a page to be sent again. Never passwords.
pub(super) fn sendable(form: &Form) -> Vec<(String, String)> {
    form.pairs()
        .filter(|(name, _)| !name.contains("password"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
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
    others: Vec<(String, String)>,
    passkey: bool,
    force: Option<String>,
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
