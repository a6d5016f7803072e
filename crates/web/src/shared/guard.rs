//! The door of each route: who may come in, and where everybody else is sent.

use askama::Template;
use axum::extract::{FromRequestParts as _, RawPathParams, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::access::Permission;
use super::app::App;
use super::form::Form;
use super::frame::Frame;
use super::held::{held, sendable};
use super::page::{CHANGED_OUTSIDE, Problem, page};
use super::purpose;
use super::record::{self, Look, together};
use super::step_up;
use super::ui::Input;
use super::visit::{Signed, Visit, Why};
use crate::routes;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Anybody: signing in, assets.
    Open,
    /// Whoever is signed in and allowed this by the policies: on the report, where the address names one.
    /// Its purpose is asked for before the page is made, and the look is noted before the page is sent.
    May(Permission),
    /// The same, and they have proved who they are a moment ago (`visit::FRESH_FOR`).
    Fresh(Permission),
    /// Like [`Door::May`], for a page that shows nothing of the report and so is no look at it.
    Unseen(Permission),
    /// Like [`Door::Unseen`], and they have proved who they are a moment ago.
    FreshUnseen(Permission),
}

impl Door {
    /// What is needed to come in; nothing where it is open.
    pub const fn permission(self) -> Option<Permission> {
        match self {
            Self::Open => None,
            Self::May(permission)
            | Self::Fresh(permission)
            | Self::Unseen(permission)
            | Self::FreshUnseen(permission) => Some(permission),
        }
    }
}

/// Lets in or sends away. `of_report` is whether the address names a report.
pub async fn stand(door: Door, of_report: bool, State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(permission) = door.permission() else {
        return next.run(request).await;
    };
    let visit = request.extensions().get::<Visit>().cloned().unwrap_or_default();
    match &visit.signed {
        Some(signed) if !signed.may(permission) => {
            tracing::warn!(user = %signed.id, action = permission.word(), "refused");
            Problem::Forbidden.into_response()
        }
        Some(signed) if matches!(door, Door::Fresh(_) | Door::FreshUnseen(_)) && !signed.fresh => {
            step_up::ask(&app, &visit, &request)
        }
        Some(signed) if of_report => {
            let (mut parts, body) = request.into_parts();
            match enter(&app, &visit, signed, door, permission, &mut parts).await {
                Ok(look) => {
                    let seen = Seen::of(permission, &parts.method);
                    let page = next.run(Request::from_parts(parts, body));
                    match look {
                        Some(look) => noted(&app, look, seen, page).await.unwrap_or_else(Problem::into_response),
                        None => page.await,
                    }
                }
                Err(response) => response,
            }
        }
        Some(_) => next.run(request).await,
        None => ask_to_sign_in(&app, &visit, &request),
    }
}

/// The page, once the look is in the log; where it cannot be noted, no page. Both are worked on at the same time, the look first in
/// the queue of the one writer, so that the disk is waited for once and not twice: the look of a page at once, that of a form with
/// what it adds. A page that shows the log waits for it, since it has to show the look that is being had.
async fn noted(app: &App, look: Look, seen: Seen, page: impl Future<Output = Response>) -> Result<Response, Problem> {
    match seen {
        Seen::Log => {
            record::note(app, look).await?;
            Ok(page.await)
        }
        Seen::Page => {
            let (noted, page) = tokio::join!(biased; record::note(app, look), page);
            noted.map(|()| page)
        }
        Seen::Form => together::form(app, look, page).await,
    }
}

/// What a look is of.
enum Seen {
    Log,
    Page,
    Form,
}

impl Seen {
    fn of(permission: Permission, method: &Method) -> Self {
        if permission == Permission::ReadAudit {
            Self::Log
        } else if method == Method::GET || method == Method::HEAD {
            Self::Page
        } else {
            Self::Form
        }
    }
}

