//! What comes out: everything the engine says at one moment, in the shape of the contract.

mod settles;
mod states;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::facts::Value;
use crate::share::{List, Text};

pub use settles::{BearsOn, ForClass, Settles};
pub use states::{Class, DeviceAdvice, DutyState, OutcomeState, Record, Strength, SuspectRole, Truth};

/// Which guidance gave the advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackRef {
    /// Id of the pack, such as `cheshire`.
    pub id: String,
    /// Its version, such as `1`.
    pub version: String,
    /// `sha256:` and 64 hexadecimal digits over the canonical parsed pack.
    pub digest: String,
}

/// A fact something rests on. `value` is absent where the point is that it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// Full name: `report.imagery`, `person.A.age`, `device.D.holds_evidence`, `done.vpa:A`.
    pub fact: Text,
    /// What it is; `"not-known"` for asked, `"not-asked"` for never asked.
    pub value: Value,
}

/// A rule that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// Id of the rule.
    pub rule: Text,
    /// The smallest set of facts it rests on.
    pub because: List<Because>,
    /// G-ids and other sources.
    pub cites: List<String>,
    /// In plain words.
    pub says: Text,
}

/// A rule that nearly held, and what was missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMiss {
    /// Id of the rule.
    pub rule: Text,
    /// For whom or what, when it is not the report.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Text>,
    /// The fact or facts that stood in its way, with the value they have.
    pub missing: List<Because>,
    /// In plain words.
    pub says: Text,
}

/// What is said of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonAdvice {
    /// Of what this person themself did.
    pub class: Class,
    /// Was something done to this child?
    pub harmed: Truth,
    /// The facts that rests on; while it is undetermined, the unanswered facts that could settle it.
    #[serde(default)]
    pub harmed_because: List<Because>,
    /// So many unanswered facts more could settle it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub harmed_because_more: usize,
    /// G-ids and other sources.
    #[serde(default)]
    pub harmed_cites: List<String>,
    /// May the role of suspect be used at all?
    pub suspect_role: SuspectRole,
    /// The facts that rests on; while it is not yet known, the unanswered facts that could settle it.
    #[serde(default)]
    pub suspect_role_because: List<Because>,
    /// So many unanswered facts more could settle it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub suspect_role_because_more: usize,
    /// G-ids and other sources.
    #[serde(default)]
    pub suspect_role_cites: List<String>,
    /// Why.
    pub grounds: Vec<Ground>,
}

/// Something that has to be done, should be, or may be needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// `vpa:A`: the duty and whom it is for.
    pub id: Text,
    /// `vpa`.
    pub duty: Text,
    /// Person or device id; absent for a duty of the report (`location` in `checks:location`).
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Text>,
    /// must, should or consider.
    pub strength: Strength,
    /// due, not-yet-known or done.
    pub state: DutyState,
    /// When: `now`, an ISO 8601 period from the report (`PT24H`), or a named moment of the pack.
    pub due: Text,
    /// Id of the rule that gives another time than the duty's own, where one is known to, for programs that link to it.
    #[serde(skip)]
    pub time: Text,
    /// True where it is due as a precaution and may fall away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
    /// G-ids and other sources.
    pub cites: List<String>,
    /// In plain words.
    pub says: Text,
    /// The facts it rests on; for not-yet-known the unanswered facts that could raise it.
    pub because: List<Because>,
    /// So many unanswered facts more could raise it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub because_more: usize,
}

/// What is said of one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceOutcome {
    /// Id of the rule, for programs that link to it; the contract has no place for it.
    #[serde(skip)]
    pub rule: Text,
    /// leave, preserve or seize-where-possible.
    pub advice: DeviceAdvice,
    /// G-ids and other sources.
    pub cites: List<String>,
    /// In plain words.
    pub says: Text,
    /// The facts it rests on.
    pub because: List<Because>,
}

