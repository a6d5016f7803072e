//! Ids, each a type of its own, so that a person can never be handed over where a device is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Text that is no id of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: use 1 to {limit} letters, digits, - and _", limit = MAX_ID)]
pub struct NotAnId;

/// A word that is not on a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the answers offered")]
pub struct NotOnTheList;

/// As long as the contract of facts allows for people and devices.
const MAX_ID: usize = 32;
/// Ids made elsewhere (reports, events, actors) may be UUIDs with a counter behind them.
const MAX_LONG_ID: usize = 64;

fn plain(text: &str, limit: usize) -> bool {
    (1..=limit).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $fits:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let fits: fn(&str) -> bool = $fits;
                if fits(text) { Ok(Self(text.to_owned())) } else { Err(NotAnId) }
            }
        }
        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> { text.parse() }
        }
        impl From<$name> for String {
            fn from(id: $name) -> Self { id.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )+};
}

ids! {
    /// One report: the unit of work and the stream of its events.
    ReportId, |text| plain(text, MAX_LONG_ID);
    /// One event, made from the id of its command and a counter.
    EventId, |text| plain(text, MAX_LONG_ID + 8);
    /// One run of a command. Fresh for each, so that it also serves to recognise a repeat.
    CommandId, |text| plain(text, MAX_LONG_ID);
    /// Somebody who works with the report.
    ActorId, |text| plain(text, MAX_LONG_ID);
    /// Somebody in the report, by pseudonym: A, B, C …
    PersonId, |text| plain(text, MAX_ID);
    /// A place: L1, L2 …
    PlaceId, |text| plain(text, MAX_ID);
    /// A device: D1, D2 …
    DeviceId, |text| plain(text, MAX_ID);
    /// A duty and whom or what it is for: `vpa:A`, `checks:location`, `welfare-check`.
    DutyId, |text| match text.split_once(':') {
        Some((duty, subject)) => plain(duty, MAX_ID) && plain(subject, MAX_ID),
        None => plain(text, MAX_ID),
    };
    /// The full name of a fact: `report.imagery`, `person.B.threatened`, `device.D1.holds_evidence`.
    FactName, |text| {
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            ["report", name] => plain(name, MAX_LONG_ID),
            ["person" | "device", subject, name] => plain(subject, MAX_ID) && plain(name, MAX_LONG_ID),
            _ => false,
        }
    };
}

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactScope<'a> {
    /// The report as a whole.
    Report,
    /// The person with this id.
    Person(&'a str),
    /// The device with this id.
    Device(&'a str),
}

impl FactName {
    /// What it is about.
    pub fn scope(&self) -> FactScope<'_> {
        let mut parts = self.0.split('.');
        match (parts.next(), parts.next()) {
            (Some("person"), Some(subject)) => FactScope::Person(subject),
            (Some("device"), Some(subject)) => FactScope::Device(subject),
            _ => FactScope::Report,
        }
    }

    /// Its name without scope and subject: `threatened`.
    pub fn name(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }

    /// The name under which the pack asks it: `person.threatened`.
    pub fn question(&self) -> String {
        let scope = match self.scope() {
            FactScope::Report => "report",
            FactScope::Person(_) => "person",
            FactScope::Device(_) => "device",
        };
        format!("{scope}.{}", self.name())
    }

    /// A fact about the report.
    ///
    /// # Errors
    /// When the name is no name.
    pub fn report(name: &str) -> Result<Self, NotAnId> {
        format!("report.{name}").parse()
    }

    /// A fact about a person.
    ///
    /// # Errors
    /// When the name is no name.
    pub fn person(person: &PersonId, name: &str) -> Result<Self, NotAnId> {
        format!("person.{person}.{name}").parse()
    }

    /// A fact about a device.
    ///
    /// # Errors
    /// When the name is no name.
    pub fn device(device: &DeviceId, name: &str) -> Result<Self, NotAnId> {
        format!("device.{device}.{name}").parse()
    }
}

impl DutyId {
    /// The duty without whom it is for: `vpa`.
    pub fn duty(&self) -> &str {
        self.0.split_once(':').map_or(self.0.as_str(), |(duty, _)| duty)
    }

    /// Whom or what it is for: `A`; nothing for a duty of the report.
    pub fn subject(&self) -> Option<&str> {
        self.0.split_once(':').map(|(_, subject)| subject)
    }
}

/// A statement, numbered from 1 within its report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StatementId(pub u32);

impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for StatementId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.parse().map(Self).map_err(|_| NotAnId)
    }
}
