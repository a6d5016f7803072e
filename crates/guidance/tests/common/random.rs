//! Random partial reports, the same ones in every run.

use std::collections::BTreeMap;

use guidance::{Entity, Facts, Value};

/// xorshift64*: small, quick, and the same on every machine.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        let mut rng = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            rng.next();
        }
        rng
    }
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from((self.next() >> 33) % end as u64).unwrap()
    }
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

pub const NINE: [&str; 9] = [
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

/// Duties of a person that `done` may name, then those of the report.
pub const PERSON_DUTIES: [&str; 20] = [
    "immediate-referral",
    "adult-welfare",
    "child-protection-referral",
    "lado-referral",
    "identify",
    "checks",
    "initial-account",
    "interview-decision",
    "abe-decision",
    "vpa",
    "cse-screening",
    "parent-not-told-decision",
    "next-steps-child",
    "next-steps-parent",
    "questions-answered",
    "signposting",
    "victim-needs",
    "persistence-decision",
    "outcome-explained",
    "deletion-advice",
];
pub const REPORT_DUTIES: [&str; 7] = [
    "welfare-check",
    "strategy-meeting",
    "checks:location",
    "crime-record",
    "removal-online",
    "evidence-decision",
    "supervisor-review",
];

/// How likely each kind of answer is, in per cent.
#[derive(Clone, Copy)]
pub struct Mood {
    pub unknown: usize,
    pub grave: usize,
    pub worry: usize,
}

impl Mood {
    pub fn any(rng: &mut Rng) -> Self {
        Self { unknown: rng.pick(&[0, 2, 5, 12, 40]), grave: rng.pick(&[0, 0, 2, 8]), worry: rng.pick(&[0, 0, 4, 25]) }
    }
}

fn put(rng: &mut Rng, facts: &mut BTreeMap<String, Value>, mood: Mood, name: &str, yes: usize) {
    let word = if rng.chance(mood.unknown) {
        if rng.chance(50) {
            return;
        }
        "not-known"
    } else if rng.chance(yes) {
        "yes"
    } else {
        "no"
    };
    facts.insert(name.to_owned(), Value::word(word));
}

fn age(rng: &mut Rng, mood: Mood) -> Option<Value> {
    if rng.chance(mood.unknown) {
        return rng.pick(&[
            None,
            Some(Value::word("not-known")),
            Some(Value::word("child")),
            Some(Value::word("child")),
            Some(Value::word("adult")),
        ]);
    }
    let years: &[u8] = if mood.grave == 0 {
        &[13, 14, 14, 15, 15, 15, 12, 16, 17, 10]
    } else {
        &[0, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 40, 120]
    };
    Some(Value::Years(rng.pick(years)))
}

fn part(rng: &mut Rng, mood: Mood) -> Option<Value> {
    if rng.chance(mood.unknown / 2) {
        return None;
    }
    const SHAPES: [&[&str]; 15] = [
        &["pictured", "made", "sent"],
        &["received"],
        &["received", "requested"],
        &["pictured"],
        &["received", "forwarded"],
        &["made"],
        &["sent"],
        &["forwarded"],
        &["targeted"],
        &["requested"],
        &["reporting"],
        &["pictured", "reporting"],
        &["parent-or-carer", "reporting"],
        &["other"],
        &[],
    ];
    let shapes = if rng.chance(75) { &SHAPES[..5] } else { &SHAPES[..] };
    Some(Value::Words(rng.pick(shapes).iter().map(|word| (*word).to_owned()).collect()))
}

/// One person of this mood.
pub fn person(rng: &mut Rng, mood: Mood, id: &str) -> Entity {
    let mut facts = BTreeMap::new();
    if let Some(age) = age(rng, mood) {
        facts.insert("age".to_owned(), age);
    }
    if let Some(part) = part(rng, mood) {
        facts.insert("part".to_owned(), part);
    }
    put(rng, &mut facts, mood, "identified", if mood.grave == 0 { 97 } else { 80 });
    put(rng, &mut facts, mood, "aware", 100 - mood.grave);
    put(rng, &mut facts, mood, "willing", 100 - mood.grave);
    for name in NINE {
        put(rng, &mut facts, mood, name, mood.grave);
    }
    for name in ["self_harm_or_suicide", "in_care", "child_protection_plan", "other_concern_of_harm", "missing_now"] {
        put(rng, &mut facts, mood, name, mood.worry);
    }
    for name in
        ["other_vulnerability", "telling_parents_unsafe", "persistent", "family_or_partner", "works_with_children"]
    {
        put(rng, &mut facts, mood, name, mood.worry);
    }
    put(rng, &mut facts, mood, "activity_done", 50);
    Entity { id: id.to_owned(), facts }
}

/// A report with up to `people` people and `devices` devices.
pub fn report(rng: &mut Rng, people: usize, devices: usize) -> Facts {
    let mood = Mood::any(rng);
    let mut facts = Facts::default();
    put(rng, &mut facts.report, mood, "imagery", 85);
    put(rng, &mut facts.report, mood, "sexual_messages", 30);
    put(rng, &mut facts.report, mood, "request", 20);
    put(rng, &mut facts.report, mood, "age_appropriate", 85);
    for name in ["uploaded_online", "significant_risk"] {
        put(rng, &mut facts.report, mood, name, mood.worry);
    }
    put(rng, &mut facts.report, mood, "sufficient_evidence", 20);
    if rng.chance(70) {
        let code = rng.pick(&["21", "21", "1", "not-known"]);
        facts.report.insert("outcome_decided".to_owned(), Value::word(code));
    }
    for at in 0..=rng.below(people) {
        facts.person.push(person(rng, mood, ["A", "B", "C", "D", "E"][at]));
    }
    for at in 0..rng.below(devices + 1) {
        let mut device = Entity { id: format!("D{at}"), ..Entity::default() };
        let users: Vec<String> =
            facts.person.iter().map(|person| person.id.clone()).filter(|_| rng.chance(50)).collect();
        device.facts.insert("used_or_owned_by".to_owned(), Value::Words(users));
        put(rng, &mut device.facts, mood, "holds_evidence", 60);
        facts.device.push(device);
    }
    facts.done = done(rng, &facts);
    facts
}

/// Every id that `done` may name for these facts.
pub fn duty_ids(facts: &Facts) -> Vec<String> {
    let mut all: Vec<String> = REPORT_DUTIES.iter().map(|id| (*id).to_owned()).collect();
    for person in &facts.person {
        all.extend(PERSON_DUTIES.iter().map(|duty| format!("{duty}:{}", person.id)));
    }
    all.extend(facts.device.iter().map(|device| format!("device-decision:{}", device.id)));
    all
}

fn done(rng: &mut Rng, facts: &Facts) -> Vec<String> {
    let mut all = duty_ids(facts);
    match rng.below(10) {
        0 | 1 => all.clear(),
        2 | 3 => all.retain(|_| rng.chance(50)),
        4 | 5 => {
            let left_out = rng.below(all.len());
            all.remove(left_out);
        }
        _ => {}
    }
    all
}
