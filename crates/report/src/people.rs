//! People, places, devices and accounts, and how a report began.
//!
//! Facts speak of people by pseudonym only (A, B, C …). What says who somebody is stands in events that name
//! that one person and nobody else, so that it can be kept under a key of their own and erased with it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::closed_list::closed_list;
use crate::id::{ActorId, DeviceId, PersonId, PlaceId, ReportId};

closed_list! {
    /// An answer where nothing is pre-selected.
    Answer {
        Yes = "yes", "Yes";
        No = "no", "No";
        NotKnown = "not-known", "Not known yet";
    }
}

closed_list! {
    /// What somebody is in this report. One child may hold several; *person involved* where none is recorded.
    PersonRole {
        PersonInvolved = "person-involved", "person involved";
        Victim = "victim", "victim";
        Witness = "witness", "witness";
        Subject = "subject", "subject";
        Suspect = "suspect", "suspect";
        ParentOrCarer = "parent-or-carer", "parent or carer";
        Reporter = "reporter", "person reporting";
        Professional = "professional", "professional";
    }
}

closed_list! {
    /// A kind of body that is responsible for somebody.
    AuthorityKind {
        ChildrensServices = "childrens-services", "children's social care";
        Force = "force", "police force";
        School = "school", "school or college";
        Health = "health", "health service";
        YouthJustice = "youth-justice", "youth justice service";
        OtherAuthority = "other", "other body";
    }
}

/// A body responsible for somebody. A child may have several: home and placing authority, two forces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// What kind of body.
    pub kind: AuthorityKind,
    /// Its name. One line.
    pub name: String,
    /// Its own reference for this person, if any. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

/// Who somebody is. Never part of a fact. All one line but `notes`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Given names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given_names: String,
    /// Family name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family_name: String,
    /// What they like to be called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub known_as: String,
    /// Date of birth. The age that counts is the age at the time of the act, a fact of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// Gender, in their own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gender: String,
    /// Telephone numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// E-mail addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// School or college.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub school: String,
    /// Language, disability, what helps them to take part.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub needs: String,
    /// Ethnicity as they give it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ethnicity: String,
    /// Parents, carers, social worker: who holds parental responsibility.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub responsible_adults: String,
    /// Anything else that says who they are. Long text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

/// Whole years of age on the day of the act; nothing for a day before birth or an age over 120.
pub fn age_at(date_of_birth: Date, act: Date) -> Option<u8> {
    let had_birthday = (act.month(), act.day()) >= (date_of_birth.month(), date_of_birth.day());
    let years = i32::from(act.year()) - i32::from(date_of_birth.year()) - i32::from(!had_birthday);
    u8::try_from(years).ok().filter(|years| *years <= 120)
}

/// Somebody in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Pseudonym.
    pub id: PersonId,
    /// Who they are, as last stated.
    pub identity: Identity,
    /// Roles as recorded; empty means person involved.
    pub roles: Vec<PersonRole>,
    /// Bodies responsible for them.
    pub authorities: Vec<Authority>,
    /// The report they were carried over from, and who they are there.
    pub carried_from: Option<(ReportId, PersonId)>,
    /// Why the entry was withdrawn, if it was: entered twice, not in the matter after all.
    pub withdrawn: Option<String>,
}

impl Person {
    /// A name for pages: the name they go by, else `Person A`. Somebody known by `account …` alone is the person behind it:
    /// nobody asks how old an account was.
    pub fn label(&self) -> String {
        let full = format!("{} {}", self.identity.given_names, self.identity.family_name);
        let (full, known_as) = (full.trim(), self.identity.known_as.trim());
        let name = if known_as.is_empty() { full } else { known_as };
        if name.is_empty() {
            format!("Person {}", self.id)
        } else if full.is_empty() && names_an_account(known_as) {
            format!("the person behind {known_as}")
        } else {
            name.to_owned()
        }
    }

    /// Roles with the default filled in.
    pub fn shown_roles(&self) -> Vec<PersonRole> {
        if self.roles.is_empty() { vec![PersonRole::PersonInvolved] } else { self.roles.clone() }
    }
}

/// `account example_1`: the word, and what the account is called.
fn names_an_account(known_as: &str) -> bool {
    let mut words = known_as.split_whitespace();
    words.next() == Some("account") && words.next().is_some()
}

/// A place that matters: where it happened, a home, a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// L1, L2 …
    pub id: PlaceId,
    /// Address or description. One line.
    pub address: String,
    /// Why it matters. One line.
    pub why: String,
    /// Why the entry was withdrawn, if it was.
    pub withdrawn: Option<String>,
}

