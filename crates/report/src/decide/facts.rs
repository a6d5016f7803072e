//! Answers: stating, choosing between, taking back.

use super::{Bodies, required, settle};
use crate::event::EventBody;
use crate::fact::{SaidBy, Seen, Standing, StateFact};
use crate::id::{FactName, FactScope, StatementId};
use crate::refusal::{Conflict, Refusal, Wrong};
use crate::state::Report;
use crate::text;

/// As many answers as a page about everybody in the largest report sends at once.
const MOST_AT_ONCE: usize = 1_000;

pub(super) fn state(report: &Report, facts: Vec<StateFact>) -> Bodies {
    let mut wrongs = Vec::new();
    if facts.len() > MOST_AT_ONCE {
        wrongs.push(Wrong::new("", "These are too many answers at once. Send fewer"));
    }
    for (position, fact) in facts.iter().enumerate() {
        guard(report, fact, &mut wrongs);
        let again = facts.iter().take(position).any(|f| f.fact == fact.fact && f.said_by == fact.said_by);
        if again {
            wrongs.push(Wrong::new(fact.fact.as_str(), "This question is answered twice on the page. Answer it once"));
        }
    }
    settle(wrongs)?;
    let conflicts: Vec<Conflict> = facts.iter().filter_map(|fact| conflict(report, fact)).collect();
    if !conflicts.is_empty() {
        return Err(Refusal::Conflict(conflicts));
    }
    let StatementId(mut number) = report.next_statement();
    let mut bodies = Vec::new();
    for fact in facts.into_iter().filter(|fact| !is_said_already(report, fact)) {
        bodies.push(EventBody::FactStated {
            statement: StatementId(number),
            fact: fact.fact,
            value: fact.value,
            said_by: fact.said_by,
            happened_on: fact.happened_on,
            note: fact.note,
        });
        number = number.saturating_add(1);
    }
    Ok(bodies)
}

fn guard(report: &Report, fact: &StateFact, wrongs: &mut Vec<Wrong>) {
    let field = fact.fact.as_str();
    let here = match fact.fact.scope() {
        FactScope::Report => true,
        FactScope::Person(id) => report.person(id).is_some(),
        FactScope::Device(id) => report.device(id).is_some(),
    };
    if !here {
        wrongs.push(Wrong::new(field, "The person or device this is about is not in the report. Add them first"));
    }
    if fact.fact.name() == crate::done::OUTCOME_DECIDED {
        wrongs.push(Wrong::new(field, "An outcome is decided on its own page, with reasons"));
    }
    wrongs.extend(text::check(field, &fact.note).err());
    match &fact.value {
        guidance::Value::Word(word) => wrongs.extend(text::check(field, word).err()),
        guidance::Value::Words(words) => wrongs.extend(words.iter().filter_map(|word| text::line(field, word).err())),
        guidance::Value::Years(_) => {}
    }
    match &fact.said_by {
        SaidBy::Person(id) if report.person(id.as_str()).is_none() => {
            wrongs.push(Wrong::new(
                field,
                format!("Person {id}, who is to have said this, is not in the report. Add them first"),
            ));
        }
        SaidBy::Other(who) if who.trim().is_empty() => {
            wrongs.push(Wrong::new(field, "Say who said this, or which record it is from"));
        }
        SaidBy::Other(who) => wrongs.extend(text::line(field, who).err()),
        SaidBy::Police | SaidBy::Person(_) | SaidBy::Reporter => {}
    }
}

/// The page was shown before somebody else answered, and the answers differ.
fn conflict(report: &Report, fact: &StateFact) -> Option<Conflict> {
    let current = report.current(&fact.fact);
    let stale = fact.seen != Seen::NotCompared && fact.seen != current.seen();
    let differs = current.value.as_ref() != Some(&fact.value);
    (stale && differs).then(|| Conflict {
        fact: fact.fact.clone(),
        yours: fact.value.clone(),
        theirs: current.standing.into_iter().cloned().collect(),
    })
}

/// The same speaker has said just this: nothing new.
fn is_said_already(report: &Report, fact: &StateFact) -> bool {
    report.statements.iter().any(|s| {
        s.standing == Standing::Stands
            && s.fact == fact.fact
            && s.said_by == fact.said_by
            && s.value == fact.value
            && s.note == fact.note
            && s.happened_on == fact.happened_on
    })
}

pub(super) fn choose(report: &Report, fact: FactName, statement: StatementId, reason: String) -> Bodies {
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why this answer counts", &mut wrongs);
    let current = report.current(&fact);
    if !current.standing.iter().any(|s| s.id == statement) {
        wrongs.push(Wrong::new("statement", "Select one of the answers that still count"));
    }
    settle(wrongs)?;
    if current.chosen == Some(statement) {
        return Ok(Vec::new());
    }
    let up_to = current.standing.last().map_or(statement, |s| s.id);
    Ok(vec![EventBody::StatementChosen { fact, statement, up_to, reason }])
}

pub(super) fn take_back(report: &Report, statement: StatementId, reason: String) -> Bodies {
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why it is withdrawn. It is kept and shown as withdrawn", &mut wrongs);
    match report.statement(statement) {
        None => {
            wrongs.push(Wrong::new("statement", "This answer is not in the report. Go back and select one that is"))
        }
        Some(found) if found.standing != Standing::Stands => {
            return Err(Refusal::not_allowed("This answer no longer counts, so there is nothing to withdraw"));
        }
        Some(_) => {}
    }
    settle(wrongs)?;
    Ok(vec![EventBody::StatementTakenBack { statement, reason }])
}
