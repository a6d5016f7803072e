//! Is this somebody who was in a report before? What two people have in common, in words.
//!
//! Names are encrypted, so they are found in two steps. [`terms`] says what somebody can be found by (sound of
//! the family name with the year of birth, the last digits of a number …); the store keeps these in a form that
//! cannot be read back. Whoever is found by one is decrypted, and [`compare`] says what speaks for their being
//! the same person and what against it. It never decides: the officer does, and that is recorded
//! ([`PersonMatch`](crate::PersonMatch)).

mod compare;
mod spelling;
mod terms;

pub use compare::{Likeness, Match, compare};
pub use terms::{FORM, LOOKUPS, TERMS, lookups, terms};

use crate::id::PersonId;
use crate::people::{Account, Identity};
use crate::state::Report;

/// What is known of who somebody is.
#[derive(Debug, Clone)]
pub struct Details<'a> {
    /// Who they are.
    pub identity: &'a Identity,
    /// Their accounts.
    pub accounts: Vec<&'a Account>,
}

impl<'a> Details<'a> {
    /// What a report knows of somebody in it who was not withdrawn.
    pub fn of(report: &'a Report, person: &str) -> Option<Self> {
        let found = report.person(person)?;
        let theirs = |account: &&Account| account.person.as_ref() == Some(&found.id);
        Some(Self { identity: &found.identity, accounts: report.accounts.iter().filter(theirs).collect() })
    }
}

/// What everybody in a report can be found by: nothing for whoever was withdrawn.
pub fn everybody(report: &Report) -> Vec<(PersonId, Vec<String>)> {
    let of = |id: &PersonId| Details::of(report, id.as_str()).map(|details| terms(&details)).unwrap_or_default();
    report.people.iter().map(|person| (person.id.clone(), of(&person.id))).collect()
}

/// Who can be found by something else than before: what they can be found by now.
pub fn changed(before: &Report, after: &Report) -> Vec<(PersonId, Vec<String>)> {
    let before = everybody(before);
    let was = |id: &PersonId| before.iter().find(|(person, _)| person == id).map_or(&[][..], |(_, terms)| terms);
    let mut after = everybody(after);
    after.retain(|(person, terms)| was(person) != terms.as_slice());
    after
}
