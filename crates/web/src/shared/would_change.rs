//! What would change the advice: for supervisors and authors, never for whoever answers the questions.

use guidance::{Advice, Value};

/// What the advice would be, and the smallest changes that would make it so, each on its own; `answered` puts an answer in words.
pub fn would_change(
    advice: &Advice,
    answered: impl Fn(&str, &Value) -> String,
) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for change in &advice.would_change {
        let then: Vec<String> = change.then.iter().map(then_words).collect();
        let then = then.join(", and ");
        let facts: Vec<String> = change
            .changes
            .iter()
            .map(|(fact, value)| answered(fact, value))
            .collect();
        let facts = facts.join(" and ");
        match all.iter_mut().find(|(words, _)| *words == then) {
            Some((_, changes)) => changes.push(facts),
            None => all.push((then, vec![facts])),
        }
    }
    all
}

/// `class`, `aggravated` or `outcome_21`, `open` in words.
fn then_words((what, value): (&String, &String)) -> String {
    let value = value.replace('-', " ");
    match what.split_once('_') {
        Some(("outcome", code)) => format!("Outcome {code} would be {value}"),
        _ => format!("The report would be {value}"),
    }
}
