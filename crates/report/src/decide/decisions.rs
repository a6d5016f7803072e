//! Departures, roles, review, outcome, closing.

use std::collections::BTreeSet;

use guidance::Pack;
use guidance::advice::{Advice, Strength};

use super::{Bodies, ending, required, settle};
use crate::actor::Context;
use crate::against::AsAdvised;
use crate::command::DecideOutcome;
use crate::decision::Ndm;
use crate::done::duty_words;
use crate::event::{Event, EventBody, Verdict};
use crate::evidence::Evidence;
use crate::id::{ActorId, DutyId, FactName, PersonId, StatementId};
use crate::people::PersonRole;
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;
use crate::text;
use crate::view::{advised, is_answered, no_suspect};

/// The facts no longer fit the pack; nothing can be decided on them.
pub(super) fn unusable(problems: &[guidance::Problem]) -> Refusal {
    Refusal::Problems(problems.iter().map(|p| Wrong::new(p.about.clone(), sentence(p))).collect())
}

/// A problem of the engine as an officer reads it.
pub(super) fn sentence(problem: &guidance::Problem) -> String {
    let says = problem.to_string();
    let mut letters = says.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

pub(super) fn depart(report: &Report, pack: &Pack, duty: DutyId, reason: String, ndm: Ndm) -> Bodies {
    let Some(words) = duty_words(pack, &duty).filter(|_| report.is_subject_here(&duty)) else {
        return Err(Refusal::field("duty", "There is no such task on this report. Choose one from the task list"));
    };
    if words.evidence == "review" {
        return Err(Refusal::not_allowed("A supervisor's review cannot be departed from. Ask for a review"));
    }
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why you depart from this", &mut wrongs);
    ndm.guard(&mut wrongs);
    // What is only offered is thought about: a line says what came of that.
    if words.strength != Strength::Consider.word() {
        ndm.require_full("A departure from the guidance is yours to decide and needs the full record", &mut wrongs);
    }
    settle(wrongs)?;
    Ok(vec![EventBody::Departed { duty, reason, ndm }])
}

pub(super) fn end_departure(report: &Report, duty: DutyId, reason: String) -> Bodies {
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why this is done after all", &mut wrongs);
    if report.departure(duty.as_str()).is_none() {
        wrongs.push(Wrong::new("duty", "Nobody has departed from this task"));
    }
    settle(wrongs)?;
    Ok(vec![EventBody::DepartureEnded { duty, reason }])
}

/// A child is a person involved unless somebody says otherwise; *suspect* needs the full record, and the advice may rule it out.
pub(super) fn record_roles(
    report: &Report,
    pack: &Pack,
    person: PersonId,
    mut roles: Vec<PersonRole>,
    reason: String,
    ndm: Ndm,
) -> Bodies {
    let Some(before) = report.person(person.as_str()) else {
        return Err(Refusal::field("person", "That person is not in this report. Add them first"));
    };
    roles.sort();
    roles.dedup();
    let mut wrongs = Vec::new();
    wrongs.extend(text::check("reason", &reason).err());
    ndm.guard(&mut wrongs);
    if roles.contains(&PersonRole::Suspect) {
        let advised = report.advise(pack).map_err(|problems| unusable(&problems))?;
        let why = no_suspect(report, advised.advice(), before);
        let says = |why| format!("{why}. Leave this role out: so far they are a person involved");
        wrongs.extend(why.map(|why| Wrong::new("roles", says(why))));
    }
    if roles.contains(&PersonRole::Suspect) && !before.roles.contains(&PersonRole::Suspect) {
        if reason.trim().is_empty() {
            wrongs.push(Wrong::new("reason", format!("Say why {} is entered as a suspect", before.label())));
        }
        ndm.require_full("Entering somebody as a suspect needs the full record", &mut wrongs);
    }
    settle(wrongs)?;
    if before.roles == roles {
        Ok(Vec::new())
    } else {
        Ok(vec![EventBody::RolesRecorded { person, roles, reason, ndm }])
    }
}

pub(super) fn ask_for_review(note: String, by_when: String) -> Bodies {
    let wrongs = [text::check("note", &note).err(), text::line("by_when", &by_when).err()];
    settle(wrongs.into_iter().flatten().collect())?;
    Ok(vec![EventBody::ReviewAsked { note, by_when }])
}

/// Why somebody may not review a report, to them. No full stop.
pub const NOT_ONES_OWN: &str = "You cannot review this report: it is yours, you began it, or you decided or recorded something in it that is reviewed. Another supervisor has to look at it";

/// Why somebody may not review a report whose answers they entered, to them. No full stop.
pub const ANSWERED_IT_THEMSELVES: &str = "You cannot review this report now: since the last review you entered an answer that the class or an outcome rests on. Another supervisor has to look at it";

/// Nobody reviews what they began, filed, recorded as a crime or as none, or decided, or a report they work on.
pub(super) fn has_a_hand_in_it(report: &Report, actor: &ActorId) -> bool {
    let is_own =
        |evidence: &Evidence| matches!(evidence, Evidence::Decision(_) | Evidence::Crime { .. } | Evidence::Form(_));
    let mut filed = report.evidence.values().flatten();
    let entered_suspect = |event: &Event| matches!(&event.body, EventBody::RolesRecorded { roles, .. } if roles.contains(&PersonRole::Suspect));
    filed.any(|f| f.by.id == *actor && f.withdrawn.is_none() && is_own(&f.evidence))
        || report.started_by.as_ref().is_some_and(|by| by.id == *actor)
        || report.allocation.as_ref().is_some_and(|a| a.to == *actor)
        || report.ending.as_ref().is_some_and(|e| e.by.id == *actor)
        || report.departures.iter().any(|d| d.by.id == *actor)
        || report.class_held_by(actor).is_some()
        || report.outcomes.iter().any(|o| o.by.id == *actor)
        || report.log.iter().any(|event| event.actor.id == *actor && entered_suspect(event))
}

impl Report {
    /// Why this person may not review it; nothing where they may. Not what is theirs, nor what they had a hand in, nor their own answers.
    pub fn no_review_by(&self, advice: &Advice, actor: &ActorId) -> Option<&'static str> {
        if has_a_hand_in_it(self, actor) {
            return Some(NOT_ONES_OWN);
        }
        (!self.answers_to_review_of(advice, actor).is_empty()).then_some(ANSWERED_IT_THEMSELVES)
    }

    /// Answers that count, that this person entered or chose since the last review, and that the class or an outcome rests on: somebody
    /// else looks at those. What was reviewed once is nobody's own any more.
    pub fn answers_to_review_of(&self, advice: &Advice, actor: &ActorId) -> Vec<FactName> {
        let people = advice.persons.values().flat_map(|person| &person.grounds);
        let grounds = advice.grounds.iter().chain(people).flat_map(|ground| &ground.because);
        let outcomes = advice.outcomes.iter().flat_map(|outcome| &outcome.because);
        let rests_on: BTreeSet<&str> = grounds.chain(outcomes).map(|because| because.fact.as_str()).collect();
        let since = self.log.iter().filter(|event| event.version > self.last_review && event.actor.id == *actor);
        let theirs = since.filter_map(|event| match &event.body {
            EventBody::FactStated { fact, statement, .. } | EventBody::StatementChosen { fact, statement, .. } => {
                Some((fact, statement))
            }
            _ => None,
        });
        let counts = |(fact, statement): &(&FactName, &StatementId)| {
            let current = self.current(fact);
            let said = current.standing.iter().find(|said| said.id == **statement);
            said.is_some_and(|said| current.value.as_ref() == Some(&said.value))
        };
        let mut answers: Vec<FactName> = theirs
            .filter(counts)
            .map(|(fact, _)| fact.clone())
            .filter(|fact| rests_on.contains(fact.as_str()))
            .collect();
        answers.sort();
        answers.dedup();
        answers
    }
}

