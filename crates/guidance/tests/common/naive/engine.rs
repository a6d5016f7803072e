//! What the engine concludes, held against the naive evaluator.

use guidance::{Facts, Pack};

use super::conclusions::Conclusions;

/// The engine's advice in the words of the naive evaluator; what the contract page does not name is left out.
pub fn engine(pack: &Pack, facts: &Facts) -> Conclusions {
    let advice = pack.advise(&pack.case(facts.clone()));
    let mut all = Conclusions::new();
    all.insert("class".to_owned(), advice.class.to_string());
    for (id, person) in &advice.persons {
        all.insert(format!("{id} class"), person.class.to_string());
        all.insert(format!("{id} harmed"), person.harmed.to_string());
        all.insert(format!("{id} suspect"), person.suspect_role.to_string());
    }
    for duty in advice.duties.iter().filter(|duty| duty.duty != "education-support") {
        all.insert(duty.id.to_string(), duty.state.to_string());
        if duty.id.starts_with("checks:") {
            all.insert(format!("due {}", duty.id), duty.due.to_string());
        }
    }
    for (id, device) in &advice.devices {
        all.insert(format!("device {id}"), device.advice.to_string());
    }
    for outcome in &advice.outcomes {
        let whom = outcome.subject.as_ref().map_or_else(String::new, |subject| format!(" {subject}"));
        all.insert(format!("outcome {}{whom}", outcome.code), outcome.state.to_string());
    }
    all.insert("crime".to_owned(), advice.crime.record.to_string());
    for class in &advice.crime.classes {
        if let Some(code @ ("86/2" | "86/10" | "71/17")) = class.code.as_deref() {
            let whom = class.subject.as_deref().unwrap_or("nobody");
            all.insert(format!("code {code} for {whom}"), "yes".to_owned());
            if class.confirm.is_some() {
                all.insert(format!("confirm {code} for {whom}"), "yes".to_owned());
            }
        }
    }
    if advice.contradictions.iter().any(|c| {
        let of_somebody = |fact: &String| fact.ends_with(".part") || fact.ends_with(".without_knowledge_or_consent");
        c.facts.iter().any(|fact| fact == "report.imagery") && c.facts.iter().any(of_somebody)
    }) {
        all.insert("contradiction imagery".to_owned(), "yes".to_owned());
    }
    all
}

/// Where they differ, one line each.
pub fn differences(naive: &Conclusions, engine: &Conclusions) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = naive.keys().chain(engine.keys()).collect();
    let shown = |value: Option<&String>| value.map_or("nothing", String::as_str).to_owned();
    names
        .into_iter()
        .filter(|name| naive.get(*name) != engine.get(*name))
        .map(|name| format!("{name}: naive {}, engine {}", shown(naive.get(name)), shown(engine.get(name))))
        .collect()
}
