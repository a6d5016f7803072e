//! Reports written down as answers: TOML, JSON, and one JSON a line. What is taken gets advice.

use std::rc::Rc;

use guidance::Pack;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use super::{Target, Was};
use crate::corpus;
use crate::mutate::{self, Chance};

/// Inputs that are made from one structure by changing its bytes, after the structure itself.
const VARIANTS: usize = 12;

thread_local! {
    static PACK: Rc<Pack> = Rc::new(corpus::pack());
}

fn pack() -> Rc<Pack> {
    PACK.with(Rc::clone)
}

/// Reads it as each of the forms it could be.
fn read(pack: &Pack, input: &[u8]) -> Was {
    let Ok(text) = std::str::from_utf8(input) else {
        return Was::Refused;
    };
    let mut taken = false;
    for read in [pack.read_toml(text), pack.read_json(text)] {
        match read {
            Ok(facts) => {
                taken = true;
                let again = pack.check(&facts);
                if let Err(problems) = again {
                    return Was::Wrong(format!("what was read is refused when checked: {problems:?}"));
                }
                let advice = pack.advise(&pack.case(facts));
                if serde_json::to_vec(&advice).is_err() {
                    return Was::Wrong("its advice cannot be written as JSON".to_owned());
                }
            }
            Err(problems) if problems.is_empty() => {
                return Was::Wrong("refused without a reason".to_owned());
            }
            Err(_) => {}
        }
    }
    if taken { Was::Taken } else { Was::Refused }
}

/// Every name and every word that the examples use.
fn vocabulary() -> (Vec<String>, Vec<String>) {
    let (mut names, mut words) = (Vec::new(), Vec::new());
    let mut learn = |table: &serde_json::Map<String, Value>| {
        for (name, value) in table {
            names.push(name.clone());
            match value {
                Value::String(word) => words.push(word.clone()),
                Value::Array(all) => words.extend(all.iter().filter_map(Value::as_str).map(str::to_owned)),
                _ => {}
            }
        }
    };
    for text in corpus::examples() {
        let Ok(Value::Object(all)) = serde_json::from_str(&text) else {
            continue;
        };
        for part in all.values() {
            match part {
                Value::Object(table) => learn(table),
                Value::Array(tables) => tables.iter().filter_map(Value::as_object).for_each(&mut learn),
                _ => {}
            }
        }
    }
    for all in [&mut names, &mut words] {
        all.sort();
        all.dedup();
    }
    (names, words)
}

/// A report of any shape, mostly of one that could be.
fn reports() -> BoxedStrategy<Value> {
    let (names, words) = vocabulary();
    let name = prop_oneof![12 => select(names), 1 => "[a-z_.:\\PC]{0,40}"];
    let word = prop_oneof![
        8 => select(words),
        4 => select(vec!["yes", "no", "not-known", "child", "adult", "A", "B"]).prop_map(str::to_owned),
        1 => "\\PC{0,60}",
    ];
    let value = prop_oneof![
        8 => word.clone().prop_map(Value::from),
        3 => (-3_i64..140).prop_map(Value::from),
        3 => vec(word, 0..5).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => vec(any::<u8>(), 0..3).prop_map(|all| serde_json::json!([{ "nested": all }])),
    ];
    let facts = btree_map(name, value, 0..16).prop_map(|all| all.into_iter().collect::<serde_json::Map<_, _>>());
    let entity = (facts.clone(), prop_oneof![9 => "[A-E]", 1 => "\\PC{0,40}"]).prop_map(|(mut facts, id)| {
        facts.insert("id".to_owned(), Value::from(id));
        Value::Object(facts)
    });
    let people = prop_oneof![20 => vec(entity.clone(), 0..5), 1 => vec(entity.clone(), 55..70)];
    let done = vec("[a-z-]{1,12}(:[A-E])?", 0..4);
    (facts, people, vec(entity, 0..3), done)
        .prop_map(|(report, person, device, done)| {
            serde_json::json!({ "report": report, "person": person, "device": device, "done": done })
        })
        .boxed()
}

/// Made from the structure, then changed.
pub struct Made {
    runner: TestRunner,
    reports: BoxedStrategy<Value>,
    chance: Chance,
    base: Vec<u8>,
    left: usize,
}

impl Made {
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Self {
            runner: TestRunner::new_with_rng(Config::default(), rng),
            reports: reports(),
            chance: Chance::new(seed),
            base: Vec::new(),
            left: 0,
        }
    }
}

impl Target for Made {
    fn name(&self) -> &'static str {
        "facts made"
    }

    fn input(&mut self) -> Vec<u8> {
        if self.left == 0 {
            let report = self.reports.new_tree(&mut self.runner).unwrap().current();
            let as_toml = self.chance.below(2) == 0;
            let text = as_toml.then(|| toml::to_string(&report).ok()).flatten();
            self.base = text.unwrap_or_else(|| report.to_string()).into_bytes();
            self.left = VARIANTS;
            return self.base.clone();
        }
        self.left -= 1;
        let mut input = self.base.clone();
        mutate::bytes(&mut input, &self.base, &mut self.chance);
        input
    }

    fn run(&mut self, input: &[u8]) -> Was {
        read(&pack(), input)
    }
}

/// Worked examples, changed.
pub struct Mutated {
    examples: Vec<String>,
    chance: Chance,
}

impl Mutated {
    pub fn new(seed: u64) -> Self {
        Self { examples: corpus::examples(), chance: Chance::new(seed ^ 1) }
    }
}

impl Target for Mutated {
    fn name(&self) -> &'static str {
        "facts changed"
    }

    fn input(&mut self) -> Vec<u8> {
        let chance = &mut self.chance;
        let (text, other) = (chance.one(&self.examples).clone(), chance.one(&self.examples).clone());
        if chance.below(4) == 0 {
            return mutate::lines(&text, &other, chance).into_bytes();
        }
        let mut input = text.into_bytes();
        mutate::bytes(&mut input, other.as_bytes(), chance);
        input
    }

    fn run(&mut self, input: &[u8]) -> Was {
        read(&pack(), input)
    }
}
