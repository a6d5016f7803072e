//! Every duty, outcome, route and piece of advice that the pack names is reached among its worked examples, and is also not reached;
//! and every outcome is expected by hand in each state it can have.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use guidance::{Advice, Facts};
use toml::Table;

/// What was met, in words such as "duty vpa due".
type Met = BTreeSet<String>;

/// An outcome that can not have a state, and why.
const NEVER: [(&str, &str); 1] =
    [("outcome 3 for a child open", "an adult caution is for an adult; outcomes are answered for children")];

fn entries<'t>(files: &'t BTreeMap<String, Table>, file: &str, table: &str) -> &'t [toml::Value] {
    files[file][table].as_array().unwrap()
}

fn word<'t>(entry: &'t toml::Value, key: &str) -> &'t str {
    entry.get(key).and_then(toml::Value::as_str).unwrap_or_default()
}

fn tables(text: &[(String, String)]) -> BTreeMap<String, Table> {
    text.iter().map(|(name, text)| (name.clone(), text.parse().unwrap())).collect()
}

fn whom(for_child: bool) -> &'static str {
    if for_child { "for a child" } else { "for the report" }
}

/// The states that an outcome can have, as far as its own table says.
fn states(outcome: &toml::Value, code: &str, whom: &str) -> Vec<String> {
    let key = if whom == "for a child" { "child" } else { "report" };
    let conditions = |kind: &str| outcome.get(kind).and_then(toml::Value::as_array).into_iter().flatten();
    let may_block = conditions("blocked").any(|condition| word(condition, "for") == key);
    let mut states = vec!["open", "not-yet"];
    states.extend(may_block.then_some("blocked"));
    let named = states.into_iter().map(|state| format!("outcome {code} {whom} {state}"));
    named.filter(|name| NEVER.iter().all(|(never, _)| never != name)).collect()
}

fn outcomes(files: &BTreeMap<String, Table>) -> Vec<String> {
    let each = |outcome: &toml::Value| -> Vec<String> {
        let code = word(outcome, "code");
        let for_whom = outcome["for"].as_array().unwrap().iter();
        for_whom.flat_map(|one| states(outcome, code, whom(one.as_str() == Some("child")))).collect()
    };
    entries(files, "outcomes.toml", "outcome").iter().flat_map(each).collect()
}

/// Everything that has to come up, read from the pack's own tables.
fn wanted(files: &BTreeMap<String, Table>) -> Vec<String> {
    let mut all = outcomes(files);
    for duty in entries(files, "duties.toml", "duty") {
        let id = word(duty, "id");
        all.extend(["due", "done"].map(|state| format!("duty {id} {state}")));
        // One that is always raised can not be absent, and a precaution is due as soon as it may be needed.
        if word(duty, "when") != "always" {
            all.push(format!("duty {id} absent"));
            let not_settled = if duty.get("precautionary").is_some() { "provisional" } else { "not-yet-known" };
            all.push(format!("duty {id} {not_settled}"));
        }
        for at in 1..=duty.get("due_when").and_then(toml::Value::as_array).map_or(0, Vec::len) {
            all.extend(["holds", "absent"].map(|state| format!("time due-{id}-{at} {state}")));
        }
    }
    for crime in entries(files, "crime.toml", "crime").iter().filter(|crime| crime.get("unsure").is_some()) {
        all.extend(["holds", "absent"].map(|state| format!("crime {} confirmed {state}", word(crime, "id"))));
    }
    for (kind, file, table) in [
        ("rule", "classification.toml", "rule"),
        ("rule", "classification.toml", "ground"),
        ("contradiction", "classification.toml", "contradiction"),
        ("device rule", "devices.toml", "device"),
        ("crime", "crime.toml", "crime"),
    ] {
        for entry in entries(files, file, table) {
            all.extend(["holds", "absent"].map(|state| format!("{kind} {} {state}", word(entry, "id"))));
        }
    }
    all.extend(["holds", "absent"].map(|state| format!("somebody who is not entered {state}")));
    let words = |what: &str, words: &[&str]| words.iter().map(|word| format!("{what} {word}")).collect::<Vec<_>>();
    all.extend(words("class", &["experimental", "aggravated", "undetermined"]));
    all.extend(words("class of a person", &["experimental", "aggravated", "undetermined", "not-involved"]));
    all.extend(words("harmed", &["yes", "no", "undetermined"]));
    all.extend(words("suspect", &["never", "possible", "not-yet-known"]));
    all.extend(words("crime recorded", &["yes", "no", "not-yet-known"]));
    all.extend(words("outcomes of a person", &["answered", "not answered"]));
    all.extend(words("age appropriate", &["asked", "not asked"]));
    all
}

