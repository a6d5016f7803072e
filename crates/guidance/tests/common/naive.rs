//! A second opinion: the conclusions of the contract page, written out by hand and tried in every completion.
//!
//! Nothing here reads the pack or the engine. A report becomes a list of what is still open; every
//! completion is built, every statement about it is answered with plain `if`s, and a conclusion is
//! definite when it held in all of them. Slow and obvious on purpose.

use std::collections::{BTreeMap, BTreeSet};

use guidance::{Entity, Facts, Value};

mod beside;
pub mod conclusions;
pub mod engine;
pub mod outcomes;
pub mod settle;

pub const REPORT: [&str; 7] = [
    "imagery",
    "sexual_messages",
    "uploaded_online",
    "significant_risk",
    "sufficient_evidence",
    "age_appropriate",
    "request",
];
pub const IMAGERY: usize = 0;
pub const MESSAGES: usize = 1;
pub const UPLOADED: usize = 2;
pub const RISK: usize = 3;
pub const SUFFICIENT: usize = 4;
pub const APPROPRIATE: usize = 5;
pub const REQUEST: usize = 6;
/// Outcome 21 is the one that was decided.
pub const DECIDED_21: usize = 7;

pub const PERSON: [&str; 23] = [
    "sexual_abuse",
    "incited_or_coerced",
    "groomed",
    "extorted",
    "threatened",
    "malicious",
    "without_knowledge_or_consent",
    "other_aggravating",
    "profit_motive",
    "identified",
    "aware",
    "willing",
    "self_harm_or_suicide",
    "other_concern_of_harm",
    "missing_now",
    "in_care",
    "child_protection_plan",
    "other_vulnerability",
    "telling_parents_unsafe",
    "persistent",
    "family_or_partner",
    "works_with_children",
    "activity_done",
];
/// The nine come first in [`PERSON`].
pub const NINE: std::ops::Range<usize> = 0..9;
const ABUSE: usize = 0;
const INCITED: usize = 1;
const GROOMED: usize = 2;
const EXTORTED: usize = 3;
const THREATENED: usize = 4;
const MALICIOUS: usize = 5;
const NO_CONSENT: usize = 6;
const PROFIT: usize = 8;
pub const IDENTIFIED: usize = 9;
const AWARE: usize = 10;
const WILLING: usize = 11;
const SELF_HARM: usize = 12;
const CONCERN: usize = 13;
const MISSING: usize = 14;
const IN_CARE: usize = 15;
const PLAN: usize = 16;
const VULNERABLE: usize = 17;
pub const UNSAFE: usize = 18;
const PERSISTENT: usize = 19;
const FAMILY: usize = 20;
const WORKS: usize = 21;
const ACTIVITY: usize = 22;

pub const PARTS: [&str; 8] =
    ["pictured", "made", "sent", "received", "forwarded", "requested", "targeted", "reporting"];
const PICTURED: u8 = 1;
const MADE: u8 = 2;
const SENT: u8 = 4;
const RECEIVED: u8 = 8;
const FORWARDED: u8 = 16;
const REQUESTED: u8 = 32;
const TARGETED: u8 = 64;
const REPORTING: u8 = 128;
const DOES: u8 = MADE | SENT | RECEIVED | FORWARDED | REQUESTED;
const ACTIVE: u8 = DOES | PICTURED | TARGETED;

/// What is still possible of an answer of yes or no.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Open,
}

fn answer(facts: &BTreeMap<String, Value>, name: &str) -> Answer {
    match facts.get(name).and_then(Value::as_word) {
        Some("yes") => Answer::Yes,
        Some("no") => Answer::No,
        _ => Answer::Open,
    }
}

struct Person {
    id: String,
    answers: [Answer; 23],
    part: Option<u8>,
    ages: Vec<u8>,
    /// One of the nine is said to be yes: whatever the part, this person takes part.
    did_one: bool,
}

/// One person of one completion.
#[derive(Clone, Copy, Default)]
struct Being {
    yes: u32,
    part: u8,
    age: u8,
}

impl Being {
    const fn is(self, at: usize) -> bool {
        self.yes >> at & 1 == 1
    }
    const fn any_part(self, parts: u8) -> bool {
        self.part & parts != 0
    }
    const fn badly_pictured(self) -> bool {
        self.any_part(PICTURED) && !(self.is(AWARE) && self.is(WILLING))
    }
}

#[derive(Clone, Default)]
struct World {
    yes: u8,
    people: Vec<Being>,
}

