//! What is recorded for a task of the demonstration.

use std::collections::BTreeMap;

use guidance::words::FormField;
use guidance::{Pack, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use report::{CheckEntry, CheckResult, ChildSeen, Command, Evidence, FactName, FileForm, PersonId, Report, Task};
use web::shared::record::Opened;

use super::data::{self, Demo};

/// Stands for the last digits of the reference of the report: no two reports have one crime number.
const NUMBER: &str = "{report}";

/// The command that does a task.
///
/// # Errors
/// Nothing is written down for it.
pub fn command(
    demo: &Demo,
    written: &data::Report,
    opened: &Opened,
    task: &Task,
    now: Timestamp,
) -> Result<Command, String> {
    let duty = task.id.clone();
    let (pack, report, view) = (opened.pack(), &opened.report, &opened.view);
    match task.evidence.as_str() {
        "form" => form(demo, pack, report, task),
        "checks" => {
            let fields = report.matrix(pack, &duty).into_iter().filter(|field| field.entry.is_none());
            let done = || CheckResult::Done { reference: demo.say("check"), found: String::new() };
            let entries =
                fields.map(|field| CheckEntry { system: field.system, place: field.place, result: done() }).collect();
            Ok(Command::RecordEvidence { duty, evidence: Evidence::Checks { entries, no_place: String::new() } })
        }
        kind => {
            let advice = duty.subject().and_then(|subject| view.advice.devices.get(subject));
            let of_device = advice.map(|device| format!("device-{}", device.advice)).unwrap_or_default();
            let template = [duty.duty(), &of_device, kind].iter().find_map(|name| demo.evidence.get(*name));
            let template =
                template.ok_or_else(|| format!("nothing is written down for evidence of the kind {kind}"))?;
            let number = opened.reference();
            let number = number.get(number.len().saturating_sub(4)..).unwrap_or(number);
            let evidence = filled(demo, template.clone(), now, number).try_into::<Evidence>();
            let mut evidence = evidence.map_err(|error| format!("{}: {error}", task.id))?;
            if let Evidence::Welfare { children, .. } = &mut evidence {
                children.extend(seen(demo, written, opened));
            }
            Ok(Command::RecordEvidence { duty, evidence })
        }
    }
}

/// Everybody who said something during the welfare check.
fn seen(demo: &Demo, written: &data::Report, opened: &Opened) -> Vec<ChildSeen> {
    let people = opened.report.people.iter().zip(&written.person);
    let spoke = people.filter_map(|(person, written)| Some((person, written.said.as_ref()?)));
    spoke
        .map(|(person, said)| ChildSeen {
            person: person.id.clone(),
            voice: said.clone(),
            demeanour: demo.say("demeanour"),
        })
        .collect()
}

/// Puts in the time, the number of the report, and what every decision of its kind has.
fn filled(demo: &Demo, mut written: toml::Table, now: Timestamp, number: &str) -> toml::Table {
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    for (_, value) in written.iter_mut() {
        match value.as_str() {
            Some("now") => *value = now.to_string().into(),
            Some("today") => *value = today.to_string().into(),
            Some(text) if text.contains(NUMBER) => *value = text.replace(NUMBER, number).into(),
            _ => {}
        }
    }
    if written.contains_key("choice") {
        written.insert("reason".to_owned(), demo.say("decision").into());
        if written.remove("full").is_some() {
            let table = |value: Result<toml::Table, toml::ser::Error>| value.unwrap_or_default();
            written.insert("ndm".to_owned(), table(toml::Table::try_from(&demo.ndm)).into());
            written.insert("intrusion".to_owned(), table(toml::Table::try_from(&demo.intrusion)).into());
        }
    }
    written
}

/// A form with everything that is required in it, and what the report knows already.
fn form(demo: &Demo, pack: &Pack, report: &Report, task: &Task) -> Result<Command, String> {
    let id = task.id.duty();
    let person: PersonId =
        task.id.subject().unwrap_or_default().parse().map_err(|_| format!("{}: about nobody", task.id))?;
    let words = pack.forms().iter().find(|form| form.id == id).ok_or_else(|| format!("there is no form {id}"))?;
    let mut answers = BTreeMap::new();
    for field in words.section.iter().flat_map(|section| &section.field).filter(|field| field.required) {
        answers.insert(field.id.clone(), answer(demo, report, field, &person));
    }
    Ok(Command::FileForm(FileForm { form: id.to_owned(), persons: vec![person], answers }))
}

fn answer(demo: &Demo, report: &Report, field: &FormField, person: &PersonId) -> String {
    match (field.kind.as_str(), field.from.as_str()) {
        // As the report says; where it does not, this is no concern of the demonstration.
        ("yes-no", from) => {
            let fact = from.replacen("person.", &format!("person.{person}."), 1);
            let fact = fact.parse::<FactName>().ok();
            let said = fact.and_then(|fact| report.current(&fact).value);
            let said = said.as_ref().and_then(Value::as_word);
            said.unwrap_or("no").to_owned()
        }
        ("choice", _) => field.options.first().map(|option| option.value.clone()).unwrap_or_default(),
        (_, "person.name") => report.label(person.as_str()),
        _ => demo.say("form"),
    }
}
