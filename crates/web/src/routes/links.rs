//! Addresses that have something to fill in: one function each, for whatever links there.

use report::Lacks;

use super::{
    ACCOUNT, CONFIRM, EXAMPLES, FIRST_START, FORCE, GUIDANCE, OWN_CHANGES, PASSKEY, PEOPLE, REPORTS, RULES, SIGN_IN,
    STATEMENTS,
};

/// The lists, after a report was passed to another unit.
pub fn passed(reference: &str) -> String {
    format!("{REPORTS}?passed={reference}")
}

/// Who works on a report.
pub fn give(reference: &str) -> String {
    format!("{REPORTS}/{reference}/give")
}
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
/// A leaflet to print: for a `child`, or a `parent-or-carer`.
pub fn leaflet(reader: &str) -> String {
    format!("{GUIDANCE}/leaflets/{reader}")
}
/// The same for a report: without services that do not fit it, and with what is said where some facts are so. Nothing else of it.
pub fn leaflet_for(reader: &str, without: &[&str], also: &[&str]) -> String {
    let mut address = leaflet(reader);
    let without = without.iter().map(|id| (WITHOUT, id));
    for (at, (key, word)) in without.chain(also.iter().map(|fact| (ALSO, fact))).enumerate() {
        let join = if at == 0 { '?' } else { '&' };
        address.push_str(&format!("{join}{key}={}", escaped(word)));
    }
    address
}
/// Names a service that a leaflet leaves out.
pub const WITHOUT: &str = "without";
/// Names a fact that a leaflet has words for.
pub const ALSO: &str = "also";
/// What the guidance said just before one entry of a report, by its version.
pub fn advised_then(reference: &str, version: u64) -> String {
    format!("{}?advised={version}", review(reference))
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
/// Asking to end a report that was begun by mistake or twice.
pub fn end(reference: &str) -> String {
    format!("{REPORTS}/{reference}/end")
}
/// Opening a closed report again.
pub fn reopen(reference: &str) -> String {
    format!("{REPORTS}/{reference}/reopen")
}
/// Adding something without changing anything.
pub fn addendum(reference: &str) -> String {
    format!("{REPORTS}/{reference}/addendum")
}
/// Looking again at whether a closed report is kept.
pub fn retention(reference: &str) -> String {
    format!("{REPORTS}/{reference}/retention")
}
/// Erasing a report, or who somebody in it is.
pub fn erase(reference: &str) -> String {
    format!("{REPORTS}/{reference}/retention/erase")
}
/// Giving somebody their own data.
pub fn own_data(reference: &str, person: &str) -> String {
    format!("{REPORTS}/{reference}/people/{person}/own-data")
}
/// The copy of it, as `html` or `json`.
pub fn own_data_copy(reference: &str, person: &str, kind: &str) -> String {
    format!("{}/copy?kind={kind}", own_data(reference, person))
}
/// Does an address bring a file, which leaves the page it is asked for from as it was?
pub fn is_a_file(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    path.ends_with("/own-data/copy")
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
/// One worked example of the guidance.
pub fn example(name: &str) -> String {
    format!("{EXAMPLES}/{}", escaped(name))
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
/// Ending sessions of somebody: POST only.
pub fn person_sessions(id: &str) -> String {
    format!("{PEOPLE}/{id}/sessions")
}
/// One's own account, saying what was just done.
pub fn account_done(what: &str) -> String {
    format!("{ACCOUNT}?done={what}")
}
/// What changed about one's account, and then on.
pub fn own_changes(next: &str) -> String {
    format!("{OWN_CHANGES}?next={}", escaped_path(next))
}
/// Signing in or confirming with a passkey, and then on.
pub fn passkey_and_back(next: &str) -> String {
    format!("{PASSKEY}?next={}", escaped_path(next))
}
/// Going to the force's own sign-in, and then on.
pub fn force_and_back(next: &str) -> String {
    format!("{FORCE}?next={}", escaped_path(next))
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
/// Seeing the class of a report differently.
pub fn class(reference: &str) -> String {
    format!("/reports/{reference}/class")
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
/// Adding it for a task, and back to that.
pub fn entry_new_for(reference: &str, kind: &str, duty: &str) -> String {
    format!("{}?then={duty}", entry_new(reference, kind))
}
/// Somebody or something in a report: kind as for [`entry_new`].
pub fn entry(reference: &str, kind: &str, id: &str) -> String {
    format!("/reports/{reference}/{kind}/{id}")
}
/// What somebody is in a report.
pub fn roles(reference: &str, person: &str) -> String {
    format!("/reports/{reference}/people/{person}/roles")
}
/// Whether somebody was in an earlier report.
pub fn earlier(reference: &str, person: &str) -> String {
    format!("/reports/{reference}/people/{person}/earlier")
}
/// Whether somebody is the same person as somebody in another report.
pub fn earlier_one(reference: &str, person: &str, other: &str, them: &str) -> String {
    format!("{}/{other}/{them}", earlier(reference, person))
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
/// What a page sends to have a question shown with what was written for it.
pub const AGAIN: &str = "again";
/// One question that was answered, to be answered again.
pub fn question_again(reference: &str, fact: &str) -> String {
    format!("{}?{AGAIN}=yes", question(reference, fact))
}

/// Where something that a report lacks is put right.
pub fn lacking(reference: &str, at: &Lacks) -> String {
    match at {
        Lacks::Answer(fact) | Lacks::Check(fact) => question(reference, fact.as_str()),
        Lacks::Place => entry_new(reference, "places"),
        Lacks::Device => entry_new(reference, "devices"),
        Lacks::IncidentLog => entry_new(reference, "references"),
        Lacks::Role(person) => roles(reference, person.as_str()),
        Lacks::Task(duty) => task(reference, duty.as_str()),
    }
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
/// Departing from a duty, or ending a departure.
pub fn depart(reference: &str, duty: &str) -> String {
    format!("/reports/{reference}/tasks/{duty}/depart")
}
/// A form as it was filed; `number` is that of the evidence.
pub fn filed_form(reference: &str, duty: &str, number: u32) -> String {
    format!("/reports/{reference}/tasks/{duty}/forms/{number}")
}
/// Recording that a referral arrived; `number` is that of the evidence.
pub fn acknowledge(reference: &str, duty: &str, number: u32) -> String {
    format!("/reports/{reference}/tasks/{duty}/entries/{number}/arrived")
}
/// Withdrawing what was recorded for a duty; `number` is that of the evidence.
pub fn withdraw_evidence(reference: &str, duty: &str, number: u32) -> String {
    format!("/reports/{reference}/tasks/{duty}/entries/{number}/withdraw")
}
/// Saying why one opens a report, or its log.
pub fn why(reference: &str, of_log: bool) -> String {
    let place = if of_log { "looked-at/why" } else { "why" };
    format!("{REPORTS}/{reference}/{place}")
}
/// Saying why, and then on to a page of ours.
pub fn why_and_on(reference: &str, of_log: bool, path: &str) -> String {
    format!("{}?next={}", why(reference, of_log), escaped(path))
}
/// Opening a report in an emergency.
pub fn emergency(reference: &str) -> String {
    format!("{REPORTS}/{reference}/emergency")
}
/// Reviewing emergency openings of a report.
pub fn emergencies(reference: &str) -> String {
    format!("{REPORTS}/{reference}/access/emergencies")
}
/// Who may see a report.
pub fn access(reference: &str) -> String {
    format!("{REPORTS}/{reference}/access")
}
/// Restricting a report, or naming others.
pub fn restrict(reference: &str) -> String {
    format!("{REPORTS}/{reference}/access/restrict")
}
/// Lifting the restriction.
pub fn lift(reference: &str) -> String {
    format!("{REPORTS}/{reference}/access/lift")
}
/// Saying that one has a conflict of interest.
pub fn conflict(reference: &str) -> String {
    format!("{REPORTS}/{reference}/access/conflict")
}
/// Saying that somebody else has one.
pub fn conflict_of(reference: &str) -> String {
    format!("{REPORTS}/{reference}/access/conflict-of")
}
/// Saying that somebody has one no longer.
pub fn conflict_ended(reference: &str, who: &str) -> String {
    format!("{REPORTS}/{reference}/access/conflict-of/{who}/ended")
}
/// Passing a report to another unit.
pub fn pass(reference: &str) -> String {
    format!("{REPORTS}/{reference}/pass")
}
/// Signing in, and then back to a page of ours.
pub fn sign_in_and_back(path: &str) -> String {
    format!("{SIGN_IN}?next={}", escaped_path(path))
}
/// Confirming that it is still the person who signed in, and then back to a page of ours; without one it
/// is said that they may close the page.
pub fn step_up(back_to: &str) -> String {
    if back_to.is_empty() { CONFIRM.to_owned() } else { format!("{CONFIRM}?next={}", escaped_path(back_to)) }
}
fn escaped_path(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(escaped).collect();
    parts.join("/")
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
