//! Why somebody opens a report: known where they work on it, asked otherwise, once for each session and
//! report, before anything is shown (Data Protection Act 2018, section 62).

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use report::Role;
use store::{ProjectionRow, StreamId, TokenHash};

use super::access::Permission;
use super::form::Form;
use super::frame::Frame;
use super::page::page;
use super::ui::{Choices, Input};
use super::visit::Signed;
use crate::routes;

/// Letters of a reason: it stands in one line of a page together with the purpose.
pub const LONGEST_REASON: usize = 120;
/// Said below every field whose words go into the log and not into a report.
pub const NO_NAMES: &str = "No names: auditors read this, and it stays when the report is erased.";
/// Answers remembered at once, those of a few thousand people. The oldest goes first and is asked for again.
const REMEMBERED: usize = 50_000;

/// The purpose of whoever opened the report in an emergency: a full check holds these looks against the openings.
pub const EMERGENCY: &str = "Emergency";
/// The purpose of whoever opens a report of their unit that waits for a review.
const REVIEW: &str = "Review";

/// Why somebody opens a report they do not work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody in it may be in danger.
    Concern,
    /// To see whether to take it on, or who should.
    TakeOn,
    /// To help whoever works on it.
    Help,
    /// To supervise the work on it.
    Supervise,
    /// To look at what was reviewed a moment ago. Offered to nobody: it follows a review.
    Review,
    /// Somebody has rung or come in about it.
    NewCall,
    /// Somebody in it is in another report of theirs.
    SamePeople,
    /// Routine audit.
    Audit,
    /// A complaint about access.
    Complaint,
    /// An inspection or a court asks.
    Inspection,
    /// Said in words.
    Other,
}

use Purpose::{Audit, Complaint, Concern, Help, Inspection, NewCall, Other, Review, SamePeople, Supervise, TakeOn};

impl Purpose {
    /// The purposes offered to a role.
    pub const fn of(role: Role) -> &'static [Self] {
        match role {
            Role::CallHandler => &[Concern, NewCall, Help, SamePeople, Other],
            Role::Officer => &[Concern, TakeOn, Help, NewCall, SamePeople, Other],
            Role::Supervisor => &[Supervise, Concern, TakeOn, Help, NewCall, SamePeople, Other],
            Role::Auditor => &[Audit, Complaint, Inspection, Other],
            Role::Author => &[],
        }
    }

    /// The word in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Concern => "concern",
            TakeOn => "take-on",
            Help => "help",
            Supervise => "supervise",
            Review => "review",
            NewCall => "new-call",
            SamePeople => "same-people",
            Audit => "audit",
            Complaint => "complaint",
            Inspection => "inspection",
            Other => "other",
        }
    }

    /// In words, on the page and in the log.
    pub const fn says(self) -> &'static str {
        match self {
            Concern => "To act on an immediate concern",
            TakeOn => "To see whether I take it on, or who should",
            Help => "To help whoever works on it",
            Supervise => "To supervise the work on it",
            Review => REVIEW,
            NewCall => "Somebody has rung or come in about it",
            SamePeople => "Somebody in it is in another report that I work on",
            Audit => "Routine audit",
            Complaint => "A complaint or concern about who looked",
            Inspection => "An inspection or a court asks",
            Other => "Something else",
        }
    }
}

/// What somebody chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// From the list.
    pub purpose: Purpose,
    /// In words; empty where none are needed, and once they are in the log.
    pub reason: String,
}

/// What each session chose for each report. Kept in memory: after a restart people are asked again.
#[derive(Debug, Clone, Default)]
pub struct Purposes(Arc<Mutex<Memory>>);

type Key = (TokenHash, StreamId);

#[derive(Debug, Default)]
struct Memory {
    chosen: HashMap<Key, Chosen>,
    order: VecDeque<Key>,
}

impl Purposes {
    /// What this session chose for this report.
    pub fn of(&self, session: &TokenHash, report: &StreamId) -> Option<Chosen> {
        let memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.chosen.get(&(*session, report.clone())).cloned()
    }

    /// The reason is in the log: from now on the purpose stands alone, so that each page is not an entry.
    pub fn noted(&self, session: &TokenHash, report: &StreamId) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(chosen) = memory.chosen.get_mut(&(*session, report.clone())) {
            chosen.reason.clear();
        }
    }

    /// A session goes on under another name: what it chose goes with it.
    pub fn carry_over(&self, from: &TokenHash, to: &TokenHash) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Memory { chosen, order } = &mut *memory;
        for key in order.iter_mut().filter(|(session, _)| session == from) {
            let said = chosen.remove(key);
            key.0 = *to;
            chosen.extend(said.map(|said| (key.clone(), said)));
        }
    }

    /// Remembers a choice.
    pub fn choose(&self, session: &TokenHash, report: &StreamId, chosen: Chosen) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (*session, report.clone());
        if memory.chosen.insert(key.clone(), chosen).is_none() {
            memory.order.push_back(key);
        }
        while memory.order.len() > REMEMBERED {
            if let Some(oldest) = memory.order.pop_front() {
                memory.chosen.remove(&oldest);
            }
        }
    }
}

