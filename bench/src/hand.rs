//! The class of a report as somebody would write it by hand, with bit masks and nothing else: no
//! reasons, no cites, no pack. It is the bare baseline for the engine, and must agree with it.
//!
//! The rules are those of guidance/cheshire/v1/classification.toml, frozen here for comparison.

use guidance::{Entity, Facts, Value};

/// The nine questions, each a bit.
const NINE: [&str; 9] = [
    "sexual_abuse",
    "incited_or_coerced",
    "groomed",
    "extorted",
    "threatened",
    "malicious",
    "without_knowledge_or_consent",
    "other_aggravating",
    "profit_motive",
];
const ALL_NINE: u16 = 0x1ff;
const TAKING_PART: [&str; 7] = [
    "pictured",
    "made",
    "sent",
    "received",
    "forwarded",
    "requested",
    "targeted",
];

/// What the class may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Experimental,
    Aggravated,
    Undetermined,
}

/// One person, packed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Person {
    yes: u16,
    no: u16,
    youngest: u8,
    oldest: u8,
    flags: u8,
}

const PART: u8 = 1;
const PICTURED: u8 = 2;
const UNWILLING: u8 = 4;
const WILLING: u8 = 8;
const VULNERABLE: u8 = 16;
const NOT_VULNERABLE: u8 = 32;

/// A report, packed.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    people: Vec<Person>,
    appropriate: Option<bool>,
}

impl Packed {
    /// Packs facts that are known to be well-formed.
    pub fn new(facts: &Facts) -> Self {
        let answer = facts.report.get("age_appropriate").and_then(Value::as_word);
        let appropriate = match answer {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => None,
        };
        Self {
            people: facts.person.iter().map(person).collect(),
            appropriate,
        }
    }

    /// The class of the report.
    pub fn class(&self) -> Class {
        let mut part = false;
        let mut experimental = true;
        let mut bands = 0_u8;
        let mut may = 0_u8;
        let mut asked = false;
        let mut may_ask = false;
        for one in &self.people {
            if one.flags & (PICTURED | UNWILLING) == PICTURED | UNWILLING {
                return Class::Aggravated;
            }
            // A yes among the nine is taking part, whatever else is known.
            if one.flags & PART == 0 && one.yes == 0 {
                continue;
            }
            part = true;
            if one.youngest >= 18 || one.yes != 0 {
                return Class::Aggravated;
            }
            let settled = one.oldest < 18 && one.no == ALL_NINE;
            let willing = one.flags & PICTURED == 0 || one.flags & WILLING != 0;
            experimental &= settled && willing;
            bands |= band(one.youngest, one.oldest);
            may |= possible_bands(one.youngest, one.oldest);
            asked |= one.flags & VULNERABLE != 0 && one.oldest < 18;
            may_ask |= one.flags & (VULNERABLE | NOT_VULNERABLE) == 0;
        }
        // Bits: under 13, 13 to 15, 16 and 17. Two sides of 13 or of 16 are two different bits.
        asked |= bands.count_ones() > 1;
        may_ask |= may.count_ones() > 1;
        match self.appropriate {
            Some(false) if asked => Class::Aggravated,
            Some(false) if may_ask => Class::Undetermined,
            None if asked || may_ask => Class::Undetermined,
            _ if part && experimental => Class::Experimental,
            _ => Class::Undetermined,
        }
    }
}

/// The band somebody is certainly in.
fn band(youngest: u8, oldest: u8) -> u8 {
    let may = possible_bands(youngest, oldest);
    if may.count_ones() == 1 && oldest < 18 {
        may
    } else {
        0
    }
}

fn possible_bands(youngest: u8, oldest: u8) -> u8 {
    let under = youngest < 13;
    let middle = youngest < 16 && oldest >= 13;
    let upper = youngest < 18 && oldest >= 16;
    u8::from(under) | u8::from(middle) << 1 | u8::from(upper) << 2
}

fn person(entity: &Entity) -> Person {
    let word = |name: &str| entity.facts.get(name).and_then(Value::as_word);
    let bits = |wanted: &str| {
        NINE.iter()
            .enumerate()
            .filter(|(_, name)| word(name) == Some(wanted))
            .map(|(at, _)| 1 << at)
            .sum()
    };
    let (youngest, oldest) = match entity.facts.get("age") {
        Some(Value::Years(years)) => (*years, *years),
        Some(Value::Word(word)) if word == "child" => (0, 17),
        Some(Value::Word(word)) if word == "adult" => (18, 120),
        _ => (0, 120),
    };
    let parts: &[String] = match entity.facts.get("part") {
        Some(Value::Words(parts)) => parts,
        _ => &[],
    };
    let mut flags = 0;
    let mut set = |flag: u8, when: bool| flags |= if when { flag } else { 0 };
    let aware = [word("aware"), word("willing")];
    set(
        PART,
        parts
            .iter()
            .any(|part| TAKING_PART.contains(&part.as_str())),
    );
    set(PICTURED, parts.iter().any(|part| part == "pictured"));
    set(UNWILLING, aware.contains(&Some("no")));
    set(WILLING, aware == [Some("yes"); 2]);
    set(VULNERABLE, word("other_vulnerability") == Some("yes"));
    set(NOT_VULNERABLE, word("other_vulnerability") == Some("no"));
    Person {
        yes: bits("yes"),
        no: bits("no"),
        youngest,
        oldest,
        flags,
    }
}
