//! The shape of advice in JSON, which other systems read: the whole of one piece of advice against a file, and the fields of all of them
//! against the list of the contract. A field that is renamed, lost or new fails here.
//!
//! `UPDATE=1 cargo test -p guidance --test shape` writes the file again; read what changed before it is kept.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

const EXAMPLE: &str = "age-not-known-and-threatening";

/// The fields of the contract. `*` stands for an id or the name of a fact, `[]` for an entry of a list.
const CONTRACT: [&str; 71] = [
    "pack",
    "pack.id",
    "pack.version",
    "pack.digest",
    "class",
    "grounds",
    "grounds[].rule",
    "grounds[].because",
    "grounds[].because[].fact",
    "grounds[].because[].value",
    "grounds[].cites",
    "grounds[].says",
    "persons",
    "persons.*",
    "persons.*.class",
    "persons.*.harmed",
    "persons.*.suspect_role",
    "persons.*.grounds",
    "persons.*.grounds[].rule",
    "persons.*.grounds[].because",
    "persons.*.grounds[].because[].fact",
    "persons.*.grounds[].because[].value",
    "persons.*.grounds[].cites",
    "persons.*.grounds[].says",
    "duties",
    "duties[].id",
    "duties[].duty",
    "duties[].for",
    "duties[].strength",
    "duties[].state",
    "duties[].due",
    "duties[].cites",
    "duties[].says",
    "duties[].because",
    "duties[].because[].fact",
    "duties[].because[].value",
    "devices",
    "devices.*",
    "devices.*.advice",
    "devices.*.cites",
    "devices.*.because",
    "devices.*.because[].fact",
    "devices.*.because[].value",
    "outcomes",
    "outcomes[].code",
    "outcomes[].for",
    "outcomes[].state",
    "outcomes[].because",
    "outcomes[].because[].fact",
    "outcomes[].because[].value",
    "outcomes[].needs",
    "outcomes[].cites",
    "crime",
    "crime.record",
    "crime.classes",
    "crime.classes[].act",
    "crime.classes[].code",
    "crime.classes[].for",
    "crime.classes[].cites",
    "ask_next",
    "ask_next[].fact",
    "ask_next[].why",
    "would_change",
    "would_change[].if",
    "would_change[].if.*",
    "would_change[].then",
    "would_change[].then.class",
    "contradictions",
    "contradictions[].facts",
    "contradictions[].says",
    "",
];

/// What is given beyond the contract; other systems may pass it by.
const MORE: [&str; 41] = [
    "persons.*.harmed_because",
    "persons.*.harmed_because[].fact",
    "persons.*.harmed_because[].value",
    "persons.*.harmed_cites",
    "persons.*.suspect_role_because",
    "persons.*.suspect_role_because[].fact",
    "persons.*.suspect_role_because[].value",
    "persons.*.suspect_role_cites",
    "crime.because",
    "crime.because[].fact",
    "crime.because[].value",
    "crime.because_more",
    "crime.says",
    "crime.cites",
    "crime.classes[].because",
    "crime.classes[].because[].fact",
    "crime.classes[].because[].value",
    "why_not",
    "why_not[].rule",
    "why_not[].for",
    "why_not[].missing",
    "why_not[].missing[].fact",
    "why_not[].missing[].value",
    "why_not[].says",
    "duties[].provisional",
    "duties[].because_more",
    "devices.*.says",
    "outcomes[].says",
    "outcomes[].because_more",
    "outcomes[].needs_more",
    "would_change_more",
    "would_change_more[].then",
    "would_change_more[].then.class",
    "would_change_more[].more_than",
    "crime.classes[].from",
    "crime.classes[].until",
    "crime.classes[].confirm",
    "crime.classes[].confirm_because",
    "crime.classes[].confirm_because[].fact",
    "crime.classes[].confirm_because[].value",
    "",
];

/// Words that the contract lists for a field.
const WORDS: [(&str, &[&str]); 11] = [
    ("class", &["experimental", "aggravated", "undetermined"]),
    ("persons.*.class", &["experimental", "aggravated", "undetermined", "not-involved"]),
    ("persons.*.harmed", &["yes", "no", "undetermined"]),
    ("persons.*.suspect_role", &["never", "possible", "not-yet-known"]),
    ("duties[].strength", &["must", "should", "consider"]),
    ("duties[].state", &["due", "done", "not-yet-known"]),
    ("devices.*.advice", &["leave", "preserve", "seize-where-possible"]),
    ("outcomes[].state", &["open", "blocked", "not-yet"]),
    ("crime.record", &["yes", "no", "not-yet-known"]),
    ("would_change[].then.class", &["experimental", "aggravated"]),
    ("pack.id", &["cheshire"]),
];

/// Tables whose keys are ids or names of facts.
const BY_ID: [&str; 3] = ["persons", "devices", "would_change[].if"];

/// Every field of a value with the words it has, values of facts left out: they are whatever was said.
fn fields(path: &str, value: &Value, all: &mut BTreeSet<String>, words: &mut BTreeSet<(String, String)>) {
    if !path.ends_with("[]") {
        all.insert(path.to_owned());
    }
    match value {
        Value::Object(table) => {
            for (key, value) in table {
                let key = if BY_ID.contains(&path) { "*" } else { key };
                fields(&if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }, value, all, words);
            }
        }
        Value::Array(list) if !path.ends_with(".value") => {
            list.iter().for_each(|entry| fields(&format!("{path}[]"), entry, all, words));
        }
        Value::String(word) => {
            words.insert((path.to_owned(), word.clone()));
        }
        _ => {}
    }
}

#[test]
fn the_fields_are_those_of_the_contract() {
    let pack = common::cheshire();
    let (mut found, mut words) = (BTreeSet::new(), BTreeSet::new());
    for (_, facts) in common::turn::examples(&pack) {
        let advice = serde_json::to_value(pack.advise(&pack.case(facts))).unwrap();
        fields("", &advice, &mut found, &mut words);
    }
    let listed: BTreeSet<String> = CONTRACT.iter().chain(&MORE).map(|field| (*field).to_owned()).collect();
    let new: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "not in the contract: {new:?}\nnever given: {gone:?}");
    for (field, listed) in WORDS {
        let found: BTreeSet<&str> = words.iter().filter(|(at, _)| at == field).map(|(_, word)| word.as_str()).collect();
        assert_eq!(found, listed.iter().copied().collect(), "{field}");
    }
}

#[test]
fn one_piece_of_advice_is_exactly_this() {
    let pack = common::cheshire();
    let text = std::fs::read_to_string(common::folder().join(format!("examples/{EXAMPLE}.toml"))).unwrap();
    let mut advice = serde_json::to_value(pack.advise(&pack.case(pack.read_toml(&text).unwrap()))).unwrap();
    // The digest is another with every word of the pack; its form is the contract's.
    let digest = advice["pack"]["digest"].take();
    let digits = digest.as_str().unwrap().strip_prefix("sha256:").unwrap();
    assert!(digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)), "{digits}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/shape/{EXAMPLE}.json"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&advice).unwrap())).unwrap();
    }
    let wanted: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&advice), keys(&wanted));
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(&advice[key], value, "{key}");
    }
}