/// The purpose, where what somebody has to do with the report says it.
pub fn known(signed: &Signed, permission: Permission, row: &ProjectionRow, now: Timestamp) -> Option<&'static str> {
    let me = &signed.id;
    let began = row.ties.started_by.as_ref() == Some(me);
    let mut emergencies = row.ties.emergencies.iter();
    if permission == Permission::ReviewAccess {
        Some("To review an emergency opening")
    } else if permission == Permission::Erase {
        Some("To decide whether it is kept")
    } else if permission == Permission::Export {
        Some("To give somebody their own data")
    } else if row.allocated_to.as_ref() == Some(me) {
        Some("Working on the report")
    } else if emergencies.any(|(who, until)| who == me && *until > now) {
        Some(EMERGENCY)
    } else if began && (row.allocated_to.is_none() || signed.role == Role::CallHandler) {
        Some("Taking the report")
    } else if signed.role == Role::Supervisor && row.unit == signed.unit && row.awaiting_review_since.is_some() {
        Some(REVIEW)
    } else {
        None
    }
}

/// What a known purpose is remembered as for the rest of the session: a review ends the waiting that told the
/// purpose, and whoever reviewed reads on.
pub fn lasting(known: &str) -> Option<Chosen> {
    (known == REVIEW).then_some(Chosen { purpose: Review, reason: String::new() })
}

/// Must somebody say in words why? Where the report is another unit's.
pub fn needs_words(signed: &Signed, row: &ProjectionRow) -> bool {
    signed.role != Role::Auditor && row.unit != signed.unit
}

#[derive(Template)]
#[template(path = "access/why.html")]
struct Why {
    frame: Frame,
    reference: String,
    action: String,
    /// Is it the log of the report, which shows nothing of what is in it?
    of_log: bool,
    next: String,
    held: String,
    purpose: Choices,
    reason: Input,
}

/// The page that asks. `held` carries a form that was sent before anybody said why; nothing of it is lost.
pub fn ask(frame: Frame, signed: &Signed, row: &ProjectionRow, permission: Permission, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let offered = Purpose::of(signed.role);
    let of_log = permission == Permission::ReadAudit;
    let (question, hint) = if of_log {
        (
            "Why do you look at who opened it?",
            "You are shown who looked at this report, when and why, and nothing of what is in it.",
        )
    } else {
        (
            "Why are you opening it?",
            "You are not down as working on this report. Nothing of it is shown before you say why.",
        )
    };
    let choices = Choices::radios("purpose", question).hint(hint).as_heading();
    let purpose = offered.iter().fold(choices, |choices, purpose| choices.option(purpose.word(), purpose.says(), ""));
    let label = if needs_words(signed, row) {
        "What do you need it for? One line, because it is not your unit's report"
    } else {
        "What do you need it for? One line, if none of these says it"
    };
    let shown = Why {
        reference: row.reference.clone(),
        action: routes::why(&row.reference, of_log),
        of_log,
        next: form.text("next").to_owned(),
        held: form.exact("held").to_owned(),
        purpose: purpose.sent(form, &mistakes),
        reason: Input::new("reason", label).hint(NO_NAMES).sent(form, &mistakes),
        frame: frame.back_to(routes::REPORTS),
    };
    page(!mistakes.none(), &shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_session_chose_goes_with_it_and_nothing_of_another() {
        let purposes = Purposes::default();
        let [mine, renewed, other] = [1, 2, 3].map(|number| TokenHash::from_bytes([number; 32]));
        let report = |id| StreamId::new(id).unwrap();
        let chosen = |purpose| Chosen { purpose, reason: String::new() };
        purposes.choose(&mine, &report("R1"), chosen(Purpose::Help));
        purposes.choose(&other, &report("R1"), chosen(Purpose::TakeOn));
        purposes.choose(&mine, &report("R2"), chosen(Purpose::NewCall));
        purposes.carry_over(&mine, &renewed);
        for (session, id, said) in [
            (&renewed, "R1", Some(Purpose::Help)),
            (&renewed, "R2", Some(Purpose::NewCall)),
            (&mine, "R1", None),
            (&other, "R1", Some(Purpose::TakeOn)),
            (&other, "R2", None),
        ] {
            let of = purposes.of(session, &report(id));
            assert_eq!(of.map(|chosen| chosen.purpose), said, "{id}");
        }
        let memory = purposes.0.lock().unwrap();
        assert_eq!((memory.chosen.len(), memory.order.len()), (3, 3));
    }

    #[test]
    fn memory_is_bounded_and_forgets_the_oldest() {
        let purposes = Purposes::default();
        let session = |number: usize| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&number.to_le_bytes());
            TokenHash::from_bytes(bytes)
        };
        let report = StreamId::new("R1").unwrap();
        let chosen = Chosen { purpose: Purpose::Help, reason: String::new() };
        for number in 0..=REMEMBERED {
            purposes.choose(&session(number), &report, chosen.clone());
        }
        assert_eq!(purposes.of(&session(0), &report), None);
        assert_eq!(purposes.of(&session(1), &report), Some(chosen.clone()));
        assert_eq!(purposes.of(&session(REMEMBERED), &report), Some(chosen));
        assert_eq!(purposes.0.lock().unwrap().chosen.len(), REMEMBERED);
    }
}
