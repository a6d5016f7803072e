//! Every address of Waymark, and who may go there, on one screen.

mod links;
mod table;

pub use links::*;
pub(crate) use table::Routes;
#[cfg(test)]
pub(crate) use table::names_a_report;

use crate::access::{self, conflict_of_another, emergency};
use crate::accounts::{
    changes, confirm, first_start, force, link, own, own_password, passkey, passkeys, people, person, sessions,
    sign_in, stay,
};
use crate::audit::{self, administered::AccountChanges, disclosed::Disclosures, erased::Erasures, files, looked};
use crate::finding::{earlier, find, same};
use crate::guidance_pages::{examples, index, kept, leaflet, rules, statements, words};
use crate::home;
use crate::outcomes::{afterwards, all, close, decide};
use crate::reports::{self, devices::Devices, entries, places::Places};
use crate::retention;
use crate::reviews::{ask, check, review};
use crate::shared::access::Permission::{
    AddToReports, BreakGlass, ControlAccess, Decide, DeclareConflict, Enter, Erase, Export, FindPeople, ListReports,
    ManagePeople, PassOn, ReadAudit, ReadGuidance, ReadReports, Review, ReviewAccess, StartReport, Withdraw,
};
use crate::shared::assets;
use crate::shared::guard::Door;
use crate::tasks;
use crate::timeline::{looked_at, timeline};
use crate::worklists::{concern, give, list};
use Door::{Fresh, FreshUnseen, May, Open, Unseen};

// ---- Addresses ---------------------------------------------------------------------------------
// A constant for what is routed; in links.rs a function for what is linked to and has something to fill in.

/// The first page.
pub const HOME: &str = "/";
/// Where style, script and icon are.
pub const ASSETS: &str = "/assets/";
const ASSET: &str = "/assets/{digest}/{name}";
/// Signing in.
pub const SIGN_IN: &str = "/sign-in";
/// Signing in with a passkey, or confirming with one.
pub const PASSKEY: &str = "/sign-in/passkey";
/// Going to the force's own sign-in.
pub const FORCE: &str = "/sign-in/force";
/// Where people come back from it.
pub const FORCE_BACK: &str = "/sign-in/force/back";
/// Signed out here, and perhaps not there.
pub const SIGNED_OUT: &str = "/signed-out";
/// Signing out: POST only.
pub const SIGN_OUT: &str = "/sign-out";
const SIGN_IN_LINK: &str = "/sign-in/link/{token}";
const CHOOSE_PASSWORD: &str = "/password/{token}";
/// The first account of all.
pub const FIRST_START: &str = "/first-start";
/// Confirming that it is still the person who signed in.
pub const CONFIRM: &str = "/confirm";
/// Where somebody is signed in.
pub const OWN_SESSIONS: &str = "/signed-in";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// What changed about it since its owner last read that.
pub const OWN_CHANGES: &str = "/account/changes";
/// Changing one's own password.
pub const OWN_PASSWORD: &str = "/account/password";
/// Adding a passkey.
pub const OWN_PASSKEY_NEW: &str = "/account/passkeys/new";
/// Removing a passkey: POST only.
pub const OWN_PASSKEY_REMOVE: &str = "/account/passkeys/remove";
/// Staying signed in without going to another page: POST only.
pub const STAY: &str = "/stay";
/// Everybody who has an account.
pub const PEOPLE: &str = "/people";
/// A new account.
pub const PERSON_NEW: &str = "/people/new";
const PERSON: &str = "/people/{id}";
const PERSON_LINK: &str = "/people/{id}/link";
const PERSON_SESSIONS: &str = "/people/{id}/sessions";

// Reports: beginning one, its first page, who and what is in it, questions.
/// A new report.
pub const REPORT_NEW: &str = "/reports/new";
const REPORT: &str = "/reports/{reference}";
const SAFETY: &str = "/reports/{reference}/safety";
const CLASS: &str = "/reports/{reference}/class";
const CONCERN: &str = "/reports/{reference}/concern";
const CONCERN_ANSWER: &str = "/reports/{reference}/concern/{number}";
const INVOLVED: &str = "/reports/{reference}/involved";
const INVOLVED_NEW: &str = "/reports/{reference}/people/new";
const INVOLVED_PERSON: &str = "/reports/{reference}/people/{id}";
const ROLES: &str = "/reports/{reference}/people/{id}/roles";
const AUTHORITIES: &str = "/reports/{reference}/people/{id}/authorities";
const EARLIER: &str = "/reports/{reference}/people/{id}/earlier";
const EARLIER_ONE: &str = "/reports/{reference}/people/{id}/earlier/{other}/{them}";
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

