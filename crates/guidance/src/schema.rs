//! Which facts there are: the names, scopes and possible values that a pack declares.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::mdd::Mask;
use crate::shaped::stands_in;
use crate::share::Text;

/// What a fact or a condition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scope {
    Report,
    Person,
    Device,
}

impl Scope {
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        match word {
            "report" => Some(Self::Report),
            "person" => Some(Self::Person),
            "device" => Some(Self::Device),
            _ => None,
        }
    }
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Person => "person",
            Self::Device => "device",
        }
    }
}

/// What kind of answer a fact takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactKind {
    /// yes, no or not-known.
    YesNo,
    /// Whole years 0 to 120, child, adult or not-known.
    Age,
    /// One of a closed list; the flag says whether not-known may be answered.
    Choice(Vec<String>),
    /// Any of a closed list.
    Set(Vec<String>),
    /// Ids of people.
    People,
    /// Free words, which no rule reads.
    Words,
    /// A day, `2026-11-24`, which only the validity of codes reads.
    Day,
}

/// One fact as the pack declares it.
#[derive(Debug, Clone)]
pub(crate) struct FactDef {
    /// Place among all facts of the pack.
    pub at: usize,
    pub name: String,
    pub scope: Scope,
    pub kind: FactKind,
    /// Doing this duty answers the fact with this value, when it was never asked.
    pub settled_by: Option<(String, String)>,
    /// First diagram variable, counted within the scope's facts; a set has one for each word.
    pub first_var: usize,
    /// Can somebody find out that it is otherwise? An age cannot be changed.
    pub changeable: bool,
}

impl FactDef {
    /// How many diagram variables it takes.
    pub(crate) fn width(&self) -> usize {
        match &self.kind {
            FactKind::YesNo | FactKind::Age | FactKind::Choice(_) => 1,
            FactKind::Set(words) => words.len(),
            FactKind::People | FactKind::Words | FactKind::Day => 0,
        }
    }
}

/// Ages at which something changes, as bands: `[10, 13, 16, 18]` makes five.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bands(pub Vec<u8>);

/// The age from which somebody is an adult. It is the meaning of the words "child" and "adult" in
/// the contract, so it is not a pack's to change.
pub const ADULT: u8 = 18;

impl Bands {
    pub(crate) fn count(&self) -> usize {
        self.0.len() + 1
    }
    /// All bands that lie under `years`, a threshold.
    pub(crate) fn under(&self, years: u8) -> Mask {
        let bands = self.0.iter().take_while(|start| **start <= years).count();
        // Band i ends where threshold i begins: those below `years` are 0..position(years).
        let below = self.0.iter().position(|start| *start == years).map_or(bands, |at| at + 1);
        low_bits(below)
    }
    pub(crate) fn all(&self) -> Mask {
        low_bits(self.count())
    }
    pub(crate) fn of(&self, years: u8) -> Mask {
        1 << self.0.iter().take_while(|start| **start <= years).count()
    }
}

pub(crate) const fn low_bits(count: usize) -> Mask {
    if count >= 16 { Mask::MAX } else { (1 << count) - 1 }
}

/// All facts of a pack.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    pub facts: Vec<FactDef>,
    pub by_name: BTreeMap<String, usize>,
    /// The same to look up in.
    pub place: FxHashMap<String, usize>,
    pub bands: Bands,
    /// Names of facts that could not be read: told where they are written, so what is said of them is told nowhere else.
    pub unread: BTreeSet<String>,
    /// For each scope which fact a diagram variable belongs to, counted within the scope's facts.
    pub by_var: BTreeMap<Scope, Vec<usize>>,
}

impl Schema {
    pub(crate) fn fact_of(&self, scope: Scope, var: usize) -> Option<&FactDef> {
        self.by_var.get(&scope)?.get(var).and_then(|at| self.facts.get(*at))
    }
    pub(crate) fn get(&self, name: &str) -> Option<&FactDef> {
        self.place.get(name).and_then(|at| self.facts.get(*at))
    }
    /// Is there a fact of this name, read or not?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name) || self.unread.contains(name)
    }
    /// May this be the name of a fact that could not be read? Any may, where the name itself could not be.
    pub(crate) fn is_unread(&self, name: &str) -> bool {
        let any = || !self.by_name.contains_key(name) && self.unread.iter().any(|unread| stands_in(unread));
        self.unread.contains(name) || any()
    }
    pub(crate) fn in_scope(&self, scope: Scope) -> impl Iterator<Item = &FactDef> {
        self.facts.iter().filter(move |fact| fact.scope == scope)
    }
    /// Number of values of each variable of a scope, in order.
    pub(crate) fn arities(&self, scope: Scope) -> Vec<u8> {
        let mut arities = Vec::new();
        for fact in self.in_scope(scope) {
            match &fact.kind {
                FactKind::YesNo => arities.push(2),
                FactKind::Age => arities.push(u8::try_from(self.bands.count()).unwrap_or(16)),
                FactKind::Choice(words) => arities.push(u8::try_from(words.len()).unwrap_or(16)),
                FactKind::Set(words) => arities.extend(words.iter().map(|_| 2)),
                FactKind::People | FactKind::Words | FactKind::Day => {}
            }
        }
        arities
    }
}

/// Values of a yes-or-no variable: bit 0 no, bit 1 yes.
pub(crate) const NO: Mask = 0b01;
pub(crate) const YES: Mask = 0b10;
pub(crate) const EITHER: Mask = 0b11;

/// `person.A.age`.
pub(crate) fn full_name(fact: &FactDef, id: Option<&str>) -> Text {
    match id {
        Some(id) => [fact.scope.word(), ".", id, ".", &fact.name].concat().into(),
        None => [fact.scope.word(), ".", &fact.name].concat().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_split_at_their_thresholds() {
        let bands = Bands(vec![10, 13, 16, 18]);
        for (years, band) in [(0, 0), (9, 0), (10, 1), (12, 1), (13, 2), (15, 2), (16, 3), (17, 3), (18, 4), (120, 4)] {
            assert_eq!(bands.of(years), 1 << band, "{years}");
        }
        assert_eq!(bands.under(13), 0b00011);
        assert_eq!(bands.under(18), 0b01111);
        assert_eq!(bands.all(), 0b11111);
    }
}
