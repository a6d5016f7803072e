//! The answer the solver found last, as a report in which everything is answered.

use guidance::{Entity, Facts, Value};

use super::{About, PEOPLE, Sat, list, word};
use crate::common::random::{PERSON_DUTIES, REPORT_DUTIES};

/// Ids of the people, in the order of the solver.
pub const IDS: [&str; PEOPLE] = ["A", "B", "C"];

pub fn facts(sat: &Sat) -> Facts {
    let mut facts = Facts::default();
    let holds =
        |what: &str, about: About| sat.vars().get(&format!("{what} {about:?}")).is_some_and(|lit| sat.holds(*lit));
    facts.report = answers(sat, About::Report, "report");
    facts.done.extend(
        REPORT_DUTIES
            .iter()
            .filter(|id| holds(&format!("done {}", id.replace(':', "-")), About::Report))
            .map(|id| (*id).to_owned()),
    );
    for (who, id) in IDS.into_iter().enumerate() {
        let about = About::Person(who);
        facts.person.push(Entity { id: id.to_owned(), facts: answers(sat, about, "person") });
        let done = PERSON_DUTIES.iter().filter(|duty| holds(&format!("done {duty}"), about));
        facts.done.extend(done.map(|duty| format!("{duty}:{id}")));
    }
    let mut device = Entity { id: "D".to_owned(), facts: answers(sat, About::Device, "device") };
    let owners = (0..PEOPLE).filter(|who| holds(&format!("owner {who}"), About::Device)).map(|who| IDS[who].to_owned());
    device.facts.insert("used_or_owned_by".to_owned(), Value::Words(owners.collect()));
    facts.device.push(device);
    if holds("done device-decision", About::Device) {
        facts.done.push("device-decision:D".to_owned());
    }
    facts
}

/// Everything that is answered of one of them; what the solver never looked at is no.
fn answers(sat: &Sat, about: About, scope: &str) -> std::collections::BTreeMap<String, Value> {
    let holds = |what: String| sat.vars().get(&format!("{what} {about:?}")).is_some_and(|lit| sat.holds(*lit));
    let answer = |fact: &toml::Value| {
        let name = word(fact, "name");
        let values = fact.get("values").and_then(toml::Value::as_array).into_iter().flatten();
        let held: Vec<String> = values
            .filter_map(toml::Value::as_str)
            .filter(|value| holds(format!("{name} {value}")))
            .map(str::to_owned)
            .collect();
        let value = match word(fact, "kind") {
            "yes-no" => Value::word(if holds(format!("{name} yes")) { "yes" } else { "no" }),
            "choice" => Value::word(held.first()?),
            "set" => Value::Words(held),
            "age" => {
                let years = sat.thresholds().iter().filter(|years| holds(format!("at least {years}"))).max();
                Value::Years(years.copied().unwrap_or(5))
            }
            _ => return None,
        };
        Some((name.to_owned(), value))
    };
    let facts = list(&sat.files["facts.toml"], "fact").iter();
    facts.filter(|fact| word(fact, "scope") == scope).filter_map(answer).collect()
}
