//! What would change the advice: for supervisors and authors, never for whoever answers the questions.

use guidance::{Advice, Value};

/// What the advice would be, and the smallest changes that would make it so, each on its own; `answered` puts an answer in words.
pub fn would_change(advice: &Advice, answered: impl Fn(&str, &Value) -> String) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for change in &advice.would_change {
        let then: Vec<String> = change.then.iter().map(then_words).collect();
        let then = then.join(", and ");
        let facts: Vec<String> = change.changes.iter().map(|(fact, value)| answered(fact, value)).collect();
        let facts = facts.join(" and ");
        match all.iter_mut().find(|(words, _)| *words == then) {
            Some((_, changes)) => changes.push(facts),
            None => all.push((then, vec![facts])),
        }
    }
    // What is not listed is counted on its own, so that the number of those that are stays right.
    for more in &advice.would_change_more {
        let then: Vec<String> = more.then.iter().map(then_words).collect();
        let most = more.more_than;
        let says = match more.sets {
            0 => format!("No change of up to {most} answers was found that does this; more than {most} together would"),
            1 => "One more answer, or answers together, which is not listed".to_owned(),
            sets => {
                format!("One of {sets} more answers, or answers together, which are not listed")
            }
        };
        all.push((then.join(", and "), vec![says]));
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
