//! Every address of Waymark, and who may go there, on one screen.

use std::convert::Infallible;

use axum::Router;
use axum::handler::Handler;
use axum::middleware;
use axum::routing::{MethodFilter, on};

use crate::accounts::{first_start, link, people, person, sessions, sign_in};
use crate::home;
use crate::reports;
use crate::shared::access::Permission::{
    AddToReports, Enter, ManagePeople, ReadReports, StartReport,
};
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
const REPORT: &str = "/reports/{reference}";
const SAFETY: &str = "/reports/{reference}/safety";
const CONCERN: &str = "/reports/{reference}/concern";
const CONCERN_ANSWER: &str = "/reports/{reference}/concern/{number}";
const INVOLVED: &str = "/reports/{reference}/involved";
const INVOLVED_NEW: &str = "/reports/{reference}/people/new";
const INVOLVED_PERSON: &str = "/reports/{reference}/people/{id}";
const ROLES: &str = "/reports/{reference}/people/{id}/roles";
const AUTHORITIES: &str = "/reports/{reference}/people/{id}/authorities";
const PLACE_NEW: &str = "/reports/{reference}/places/new";
const PLACE: &str = "/reports/{reference}/places/{id}";
const DEVICE_NEW: &str = "/reports/{reference}/devices/new";
const DEVICE: &str = "/reports/{reference}/devices/{id}";
const ACCOUNT_NEW: &str = "/reports/{reference}/accounts/new";
const REFERENCE_NEW: &str = "/reports/{reference}/references/new";
const WITHDRAW: &str = "/reports/{reference}/withdraw/{thing}/{id}";
const NEXT_QUESTION: &str = "/reports/{reference}/questions";
const QUESTION: &str = "/reports/{reference}/questions/{fact}";
const ANYBODY: &str = "/reports/{reference}/anybody";
const WHO: &str = "/reports/{reference}/who";
const ANSWERS: &str = "/reports/{reference}/answers";
const ANSWER: &str = "/reports/{reference}/answers/{fact}";
const TAKE_BACK: &str = "/reports/{reference}/statements/{number}/take-back";
const CHANGED: &str = "/reports/{reference}/changed";
const LINKED: &str = "/reports/{reference}/linked";

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
/// The first questions again: is the child safe, who reports it.
pub fn safety(reference: &str) -> String {
    format!("/reports/{reference}/safety")
}
/// Saying what came of a concern.
pub fn concern_answer(reference: &str, number: u32) -> String {
    format!("/reports/{reference}/concern/{number}")
}
/// Who and what is in a report.
pub fn involved(reference: &str) -> String {
    format!("/reports/{reference}/involved")
}
/// Adding to what is in a report: `people`, `places`, `devices`, `accounts` or `references`.
pub fn entry_new(reference: &str, kind: &str) -> String {
    format!("/reports/{reference}/{kind}/new")
}
/// Somebody or something in a report: kind as for [`entry_new`].
pub fn entry(reference: &str, kind: &str, id: &str) -> String {
    format!("/reports/{reference}/{kind}/{id}")
}
/// What somebody is in a report.
pub fn roles(reference: &str, person: &str) -> String {
    format!("/reports/{reference}/people/{person}/roles")
}
/// The bodies responsible for somebody.
pub fn authorities(reference: &str, person: &str) -> String {
    format!("/reports/{reference}/people/{person}/authorities")
}
/// Withdrawing an entry made by mistake; kind as for [`entry_new`].
pub fn withdraw(reference: &str, kind: &str, id: &str) -> String {
    format!("/reports/{reference}/withdraw/{kind}/{id}")
}
/// Whatever is to be asked next.
pub fn next_question(reference: &str) -> String {
    format!("/reports/{reference}/questions")
}
/// One question, by the full name of its fact: `person.A.age`.
pub fn question(reference: &str, fact: &str) -> String {
    format!("/reports/{reference}/questions/{fact}")
}
/// The questions asked once for everybody: "Did anybody …?"
pub fn anybody(reference: &str) -> String {
    format!("/reports/{reference}/anybody")
}
/// Who it was; `ask` lists what is still to be said: `threatened:yes,groomed:not-known`.
pub fn who(reference: &str, ask: &str) -> String {
    format!("/reports/{reference}/who?ask={ask}")
}
/// Every answer of a report.
pub fn answers(reference: &str) -> String {
    format!("/reports/{reference}/answers")
}
/// Everything said on one question, and which of it counts.
pub fn answer(reference: &str, fact: &str) -> String {
    format!("/reports/{reference}/answers/{fact}")
}
/// Taking a statement back.
pub fn take_back(reference: &str, number: u32) -> String {
    format!("/reports/{reference}/statements/{number}/take-back")
}
/// What an answer has changed, since the report had this version.
pub fn changed(reference: &str, since: u64) -> String {
    format!("/reports/{reference}/changed?since={since}")
}
/// Reports that belong with this one.
pub fn linked(reference: &str) -> String {
    format!("/reports/{reference}/linked")
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
        // Reports.
        .get(May(StartReport), REPORT_NEW, reports::new::show)
        .post(May(StartReport), REPORT_NEW, reports::new::submit)
        .get(May(ReadReports), REPORT, reports::home::show)
        .get(May(AddToReports), SAFETY, reports::safety::show)
        .post(May(AddToReports), SAFETY, reports::safety::submit)
        .get(May(ReadReports), CONCERN, reports::concern::show)
        .post(May(AddToReports), CONCERN, reports::concern::submit)
        .get(
            May(AddToReports),
            CONCERN_ANSWER,
            reports::concern::show_answer,
        )
        .post(May(AddToReports), CONCERN_ANSWER, reports::concern::answer)
        .get(May(ReadReports), INVOLVED, reports::involved::show)
        .get(May(AddToReports), INVOLVED_NEW, reports::person::show_new)
        .post(May(AddToReports), INVOLVED_NEW, reports::person::add)
        .get(May(AddToReports), INVOLVED_PERSON, reports::person::show)
        .post(May(AddToReports), INVOLVED_PERSON, reports::person::save)
        .get(May(AddToReports), ROLES, reports::roles::show)
        .post(May(AddToReports), ROLES, reports::roles::save)
        .get(May(AddToReports), AUTHORITIES, reports::authorities::show)
        .post(May(AddToReports), AUTHORITIES, reports::authorities::save)
        .get(May(AddToReports), PLACE_NEW, reports::places::show_new)
        .post(May(AddToReports), PLACE_NEW, reports::places::add)
        .get(May(AddToReports), PLACE, reports::places::show)
        .post(May(AddToReports), PLACE, reports::places::save)
        .get(May(AddToReports), DEVICE_NEW, reports::devices::show_new)
        .post(May(AddToReports), DEVICE_NEW, reports::devices::add)
        .get(May(AddToReports), DEVICE, reports::devices::show)
        .post(May(AddToReports), DEVICE, reports::devices::save)
        .get(May(AddToReports), ACCOUNT_NEW, reports::accounts::show_new)
        .post(May(AddToReports), ACCOUNT_NEW, reports::accounts::add)
        .get(
            May(AddToReports),
            REFERENCE_NEW,
            reports::references::show_new,
        )
        .post(May(AddToReports), REFERENCE_NEW, reports::references::add)
        .get(May(AddToReports), WITHDRAW, reports::withdraw::show)
        .post(May(AddToReports), WITHDRAW, reports::withdraw::submit)
        .get(May(AddToReports), NEXT_QUESTION, reports::question::next)
        .get(May(AddToReports), QUESTION, reports::question::show)
        .post(May(AddToReports), QUESTION, reports::question::submit)
        .get(May(AddToReports), ANYBODY, reports::anybody::show)
        .post(May(AddToReports), ANYBODY, reports::anybody::submit)
        .get(May(AddToReports), WHO, reports::anybody::show_who)
        .post(May(AddToReports), WHO, reports::anybody::submit_who)
        .get(May(ReadReports), ANSWERS, reports::answers::show)
        .get(May(ReadReports), ANSWER, reports::answers::show_one)
        .post(May(AddToReports), ANSWER, reports::answers::choose)
        .get(
            May(AddToReports),
            TAKE_BACK,
            reports::answers::show_take_back,
        )
        .post(May(AddToReports), TAKE_BACK, reports::answers::take_back)
        .get(May(ReadReports), CHANGED, reports::changed::show)
        .get(May(StartReport), LINKED, reports::linked::show)
        .post(May(StartReport), LINKED, reports::linked::submit)
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
