//! Filing a form. Forms are data of the pack, so a force's own form replaces the sample without code.

use std::collections::BTreeMap;

use guidance::Pack;
use guidance::words::{Form, FormField};

use super::evidence::recorded;
use super::{Bodies, settle};
use crate::command::FileForm;
use crate::evidence::{Evidence, FiledForm};
use crate::id::{DutyId, PersonId};
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;
use crate::text;

pub(super) fn file(report: &Report, pack: &Pack, filing: FileForm) -> Bodies {
    let Some(form) = pack.forms().iter().find(|f| f.id == filing.form) else {
        return Err(Refusal::field("form", "There is no such form. Choose one from the task list"));
    };
    let mut wrongs = Vec::new();
    guard_people(report, form, &filing.persons, &mut wrongs);
    guard_answers(form, &filing.answers, &mut wrongs);
    settle(wrongs)?;
    let duties: Vec<DutyId> =
        filing.persons.iter().filter_map(|person| format!("{}:{person}", form.id).parse().ok()).collect();
    let filed = FiledForm {
        form: form.id.clone(),
        version: form.version.clone(),
        reference: reference(report, form, &filing.persons),
        persons: filing.persons,
        answers: filing.answers,
    };
    Ok(duties.into_iter().map(|duty| recorded(report, duty, Evidence::Form(filed.clone()), false)).collect())
}

/// `VPA-<report>-<people>-<n>`: unique because the report's reference is, and n counts the filings of this form in it.
fn reference(report: &Report, form: &Form, persons: &[PersonId]) -> String {
    let mut earlier: Vec<&str> = report
        .evidence
        .values()
        .flatten()
        .filter_map(|filed| match &filed.evidence {
            Evidence::Form(filed) if filed.form == form.id => Some(filed.reference.as_str()),
            _ => None,
        })
        .collect();
    earlier.sort_unstable();
    earlier.dedup();
    let people = persons.iter().map(PersonId::as_str).collect::<Vec<_>>().join("");
    format!("{}-{}-{people}-{}", form.id.to_uppercase(), report.reference, earlier.len() + 1)
}

fn guard_people(report: &Report, form: &Form, persons: &[PersonId], wrongs: &mut Vec<Wrong>) {
    if persons.is_empty() {
        wrongs.push(Wrong::new("persons", format!("Select whom the {} is about", form.title)));
    }
    for (position, person) in persons.iter().enumerate() {
        if report.person(person.as_str()).is_none() {
            wrongs.push(Wrong::new("persons", format!("Person {person} is not in this report. Add them first")));
        }
        if persons.iter().take(position).any(|earlier| earlier == person) {
            wrongs.push(Wrong::new(
                "persons",
                format!("{} is selected twice. Select each person once", report.label(person.as_str())),
            ));
        }
    }
}

fn guard_answers(form: &Form, answers: &BTreeMap<String, String>, wrongs: &mut Vec<Wrong>) {
    let fields: Vec<&FormField> = form.section.iter().flat_map(|section| &section.field).collect();
    for field in &fields {
        let answer = answers.get(&field.id).map(String::as_str).unwrap_or_default();
        if answer.trim().is_empty() {
            if field.required {
                wrongs.push(Wrong::new(
                    &field.id,
                    format!("{}: this is needed before the form can be filed", field.label),
                ));
            }
            continue;
        }
        guard_answer(field, answer, wrongs);
    }
    for id in answers.keys().filter(|id| !fields.iter().any(|f| f.id == **id)) {
        wrongs.push(Wrong::new(id, "This is no field of the form"));
    }
}

fn guard_answer(field: &FormField, answer: &str, wrongs: &mut Vec<Wrong>) {
    let offered = |answer: &str| match field.kind.as_str() {
        "yes-no" => matches!(answer, "yes" | "no" | "not-known"),
        _ => field.options.iter().any(|o| o.value == answer),
    };
    match field.kind.as_str() {
        "yes-no" | "choice" if !offered(answer) => {
            wrongs.push(Wrong::new(&field.id, format!("{}: select one of the answers", field.label)));
        }
        "yes-no" | "choice" => {}
        "text" => wrongs.extend(text::line(&field.id, answer).err()),
        _ => wrongs.extend(text::check(&field.id, answer).err()),
    }
}
