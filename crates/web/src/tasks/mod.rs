//! The tasks of a report: one page for each duty, with what the guidance asks and why, what is recorded, and the
//! form that completes it. Nothing is ticked: each duty is done by the kind of record its pack names.
//!
//! ```text
//! page.rs         a duty's own page, and recording what completes it
//! kinds/          one file for each kind of record: what is asked, how it is read
//! asked.rs        what the guidance asks: how, who, by when, why, with cites
//! recorded.rs     what was recorded, newest first; particulars.rs: each record in words
//! form.rs         forms of the pack (VPA, screening); known.rs: what their fields are filled in from
//! filed.rs        a form as it was filed, to read and print
//! acknowledge.rs  that a referral arrived
//! depart.rs       departing from a duty, and ending that
//! elsewhere.rs    where a duty is done that has no form here
//! withdraw.rs     withdrawing what was recorded by mistake
//! ```

pub mod acknowledge;
mod asked;
pub mod depart;
mod elsewhere;
pub mod filed;
mod form;
mod kinds;
mod known;
pub mod page;
mod particulars;
mod recorded;
mod when;
pub mod withdraw;

use axum::response::Response;
use guidance::words::DutyWords;
use report::{DutyId, Filed, LOCATION, Thing, duty_words};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Answer, Problem};
use crate::shared::record::{self, Came, Opened};
use crate::shared::visit::Signed;

/// To whoever filled in a task that is not asked for any more.
const FELL_AWAY: &str = "This is not asked for any more: what is known changed while you had the page open. Nothing was recorded, and \
    what you wrote is still here. If you have done it already, write that down in the task that took its place";
/// The same where whom or what it is for was withdrawn: after who that is.
const NOT_IN_IT: &str = "was withdrawn from this report while you had the page open. Nothing was recorded, and what you wrote is still \
    here. Copy what is still needed to where it belongs";

/// Why nothing can be recorded for a duty that somebody had before them.
fn fell_away(opened: &Opened, words: &DutyWords, duty: &DutyId) -> String {
    let name = |subject: &str| match words.scope.as_str() {
        "device" => opened.device_name(subject),
        _ => opened.person_name(subject),
    };
    match (is_here(opened, words, duty), duty.subject()) {
        (false, Some(subject)) => format!("{} {NOT_IN_IT}", name(subject)),
        _ => FELL_AWAY.to_owned(),
    }
}

/// The duty an address names, with its words. Also for one that the advice does not ask for now, where something was recorded for it.
fn find<'a>(app: &'a App, opened: &Opened, duty: &str) -> Result<(DutyId, &'a DutyWords), Problem> {
    let found = find_any(app, opened, duty)?;
    let is_known = is_asked(opened, duty) || opened.report.evidence.contains_key(&found.0);
    let is_known = is_known && is_here(opened, found.1, &found.0);
    is_known.then_some(found).ok_or(Problem::NotFound)
}

/// Does the advice ask for it?
fn is_asked(opened: &Opened, duty: &str) -> bool {
    opened.task(duty).is_some()
}

/// Is whom or what it is for in the report, and not withdrawn?
fn is_here(opened: &Opened, words: &DutyWords, duty: &DutyId) -> bool {
    match (words.scope.as_str(), duty.subject()) {
        ("person", Some(id)) => opened.report.person(id).is_some(),
        ("device", Some(id)) => opened.report.device(id).is_some(),
        _ => true,
    }
}

/// The page of a duty that is not asked for: whom or what it is for may have been withdrawn meanwhile. `came` is why somebody is here.
fn gone(app: &App, frame: Frame, opened: &Opened, duty: &str, came: Came<'_>) -> Answer {
    let (id, words) = find_any(app, opened, duty)?;
    let thing = match (words.scope.as_str(), id.subject()) {
        ("person", Some(id)) => id.parse().ok().map(Thing::Person),
        ("device", Some(id)) => id.parse().ok().map(Thing::Device),
        _ => None,
    };
    record::gone(frame, opened, thing, came)
}

/// The same for whoever had it before them when it fell away, or when whom or what it is for was withdrawn.
fn find_any<'a>(app: &'a App, opened: &Opened, duty: &str) -> Result<(DutyId, &'a DutyWords), Problem> {
    let id: DutyId = duty.parse().map_err(|_| Problem::NotFound)?;
    let words = duty_words(&app.pack, &id).ok_or(Problem::NotFound)?;
    let was_here = match (words.scope.as_str(), id.subject()) {
        ("person", Some(id)) => opened.report.people.iter().any(|p| p.id.as_str() == id),
        ("device", Some(id)) => opened.report.devices.iter().any(|d| d.id.as_str() == id),
        ("report", subject) => subject.is_none_or(|subject| subject == LOCATION),
        _ => false,
    };
    was_here.then_some((id, words)).ok_or(Problem::NotFound)
}

/// The duty that an address names; for whoever has `sent` its form also one that fell away while they had it before them.
fn find_for<'a>(
    app: &'a App,
    opened: &Opened,
    duty: &str,
    sent: Option<&Form>,
) -> Result<(DutyId, &'a DutyWords), Problem> {
    if sent.is_some() { find_any(app, opened, duty) } else { find(app, opened, duty) }
}

/// What was recorded for a duty under this number and not withdrawn.
fn entry<'a>(opened: &'a Opened, duty: &DutyId, number: u32) -> Option<&'a Filed> {
    opened.report.evidence_for(duty).into_iter().find(|filed| filed.number == number)
}

/// That an entry for a duty was withdrawn meanwhile. `number` is that of the evidence.
///
/// # Errors
/// It never was there.
fn entry_gone(
    frame: Frame,
    opened: &Opened,
    (duty, number): (&DutyId, u32),
    came: Came<'_>,
) -> Result<Response, Problem> {
    let how = opened.report.evidence_withdrawal(duty, number);
    let how = how.ok_or(Problem::NotFound)?;
    let on = Link { href: routes::task(opened.reference(), duty.as_str()), text: "Back to the task".to_owned() };
    let name = opened.duty_title(duty.as_str());
    Ok(record::withdrawn_page(frame, opened, (&name, &how), on, came))
}

/// Why this visitor cannot record anything here, if they cannot. Empty where a reader needs no reason.
fn closed_to(signed: &Signed, opened: &Opened, words: &DutyWords) -> Option<&'static str> {
    if !signed.may(Permission::AddToReports) {
        Some("")
    } else if opened.report.is_closed() {
        Some("This report is closed. Open it again, with a reason, to record anything for this task.")
    } else if words.evidence == "decision" && !signed.may(Permission::Decide) {
        Some("An officer or a supervisor decides this. Pass the report on.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
