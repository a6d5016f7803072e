//! The mutants of a pack: every condition with one part dropped, one part negated, or made to hold always or never, every rule and need left
//! out, and what a rule says beside its condition changed.

use std::collections::BTreeMap;

use super::lang;

/// One change of the pack.
pub struct Mutant {
    /// Where and what, `duties.toml vpa: when: negate named_child`.
    pub name: String,
    pub file: String,
    pub text: String,
}

/// A path to an entry: keys and positions, `["duty", 3, "when"]`.
pub type Path2 = Vec<Step>;
#[derive(Clone)]
pub enum Step {
    Key(&'static str),
    At(usize),
}

/// What stands there.
pub fn at<'v>(value: &'v mut toml::Value, path: &[Step]) -> &'v mut toml::Value {
    path.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[*key],
        Step::At(at) => &mut value[*at],
    })
}

/// Files with conditions.
pub const FILES: [&str; 5] = ["classification.toml", "duties.toml", "devices.toml", "outcomes.toml", "crime.toml"];
const TABLES: [(&str, &str); 14] = [
    ("define", "when"),
    ("rule", "when"),
    ("ground", "when"),
    ("contradiction", "when"),
    ("duty", "when"),
    ("duty", "precaution_for"),
    ("device", "when"),
    ("outcome", "when"),
    ("crime", "when"),
    ("suspect", "never"),
    ("suspect", "possible"),
    ("answered", "when"),
    ("attribute", "when"),
    ("record", "when"),
];

/// Every condition of a file: a name for it and where it stands.
pub fn conditions(root: &toml::Value) -> Vec<(String, Path2)> {
    let mut all = Vec::new();
    for (table, key) in TABLES {
        match root.get(table) {
            Some(toml::Value::Table(_)) => all.push((format!("{table} {key}"), vec![Step::Key(table), Step::Key(key)])),
            Some(toml::Value::Array(entries)) => {
                for (nth, entry) in entries.iter().enumerate() {
                    let id = entry.get("id").or_else(|| entry.get("code")).and_then(toml::Value::as_str).unwrap();
                    let path = vec![Step::Key(table), Step::At(nth)];
                    if table == "outcome" {
                        for list in ["blocked", "requires"] {
                            let count = entry.get(list).and_then(toml::Value::as_array).map_or(0, Vec::len);
                            for condition in 0..count {
                                let whom = entry[list][condition]["for"].as_str().unwrap();
                                let mut path = path.clone();
                                path.extend([Step::Key(list), Step::At(condition), Step::Key("when")]);
                                all.push((format!("outcome {id} {list} {condition} for {whom}"), path));
                            }
                        }
                    } else if entry.get(key).is_some() {
                        let mut path = path.clone();
                        path.push(Step::Key(key));
                        let named = if key == "when" { table.to_owned() } else { format!("{table} {key}") };
                        all.push((format!("{named} {id}"), path));
                    }
                    if key == "when" {
                        all.extend(inner(table, id, nth, entry));
                    }
                }
            }
            _ => {}
        }
    }
    all
}

/// The conditions inside an entry: of the further times of a duty and what it asks, and of where a class is not sure.
fn inner(table: &'static str, id: &str, nth: usize, entry: &toml::Value) -> Vec<(String, Path2)> {
    let of = |steps: &[Step]| [&[Step::Key(table), Step::At(nth)], steps, &[Step::Key("when")]].concat();
    let times = entry.get("due_when").and_then(toml::Value::as_array).map_or(0, Vec::len);
    let times =
        (0..times).map(|time| (format!("{table} {id} due_when {time}"), of(&[Step::Key("due_when"), Step::At(time)])));
    let unsure = entry.get("unsure").map(|_| (format!("{table} {id} unsure"), of(&[Step::Key("unsure")])));
    let asks = entry.get("asks").map(|_| (format!("{table} {id} asks"), of(&[Step::Key("asks")])));
    times.chain(unsure).chain(asks).collect()
}

