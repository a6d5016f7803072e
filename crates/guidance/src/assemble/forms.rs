//! What the fields of a form ask, and what they are filled in from.

use crate::near::nearest;
use crate::problem::Problem;
use crate::schema::{FactKind, Schema};
use crate::spec::{At, Spec};
use crate::words::{CHOICE, FIELD_KINDS, Form, FormField, SOURCES, YES_NO};

pub(super) fn check_forms(spec: &Spec, schema: &Schema, problems: &mut Vec<Problem>) {
    for entry in &spec.forms {
        for field in entry.it.section.iter().flat_map(|section| &section.field) {
            check_kind(entry, field, problems);
            check_says_yes(entry, field, schema, problems);
            check_source(entry, field, schema, problems);
        }
        if !spec.duties.iter().any(|duty| duty.it.id == entry.it.id && duty.it.evidence == "form") {
            let says = "belongs to no duty that is done by filing a form".to_owned();
            let help = "give it the id of a duty with evidence = \"form\"".to_owned();
            problems.push(problem(entry, says, help));
        }
    }
}

fn problem(entry: &At<Form>, says: String, help: String) -> Problem {
    let about = format!("form {}", entry.it.id);
    Problem { file: entry.file.clone(), line: entry.line, about, says, help }
}

/// A field is of a kind that a page can ask, with options where it is answered by one.
fn check_kind(entry: &At<Form>, field: &FormField, problems: &mut Vec<Problem>) {
    let (id, kind) = (&field.id, &field.kind);
    let known: Vec<String> = FIELD_KINDS.iter().map(|word| (*word).to_owned()).collect();
    if !known.contains(kind) {
        let says = format!("field \"{id}\" is of kind \"{kind}\", which is unknown{}", nearest(kind, known.iter()));
        problems.push(problem(entry, says, format!("use one of {}", FIELD_KINDS.join(", "))));
    } else if (kind == CHOICE) == field.options.is_empty() {
        let (has, help) = match kind == CHOICE {
            true => ("no options to choose from", "add options".to_owned()),
            false => {
                ("options, and nobody chooses from them", format!("take options out, or write kind = \"{CHOICE}\""))
            }
        };
        problems.push(problem(entry, format!("field \"{id}\" has {has}"), help));
    }
}

/// Is a fact named, by its scope and name? What could not be read was told where it stands.
fn is_fact(schema: &Schema, named: &str, of_kind: impl Fn(&FactKind) -> bool) -> bool {
    let (scope, name) = named.split_once('.').unwrap_or_default();
    schema.get(name).is_some_and(|fact| fact.scope.word() == scope && of_kind(&fact.kind)) || schema.is_unread(name)
}

/// What a form says yes or no to is a fact that is answered yes or no.
fn check_says_yes(entry: &At<Form>, field: &FormField, schema: &Schema, problems: &mut Vec<Problem>) {
    let yes_no = |named: &str| is_fact(schema, named, |kind| *kind == FactKind::YesNo);
    let asked = (field.kind == YES_NO && !field.from.is_empty()).then_some(&field.from);
    for named in asked.into_iter().chain(field.says_yes_to.values()).filter(|named| !yes_no(named)) {
        problems.push(problem(
            entry,
            format!("field \"{}\" names \"{named}\", which is no fact answered yes or no", field.id),
            "write scope and name of one, such as \"person.in_care\"".to_owned(),
        ));
    }
    for value in field.says_yes_to.keys().filter(|value| !field.options.iter().any(|o| o.value == **value)) {
        problems.push(problem(
            entry,
            format!("field \"{}\" has no option \"{value}\" that could say yes", field.id),
            "write the value of one of its options".to_owned(),
        ));
    }
}

/// A field is filled in from a fact, or from something else that pages know.
fn check_source(entry: &At<Form>, field: &FormField, schema: &Schema, problems: &mut Vec<Problem>) {
    let from = field.from.as_str();
    if from.is_empty() || field.kind == YES_NO || SOURCES.contains(&from) || is_fact(schema, from, |_| true) {
        return;
    }
    let known: Vec<String> = SOURCES.iter().map(|word| (*word).to_owned()).collect();
    problems.push(problem(
        entry,
        format!(
            "field \"{}\" is filled in from \"{from}\", which is nothing known{}",
            field.id,
            nearest(from, known.iter())
        ),
        format!("name a fact such as \"person.in_care\", or one of {}", SOURCES.join(", ")),
    ));
}