/// One Home Office outcome, for the report or for one child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Ids of the conditions that block it or that are missing, for programs that link to them.
    #[serde(skip)]
    pub rules: Vec<Text>,
    /// `21`.
    pub code: Text,
    /// The child it is answered for; absent for the report.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Text>,
    /// open, blocked or not-yet.
    pub state: OutcomeState,
    /// The facts that block it or that are missing; where nothing but duties is missing, those that are not done.
    pub because: List<Because>,
    /// So many facts more are missing.
    #[serde(default, skip_serializing_if = "is_none")]
    pub because_more: usize,
    /// Ids of duties and names of facts still missing, duties first.
    pub needs: Vec<Text>,
    /// So many facts more are missing.
    #[serde(default, skip_serializing_if = "is_none")]
    pub needs_more: usize,
    /// G-ids and other sources.
    pub cites: List<String>,
    /// In plain words, one sentence for each reason.
    pub says: Vec<Text>,
}

/// A possible crime class; the principal crime is the registrar's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrimeClass {
    /// Id of the rule.
    #[serde(skip)]
    pub rule: Text,
    /// The act in words.
    pub act: Text,
    /// Home Office code; absent where the registrar is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Text>,
    /// Whose act; absent for a child under ten or harmed, and where the age is not known.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Text>,
    /// First day the code is valid, if that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Text>,
    /// Last day the code is valid, if that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Text>,
    /// Who must confirm, where the source is not sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Text>,
    /// Where that depends on somebody: the facts on which it rests; while it may turn out otherwise, the unanswered ones.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub confirm_because: List<Because>,
    /// Sources.
    pub cites: List<String>,
    /// The smallest set of facts from which it follows that somebody did this.
    #[serde(default)]
    pub because: List<Because>,
}

/// Recording the crime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crime {
    /// yes, no or not-yet-known.
    pub record: Record,
    /// The facts that rests on; while it is not yet known, those that could settle it among them.
    #[serde(default)]
    pub because: List<Because>,
    /// So many facts more.
    #[serde(default, skip_serializing_if = "is_none")]
    pub because_more: usize,
    /// In plain words, where somebody who is not entered yet may have done it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub says: Vec<Text>,
    /// G-ids and other sources.
    #[serde(default)]
    pub cites: List<String>,
    /// Definite classes.
    pub classes: Vec<CrimeClass>,
}

/// A fact worth asking next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Full name, `person.A.willing`.
    pub fact: Text,
    /// What the answer settles, in words.
    pub why: String,
    /// The same as it was found, for programs that say it with names in place of ids.
    #[serde(skip)]
    pub settles: Settles,
}

/// A smallest set of changes that would alter the advice. Never an age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WouldChange {
    /// Facts by full name and the value each would have to have.
    #[serde(rename = "if")]
    pub changes: BTreeMap<Text, Value>,
    /// What the advice would then be: `class`, `outcome_21`.
    pub then: BTreeMap<String, String>,
}

/// What was left out of the list of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoreChanges {
    /// What the advice would then be, as in [`WouldChange`].
    pub then: BTreeMap<String, String>,
    /// So many sets more than are listed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub sets: usize,
    /// Or: the set that was found has more answers than this, and none with fewer was found.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more_than: usize,
}

fn is_empty(list: &List<Because>) -> bool {
    list.is_empty()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_none(count: &usize) -> bool {
    *count == 0
}

/// Answers that cannot all be right. Listed, never corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// Id of the rule.
    #[serde(skip)]
    pub rule: Text,
    /// Full names of the facts.
    pub facts: Vec<String>,
    /// In plain words.
    pub says: String,
}

/// Everything the engine says at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// Which guidance.
    pub pack: PackRef,
    /// Of the report: the gravest of the persons', or graver.
    pub class: Class,
    /// Why.
    pub grounds: Vec<Ground>,
    /// Rules of the class that would hold if one answer about the same person, or about the report, were another.
    pub why_not: Vec<NearMiss>,
    /// By person id.
    pub persons: BTreeMap<String, PersonAdvice>,
    /// What to do, first things first: due, then not-yet-known, then done.
    pub duties: Vec<Duty>,
    /// By device id.
    pub devices: BTreeMap<String, DeviceOutcome>,
    /// For the report, then for each child.
    pub outcomes: Vec<Outcome>,
    /// Recording.
    pub crime: Crime,
    /// Most settling first.
    pub ask_next: Vec<Ask>,
    /// Smallest changes first.
    pub would_change: Vec<WouldChange>,
    /// What was left out of it; absent where nothing was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub would_change_more: Vec<MoreChanges>,
    /// Answers that cannot all be right.
    pub contradictions: Vec<Contradiction>,
}
