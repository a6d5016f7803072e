//! Every address of Waymark, and who may go there, on one screen.

use std::convert::Infallible;

use axum::Router;
use axum::handler::Handler;
use axum::middleware;
use axum::routing::{MethodFilter, on};

use crate::accounts::{first_start, link, people, person, sessions, sign_in};
use crate::guidance_pages::{index, rules, statements, words};
use crate::home;
use crate::outcomes::{afterwards, all, close, decide};
use crate::reviews::{ask, check, review};
use crate::shared::access::Permission::{
    AddToReports, Decide, Enter, ManagePeople, ReadAudit, ReadGuidance, ReadReports, Review,
};
use crate::shared::app::App;
use crate::shared::assets;
use crate::shared::guard::{self, Door};
use crate::timeline::{looked_at, timeline};
use crate::worklists::list;
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

// Worklists, review, outcome, closing, timeline, and the guidance.
/// The lists of reports.
pub const REPORTS: &str = "/reports";
const REPORT_CHECK: &str = "/reports/{reference}/check";
const REPORT_ASK: &str = "/reports/{reference}/ask-for-review";
const REPORT_REVIEW: &str = "/reports/{reference}/review";
const REPORT_OUTCOMES: &str = "/reports/{reference}/outcome";
const REPORT_OUTCOME: &str = "/reports/{reference}/outcome/{code}";
const REPORT_CLOSE: &str = "/reports/{reference}/close";
const REPORT_REOPEN: &str = "/reports/{reference}/reopen";
const REPORT_ADDENDUM: &str = "/reports/{reference}/addendum";
const REPORT_TIMELINE: &str = "/reports/{reference}/timeline";
const REPORT_LOOKED: &str = "/reports/{reference}/looked-at";
/// The guidance in force.
pub const GUIDANCE: &str = "/guidance";
/// Every statement of the guidance.
pub const STATEMENTS: &str = "/guidance/statements";
const STATEMENT: &str = "/guidance/statements/{id}";
/// Every rule.
pub const RULES: &str = "/guidance/rules";
const RULE: &str = "/guidance/rules/{id}";
/// Every question.
pub const QUESTIONS: &str = "/guidance/questions";
/// Every duty.
pub const DUTIES: &str = "/guidance/duties";
/// Every outcome.
pub const OUTCOMES: &str = "/guidance/outcomes";
/// Every service.
pub const SERVICES: &str = "/guidance/services";
/// What was proved of the guidance.
pub const PROOFS: &str = "/guidance/proofs";

/// Every answer of a report on one page.
pub fn check(reference: &str) -> String {
    format!("{REPORTS}/{reference}/check")
}
/// Asking a supervisor to look at a report.
pub fn ask_for_review(reference: &str) -> String {
    format!("{REPORTS}/{reference}/ask-for-review")
}
/// Everything a supervisor looks at, and the reviews so far.
pub fn review(reference: &str) -> String {
    format!("{REPORTS}/{reference}/review")
}
/// Every outcome: open, blocked or not yet.
pub fn outcomes(reference: &str) -> String {
    format!("{REPORTS}/{reference}/outcome")
}
/// Deciding one outcome: `21`.
pub fn outcome(reference: &str, code: &str) -> String {
    format!("{REPORTS}/{reference}/outcome/{code}")
}
/// Closing a report; what a closed one came to.
pub fn close(reference: &str) -> String {
    format!("{REPORTS}/{reference}/close")
}
/// Opening a closed report again.
pub fn reopen(reference: &str) -> String {
    format!("{REPORTS}/{reference}/reopen")
}
/// Adding something without changing anything.
pub fn addendum(reference: &str) -> String {
    format!("{REPORTS}/{reference}/addendum")
}
/// What happened, one thing after another.
pub fn timeline(reference: &str) -> String {
    format!("{REPORTS}/{reference}/timeline")
}
/// Who looked at a report.
pub fn looked_at(reference: &str) -> String {
    format!("{REPORTS}/{reference}/looked-at")
}
/// What the guidance says under an id, `G44`; or what rests on another source, `PACE 1984`.
pub fn guidance_statement(id: &str) -> String {
    format!("{STATEMENTS}/{}", escaped(id))
}
/// One rule: its condition, and what it rests on.
pub fn rule(id: &str) -> String {
    format!("{RULES}/{}", escaped(id))
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
    let next: Vec<String> = path.split('/').map(escaped).collect();
    format!("{SIGN_IN}?next={}", next.join("/"))
}

/// One part of an address or query, with everything but plain letters, digits and `-_.` escaped.
pub fn escaped(part: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let mut text = String::with_capacity(part.len());
    for byte in part.bytes() {
        if safe(byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
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
        .get(May(ReadReports), REPORTS, list::show)
        .get(May(ReadReports), REPORT_CHECK, check::show)
        .get(May(AddToReports), REPORT_ASK, ask::show)
        .post(May(AddToReports), REPORT_ASK, ask::submit)
        .get(May(ReadReports), REPORT_REVIEW, review::show)
        .post(May(Review), REPORT_REVIEW, review::submit)
        .get(May(ReadReports), REPORT_OUTCOMES, all::show)
        .get(May(Decide), REPORT_OUTCOME, decide::show)
        .post(May(Decide), REPORT_OUTCOME, decide::submit)
        .get(May(ReadReports), REPORT_CLOSE, close::show)
        .post(May(Decide), REPORT_CLOSE, close::submit)
        .get(May(Review), REPORT_REOPEN, afterwards::show_reopen)
        .post(May(Review), REPORT_REOPEN, afterwards::reopen)
        .get(May(AddToReports), REPORT_ADDENDUM, afterwards::show_addendum)
        .post(May(AddToReports), REPORT_ADDENDUM, afterwards::add_addendum)
        .get(May(ReadReports), REPORT_TIMELINE, timeline::show)
        .get(May(ReadAudit), REPORT_LOOKED, looked_at::show)
        .get(May(ReadGuidance), GUIDANCE, index::show)
        .get(May(ReadGuidance), STATEMENTS, statements::show_all)
        .get(May(ReadGuidance), STATEMENT, statements::show)
        .get(May(ReadGuidance), RULES, rules::show_all)
        .get(May(ReadGuidance), RULE, rules::show)
        .get(May(ReadGuidance), QUESTIONS, words::questions)
        .get(May(ReadGuidance), DUTIES, words::duties)
        .get(May(ReadGuidance), OUTCOMES, words::outcomes)
        .get(May(ReadGuidance), SERVICES, words::services)
        .get(May(ReadGuidance), PROOFS, words::proofs)
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
