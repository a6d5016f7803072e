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
const TAKING_PART: [&str; 7] = ["pictured", "made", "sent", "received", "forwarded", "requested", "targeted"];

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
/// The part is not known: this person may take part, and may be pictured.
const MAY_TAKE_PART: u8 = 64;
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
        Self { people: facts.person.iter().map(person).collect(), appropriate }
    }

    /// The class of the report.
    pub fn class(&self) -> Class {
        let mut part = false;
        let mut many = 0;
        let mut experimental = true;
        // Bits: under 13, 13 to 15, 16 and 17. Two sides of 13 or of 16 are two different bits.
        let mut any_band = 0_u8;
        let mut same_band = 0b111_u8;
        let mut vulnerable = false;
        let mut may_be_vulnerable = false;
        for one in &self.people {
            if one.flags & (PICTURED | UNWILLING) == PICTURED | UNWILLING {
                return Class::Aggravated;
            }
            // A yes among the nine is taking part, whatever else is known.
            let takes_part = one.flags & PART != 0 || one.yes != 0;
            if !takes_part && one.flags & MAY_TAKE_PART == 0 {
                continue;
            }
            let may_be = possible_bands(one.youngest, one.oldest);
            if takes_part {
                if one.youngest >= 18 || one.yes != 0 {
                    return Class::Aggravated;
                }
                part = true;
                same_band &= may_be;
                vulnerable |= one.flags & VULNERABLE != 0;
            }
            many += 1;
            any_band |= may_be;
            may_be_vulnerable |= one.flags & NOT_VULNERABLE == 0;
            let willing = one.flags & (PICTURED | MAY_TAKE_PART) == 0 || one.flags & WILLING != 0;
            experimental &= one.oldest < 18 && one.no == ALL_NINE && willing;
        }
        // Asked in every completion with children alone, where they cannot all be on one side.
        let asked = vulnerable || same_band == 0;
        let may_be_asked = may_be_vulnerable || many > 1 && any_band.count_ones() > 1;
        match self.appropriate {
            Some(false) if part && asked => Class::Aggravated,
            Some(true) if part && experimental => Class::Experimental,
            _ if part && experimental && !may_be_asked => Class::Experimental,
            _ => Class::Undetermined,
        }
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
        NINE.iter().enumerate().filter(|(_, name)| word(name) == Some(wanted)).map(|(at, _)| 1 << at).sum()
    };
    let (youngest, oldest) = match entity.facts.get("age") {
        Some(Value::Years(years)) => (*years, *years),
        Some(Value::Word(word)) if word == "child" => (0, 17),
        Some(Value::Word(word)) if word == "adult" => (18, 120),
        _ => (0, 120),
    };
    let (parts, known): (&[String], bool) = match entity.facts.get("part") {
        Some(Value::Words(parts)) => (parts, true),
        _ => (&[], false),
    };
    let mut flags = 0;
    let mut set = |flag: u8, when: bool| flags |= if when { flag } else { 0 };
    let aware = [word("aware"), word("willing")];
    set(PART, parts.iter().any(|part| TAKING_PART.contains(&part.as_str())));
    set(MAY_TAKE_PART, !known);
    set(PICTURED, parts.iter().any(|part| part == "pictured"));
    set(UNWILLING, aware.contains(&Some("no")));
    set(WILLING, aware == [Some("yes"); 2]);
    set(VULNERABLE, word("other_vulnerability") == Some("yes"));
    set(NOT_VULNERABLE, word("other_vulnerability") == Some("no"));
    Person { yes: bits("yes"), no: bits("no"), youngest, oldest, flags }
}