/// What one example meets. What is there only for some of those it could be about is met as absent too.
fn met(files: &BTreeMap<String, Table>, facts: &Facts, advice: &Advice, met: &mut Met) {
    for duty in entries(files, "duties.toml", "duty") {
        let id = word(duty, "id");
        let raised: Vec<_> = advice.duties.iter().filter(|raised| raised.duty == id).collect();
        met.extend(raised.iter().map(|raised| format!("duty {id} {}", raised.state)));
        met.extend(raised.iter().filter(|raised| raised.provisional).map(|_| format!("duty {id} provisional")));
        let could = match word(duty, "scope") {
            "person" => facts.person.len(),
            "device" => facts.device.len(),
            _ => 1,
        };
        met.extend((raised.len() < could).then(|| format!("duty {id} absent")));
    }
    for outcome in &advice.outcomes {
        met.insert(format!("outcome {} {} {}", outcome.code, whom(outcome.subject.is_some()), outcome.state));
    }
    let mut either = |what: &str, holds: bool, absent: bool| {
        met.extend(holds.then(|| format!("{what} holds")));
        met.extend(absent.then(|| format!("{what} absent")));
    };
    for table in ["rule", "ground"] {
        for rule in entries(files, "classification.toml", table) {
            let id = word(rule, "id");
            let of: Vec<bool> = match word(rule, "scope") {
                "person" => advice.persons.values().map(|p| p.grounds.iter().any(|g| g.rule == id)).collect(),
                _ => vec![advice.grounds.iter().any(|ground| ground.rule == id)],
            };
            either(&format!("rule {id}"), of.contains(&true), of.contains(&false));
        }
    }
    for rule in entries(files, "classification.toml", "contradiction") {
        let listed = advice.contradictions.iter().any(|c| c.says == word(rule, "says"));
        either(&format!("contradiction {}", word(rule, "id")), listed, !listed);
    }
    for rule in entries(files, "devices.toml", "device") {
        let of: Vec<bool> = advice.devices.values().map(|device| device.says == word(rule, "says")).collect();
        either(&format!("device rule {}", word(rule, "id")), of.contains(&true), of.contains(&false));
    }
    for duty in entries(files, "duties.toml", "duty") {
        let of = || advice.duties.iter().filter(|raised| raised.duty == word(duty, "id"));
        for at in 1..=duty.get("due_when").and_then(toml::Value::as_array).map_or(0, Vec::len) {
            let id = format!("due-{}-{at}", word(duty, "id"));
            either(&format!("time {id}"), of().any(|raised| raised.time == id), of().any(|raised| raised.time != id));
        }
    }
    for crime in entries(files, "crime.toml", "crime").iter().filter(|crime| crime.get("unsure").is_some()) {
        let of: Vec<bool> =
            advice.crime.classes.iter().filter(|c| c.act == word(crime, "act")).map(|c| c.confirm.is_some()).collect();
        either(&format!("crime {} confirmed", word(crime, "id")), of.contains(&true), of.contains(&false));
    }
    for rule in entries(files, "crime.toml", "crime") {
        let listed = advice.crime.classes.iter().any(|class| class.act == word(rule, "act"));
        either(&format!("crime {}", word(rule, "id")), listed, !listed);
    }
    either("somebody who is not entered", !advice.crime.says.is_empty(), advice.crime.says.is_empty());
    met.insert(format!("class {}", advice.class));
    met.insert(format!("crime recorded {}", advice.crime.record));
    for (id, person) in &advice.persons {
        met.insert(format!("class of a person {}", person.class));
        met.insert(format!("harmed {}", person.harmed));
        met.insert(format!("suspect {}", person.suspect_role));
        let answered = advice.outcomes.iter().any(|outcome| outcome.subject.as_deref() == Some(id.as_str()));
        met.insert(format!("outcomes of a person {}", if answered { "answered" } else { "not answered" }));
    }
    let asked = advice.ask_next.iter().any(|ask| ask.fact == "report.age_appropriate");
    met.insert(format!("age appropriate {}", if asked { "asked" } else { "not asked" }));
}

