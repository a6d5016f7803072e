//! Filing a form. Forms are data of the pack, so a force's own form replaces the sample without code.

use std::collections::BTreeMap;

use guidance::words::{Form, FormField, YES_NO};
use guidance::{Pack, Value};

use super::evidence::recorded;
use super::{Bodies, facts, settle};
use crate::command::FileForm;
use crate::evidence::{Evidence, FiledForm, form_note};
use crate::fact::{NOT_KNOWN, SaidBy, StateFact, Statement};
use crate::id::{DutyId, FactName, PersonId};
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;
use crate::text;

const YES: &str = "yes";

pub(super) fn file(report: &Report, pack: &Pack, filing: FileForm) -> Bodies {
    let Some(form) = pack.forms().iter().find(|f| f.id == filing.form) else {
        return Err(Refusal::field("form", "There is no such form. Choose one from the task list"));
    };
    let mut wrongs = Vec::new();
    guard_people(report, form, &filing.persons, &mut wrongs);
    guard_answers(form, &filing.answers, &mut wrongs);
    let said = filing.persons.first().map_or_else(Vec::new, |about| answered(form, about, &filing.answers));
    guard_facts(report, form, &said, &mut wrongs);
    settle(wrongs)?;
    let reference = reference(report, form, &filing.persons);
    let mut yes: Vec<&FactName> = said.iter().filter(|said| said.word == YES).map(|said| &said.fact).collect();
    yes.sort();
    yes.dedup();
    let yes = yes
        .into_iter()
        .filter(|fact| !is_yes(report, fact))
        .map(|fact| StateFact { note: form_note(&reference), ..StateFact::police(fact.clone(), Value::word(YES)) });
    let mut bodies = facts::state(report, yes.collect())?;
    let duties: Vec<DutyId> =
        filing.persons.iter().filter_map(|person| format!("{}:{person}", form.id).parse().ok()).collect();
    let filed = FiledForm {
        form: form.id.clone(),
        version: form.version.clone(),
        reference,
        persons: filing.persons,
        answers: filing.answers,
        received: None,
        their_reference: String::new(),
    };
    bodies.extend(duties.into_iter().map(|duty| recorded(report, duty, Evidence::Form(filed.clone()), false)));
    Ok(bodies)
}

/// An answer of the form to something that the report asks as well.
struct Answered<'a> {
    field: &'a FormField,
    fact: FactName,
    /// `yes`, `no` or `not-known`.
    word: &'a str,
}

/// What the form answers of the report. It is about whom it is filed for first: of others it only says that it names them.
fn answered<'a>(form: &'a Form, about: &PersonId, answers: &'a BTreeMap<String, String>) -> Vec<Answered<'a>> {
    let fields = form.section.iter().flat_map(|section| &section.field);
    let answered = fields.filter_map(|field| {
        let answer = answers.get(&field.id)?;
        let fact = field.fact(answer)?;
        let fact = match fact.strip_prefix("person.") {
            Some(name) => format!("person.{about}.{name}").parse().ok()?,
            None => fact.parse().ok()?,
        };
        Some(Answered { field, fact, word: if field.kind == YES_NO { answer } else { YES } })
    });
    answered.collect()
}

/// A yes counts wherever it is said: one on the form goes into the report, one of the report is not denied on a form that others
/// will read. A no closes a question, so it is only said where the question says why it is asked.
fn guard_facts(report: &Report, form: &Form, answered: &[Answered<'_>], wrongs: &mut Vec<Wrong>) {
    for answered in answered {
        let current = report.current(&answered.fact);
        let others = |said: &&Statement| said.said_by != SaidBy::Police && said.value != Value::word(YES);
        let problem = match (answered.word, is_yes(report, &answered.fact)) {
            (YES, false) if current.standing.into_iter().any(|said| others(&said)) => {
                "somebody else has said otherwise in the report. Say there which of the two counts"
            }
            (YES, _) | (_, false) => continue,
            _ => "the report says Yes. Select Yes here, or change the answer in the report",
        };
        let says = format!("{}: {problem} first, then file the {}", answered.field.label, form.title);
        wrongs.push(Wrong::new(&answered.field.id, says));
    }
}

fn is_yes(report: &Report, fact: &FactName) -> bool {
    report.current(fact).value == Some(Value::word(YES))
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
        wrongs.push(Wrong::new(id, "This is not on the form. Open the form again and fill it in there"));
    }
}

fn guard_answer(field: &FormField, answer: &str, wrongs: &mut Vec<Wrong>) {
    let offered = |answer: &str| match field.kind.as_str() {
        YES_NO => matches!(answer, YES | "no" | NOT_KNOWN),
        _ => field.options.iter().any(|o| o.value == answer),
    };
    match field.kind.as_str() {
        YES_NO | "choice" if !offered(answer) => {
            wrongs.push(Wrong::new(&field.id, format!("{}: select one of the answers", field.label)));
        }
        YES_NO | "choice" => {}
        "text" => wrongs.extend(text::line(&field.id, answer).err()),
        _ => wrongs.extend(text::check(&field.id, answer).err()),
    }
}