pub(super) fn review(
    report: &Report,
    pack: &Pack,
    context: &Context,
    verdict: Verdict,
    reasons: String,
    seen: &str,
) -> Bodies {
    let advised = report.advise(pack).map_err(|problems| unusable(&problems))?;
    if let Some(why) = report.no_review_by(advised.advice(), &context.actor.id) {
        return Err(Refusal::not_allowed(why));
    }
    let mut wrongs = Vec::new();
    let missing = match verdict {
        Verdict::Agree => "Say in a line why you agree",
        Verdict::SendBack => "Say what has to be done before you can agree",
    };
    required("reasons", &reasons, missing, &mut wrongs);
    let ended = ending::agreed(report, pack, verdict, &mut wrongs)?;
    let matter = report.review_matter(pack);
    // Nobody agrees to what they have not seen, nor sends it back for what may be there by now.
    if seen != matter {
        wrongs.push(Wrong::new(
            "verdict",
            "The record has changed since you opened this page. Read what was entered, then say again whether you agree",
        ));
    }
    settle(wrongs)?;
    Ok(std::iter::once(EventBody::Reviewed { verdict, reasons, matter }).chain(ended).collect())
}

/// Why an outcome is not decided for this person at all; nothing where it may be. What is open for the report is never open for
/// somebody of whom the advice says nothing.
fn whom_says(report: &Report, pack: &Pack, advice: &Advice, code: &str, person: &PersonId) -> Option<String> {
    let Some(entered) = report.person(person.as_str()) else {
        return Some(format!("Person {person} is not in this report"));
    };
    let name = entered.label();
    if !is_answered(advice, person) {
        return Some(format!(
            "No outcome is decided for {name} here: the page of outcomes says why. Leave them out, or correct the answers about them"
        ));
    }
    let is_known = pack.outcomes().iter().any(|outcome| outcome.code == code);
    (is_known && advised(advice, code, Some(person)).is_none()).then(|| {
        format!("Outcome {code} is never decided for one child. Leave {name} out, or choose another outcome for them")
    })
}

