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
//! withdraw.rs     withdrawing what was recorded by mistake
//! ```

pub mod acknowledge;
mod asked;
pub mod depart;
pub mod filed;
mod form;
mod kinds;
mod known;
pub mod page;
mod particulars;
mod recorded;
mod when;
pub mod withdraw;

use guidance::words::DutyWords;
use report::{DutyId, LOCATION, duty_words};

use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::page::Problem;
use crate::shared::record::Opened;
use crate::shared::visit::Signed;

/// The duty an address names, with its words. Also for one that the advice does not ask for now.
fn find<'a>(app: &'a App, opened: &Opened, duty: &str) -> Result<(DutyId, &'a DutyWords), Problem> {
    let id: DutyId = duty.parse().map_err(|_| Problem::NotFound)?;
    let words = duty_words(&app.pack, &id).ok_or(Problem::NotFound)?;
    let is_here = id.subject().is_none_or(|subject| {
        subject == LOCATION
            || opened.report.person(subject).is_some()
            || opened.report.device(subject).is_some()
    });
    let is_known = opened.task(duty).is_some() || opened.report.evidence.contains_key(&id);
    if is_here && is_known {
        Ok((id, words))
    } else {
        Err(Problem::NotFound)
    }
}

/// Why this visitor cannot record anything here, if they cannot. Empty where a reader needs no reason.
fn closed_to(signed: &Signed, opened: &Opened, words: &DutyWords) -> Option<&'static str> {
    if !signed.may(Permission::AddToReports) {
        Some("")
    } else if opened.report.is_closed() {
        Some(
            "This report is closed. Open it again, with a reason, to record anything for this task.",
        )
    } else if words.evidence == "decision" && !signed.may(Permission::Decide) {
        Some("An officer or a supervisor decides this. Pass the report on.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