impl World {
    const fn is(&self, at: usize) -> bool {
        self.yes >> at & 1 == 1
    }
}

/// Something that is not known, and may matter.
#[derive(Clone, Debug)]
pub enum Open {
    Report(usize),
    Fact(usize, usize),
    Age(usize, Vec<u8>),
    Part(usize, usize),
}

impl Open {
    pub fn ways(&self) -> usize {
        if let Self::Age(_, ages) = self { ages.len() } else { 2 }
    }
}

pub struct Naive<'a> {
    facts: &'a Facts,
    done: BTreeSet<&'a str>,
    report: [Answer; 8],
    people: Vec<Person>,
}

impl<'a> Naive<'a> {
    pub fn new(facts: &'a Facts) -> Self {
        let done: BTreeSet<&str> = facts.done.iter().map(String::as_str).collect();
        let mut report = [Answer::Open; 8];
        for (at, name) in REPORT.iter().enumerate() {
            report[at] = answer(&facts.report, name);
        }
        report[DECIDED_21] = match facts.report.get("outcome_decided").and_then(Value::as_word) {
            Some("21") => Answer::Yes,
            Some("not-known") | None => Answer::Open,
            Some(_) => Answer::No,
        };
        let people = facts.person.iter().map(|entity| person(entity, &done)).collect();
        Self { facts, done, report, people }
    }

    /// Everything not known that may matter. What cannot matter is left out: whether somebody who is not
    /// pictured was aware, and what somebody who takes no part did.
    pub fn open(&self) -> Vec<Open> {
        let mut open: Vec<Open> = (0..8).filter(|at| self.report[*at] == Answer::Open).map(Open::Report).collect();
        for (who, person) in self.people.iter().enumerate() {
            let may = |parts: u8| person.part.is_none_or(|part| part & parts != 0);
            let takes_part = may(ACTIVE) || person.did_one;
            for at in 0..PERSON.len() {
                let matters = match at {
                    AWARE | WILLING => may(PICTURED),
                    ACTIVITY => takes_part,
                    SELF_HARM..=PLAN | UNSAFE | FAMILY => true,
                    _ => takes_part,
                };
                if matters && person.answers[at] == Answer::Open {
                    open.push(Open::Fact(who, at));
                }
            }
            if person.ages.len() > 1 {
                open.push(Open::Age(who, person.ages.clone()));
            }
            if person.part.is_none() {
                open.extend((0..PARTS.len()).map(|at| Open::Part(who, at)));
            }
        }
        open
    }

    /// How many completions there are.
    pub fn ways(&self) -> usize {
        self.open().iter().map(Open::ways).fold(1_usize, usize::saturating_mul)
    }

    fn each_world(&self, mut then: impl FnMut(&World)) {
        let open = self.open();
        let yes = |answers: &[Answer]| {
            answers.iter().enumerate().filter(|(_, a)| **a == Answer::Yes).fold(0_u32, |yes, (at, _)| yes | 1 << at)
        };
        let mut world = World {
            yes: u8::try_from(yes(&self.report)).unwrap(),
            people: self
                .people
                .iter()
                .map(|person| Being { yes: yes(&person.answers), part: person.part.unwrap_or(0), age: person.ages[0] })
                .collect(),
        };
        let mut at = vec![0_usize; open.len()];
        loop {
            then(&world);
            let mut slot = 0;
            loop {
                let Some(what) = open.get(slot) else { return };
                at[slot] = (at[slot] + 1) % what.ways();
                let one = at[slot] == 1;
                match what {
                    Open::Report(fact) => world.yes = world.yes & !(1 << fact) | u8::from(one) << fact,
                    Open::Fact(who, fact) => {
                        let being = &mut world.people[*who];
                        being.yes = being.yes & !(1 << fact) | u32::from(one) << fact;
                    }
                    Open::Age(who, ages) => world.people[*who].age = ages[at[slot]],
                    Open::Part(who, part) => {
                        let being = &mut world.people[*who];
                        being.part = being.part & !(1 << part) | u8::from(one) << part;
                    }
                }
                if at[slot] != 0 {
                    break;
                }
                slot += 1;
            }
        }
    }

