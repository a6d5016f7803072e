//! Every address of Waymark, and who may go there, on one screen.

use std::convert::Infallible;

use axum::Router;
use axum::handler::Handler;
use axum::middleware;
use axum::routing::{MethodFilter, on};

use crate::accounts::{first_start, link, people, person, sessions, sign_in};
use crate::home;
use crate::shared::access::Permission::{Enter, ManagePeople};
use crate::shared::app::App;
use crate::shared::assets;
use crate::shared::guard::{self, Door};
use Door::{May, Open};

// ---- Addresses ---------------------------------------------------------------------------------
// A constant for what is routed; a function for what is linked to and has something to fill in.

/// The first page.
pub const HOME: &str = "/";
const ASSET: &str = "/assets/{digest}/{name}";
/// Signing in.
pub const SIGN_IN: &str = "/sign-in";
/// Signing out: POST only.
pub const SIGN_OUT: &str = "/sign-out";
const SIGN_IN_LINK: &str = "/sign-in/link/{token}";
const CHOOSE_PASSWORD: &str = "/password/{token}";
/// The first account of all.
pub const FIRST_START: &str = "/first-start";
/// Where somebody is signed in.
pub const OWN_SESSIONS: &str = "/signed-in";
/// Everybody who has an account.
pub const PEOPLE: &str = "/people";
/// A new account.
pub const PERSON_NEW: &str = "/people/new";
const PERSON: &str = "/people/{id}";
const PERSON_LINK: &str = "/people/{id}/link";

// Reports: beginning one, its first page, who and what is in it, questions.
/// A new report.
pub const REPORT_NEW: &str = "/reports/new";

/// What the guidance says under an id, `G44`.
pub fn guidance_statement(id: &str) -> String {
    format!("/guidance/statements/{id}")
}
/// A file of the pages.
pub fn asset(digest: &str, name: &str) -> String {
    format!("/assets/{digest}/{name}")
}
/// One account.
pub fn person(id: &str) -> String {
    format!("{PEOPLE}/{id}")
}
/// A new link for somebody to choose a password: POST only.
pub fn person_link(id: &str) -> String {
    format!("{PEOPLE}/{id}/link")
}
/// A link that signs in once.
pub fn sign_in_link(token: &str) -> String {
    format!("{SIGN_IN}/link/{token}")
}
/// A link to choose a password, once.
pub fn choose_password(token: &str) -> String {
    format!("/password/{token}")
}
/// A link to make the first account, once.
pub fn first_start(token: &str) -> String {
    format!("{FIRST_START}?token={token}")
}
/// A report, by its reference `WM-2026-000123`: class, what to do, what is still to ask.
pub fn report(reference: &str) -> String {
    format!("/reports/{reference}")
}
/// Raising an immediate concern.
pub fn concern(reference: &str) -> String {
    format!("/reports/{reference}/concern")
}
/// Whatever is to be asked next.
pub fn next_question(reference: &str) -> String {
    format!("/reports/{reference}/questions")
}
/// One question, by the full name of its fact: `person.A.age`.
pub fn question(reference: &str, fact: &str) -> String {
    format!("/reports/{reference}/questions/{fact}")
}
/// The page of a duty: `vpa:A`.
pub fn task(reference: &str, duty: &str) -> String {
    format!("/reports/{reference}/tasks/{duty}")
}
/// Signing in, and then back to a page of ours.
pub fn sign_in_and_back(path: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.');
    let next: String = path
        .bytes()
        .map(|b| {
            if safe(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("{SIGN_IN}?next={next}")
}

// ---- Who may go where --------------------------------------------------------------------------

/// Every route with its door.
pub(crate) fn all() -> Routes {
    Routes::default()
        .get(Open, ASSET, assets::show)
        .get(Open, SIGN_IN, sign_in::show)
        .post(Open, SIGN_IN, sign_in::submit)
        .post(Open, SIGN_OUT, sign_in::sign_out)
        .get(Open, SIGN_IN_LINK, link::show_sign_in)
        .post(Open, SIGN_IN_LINK, link::sign_in)
        .get(Open, CHOOSE_PASSWORD, link::show_password)
        .post(Open, CHOOSE_PASSWORD, link::choose_password)
        .get(Open, FIRST_START, first_start::show)
        .post(Open, FIRST_START, first_start::submit)
        .get(May(Enter), HOME, home::show)
        .get(May(Enter), OWN_SESSIONS, sessions::show)
        .post(May(Enter), OWN_SESSIONS, sessions::end)
        .get(May(ManagePeople), PEOPLE, people::show)
        .get(May(ManagePeople), PERSON_NEW, people::show_new)
        .post(May(ManagePeople), PERSON_NEW, people::add)
        .get(May(ManagePeople), PERSON, person::show)
        .post(May(ManagePeople), PERSON, person::save)
        .post(May(ManagePeople), PERSON_LINK, person::make_link)
}

/// One route, for tests that go through all of them.
#[cfg(test)]
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) method: MethodFilter,
    pub(crate) path: &'static str,
    pub(crate) door: Door,
}

/// Routes being listed. Nothing gets in that does not name its door.
#[derive(Default)]
pub(crate) struct Routes {
    #[cfg(test)]
    pub(crate) listed: Vec<Listed>,
    routes: Vec<(
        &'static str,
        axum::routing::MethodRouter<App, Infallible>,
        Door,
    )>,
}

impl Routes {
    fn get<H: Handler<T, App>, T: 'static>(
        self,
        door: Door,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.add(MethodFilter::GET, door, path, handler)
    }

    fn post<H: Handler<T, App>, T: 'static>(
        self,
        door: Door,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.add(MethodFilter::POST, door, path, handler)
    }

    fn add<H: Handler<T, App>, T: 'static>(
        mut self,
        method: MethodFilter,
        door: Door,
        path: &'static str,
        handler: H,
    ) -> Self {
        #[cfg(test)]
        self.listed.push(Listed { method, path, door });
        self.routes.push((path, on(method, handler), door));
        self
    }

    /// The router, each route behind its door.
    pub(crate) fn router(self, app: &App) -> Router<App> {
        self.routes
            .into_iter()
            .fold(Router::new(), |router, (path, method, door)| {
                let guarded =
                    middleware::from_fn_with_state(app.clone(), move |app, request, next| {
                        guard::stand(door, app, request, next)
                    });
                router.route(path, method.route_layer(guarded))
            })
    }
}