// Tasks: the page of each duty, and what can be done with what was recorded for it.
const TASK: &str = "/reports/{reference}/tasks/{duty}";
const TASK_DEPART: &str = "/reports/{reference}/tasks/{duty}/depart";
const TASK_FORM: &str = "/reports/{reference}/tasks/{duty}/forms/{number}";
const TASK_ARRIVED: &str = "/reports/{reference}/tasks/{duty}/entries/{number}/arrived";
const TASK_WITHDRAW: &str = "/reports/{reference}/tasks/{duty}/entries/{number}/withdraw";

// Worklists, review, outcome, closing, timeline, and the guidance.
/// The lists of reports.
pub const REPORTS: &str = "/reports";
/// Finding a person.
pub const FIND: &str = "/find";
/// An immediate concern, before it is said which report it is about.
pub const CONCERN_WHICH: &str = "/concern";
const REPORT_GIVE: &str = "/reports/{reference}/give";
const REPORT_CHECK: &str = "/reports/{reference}/check";
const REPORT_ASK: &str = "/reports/{reference}/ask-for-review";
const REPORT_REVIEW: &str = "/reports/{reference}/review";
const REPORT_OUTCOMES: &str = "/reports/{reference}/outcome";
const REPORT_OUTCOME: &str = "/reports/{reference}/outcome/{code}";
const REPORT_CLOSE: &str = "/reports/{reference}/close";
const REPORT_END: &str = "/reports/{reference}/end";
const REPORT_REOPEN: &str = "/reports/{reference}/reopen";
const REPORT_ADDENDUM: &str = "/reports/{reference}/addendum";
const REPORT_RETENTION: &str = "/reports/{reference}/retention";
const REPORT_ERASE: &str = "/reports/{reference}/retention/erase";
const OWN_DATA: &str = "/reports/{reference}/people/{id}/own-data";
const OWN_DATA_COPY: &str = "/reports/{reference}/people/{id}/own-data/copy";
const REPORT_TIMELINE: &str = "/reports/{reference}/timeline";
const REPORT_LOOKED: &str = "/reports/{reference}/looked-at";
/// Who looked at what, over all reports.
pub const AUDIT: &str = "/audit";
/// The same as a table.
pub const AUDIT_CSV: &str = "/audit/who-looked.csv";
/// What was given to others by what was done in reports.
pub const AUDIT_TOLD: &str = "/audit/told";
/// The same as a table.
pub const AUDIT_TOLD_CSV: &str = "/audit/told.csv";
/// What was erased.
pub const AUDIT_ERASED: &str = "/audit/erased";
/// The same as a table.
pub const AUDIT_ERASED_CSV: &str = "/audit/erased.csv";
/// What was done to accounts, ways in and keys.
pub const AUDIT_ACCOUNTS: &str = "/audit/accounts";
/// The same as a table.
pub const AUDIT_ACCOUNTS_CSV: &str = "/audit/accounts.csv";
/// The log itself.
pub const AUDIT_LOG: &str = "/audit/log";

// Who may see a report.
const WHY: &str = "/reports/{reference}/why";
const WHY_LOG: &str = "/reports/{reference}/looked-at/why";
const EMERGENCY: &str = "/reports/{reference}/emergency";
const EMERGENCIES: &str = "/reports/{reference}/access/emergencies";
const ACCESS: &str = "/reports/{reference}/access";
const RESTRICT: &str = "/reports/{reference}/access/restrict";
const LIFT: &str = "/reports/{reference}/access/lift";
const CONFLICT: &str = "/reports/{reference}/access/conflict";
const CONFLICT_OF: &str = "/reports/{reference}/access/conflict-of";
const CONFLICT_ENDED: &str = "/reports/{reference}/access/conflict-of/{id}/ended";
const PASS: &str = "/reports/{reference}/pass";

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
const LEAFLET: &str = "/guidance/leaflets/{reader}";
/// How long reports are kept.
pub const KEEPING: &str = "/guidance/keeping";
/// Which days are working days.
pub const WORKING_DAYS: &str = "/guidance/working-days";
/// Worked examples.
pub const EXAMPLES: &str = "/guidance/examples";
const EXAMPLE: &str = "/guidance/examples/{name}";
/// What was proved of the guidance.
pub const PROOFS: &str = "/guidance/proofs";

