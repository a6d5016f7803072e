//! The hand-written class is only worth comparing with while it is right: it must agree with the engine on
//! every worked example and on many variations of them.
//!
//! Where the two differ, guidance/cheshire and its worked examples decide who is wrong.

use std::collections::BTreeMap;
use std::path::Path;

use guidance::{Facts, Pack, Value};

use crate::hand::{Class, Packed};
use crate::{Failed, Scale, advice};

/// Variations of the examples.
const VARIATIONS: usize = 50_000;

/// Compares the two.
pub fn check(root: &Path, scale: Scale) -> Result<(), Failed> {
    let pack = advice::load(&advice::files(root)?)?;
    let examples = advice::examples(root, &pack)?;
    for facts in &examples {
        same(&pack, facts)?;
    }
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let many = VARIATIONS / scale.less;
    for _ in 0..many {
        let Some(facts) = examples.get(dice.below(examples.len())) else {
            break;
        };
        same(&pack, &vary(facts, &mut dice))?;
    }
    println!(
        "the hand-written class agrees with the engine on {} examples and {many} variations of them",
        examples.len()
    );
    Ok(())
}

fn same(pack: &Pack, facts: &Facts) -> Result<(), Failed> {
    let case = pack.check(facts).map_err(advice::said)?;
    let ours = pack.class_of(&case).to_string();
    let hand = match Packed::new(facts).class() {
        Class::Experimental => "experimental",
        Class::Aggravated => "aggravated",
        Class::Undetermined => "undetermined",
    };
    if ours == hand { Ok(()) } else { Err(format!("by hand {hand}, by the engine {ours}: {facts:?}").into()) }
}

/// Some answers turned, given as not known or never asked.
fn vary(facts: &Facts, dice: &mut Dice) -> Facts {
    let mut facts = facts.clone();
    let often = dice.below(5);
    let people = facts.person.iter_mut().map(|person| &mut person.facts);
    for answers in std::iter::once(&mut facts.report).chain(people) {
        turn(answers, often, dice);
    }
    facts
}

fn turn(answers: &mut BTreeMap<String, Value>, often: usize, dice: &mut Dice) {
    let names: Vec<String> = answers.keys().cloned().collect();
    for name in names {
        if dice.below(10) >= often {
            continue;
        }
        let yes_or_no = answers.get(&name).and_then(Value::as_word).is_some_and(|word| ["yes", "no"].contains(&word));
        let other = match (name.as_str(), dice.below(4)) {
            ("age", 0) => Some(Value::Years(dice.below(30) as u8)),
            ("age", 1) => Some(Value::word("child")),
            ("age", 2) => Some(Value::word("not-known")),
            (_, 0) if yes_or_no => Some(Value::word("yes")),
            (_, 1) if yes_or_no => Some(Value::word("no")),
            (_, 2) if yes_or_no => Some(Value::word("not-known")),
            _ => None,
        };
        match other {
            Some(value) => answers.insert(name, value),
            None => answers.remove(&name),
        };
    }
}

/// xorshift64*: small, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize) % end.max(1)
    }
}
