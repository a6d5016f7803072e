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

use std::borrow::Cow;

pub use compare::{Likeness, Match, compare};
pub use terms::{FORM, LOOKUPS, TERMS, lookups, terms};

use crate::id::PersonId;
use crate::people::{Account, Identity};
use crate::state::Report;

/// Somebody in a report who can be found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A person in it.
    Person(PersonId),
    /// Whoever reported it, while they are not entered as a person.
    Reporter,
}

impl Party {
    /// The person, where it is one.
    pub const fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Reporter => None,
        }
    }
}

/// What is known of who somebody is.
#[derive(Debug, Clone)]
pub struct Details<'a> {
    /// Who they are.
    pub identity: Cow<'a, Identity>,
    /// Their accounts.
    pub accounts: Vec<&'a Account>,
}

impl<'a> Details<'a> {
    /// What a report knows of somebody in it who was not withdrawn.
    pub fn of(report: &'a Report, person: &str) -> Option<Self> {
        let found = report.person(person)?;
        let theirs = |account: &&Account| account.person.as_ref() == Some(&found.id);
        let accounts = report.standing_accounts().filter(theirs).collect();
        Some(Self { identity: Cow::Borrowed(&found.identity), accounts })
    }

    /// What a report knows of whoever reported it: a name, and the number to call back on. Nothing once they are
    /// entered as a person, for then they are found as that.
    pub fn of_reporter(report: &'a Report) -> Option<Self> {
        let reporter = &report.reporter;
        let one = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let (name, number) = (one(&reporter.name), one(&reporter.safe_number));
        let is_known = reporter.person.is_none() && (name.is_some() || number.is_some());
        is_known.then(|| Self {
            identity: Cow::Owned(Identity {
                known_as: name.unwrap_or_default(),
                phones: number.into_iter().collect(),
                ..Identity::default()
            }),
            accounts: Vec::new(),
        })
    }

    /// What a report knows of somebody who can be found in it.
    pub fn of_party(report: &'a Report, party: &Party) -> Option<Self> {
        match party {
            Party::Person(id) => Self::of(report, id.as_str()),
            Party::Reporter => Self::of_reporter(report),
        }
    }
}

/// Does a search for one find the other? They have something that people are found by in common, and something that could mean that
/// they are the same.
pub fn is_found(asked: &Details<'_>, other: &Details<'_>) -> bool {
    let kept = terms(other);
    lookups(asked).iter().any(|term| kept.contains(term)) && compare(asked, other).is_some()
}

/// What everybody in a report can be found by: nothing for whoever was withdrawn.
pub fn everybody(report: &Report) -> Vec<(Party, Vec<String>)> {
    let people = report.people.iter().map(|person| Party::Person(person.id.clone()));
    let of = |party: Party| {
        let terms = Details::of_party(report, &party).map(|details| terms(&details)).unwrap_or_default();
        (party, terms)
    };
    people.chain([Party::Reporter]).map(of).collect()
}

/// Who can be found by something else than before: what they can be found by now.
pub fn changed(before: &Report, after: &Report) -> Vec<(Party, Vec<String>)> {
    let before = everybody(before);
    let was = |who: &Party| before.iter().find(|(party, _)| party == who).map_or(&[][..], |(_, terms)| terms);
    let mut after = everybody(after);
    after.retain(|(party, terms)| was(party) != terms.as_slice());
    after
}