/// Lets somebody in to the report that the address names, and gives the look to note; what they are shown instead otherwise.
async fn enter(
    app: &App,
    visit: &Visit,
    signed: &Signed,
    door: Door,
    permission: Permission,
    parts: &mut Parts,
) -> Result<Option<Look>, Response> {
    let params = RawPathParams::from_request_parts(parts, &()).await;
    let params = params.map_err(|_| Problem::NotFound.into_response())?;
    let reference = record::reference(&params).unwrap_or_default();
    let admitted = record::admit(app, signed, permission, reference).await;
    if matches!(admitted, Err(Problem::Sealed { .. })) {
        let frame = Frame::new(app, visit, parts.uri.path());
        let erased = record::erased_page(app, frame, signed, reference).await;
        if let Some(page) = erased.map_err(Problem::into_response)? {
            return Err(page);
        }
    }
    let entered = match admitted {
        Ok(entered) => entered,
        // Whoever may open reports in an emergency is shown that page for any reference, so that it does not
        // tell which there are.
        Err(Problem::Sealed { offer: true, .. }) if door == Door::FreshUnseen(Permission::BreakGlass) => {
            return Ok(None);
        }
        Err(problem) => {
            if let Some(why) = record::why_refused(&problem) {
                let noted = record::note_refused(app, signed, reference, why).await;
                noted.map_err(Problem::into_response)?;
            }
            return Err(problem.into_response());
        }
    };
    let look = if matches!(door, Door::May(_) | Door::Fresh(_)) {
        let look = record::look(app, signed, permission, &entered);
        Some(look.ok_or_else(|| ask_why(app, visit, signed, permission, &entered, parts))?)
    } else {
        None
    };
    let signed = Signed { entered: Some(entered), ..signed.clone() };
    parts.extensions.insert(Visit { signed: Some(signed), ..visit.clone() });
    Ok(look)
}

/// Nobody knows yet why they look. A form that was sent is kept on the page that asks.
fn ask_why(
    app: &App,
    visit: &Visit,
    signed: &Signed,
    permission: Permission,
    entered: &record::Entered,
    parts: &Parts,
) -> Response {
    let here = parts.uri.path_and_query();
    let here = here.map_or(routes::HOME, |here| here.as_str());
    let of_log = permission == Permission::ReadAudit;
    if parts.method == Method::GET || parts.method == Method::HEAD {
        return Redirect::to(&routes::why_and_on(&entered.row.reference, of_log, here)).into_response();
    }
    let sent = parts.extensions.get::<Form>().cloned().unwrap_or_default();
    let form = Form::from_pairs(vec![("next".to_owned(), here.to_owned()), ("held".to_owned(), held(&sent))]);
    let frame = Frame::new(app, visit, here);
    purpose::ask(frame, signed, &entered.row, permission, &form)
}

fn ask_to_sign_in(app: &App, visit: &Visit, request: &Request) -> Response {
    let here = request.uri().path_and_query().map_or(routes::HOME, |here| here.as_str());
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return Redirect::to(&routes::sign_in_and_back(here)).into_response();
    }
    let form = request.extensions().get::<Form>().cloned().unwrap_or_default();
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
        others: if app.passkeys.is_some() || app.force.is_some() { sendable(form) } else { Vec::new() },
        passkey: app.passkeys.is_some(),
        force: app.force.as_ref().map(|force| force.label().to_owned()),
        password: app.takes_passwords().then(|| {
            (
                Input::new("name", "User name").autocomplete("username"),
                Input::password("password", "Password", "current-password"),
            )
        }),
    };
    page(false, &again)
}

/// Why somebody has to sign in again, in words; empty when they never were.
pub fn why_ended(app: &App, visit: &Visit) -> String {
    if visit.changed_outside {
        return format!(
            "Your account was changed outside Waymark, so nobody can use it until that is put right. {CHANGED_OUTSIDE}"
        );
    }
    let limits = app.config.session;
    match visit.ended.as_ref().map(|ended| ended.why) {
        Some(Why::Idle) => {
            format!("You were signed out because no page was opened for {} minutes.", limits.idle_minutes)
        }
        Some(Why::Long) => {
            format!("You were signed out because you had been signed in for {} hours.", limits.absolute_hours)
        }
        None => String::new(),
    }
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
    password: Option<(Input, Input)>,
}

impl SignInAgain {
    const fn title(&self) -> &'static str {
        if self.kept { "Sign in to send what you entered" } else { "Sign in again" }
    }
}
