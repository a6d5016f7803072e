//! The rules of a pack once their conditions are compiled.

use crate::advice::{DeviceAdvice, Strength};
use smallvec::SmallVec;

use crate::assemble::times::AFTER_OUTCOME;
use crate::eval::About;
use crate::schema::Scope;
use crate::share::{List, Text};

/// Index of a compiled condition.
pub(crate) type FormulaIx = usize;

/// A set of places in the pack, one bit each.
pub(crate) type Bits = SmallVec<[u64; 2]>;

/// Puts a place into a set that has room for it.
pub(crate) fn put(bits: &mut Bits, at: usize) {
    if bits.len() <= at / 64 {
        bits.resize(at / 64 + 1, 0);
    }
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

/// Is it in the set?
pub(crate) fn has(bits: &Bits, at: usize) -> bool {
    bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

#[derive(Debug)]
pub(crate) struct ClassRule {
    pub id: Text,
    pub scope: Scope,
    pub of_person: bool,
    pub when: FormulaIx,
    pub says: Text,
    pub cites: List<String>,
}

#[derive(Debug)]
pub(crate) struct DutyRule {
    pub id: Text,
    /// In a few words, with `{person}` for whom it is for.
    pub title: Text,
    pub shown: Text,
    pub scope: Scope,
    pub when: FormulaIx,
    /// It is due as soon as it may be.
    pub precaution: Option<Precaution>,
    pub strength: Strength,
    /// By when: the strictest of its times, which holds while no other is known to.
    pub due: Text,
    /// Its times where it has more than one: those of `due_when` in their order, then its own.
    pub times: Vec<TimeRule>,
    pub asks: Option<Asks>,
    pub says: Text,
    pub cites: List<String>,
}

/// What a duty of the report asks about everybody: a condition about one of them, and what is said while it is open of anybody.
#[derive(Debug)]
pub(crate) struct Asks {
    pub when: FormulaIx,
    pub says: Text,
}

/// One of the times by which a duty may be due.
#[derive(Debug)]
pub(crate) struct TimeRule {
    /// Empty for the duty's own time.
    pub id: Text,
    /// Its condition; the duty's own time has none.
    pub when: Option<FormulaIx>,
    /// It is the one that applies: its condition holds, and none of those before it.
    pub applies: FormulaIx,
    pub due: Text,
    /// How soon that is: the stricter, the less.
    pub rank: u32,
    /// What the duty says then; empty where that is what it always says.
    pub says: Text,
    pub cites: List<String>,
}

/// What is due as soon as it may be.
#[derive(Debug)]
pub(crate) struct Precaution {
    /// When no answer can make it fall away any more.
    pub stays: FormulaIx,
    /// For whom it is due so early; for anybody else it waits for the answers.
    pub for_whom: Option<FormulaIx>,
}

impl DutyRule {
    /// Id with whom it is for.
    pub(crate) fn id_for(&self, subject: &str) -> Text {
        if self.scope == Scope::Report { self.shown.clone() } else { [&self.id, ":", subject].concat().into() }
    }
    /// Has it to be done before an outcome is decided, in any case?
    pub(crate) fn before_every_outcome(&self) -> bool {
        self.strength == Strength::Must && self.due != AFTER_OUTCOME
    }
}

/// The ids by which rules of each kind are read about: `waymark guidance explain ID`, and the pages of the guidance.
pub(crate) mod ids {
    /// The rule that somebody who is not entered yet may have done what is a crime.
    pub(crate) const NOT_ENTERED: &str = "crime-not-entered";

    pub(crate) fn duty(id: &str) -> String {
        format!("duty-{id}")
    }
    /// One of the further times of a duty by its place.
    pub(crate) fn time(duty: &str, at: usize) -> String {
        format!("due-{duty}-{}", at + 1)
    }
    pub(crate) fn device(id: &str) -> String {
        format!("device-{id}")
    }
    /// A condition of an outcome by its place, those that block it first.
    pub(crate) fn outcome(code: &str, kind: &str, at: usize) -> String {
        format!("outcome-{code}-{kind}-{}", at + 1)
    }
    pub(crate) fn crime(id: &str) -> String {
        format!("crime-{id}")
    }
    /// Where a class is not sure of somebody.
    pub(crate) fn unsure(id: &str) -> String {
        format!("unsure-{id}")
    }
    pub(crate) fn contradiction(id: &str) -> String {
        format!("contradiction-{id}")
    }
}

#[derive(Debug)]
pub(crate) struct DeviceRule {
    pub id: Text,
    pub advice: DeviceAdvice,
    pub when: FormulaIx,
    /// The same as if everything were told: what it can still turn on.
    pub told: FormulaIx,
    pub says: Text,
    pub cites: List<String>,
}

#[derive(Debug)]
pub(crate) struct OutcomeCondition {
    pub id: Text,
    pub scope: Scope,
    pub when: FormulaIx,
    pub says: Text,
    pub cites: List<String>,
}

impl OutcomeCondition {
    /// Is it a condition on the outcome for the report, or on that for a child?
    pub(crate) fn is_for(&self, about: About) -> bool {
        (self.scope == Scope::Report) == (about == About::Report)
    }
}

#[derive(Debug)]
pub(crate) struct OutcomeRule {
    pub code: Text,
    pub for_report: bool,
    pub for_child: bool,
    pub blocked: Vec<OutcomeCondition>,
    pub requires: Vec<OutcomeCondition>,
    /// Places of duty rules; `every_must` stands for all that have to be done before an outcome.
    pub needs: Vec<usize>,
    /// The same as bits.
    pub needed: Bits,
    pub every_must: bool,
    /// What it takes that no question asks.
    pub confirm: Option<Text>,
    pub cites: List<String>,
}

#[derive(Debug)]
pub(crate) struct CrimeRule {
    pub id: Text,
    pub act: Text,
    pub code: Option<Text>,
    pub when: FormulaIx,
    pub from: Option<Text>,
    pub until: Option<Text>,
    pub confirm: Option<Text>,
    pub unsure: Option<Unsure>,
    pub cites: List<String>,
}

/// Where a class is not sure of somebody, who else is, and who confirms it.
#[derive(Debug)]
pub(crate) struct Unsure {
    pub when: FormulaIx,
    pub confirm: Text,
    pub cites: List<String>,
}

/// When somebody who is not entered yet may have done something that is a crime.
#[derive(Debug)]
pub(crate) struct RecordRule {
    pub when: FormulaIx,
    pub says: Text,
    pub cites: List<String>,
}

#[derive(Debug)]
pub(crate) struct ContradictionRule {
    pub id: Text,
    pub scope: Scope,
    pub when: FormulaIx,
    pub facts: Vec<String>,
    pub says: String,
}

#[derive(Debug)]
pub(crate) struct PropertyRule {
    pub id: String,
    /// Where it is written: file and line.
    pub place: (String, u32),
    pub kind: String,
    pub says: String,
    /// What must never be, or for whom a duty has to be raised.
    pub when: Option<FormulaIx>,
    /// Where a change is no answer, as a condition on the knowledge before it.
    pub except: Option<FormulaIx>,
    pub duty: Option<String>,
    pub outcome: Option<String>,
    pub answers: Vec<String>,
    pub watch: Vec<String>,
}

/// The conditions that the shape of the advice itself asks for.
#[derive(Debug)]
pub(crate) struct Core {
    pub takes_part: FormulaIx,
    pub aggravated: FormulaIx,
    pub experimental: FormulaIx,
    pub harmed: FormulaIx,
    pub report_takes_part: FormulaIx,
    pub report_aggravated: FormulaIx,
    pub report_experimental: FormulaIx,
    pub suspect_never: FormulaIx,
    pub suspect_possible: FormulaIx,
    pub answered: FormulaIx,
    pub attribute: FormulaIx,
    pub harmed_cites: List<String>,
    pub suspect_cites: List<String>,
}
