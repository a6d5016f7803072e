//! Saying whether somebody is the same person as somebody in another report.

use super::{Bodies, required, required_line, settle};
use crate::event::EventBody;
use crate::id::PersonId;
use crate::refusal::Wrong;
use crate::same::{Elsewhere, SamePerson};
use crate::state::Report;

pub(super) fn say(report: &Report, person: PersonId, other: Elsewhere, verdict: SamePerson, reason: String) -> Bodies {
    let mut wrongs = Vec::new();
    if report.person(person.as_str()).is_none() {
        wrongs.push(Wrong::new("person", "That person is not in this report. Add them first"));
    }
    if report.id.as_ref() == Some(&other.report) {
        let says = "Both are in this report. Withdraw the entry that was made twice, and say so";
        wrongs.push(Wrong::new("other", says));
    }
    required_line("other", &other.reference, "Enter the reference of the other report", &mut wrongs);
    required("reason", &reason, "Say in a few words what it rests on", &mut wrongs);
    settle(wrongs)?;
    let said = report.match_with(person.as_str(), &other);
    if said.is_some_and(|said| said.verdict == verdict && said.reason == reason) {
        return Ok(Vec::new());
    }
    Ok(vec![EventBody::PersonMatched { person, other, verdict, reason }])
}
