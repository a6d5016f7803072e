//! `waymark guidance explain`: a rule, where it is written, what it rests on and where it holds.

use std::io::{self, Write as _};
use std::path::Path;

use guidance::words::RuleWords;
use guidance::{Advice, Pack};

use crate::pack::Texts;
use crate::page::layout::{Text, cites};
use crate::page::words::due;
use crate::stop::{Done, Stop, repeated};

/// Examples named for one rule; a few are enough to see what is meant.
const MAX_EXAMPLES: usize = 5;

/// Explains whatever has this id.
///
/// # Errors
/// A pack that cannot be read or is refused; an id that nothing has.
pub fn run(id: &str, folder: Option<&Path>) -> Done {
    let texts = Texts::of(folder)?;
    let pack = texts.load()?;
    let mut text = Text::for_stdout();
    let named = |rule: &&RuleWords| {
        rule.id == id || rule.id.strip_prefix("duty-") == Some(id) || rule.outcome().is_some_and(|(code, _)| code == id)
    };
    let rules: Vec<&RuleWords> = pack.rules().iter().filter(named).collect();
    let words_found = told_about(&mut text, &pack, id);
    if rules.is_empty() && !words_found {
        return Err(unknown(&pack, id));
    }
    let advised: Vec<(&str, Advice)> = texts
        .examples
        .iter()
        .filter_map(|(name, example)| Some((name.as_str(), pack.advise(&pack.case(pack.read_toml(example).ok()?)))))
        .collect();
    let defines = defines(texts.file("classification.toml"));
    for rule in &rules {
        explain(&mut text, &pack, rule, &advised);
    }
    names(&mut text, &defines, &rules);
    let mut out = io::stdout().lock();
    out.write_all(text.finish().as_bytes())?;
    Ok(out.flush()?)
}

/// What the pack says about a duty, an outcome or a statement as a whole.
fn told_about(text: &mut Text, pack: &Pack, id: &str) -> bool {
    if let Some(duty) = pack.duties().iter().find(|duty| duty.id == id) {
        text.heading(&duty.title.replace("{person}", "a person").replace("{device}", "a device"));
        text.para(0, &format!("{}, {}, by {}.", duty.strength, due(&duty.due), duty.who));
        return true;
    }
    if let Some(outcome) = pack.outcomes().iter().find(|outcome| outcome.code == id) {
        text.heading(&format!("Outcome {}: {}", outcome.code, outcome.title));
        text.para(0, &format!("{} {}", outcome.says, cites(&outcome.cites)));
        return true;
    }
    let Some(statement) = pack.statements().iter().find(|statement| statement.id.eq_ignore_ascii_case(id)) else {
        return false;
    };
    text.heading(&format!("{}, {}", statement.id, statement.section));
    text.para(0, &statement.says);
    let cited = |cites: &[String]| cites.contains(&statement.id);
    let lists = [
        (
            "Rules that rest on it",
            pack.rules().iter().filter(|rule| cited(&rule.cites)).map(|rule| rule.id.clone()).collect::<Vec<_>>(),
        ),
        (
            "Questions asked because of it",
            pack.questions()
                .iter()
                .filter(|question| cited(&question.cites))
                .map(|question| question.words.clone())
                .collect(),
        ),
        ("Pages and documents that carry it", statement.carried_by.clone()),
    ];
    for (heading, entries) in lists.into_iter().filter(|(_, entries)| !entries.is_empty()) {
        text.heading(heading);
        entries.iter().for_each(|entry| {
            text.item(2, "- ", &entry.replace("{person}", "this person").replace("{device}", "this device"))
        });
    }
    true
}

fn explain(text: &mut Text, pack: &Pack, rule: &RuleWords, advised: &[(&str, Advice)]) {
    text.heading(&format!("{}  ({}:{})", rule.id, rule.file, rule.line));
    text.para(2, &rule.says);
    text.item(2, &format!("When, for {}: ", each(&rule.scope)), &rule.when);
    text.item(2, "Then: ", &rule.then.replace("{person}", "this person").replace("{device}", "this device"));
    for cite in &rule.cites {
        let says = pack
            .statements()
            .iter()
            .find(|statement| statement.id == *cite)
            .map_or("", |statement| statement.says.as_str());
        text.item(2, "Source: ", format!("{cite}  {says}").trim());
    }
    let examples: Vec<&str> =
        advised.iter().filter(|(_, advice)| rule.holds_in(advice)).map(|(name, _)| *name).collect();
    if examples.is_empty() {
        text.para(2, "Holds in none of the worked examples.");
    } else {
        let shown = examples.iter().take(MAX_EXAMPLES).copied().collect::<Vec<_>>().join(", ");
        text.item(
            2,
            "Holds in: ",
            &match examples.len().saturating_sub(MAX_EXAMPLES) {
                0 => shown,
                more => format!("{shown} and {more} more"),
            },
        );
    }
}

fn each(scope: &str) -> &str {
    match scope {
        "report" => "the report",
        "person" => "each person",
        _ => "each device",
    }
}

/// A name that conditions use: id, what it says, its condition.
type Define = (String, String, String);

fn defines(file: &str) -> Vec<Define> {
    let table: toml::Table = file.parse().unwrap_or_default();
    let entries = table.get("define").and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let field = |entry: &toml::Value, name: &str| {
        let text = entry.get(name).and_then(toml::Value::as_str).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    entries.iter().map(|entry| (field(entry, "id"), field(entry, "says"), field(entry, "when"))).collect()
}

/// The names that the conditions use, and those that these use in turn.
fn names(text: &mut Text, defines: &[Define], rules: &[&RuleWords]) {
    let mut texts: Vec<&str> = rules.iter().map(|rule| rule.when.as_str()).collect();
    let mut used: Vec<&Define> = Vec::new();
    while let Some(when) = texts.pop() {
        for define in defines {
            let names_it = when.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == define.0);
            if names_it && !used.contains(&define) {
                used.push(define);
                texts.push(&define.2);
            }
        }
    }
    if used.is_empty() {
        return;
    }
    text.heading("Names used in these conditions");
    for (id, says, when) in used {
        text.item(2, &format!("{id}: "), says);
        text.para(4, when);
    }
}

fn unknown(pack: &Pack, id: &str) -> Stop {
    let all = pack
        .rules()
        .iter()
        .map(|rule| rule.id.as_str())
        .chain(pack.duties().iter().map(|duty| duty.id.as_str()))
        .chain(pack.statements().iter().map(|statement| statement.id.as_str()));
    let part = id.to_lowercase();
    let near: Vec<&str> = all
        .filter(|known| known.to_lowercase().contains(&part) || part.contains(&known.to_lowercase()))
        .take(5)
        .collect();
    let help = if near.is_empty() { String::new() } else { format!("; is it one of {}?", near.join(", ")) };
    Stop::input(format!(
        "{}: no rule, duty, outcome or statement has this name{help}\nAll there are: waymark guidance show rules, duties, outcomes or statements",
        repeated(id)
    ))
}