pub(super) fn outcome(report: &Report, pack: &Pack, decide: DecideOutcome) -> Bodies {
    if report.asked_to_end().is_some() {
        return Err(Refusal::not_allowed(
            "Somebody asked to end this report without an outcome. If it has one, a supervisor has to send that back first: then decide it",
        ));
    }
    let advice = report.advise(pack).map_err(|problems| unusable(&problems))?;
    let mut wrongs = Vec::new();
    if !pack.outcomes().iter().any(|o| o.code == decide.code) {
        wrongs.push(Wrong::new("code", "Select an outcome from the list"));
    }
    if !decide.report && decide.persons.is_empty() {
        wrongs.push(Wrong::new("for", "Select what the outcome is for: the report, a child, or both"));
    }
    for person in &decide.persons {
        let says = whom_says(report, pack, advice.advice(), &decide.code, person);
        wrongs.extend(says.map(|says| Wrong::new("for", says)));
    }
    let whom = decide.report.then_some(None).into_iter().chain(decide.persons.iter().map(Some));
    for person in whom {
        let why = report.law_rules_out(pack, advice.advice(), &decide.code, person);
        wrongs.extend(why.map(|why| {
            let whom = person.map_or_else(|| "the report".to_owned(), |person| report.label(person.as_str()));
            let says = format!("The law does not allow Outcome {} for {whom}: {why} Leave them out", decide.code);
            Wrong::new("for", says.trim_end_matches('.'))
        }));
    }
    required("reason", &decide.reason, "Write the reason for this outcome", &mut wrongs);
    decide.ndm.guard(&mut wrongs);
    let subjects = decide.report.then_some(None).into_iter().chain(decide.persons.iter().cloned().map(Some));
    let subjects: Vec<(Option<PersonId>, AsAdvised)> = subjects
        .map(|person| {
            let as_advised = report.as_advised(pack, advice.advice(), &decide.code, person.as_ref());
            (person, as_advised)
        })
        .collect();
    let intrudes = pack.outcomes().iter().any(|outcome| outcome.code == decide.code && outcome.intrusive);
    if subjects.iter().any(|(_, as_advised)| *as_advised == AsAdvised::Departs) {
        let because = "The advice does not have this outcome open, or somebody decided against it. It is yours to decide, with the full record, and a supervisor has to agree";
        decide.ndm.require_full(because, &mut wrongs);
    } else if intrudes {
        decide.ndm.require_full("This outcome stays with somebody, so it needs the full record", &mut wrongs);
    }
    settle(wrongs)?;
    let decided = subjects.into_iter().map(|(person, as_advised)| EventBody::OutcomeDecided {
        code: decide.code.clone(),
        person,
        departs: as_advised == AsAdvised::Departs,
        unreviewed: as_advised == AsAdvised::OnceReviewed,
        reason: decide.reason.clone(),
        ndm: decide.ndm.clone(),
    });
    Ok(decided.collect())
}

pub(super) fn close(report: &Report, pack: &Pack, context: &Context, note: String) -> Bodies {
    if report.asked_to_end().is_some() {
        return Err(Refusal::not_allowed(
            "Somebody asked to end this report without an outcome. A supervisor has to agree or send it back first",
        ));
    }
    let mut wrongs: Vec<Wrong> = text::check("note", &note).err().into_iter().collect();
    let view = report.view(pack, context.at).map_err(|problems| unusable(&problems))?;
    wrongs.extend(view.gates.into_iter().map(|gate| {
        let field = gate.duty().map(|d| d.as_str().to_owned()).unwrap_or_default();
        Wrong::new(field, gate.says)
    }));
    settle(wrongs)?;
    Ok(vec![EventBody::Closed { note }])
}

pub(super) fn reopen(report: &Report, reason: String) -> Bodies {
    if !report.is_closed() {
        return Err(Refusal::not_allowed("This report is open already"));
    }
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why the report is opened again", &mut wrongs);
    settle(wrongs)?;
    Ok(vec![EventBody::Reopened { reason }])
}

pub(super) fn addendum(text: String) -> Bodies {
    let mut wrongs = Vec::new();
    required("text", &text, "Write what you want to add", &mut wrongs);
    settle(wrongs)?;
    Ok(vec![EventBody::AddendumAdded { text }])
}