    /// The class in every completion, in the order in which the first of [`Self::open`] changes quickest.
    pub fn class_in_each(&self) -> Vec<&'static str> {
        let mut all = Vec::new();
        self.each_world(|world| {
            let classes = self.classes(world);
            all.push(match (classes.report_aggravated, classes.report_experimental) {
                (true, _) => "aggravated",
                (_, true) => "experimental",
                _ => "undetermined",
            });
        });
        all
    }

    fn takes_part(&self, being: Being, who: usize) -> bool {
        being.any_part(ACTIVE) || self.people[who].did_one
    }

    fn maybe_child(&self, who: usize) -> bool {
        self.people[who].ages.iter().any(|age| *age < 18)
    }

    fn done(&self, duty: &str, who: &str) -> bool {
        self.done.contains(format!("{duty}:{who}").as_str())
    }
}

fn person(entity: &Entity, done: &BTreeSet<&str>) -> Person {
    let mut answers = [Answer::Open; 23];
    for (at, name) in PERSON.iter().enumerate() {
        answers[at] = answer(&entity.facts, name);
    }
    // The duty asks it first: where it is done and the question was never asked, telling was safe.
    if !entity.facts.contains_key("telling_parents_unsafe")
        && done.contains(format!("next-steps-parent:{}", entity.id).as_str())
    {
        answers[UNSAFE] = Answer::No;
    }
    let ages = match entity.facts.get("age") {
        Some(Value::Years(years)) => vec![*years],
        Some(Value::Word(word)) if word == "child" => vec![9, 12, 15, 17],
        Some(Value::Word(word)) if word == "adult" => vec![30],
        _ => vec![9, 12, 15, 17, 30],
    };
    let part = match entity.facts.get("part") {
        Some(Value::Words(words)) => Some(
            PARTS
                .iter()
                .enumerate()
                .filter(|(_, part)| words.iter().any(|word| word == *part))
                .fold(0_u8, |parts, (at, _)| parts | 1 << at),
        ),
        _ => None,
    };
    Person {
        id: entity.id.clone(),
        did_one: NINE.into_iter().any(|at| answers[at] == Answer::Yes),
        answers,
        part,
        ages,
    }
}

/// What is true in one completion: one bit each, counted over all of them.
#[derive(Clone, Copy)]
struct Tally {
    all: u64,
    any: u64,
}

impl Tally {
    const START: Self = Self { all: u64::MAX, any: 0 };
    const fn add(&mut self, bits: u64) {
        self.all &= bits;
        self.any |= bits;
    }
    const fn always(self, bit: usize) -> bool {
        self.all >> bit & 1 == 1
    }
    const fn maybe(self, bit: usize) -> bool {
        self.any >> bit & 1 == 1
    }
}

fn bits(truths: &[bool]) -> u64 {
    truths.iter().enumerate().fold(0, |bits, (at, truth)| bits | u64::from(*truth) << at)
}

/// Classes of one completion.
struct Classes {
    takes_part: Vec<bool>,
    aggravated: Vec<bool>,
    report_aggravated: bool,
    report_experimental: bool,
}

impl Naive<'_> {
    fn classes(&self, world: &World) -> Classes {
        let takes_part: Vec<bool> =
            world.people.iter().enumerate().map(|(who, being)| self.takes_part(*being, who)).collect();
        let aggravated: Vec<bool> = world
            .people
            .iter()
            .zip(&takes_part)
            .map(|(being, takes)| *takes && (being.age >= 18 || being.yes & 0x1ff != 0))
            .collect();
        let badly_pictured =
            world.people.iter().any(|being| being.any_part(PICTURED) && !(being.is(AWARE) && being.is(WILLING)));
        let children: Vec<Being> = world
            .people
            .iter()
            .zip(&takes_part)
            .filter(|(being, takes)| **takes && being.age < 18)
            .map(|(being, _)| *being)
            .collect();
        let two_sides =
            |age: u8| children.iter().any(|child| child.age < age) && children.iter().any(|child| child.age >= age);
        let asked = two_sides(13) || two_sides(16) || children.iter().any(|child| child.is(VULNERABLE));
        let report_aggravated = aggravated.contains(&true) || badly_pictured || (asked && !world.is(APPROPRIATE));
        let report_experimental = takes_part.contains(&true) && !report_aggravated;
        Classes { takes_part, aggravated, report_aggravated, report_experimental }
    }

    /// Somebody abused, coerced, groomed or extorted, or an adult takes part.
    fn serious(world: &World, classes: &Classes) -> bool {
        world.people.iter().zip(&classes.takes_part).any(|(being, takes)| {
            *takes
                && (being.age >= 18 || being.is(ABUSE) || being.is(INCITED) || being.is(GROOMED) || being.is(EXTORTED))
        })
    }
}