/// What a rule says beside its condition: what is changed, where, and to what; nothing where it is left out.
fn beside(entry: &toml::Value) -> Vec<(String, &'static str, Option<toml::Value>)> {
    let mut all = Vec::new();
    if let Some(strength) = entry.get("strength").and_then(toml::Value::as_str) {
        let other = if strength == "must" { "should" } else { "must" };
        all.push((format!("strength {other}"), "strength", Some(other.into())));
        // What always holds is no precaution.
        if entry["when"].as_str() != Some("always") {
            let other = entry.get("precautionary").is_none();
            all.push((format!("precautionary {other}"), "precautionary", Some(other.into())));
        }
    }
    if let Some(due) = entry.get("due").and_then(toml::Value::as_str) {
        let other = if due == "after-outcome" { "before-outcome" } else { "after-outcome" };
        all.push((format!("due {other}"), "due", Some(other.into())));
    }
    for key in ["from", "until"].into_iter().filter(|key| entry.get(key).is_some()) {
        all.push((format!("leave out {key}"), key, None));
    }
    all
}

/// All of one file.
pub fn mutants_of(file: &str, text: &str) -> Vec<Mutant> {
    let root: toml::Value = toml::Value::Table(text.parse().unwrap());
    let mut all = Vec::new();
    let mut add = |name: String, root: &toml::Value| {
        all.push(Mutant {
            name: format!("{file} {name}"),
            file: file.to_owned(),
            text: toml::to_string(root).unwrap(),
        });
    };
    for (name, path) in conditions(&root) {
        let written = at(&mut root.clone(), &path).as_str().unwrap().to_owned();
        let parsed = lang::parse(&written);
        let mut made = lang::mutants(&parsed);
        for whole in [lang::C::Const(true), lang::C::Const(false)] {
            if whole != parsed {
                made.push((whole.to_string(), whole));
            }
        }
        let mut named: BTreeMap<String, usize> = BTreeMap::new();
        for (what, condition) in made {
            // The same part may stand in a condition more than once.
            let nth = named.entry(what.clone()).or_default();
            *nth += 1;
            let what = if *nth == 1 { what } else { format!("{what} ({nth})") };
            let mut changed = root.clone();
            *at(&mut changed, &path) = toml::Value::String(condition.to_string());
            add(format!("{name}: {what}"), &changed);
        }
    }
    for table in ["rule", "ground", "duty", "device", "crime", "contradiction", "outcome"] {
        for nth in 0..root.get(table).and_then(toml::Value::as_array).map_or(0, Vec::len) {
            let mut changed = root.clone();
            let entry = changed[table].as_array_mut().unwrap().remove(nth);
            let id = entry.get("id").or_else(|| entry.get("code")).and_then(toml::Value::as_str).unwrap();
            add(format!("{table} {id}: leave out"), &changed);
            for (what, key, other) in beside(&entry) {
                let mut changed = root.clone();
                let entry = changed[table][nth].as_table_mut().unwrap();
                match other {
                    Some(other) => entry.insert(key.to_owned(), other),
                    None => entry.remove(key),
                };
                add(format!("{table} {id}: {what}"), &changed);
            }
        }
    }
    for (nth, duty) in root.get("duty").and_then(toml::Value::as_array).into_iter().flatten().enumerate() {
        for time in 0..duty.get("due_when").and_then(toml::Value::as_array).map_or(0, Vec::len) {
            let id = duty["id"].as_str().unwrap();
            let mut changed = root.clone();
            changed["duty"][nth]["due_when"].as_array_mut().unwrap().remove(time);
            add(format!("duty {id} due_when {time}: leave out"), &changed);
            let mut changed = root.clone();
            let entry = changed["duty"][nth]["due_when"][time].as_table_mut().unwrap();
            entry.insert("due".to_owned(), "before-outcome".into());
            add(format!("duty {id} due_when {time}: due before-outcome"), &changed);
        }
    }
    for (nth, crime) in root.get("crime").and_then(toml::Value::as_array).into_iter().flatten().enumerate() {
        if crime.get("unsure").is_some() {
            let mut changed = root.clone();
            changed["crime"][nth].as_table_mut().unwrap().remove("unsure");
            add(format!("crime {} unsure: leave out", crime["id"].as_str().unwrap()), &changed);
        }
    }
    for (nth, outcome) in root.get("outcome").and_then(toml::Value::as_array).into_iter().flatten().enumerate() {
        for need in 0..outcome["needs"].as_array().unwrap().len() {
            let mut changed = root.clone();
            let left_out = changed["outcome"][nth]["needs"].as_array_mut().unwrap().remove(need);
            add(
                format!(
                    "outcome {} needs: leave out {}",
                    outcome["code"].as_str().unwrap(),
                    left_out.as_str().unwrap()
                ),
                &changed,
            );
        }
    }
    all
}
