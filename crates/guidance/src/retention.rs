//! What a pack says of keeping: when a closed report is looked at again, what stands against erasing it, and
//! what is said to whoever gives a person their own data.

use serde::{Deserialize, Serialize};

/// The file `retention.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// What holds for all of it.
    pub schedule: Schedule,
    /// When to look again, tried from the top. The last fits everybody.
    pub reviews: Vec<Review>,
    /// What stands against erasing.
    pub holds: Vec<Hold>,
    /// Giving somebody their own data.
    pub own_data: OwnDataWords,
}

/// What holds for the whole schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Where it comes from: the id of a source of the pack.
    pub source: String,
    /// The day somebody checked it.
    pub checked_on: String,
    /// What a proposal is and is not.
    pub says: String,
    /// What the source leaves open and the force has to settle.
    #[serde(default)]
    pub confirm: String,
    /// Most years that a decision to keep may last before the next review.
    pub longest_years: u16,
    /// G-ids and other sources.
    pub cites: Vec<String>,
}

/// The day that years are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountedFrom {
    /// The day the report was closed.
    Closing,
    /// The day the person becomes eighteen.
    EighteenthBirthday,
}

/// When to look again at what is held about somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Short id.
    pub id: String,
    /// Whom it is for, in a few words.
    pub title: String,
    /// Any of these roles; empty for anybody.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Any of these outcomes; empty for whatever it came to.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// What is counted from.
    pub from: CountedFrom,
    /// Years added to that day.
    pub years: u16,
    /// Shown beside the proposal and not counted.
    #[serde(default)]
    pub optional: bool,
    /// Why this long, in plain words.
    pub says: String,
    /// What the source leaves open and the force has to settle.
    #[serde(default)]
    pub confirm: String,
    /// G-ids and other sources.
    pub cites: Vec<String>,
}

/// What a hold looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldOn {
    /// One of its outcomes was decided.
    Outcome,
    /// A referral was sent and not acknowledged.
    Referral,
    /// A concern was raised and not answered.
    Concern,
    /// An emergency opening was not reviewed.
    Emergency,
    /// Other reports belong with it.
    Linked,
}

/// What a hold does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldEffect {
    /// Nothing is erased while it holds.
    Refuse,
    /// Whoever decides says that they have seen to it.
    Confirm,
}

/// What stands against erasing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Short id.
    pub id: String,
    /// What it looks at.
    pub on: HoldOn,
    /// For [`HoldOn::Outcome`]: codes.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// What it does.
    pub effect: HoldEffect,
    /// Why, and what to do; or what is confirmed.
    pub says: String,
    /// G-ids and other sources.
    pub cites: Vec<String>,
}

/// Words around somebody's own data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnDataWords {
    /// For whoever gives it, a paragraph each.
    pub says: Vec<String>,
    /// On the copy, for whoever gets it, a paragraph each.
    pub given: Vec<String>,
    /// The same for whoever has parental responsibility, with `{person}` for whose data it is.
    pub given_to_parent: Vec<String>,
    /// The same for a solicitor or somebody else who acts for them.
    pub given_to_representative: Vec<String>,
    /// The same for a court or the Information Commissioner.
    pub given_to_court: Vec<String>,
    /// G-ids and other sources.
    pub cites: Vec<String>,
}
