//! Reports made small enough for every completion to be tried.

use guidance::{Facts, Value};

use super::{Naive, Open, PARTS, PERSON, REPORT};
use crate::common::random::Rng;

/// Answers what is open at random until there are few enough completions to try all.
pub fn settle(rng: &mut Rng, facts: &mut Facts, most: usize) {
    loop {
        let naive = Naive::new(facts);
        if naive.ways() <= most {
            return;
        }
        let open = naive.open();
        let word = Value::word(if rng.chance(15) { "yes" } else { "no" });
        // Parts that are not known are rare enough: other facts are answered first.
        let plain: Vec<Open> = open.iter().filter(|what| !matches!(what, Open::Part(..))).cloned().collect();
        match rng.pick(if plain.is_empty() { &open } else { &plain }) {
            Open::Report(at) => {
                let name = REPORT.get(at).copied().unwrap_or("outcome_decided");
                let word = if name == "outcome_decided" { Value::word("21") } else { word };
                facts.report.insert(name.to_owned(), word);
            }
            Open::Fact(who, at) => {
                let word =
                    if matches!(PERSON[at], "aware" | "willing" | "identified") { Value::word("yes") } else { word };
                facts.person[who].facts.insert(PERSON[at].to_owned(), word);
            }
            Open::Age(who, ages) => {
                let years = rng.pick(&ages);
                facts.person[who].facts.insert("age".to_owned(), Value::Years(years));
            }
            Open::Part(who, _) => {
                let words = PARTS.iter().filter(|_| rng.chance(30)).map(|part| (*part).to_owned()).collect();
                facts.person[who].facts.insert("part".to_owned(), Value::Words(words));
            }
        }
    }
}