/// A device. Who uses or owns it and what it holds are facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// D1, D2 …
    pub id: DeviceId,
    /// What it is: "black phone with a cracked screen". One line.
    pub label: String,
    /// Where it is now and who has it. One line.
    pub whereabouts: String,
    /// Why the entry was withdrawn, if it was.
    pub withdrawn: Option<String>,
}

/// An account on a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The platform or app. One line.
    pub platform: String,
    /// The user name as text. One line.
    pub username: String,
    /// Whose it is, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Anything else about it, such as that its data is to be preserved. Long text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The first questions of every report: is the child safe now?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Safety {
    /// Where the child is. One line.
    pub child_where: String,
    /// Can they talk safely? Nothing before it was asked.
    pub safe_to_talk: Option<Answer>,
    /// Who is with them. One line.
    pub with_whom: String,
    /// Is anybody in immediate danger? Nothing before it was asked.
    pub in_danger: Option<Answer>,
    /// The danger, in words. Long text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub danger: String,
    /// What was done about it at once. Long text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub done_at_once: String,
}

/// Whoever reported it. Says who one person is, so it stands in an event of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporter {
    /// Name. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Relation to the child, or post. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub relation: String,
    /// School, agency or platform. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    /// A number on which it is safe to call back. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub safe_number: String,
    /// When and how it is safe to call. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when_safe: String,
    /// Who they are in the report, once they are entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

closed_list! {
    /// A kind of reference to what lives elsewhere. Never a copy.
    ReferenceKind {
        IncidentLog = "incident-log", "incident log";
        Crime = "crime", "crime number";
        BodyWornVideo = "body-worn-video", "body-worn video";
        Exhibit = "exhibit", "exhibit";
        Other = "other", "other reference";
    }
}

/// A reference to a record in another system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What it is of.
    pub kind: ReferenceKind,
    /// The reference itself. One line.
    pub reference: String,
    /// What it is about. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

closed_list! {
    /// How two reports belong together.
    LinkKind {
        SecondIncident = "second-incident", "second incident";
        CounterAllegation = "counter-allegation", "counter-allegation";
        SamePeople = "same-people", "same people";
        SameIncident = "same-incident", "same incident, reported twice";
    }
}

/// A report that belongs with this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The other report.
    pub report: ReportId,
    /// Its reference for readers. One line.
    pub reference: String,
    /// How they belong together.
    pub kind: LinkKind,
}

/// Somebody carried over into a linked report: who they are, never their age or part, which belong to the act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedPerson {
    /// Who they are in the report they come from.
    pub person: PersonId,
    /// It is known there who they are: that goes with them, and is not asked again.
    pub identified: bool,
    /// Who they are.
    pub identity: Identity,
    /// Bodies responsible for them.
    pub authorities: Vec<Authority>,
}

/// Who works on the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// The officer.
    pub to: ActorId,
    /// Their name. One line.
    pub name: String,
    /// Their unit or team. One line.
    pub unit: String,
}

closed_list! {
    /// What an immediate concern is about.
    ConcernKind {
        SelfHarm = "self-harm", "self-harm or suicidal thoughts";
        Harm = "harm", "another concern of harm";
        Missing = "missing", "somebody is missing";
        Danger = "danger", "immediate danger";
    }
}

/// An immediate concern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// Numbered from 1 in the report.
    pub number: u32,
    /// What it is about.
    pub kind: ConcernKind,
    /// Whom it is about, where that is known.
    pub person: Option<PersonId>,
    /// In words.
    pub words: String,
    /// What was done at once.
    pub action: String,
    /// Who raised it.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
    /// What came of it, oldest first; none while nobody has answered it.
    pub answers: Vec<ConcernAnswer>,
}

/// What somebody said came of a concern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConcernAnswer {
    /// In words.
    pub says: String,
    /// Who said so.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_is_called() {
        for (known_as, given_names, label) in [
            ("", "", "Person A"),
            ("", "Asha", "Asha"),
            (" Ash ", "Asha", "Ash"),
            ("account example_1", "", "the person behind account example_1"),
            ("account example_1", "Asha", "account example_1"),
            ("account", "", "account"),
            ("accountant", "", "accountant"),
        ] {
            let identity =
                Identity { known_as: known_as.to_owned(), given_names: given_names.to_owned(), ..Identity::default() };
            let person = Person {
                id: "A".parse().unwrap(),
                identity,
                roles: Vec::new(),
                authorities: Vec::new(),
                carried_from: None,
                withdrawn: None,
            };
            assert_eq!(person.label(), label, "{known_as}, {given_names}");
        }
    }
}
