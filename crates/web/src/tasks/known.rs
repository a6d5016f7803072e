//! What a field of a form is filled in from: who the child is, what was answered, what was done. Empty where it is not known.

use guidance::Value;
use guidance::advice::DutyState;
use guidance::words::FormField;
use report::{Authority, AuthorityKind, DutyId, Evidence, FactName, Filed, Identity};

use super::kinds::Ask;
use crate::shared::time;

/// What a field is filled in from; empty where that is not known. The value of an answer where the field takes one,
/// else words.
pub(super) fn known(ask: Ask<'_>, field: &FormField) -> String {
    let subject = ask.duty.subject().unwrap_or_default();
    match field.from.split_once('.') {
        Some(("report", "reference")) => ask.opened.reference().to_owned(),
        Some(("advice", "class")) => ask.opened.advice().class.word().to_owned(),
        Some(("officer", "name")) => ask.officer.to_owned(),
        // Entered once for the report: which child it is about is not said where several have this form.
        Some(("safety", _)) if several_have_it(ask) => String::new(),
        Some(("safety", "safe_number")) => safe_number(ask),
        Some(("safety", "done")) => done_at_once(ask),
        Some(("reporter", "school")) => school(ask),
        Some(("person", "social_care")) => social_care(ask, subject),
        Some(("person", "referrals")) => referrals(ask, subject),
        Some(("person", name)) => identity(ask, subject, name)
            .or_else(|| heard(ask, subject, name))
            .unwrap_or_else(|| answer(ask, &format!("person.{subject}.{name}"))),
        Some(("report", name)) => answer(ask, &format!("report.{name}")),
        _ => String::new(),
    }
}

/// Who the person is.
fn identity(ask: Ask<'_>, person: &str, name: &str) -> Option<String> {
    let Identity {
        given_names,
        family_name,
        known_as,
        date_of_birth,
        addresses,
        school,
        needs,
        ethnicity,
        responsible_adults,
        ..
    } = &ask.opened.report.person(person)?.identity;
    Some(match name {
        "name" => {
            let full = format!("{given_names} {family_name}").trim().to_owned();
            match (full.is_empty(), known_as.is_empty()) {
                (_, true) => full,
                (true, false) => known_as.clone(),
                (false, false) => format!("{full}, known as {known_as}"),
            }
        }
        "date_of_birth" => date_of_birth.map(|day| day.strftime("%-d %B %Y").to_string()).unwrap_or_default(),
        "address" => addresses.join("\n"),
        "school" => school.clone(),
        "needs" => needs.clone(),
        "ethnicity" => ethnicity.clone(),
        "responsible_adults" => responsible_adults.clone(),
        _ => return None,
    })
}

/// What the child said and how they seemed, from the latest welfare check that heard them.
fn heard(ask: Ask<'_>, person: &str, name: &str) -> Option<String> {
    if !matches!(name, "voice" | "demeanour") {
        return None;
    }
    let heard = standing(ask).into_iter().find_map(|filed| match &filed.evidence {
        Evidence::Welfare { children, .. } => children.iter().find(|child| child.person.as_str() == person),
        _ => None,
    });
    Some(heard.map_or_else(
        String::new,
        |child| {
            if name == "voice" { child.voice.clone() } else { child.demeanour.clone() }
        },
    ))
}

fn answer(ask: Ask<'_>, fact: &str) -> String {
    let Ok(name) = fact.parse::<FactName>() else {
        return String::new();
    };
    match ask.opened.answer(fact) {
        Some(Value::Word(word)) if matches!(word.as_str(), "yes" | "no" | "not-known") => word,
        Some(value) => ask.opened.value_words(&name, &value),
        None => String::new(),
    }
}

/// Everything recorded that was not withdrawn, the latest first.
fn standing(ask: Ask<'_>) -> Vec<&Filed> {
    let filed = ask.opened.report.evidence.values().flatten();
    let mut standing: Vec<_> = filed.filter(|filed| filed.withdrawn.is_none()).collect();
    standing.sort_by_key(|filed| std::cmp::Reverse(filed.at));
    standing
}

/// Is this form asked for more than one person here?
fn several_have_it(ask: Ask<'_>) -> bool {
    let asked = ask.opened.advice().duties.iter().filter(|duty| {
        duty.state != DutyState::NotYetKnown && duty.id.parse().is_ok_and(|id: DutyId| id.duty() == ask.duty.duty())
    });
    asked.count() > 1
}

/// The number on which it is safe to call, and when.
fn safe_number(ask: Ask<'_>) -> String {
    let reporter = &ask.opened.report.reporter;
    match reporter.safe_number.is_empty() {
        true => String::new(),
        false => written([&reporter.safe_number, &reporter.when_safe]),
    }
}

/// Who at the school knows of it, where a school reports it.
fn school(ask: Ask<'_>) -> String {
    let by = ask.opened.answer("report.reported_by");
    if by.as_ref().and_then(Value::as_word) != Some("school") {
        return String::new();
    }
    let reporter = &ask.opened.report.reporter;
    written([&reporter.name, &reporter.relation, &reporter.organisation])
}

/// What was done at once: first when it was reported, then at the latest welfare check.
fn done_at_once(ask: Ask<'_>) -> String {
    let checked = standing(ask).into_iter().find_map(|filed| match &filed.evidence {
        Evidence::Welfare { action, .. } => Some(action.as_str()),
        _ => None,
    });
    let done = [ask.opened.report.safety.done_at_once.as_str(), checked.unwrap_or_default()];
    let done: Vec<&str> = done.into_iter().map(str::trim).filter(|done| !done.is_empty()).collect();
    done.join("\n")
}

/// Children's services that are responsible for this child.
fn social_care(ask: Ask<'_>, person: &str) -> String {
    let found = ask.opened.report.person(person);
    let bodies = found.into_iter().flat_map(|person| &person.authorities);
    let bodies = bodies.filter(|body| body.kind == AuthorityKind::ChildrensServices);
    let bodies: Vec<String> = bodies.map(|Authority { name, reference, .. }| written([name, reference])).collect();
    bodies.join("\n")
}

/// Referrals that were made for this child, the latest first.
fn referrals(ask: Ask<'_>, person: &str) -> String {
    let report = &ask.opened.report;
    let theirs = report.evidence.keys().filter(|duty| duty.subject() == Some(person));
    let mut sent: Vec<_> = theirs
        .flat_map(|duty| report.evidence_for(duty))
        .filter_map(|filed| match &filed.evidence {
            Evidence::Referral { to, at, reference, .. } => Some((*at, written([to, &time::moment(*at), reference]))),
            _ => None,
        })
        .collect();
    sent.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let sent: Vec<String> = sent.into_iter().map(|(_, says)| says).collect();
    sent.join(";\n")
}

/// What was written of these, in a line.
fn written<const N: usize>(parts: [&str; N]) -> String {
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}