// ---- Who may go where --------------------------------------------------------------------------

/// Every route with its door.
pub(crate) fn all() -> Routes {
    Routes::default()
        .get(Open, ASSET, assets::show)
        .get(Open, SIGN_IN, sign_in::show)
        .post(Open, SIGN_IN, sign_in::submit)
        .post(Open, SIGN_OUT, sign_in::sign_out)
        .get(Open, SIGNED_OUT, force::signed_out)
        .get(Open, PASSKEY, passkey::show)
        .post(Open, PASSKEY, passkey::submit)
        .get(Open, FORCE, force::start)
        .get(Open, FORCE_BACK, force::back)
        .get(Open, SIGN_IN_LINK, link::show_sign_in)
        .post(Open, SIGN_IN_LINK, link::sign_in)
        .get(Open, CHOOSE_PASSWORD, link::show_password)
        .post(Open, CHOOSE_PASSWORD, link::choose_password)
        .get(Open, FIRST_START, first_start::show)
        .post(Open, FIRST_START, first_start::submit)
        .get(May(Enter), HOME, home::show)
        .get(May(Enter), CONFIRM, confirm::show)
        .post(May(Enter), CONFIRM, confirm::submit)
        .post(May(Enter), STAY, stay::stay)
        .get(May(Enter), ACCOUNT, own::show)
        .get(May(Enter), OWN_CHANGES, changes::show)
        .post(May(Enter), OWN_CHANGES, changes::seen)
        .get(Fresh(Enter), OWN_PASSWORD, own_password::show)
        .post(Fresh(Enter), OWN_PASSWORD, own_password::submit)
        .get(Fresh(Enter), OWN_PASSKEY_NEW, passkeys::show)
        .post(Fresh(Enter), OWN_PASSKEY_NEW, passkeys::add)
        .post(Fresh(Enter), OWN_PASSKEY_REMOVE, passkeys::remove)
        .get(May(Enter), OWN_SESSIONS, sessions::show)
        .post(Fresh(Enter), OWN_SESSIONS, sessions::end)
        .get(May(ManagePeople), PEOPLE, people::show)
        .get(May(ManagePeople), PERSON_NEW, people::show_new)
        .post(Fresh(ManagePeople), PERSON_NEW, people::add)
        .get(May(ManagePeople), PERSON, person::show)
        .post(Fresh(ManagePeople), PERSON, person::save)
        .post(Fresh(ManagePeople), PERSON_LINK, person::make_link)
        .post(Fresh(ManagePeople), PERSON_SESSIONS, person::end_sessions)
        // Tasks. Whoever takes the call records what they did; departing is a decision.
        .get(May(ReadReports), TASK, tasks::page::show)
        .post(May(AddToReports), TASK, tasks::page::submit)
        .get(May(Decide), TASK_DEPART, tasks::depart::show)
        .post(May(Decide), TASK_DEPART, tasks::depart::submit)
        .get(May(ReadReports), TASK_FORM, tasks::filed::show)
        .get(May(AddToReports), TASK_ARRIVED, tasks::acknowledge::show)
        .post(May(AddToReports), TASK_ARRIVED, tasks::acknowledge::submit)
        .get(May(Withdraw), TASK_WITHDRAW, tasks::withdraw::show)
        .post(May(Withdraw), TASK_WITHDRAW, tasks::withdraw::submit)
        .get(May(ListReports), REPORTS, list::show)
        .get(May(FindPeople), FIND, find::show)
        .post(May(FindPeople), FIND, find::submit)
        .get(May(AddToReports), CONCERN_WHICH, concern::show)
        .get(May(Decide), REPORT_GIVE, give::show)
        .post(May(Decide), REPORT_GIVE, give::submit)
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
        .get(May(PassOn), REPORT_END, reports::end::show)
        .post(May(PassOn), REPORT_END, reports::end::submit)
        .get(May(Review), REPORT_REOPEN, afterwards::show_reopen)
        .post(May(Review), REPORT_REOPEN, afterwards::reopen)
        .get(May(AddToReports), REPORT_ADDENDUM, afterwards::show_addendum)
        .post(May(AddToReports), REPORT_ADDENDUM, afterwards::add_addendum)
        // Whether it is kept. What cannot be taken back, or leaves Waymark, asks who it is again.
        .get(May(Erase), REPORT_RETENTION, retention::review::show)
        .post(May(Erase), REPORT_RETENTION, retention::review::submit)
        .get(Fresh(Erase), REPORT_ERASE, retention::erase::show)
        .post(Fresh(Erase), REPORT_ERASE, retention::erase::submit)
        .get(Fresh(Export), OWN_DATA, retention::own_data::show)
        .post(Fresh(Export), OWN_DATA, retention::own_data::give)
        .get(Fresh(Export), OWN_DATA_COPY, retention::own_data::copy)
        .get(May(ReadReports), REPORT_TIMELINE, timeline::show)
        .get(May(ReadAudit), REPORT_LOOKED, looked_at::show)
        .get(May(ReadAudit), AUDIT, looked::show)
        .get(Fresh(ReadAudit), AUDIT_CSV, audit::list::ask::<looked::Looks>)
        .post(Fresh(ReadAudit), AUDIT_CSV, audit::list::csv::<looked::Looks>)
        .get(May(ReadAudit), AUDIT_TOLD, audit::list::show::<Disclosures>)
        .get(Fresh(ReadAudit), AUDIT_TOLD_CSV, audit::list::ask::<Disclosures>)
        .post(Fresh(ReadAudit), AUDIT_TOLD_CSV, audit::list::csv::<Disclosures>)
        .get(May(ReadAudit), AUDIT_ERASED, audit::list::show::<Erasures>)
        .get(Fresh(ReadAudit), AUDIT_ERASED_CSV, audit::list::ask::<Erasures>)
        .post(Fresh(ReadAudit), AUDIT_ERASED_CSV, audit::list::csv::<Erasures>)
        .get(May(ReadAudit), AUDIT_ACCOUNTS, audit::list::show::<AccountChanges>)
        .get(Fresh(ReadAudit), AUDIT_ACCOUNTS_CSV, audit::list::ask::<AccountChanges>)
        .post(Fresh(ReadAudit), AUDIT_ACCOUNTS_CSV, audit::list::csv::<AccountChanges>)
        .get(Fresh(ReadAudit), AUDIT_LOG, files::ask_log)
        .post(Fresh(ReadAudit), AUDIT_LOG, files::log)
        .get(May(ReadGuidance), GUIDANCE, index::show)
        .get(May(ReadGuidance), STATEMENTS, statements::show_all)
        .get(May(ReadGuidance), STATEMENT, statements::show)
        .get(May(ReadGuidance), RULES, rules::show_all)
        .get(May(ReadGuidance), RULE, rules::show)
        .get(May(ReadGuidance), EXAMPLES, examples::show_all)
        .get(May(ReadGuidance), EXAMPLE, examples::show)
        .get(May(ReadGuidance), QUESTIONS, words::questions)
        .get(May(ReadGuidance), DUTIES, words::duties)
        .get(May(ReadGuidance), OUTCOMES, words::outcomes)
        .get(May(ReadGuidance), SERVICES, words::services)
        .get(May(ReadGuidance), LEAFLET, leaflet::show)
        .get(May(ReadGuidance), KEEPING, kept::retention)
        .get(May(ReadGuidance), WORKING_DAYS, kept::working_days)
        .get(May(ReadGuidance), PROOFS, words::proofs)
        // Reports.
        .get(May(StartReport), REPORT_NEW, reports::new::show)
        .post(May(StartReport), REPORT_NEW, reports::new::submit)
        .get(May(ReadReports), REPORT, reports::home::show)
        .get(May(AddToReports), SAFETY, reports::safety::show)
        .post(May(AddToReports), SAFETY, reports::safety::submit)
        .get(May(Decide), CLASS, reports::class::show)
        .post(May(Decide), CLASS, reports::class::submit)
        .get(May(ReadReports), CONCERN, reports::concern::show)
        .post(May(AddToReports), CONCERN, reports::concern::submit)
        .get(May(AddToReports), CONCERN_ANSWER, reports::concern::show_answer)
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
        .get(May(ReadReports), EARLIER, earlier::show)
        .get(May(Decide), EARLIER_ONE, same::show)
        .post(May(Decide), EARLIER_ONE, same::submit)
        .get(May(AddToReports), PLACE_NEW, entries::show_new::<Places>)
        .post(May(AddToReports), PLACE_NEW, reports::places::add)
        .get(May(AddToReports), PLACE, entries::show::<Places>)
        .post(May(AddToReports), PLACE, entries::save::<Places>)
        .get(May(AddToReports), DEVICE_NEW, entries::show_new::<Devices>)
        .post(May(AddToReports), DEVICE_NEW, reports::devices::add)
        .get(May(AddToReports), DEVICE, entries::show::<Devices>)
        .post(May(AddToReports), DEVICE, entries::save::<Devices>)
        .get(May(AddToReports), ACCOUNT_NEW, reports::accounts::show_new)
        .post(May(AddToReports), ACCOUNT_NEW, reports::accounts::add)
        .get(May(AddToReports), REFERENCE_NEW, reports::references::show_new)
        .post(May(AddToReports), REFERENCE_NEW, reports::references::add)
        .get(May(Withdraw), WITHDRAW, reports::withdraw::show)
        .post(May(Withdraw), WITHDRAW, reports::withdraw::submit)
        .get(May(AddToReports), NEXT_QUESTION, reports::question::next)
        .get(May(AddToReports), QUESTION, reports::question::show)
        .post(May(AddToReports), QUESTION, reports::question::submit)
        .get(May(AddToReports), ANYBODY, reports::anybody::show)
        .post(May(AddToReports), ANYBODY, reports::anybody::submit)
        .get(May(AddToReports), WHO, reports::who::show)
        .post(May(AddToReports), WHO, reports::who::submit)
        .get(May(ReadReports), ANSWERS, reports::answers::show)
        .get(May(ReadReports), ANSWER, reports::answers::show_one)
        .post(May(AddToReports), ANSWER, reports::answers::choose)
        .get(May(Withdraw), TAKE_BACK, reports::take_back::show)
        .post(May(Withdraw), TAKE_BACK, reports::take_back::submit)
        .get(May(ReadReports), CHANGED, reports::changed::show)
        .get(May(AddToReports), LINKED, reports::linked::show)
        .post(May(AddToReports), LINKED, reports::linked::submit)
        // Who may see a report. What shows nothing of it is no look at it.
        .get(Unseen(ReadReports), WHY, access::why::show)
        .post(Unseen(ReadReports), WHY, access::why::submit)
        .get(Unseen(ReadAudit), WHY_LOG, access::why::show_log)
        .post(Unseen(ReadAudit), WHY_LOG, access::why::submit_log)
        .get(FreshUnseen(BreakGlass), EMERGENCY, emergency::show)
        .post(FreshUnseen(BreakGlass), EMERGENCY, emergency::submit)
        .get(May(ReviewAccess), EMERGENCIES, access::review::show)
        .post(May(ReviewAccess), EMERGENCIES, access::review::submit)
        .get(May(ReadReports), ACCESS, access::who::show)
        .get(May(ControlAccess), RESTRICT, access::restrict::show)
        .post(May(ControlAccess), RESTRICT, access::restrict::submit)
        .get(May(ControlAccess), LIFT, access::lift::show)
        .post(May(ControlAccess), LIFT, access::lift::submit)
        .get(Unseen(DeclareConflict), CONFLICT, access::own_conflict::show)
        .post(Unseen(DeclareConflict), CONFLICT, access::own_conflict::submit)
        .get(May(ControlAccess), CONFLICT_OF, conflict_of_another::show)
        .post(May(ControlAccess), CONFLICT_OF, conflict_of_another::submit)
        .get(May(ControlAccess), CONFLICT_ENDED, conflict_of_another::show_ended)
        .post(May(ControlAccess), CONFLICT_ENDED, conflict_of_another::end)
        .get(May(PassOn), PASS, access::pass::show)
        .post(May(PassOn), PASS, access::pass::submit)
}
