//! `waymark guidance show`: one part of the guidance, in its own words.

use std::io::{self, Write as _};
use std::path::Path;

use guidance::Pack;
use guidance::words::ChoiceWords;

use super::kept;
use crate::cli::Part;
use crate::pack::Texts;
use crate::page::layout::{Text, cites, list, sentence};
use crate::page::words::due;
use crate::stop::{Done, Stop};

/// Prints one part.
///
/// # Errors
/// A pack that cannot be read or is refused.
pub fn run(what: Part, folder: Option<&Path>) -> Done {
    let texts = Texts::of(folder)?;
    let pack = texts.load()?;
    let mut text = Text::for_stdout();
    match what {
        Part::Rules => rules(&mut text, &pack),
        Part::Duties => duties(&mut text, &pack),
        Part::Questions => questions(&mut text, &pack),
        Part::Outcomes => outcomes(&mut text, &pack),
        Part::Services => services(&mut text, &pack),
        Part::Statements => statements(&mut text, &pack),
        Part::Facts => facts(&mut text, texts.file("facts.toml"))?,
        Part::Sources => sources(&mut text, &pack),
        Part::Keeping => kept::keeping(&mut text, &pack),
        Part::WorkingDays => kept::working_days(&mut text, &pack),
    }
    let mut out = io::stdout().lock();
    out.write_all(text.finish().as_bytes())?;
    Ok(out.flush()?)
}

fn rules(text: &mut Text, pack: &Pack) {
    for rule in pack.rules() {
        text.heading(&rule.id);
        text.para(2, &format!("{} {}", rule.says, cites(&rule.cites)));
        text.item(2, "When ", &rule.when);
        text.item(2, "Then ", &rule.then);
        text.para(2, &format!("{}:{}", rule.file, rule.line));
    }
}

fn duties(text: &mut Text, pack: &Pack) {
    for duty in pack.duties() {
        text.heading(&duty.title.replace("{person}", "a person").replace("{device}", "a device"));
        text.para(
            2,
            &format!(
                "{}, {}, by {}. In `done`: {}.",
                sentence(&duty.strength),
                due(&duty.due),
                duty.who,
                named(&duty.id, &duty.scope)
            ),
        );
        text.para(2, &format!("{} {}", duty.says, cites(&duty.cites)));
        for step in &duty.how {
            text.item(4, "- ", step);
        }
        for choice in &duty.choices {
            text.item(4, "May be decided: ", &choice_says(choice));
        }
        for step in &duty.step_in {
            text.item(4, "May be done instead: ", &format!("{} ({})", step.words, step.value));
        }
        if let Some(telling) = &duty.telling {
            for asked in [&telling.done, &telling.then].into_iter().filter(|asked| !asked.is_empty()) {
                text.item(4, "Its page asks: ", asked);
            }
        }
    }
}

/// One thing that may be decided, and what follows from deciding it.
fn choice_says(choice: &ChoiceWords) -> String {
    let mut says = format!("{} ({})", choice.words, choice.value);
    if !choice.against.is_empty() {
        let codes = format!(". Speaks against Outcome {}", list(&choice.against));
        says.push_str(&codes);
    }
    if choice.departs {
        says.push_str(". A departure");
    }
    if !choice.consult.is_empty() {
        says.push_str(&format!(". To be consulted: {}", choice.consult));
    }
    if choice.agree {
        says.push_str(". A supervisor agrees");
    }
    says
}

fn named(duty: &str, scope: &str) -> String {
    match scope {
        "person" => format!("{duty}:P"),
        "device" => format!("{duty}:D"),
        _ => duty.to_owned(),
    }
}

fn questions(text: &mut Text, pack: &Pack) {
    for question in pack.questions() {
        text.heading(&question.words.replace("{person}", "this person").replace("{device}", "this device"));
        text.para(2, &format!("Fact: {}", question.fact));
        if !question.asked_while.is_empty() {
            text.item(2, "Asked while ", &question.asked_while);
        }
        if !question.hint.is_empty() {
            text.para(2, &question.hint);
        }
        text.para(2, &format!("Why we ask: {} {}", question.why, cites(&question.cites)));
        for option in &question.options {
            let hint = if option.hint.is_empty() { String::new() } else { format!(". {}", option.hint) };
            text.item(4, "- ", &format!("{} ({}){hint}", option.words, option.value));
        }
    }
}

fn outcomes(text: &mut Text, pack: &Pack) {
    for outcome in pack.outcomes() {
        text.heading(&format!("{} {}", outcome.code, outcome.title));
        text.para(2, &format!("{} {}", outcome.says, cites(&outcome.cites)));
    }
}

fn services(text: &mut Text, pack: &Pack) {
    for service in pack.services() {
        text.heading(&service.name);
        let audience: Vec<String> = service.audience.iter().map(|who| who.replace('-', " ")).collect();
        text.para(2, &format!("For: {}", list(&audience)));
        text.para(2, &service.says);
        let contact: Vec<&str> =
            [service.phone.as_str(), service.web.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
        if !contact.is_empty() {
            text.para(2, &contact.join("  "));
        }
        text.para(2, &format!("Entered on {}. Source: {}", service.checked_on, service.source));
    }
}

fn statements(text: &mut Text, pack: &Pack) {
    let mut section = "";
    for statement in pack.statements() {
        if statement.section != section {
            section = &statement.section;
            text.heading(section);
        }
        text.item(2, &format!("{}  ", statement.id), &statement.says);
    }
}

fn facts(text: &mut Text, file: &str) -> Done {
    // The pack was accepted, so this file reads; the rest of what it says is the engine's business.
    let table: toml::Table = file.parse().map_err(|error| Stop::failed(format!("facts.toml: {error}")))?;
    let entries = table.get("fact").and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let field =
        |entry: &toml::Value, name: &str| entry.get(name).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
    let wide = entries.iter().map(|entry| field(entry, "name").chars().count()).max().unwrap_or_default();
    for (scope, heading) in [("report", "[report]"), ("person", "[[person]]"), ("device", "[[device]]")] {
        text.heading(heading);
        for entry in entries.iter().filter(|entry| field(entry, "scope") == scope) {
            let values = entry.get("values").and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let values: Vec<&str> = values.iter().filter_map(toml::Value::as_str).collect();
            let takes = match field(entry, "kind").as_str() {
                "yes-no" => "yes, no or not-known".to_owned(),
                "age" => "whole years 0 to 120, child, adult or not-known".to_owned(),
                "choice" => format!("one of {}, or not-known", values.join(", ")),
                "set" => format!("a list of any of {}", values.join(", ")),
                "people" => "a list of ids of people".to_owned(),
                "day" => "a day such as 2026-11-24".to_owned(),
                other => format!("{other}, which no rule reads"),
            };
            text.item(2, &format!("{:wide$}  ", field(entry, "name")), &takes);
        }
    }
    Ok(())
}

fn sources(text: &mut Text, pack: &Pack) {
    for source in pack.sources() {
        text.heading(&source.title);
        text.para(2, &source.says);
        if !source.place.is_empty() {
            text.item(2, "Where: ", &source.place);
        }
    }
}