/// The outcomes that somebody wrote into the `[expect]` of an example, `outcome_21` for the report's among them.
fn by_hand(example: &str, met: &mut Met) {
    let example: Table = example.parse().unwrap();
    let expect = example["expect"].as_table().unwrap();
    if let Some(state) = expect.get("outcome_21") {
        met.insert(format!("outcome 21 for the report {}", state.as_str().unwrap()));
    }
    for (code, state) in expect.get("outcomes").and_then(toml::Value::as_table).into_iter().flatten() {
        let number = code.split(':').next().unwrap();
        met.insert(format!("outcome {number} {} {}", whom(code.contains(':')), state.as_str().unwrap()));
    }
}

fn missing(wanted: &[String], met: &Met) -> Vec<String> {
    wanted.iter().filter(|what| !met.contains(*what)).cloned().collect()
}

#[test]
fn everything_the_pack_names_is_reached_both_ways_by_an_example() {
    let files = tables(&common::files(&common::folder()));
    let pack = common::cheshire();
    let mut reached = Met::new();
    for (_, text) in common::files(&common::folder().join("examples")) {
        let facts = pack.read_toml(&text).unwrap();
        met(&files, &facts, &pack.advise(&pack.case(facts.clone())), &mut reached);
    }
    let wanted = wanted(&files);
    assert!(wanted.len() > 200, "only {} are looked for", wanted.len());
    let missing = missing(&wanted, &reached);
    assert!(missing.is_empty(), "no example reaches:\n{}", missing.join("\n"));
    for (what, why) in NEVER {
        assert!(!reached.contains(what), "{what} is reached, though {why}");
    }
}

#[test]
fn every_outcome_is_expected_by_hand_in_each_of_its_states() {
    let mut reached = Met::new();
    for (_, text) in common::files(&common::folder().join("examples")) {
        by_hand(&text, &mut reached);
    }
    let missing = missing(&outcomes(&tables(&common::files(&common::folder()))), &reached);
    assert!(missing.is_empty(), "no example expects:\n{}", missing.join("\n"));
}

#[test]
fn every_duty_is_expected_by_hand_both_ways() {
    let mut reached = Met::new();
    for (_, text) in common::files(&common::folder().join("examples")) {
        let example: Table = text.parse().unwrap();
        for key in ["duties", "no_duties"] {
            for id in example["expect"].get(key).and_then(toml::Value::as_array).into_iter().flatten() {
                reached.insert(format!("{key} {}", id.as_str().unwrap().split(':').next().unwrap()));
            }
        }
    }
    let files = tables(&common::files(&common::folder()));
    let mut wanted = Vec::new();
    for duty in entries(&files, "duties.toml", "duty") {
        let id = duty.get("id_as").map_or(word(duty, "id"), |shown| shown.as_str().unwrap());
        let id = id.split(':').next().unwrap();
        wanted.push(format!("duties {id}"));
        if word(duty, "when") != "always" {
            wanted.push(format!("no_duties {id}"));
        }
    }
    let missing = missing(&wanted, &reached);
    assert!(missing.is_empty(), "no example expects:\n{}", missing.join("\n"));
}
