//! After every command: what its change makes moot, and the advice on the facts as they are then.

use guidance::advice::Record;
use guidance::{Advice, Entity, Facts, Pack, Value};

use super::decisions::{sentence, unusable};
use super::seal;
use crate::actor::Context;
use crate::digest::digest;
use crate::event::EventBody;
use crate::evidence::{CrimeRecord, Evidence, Filed};
use crate::fact::Statement;
use crate::fell_away::fell_away;
use crate::id::{DutyId, FactName, FactScope};
use crate::memo::Advised;
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;

/// Tries the events on a copy of the report, sets aside what they make moot, and adds the advice when the
/// facts or the pack changed. Gives the copy too, which has all of them but the advice.
pub(super) fn with_advice(
    report: &Report,
    mut bodies: Vec<EventBody>,
    context: &Context,
    pack: &Pack,
    is_decision: bool,
) -> Result<(Vec<EventBody>, Report), Refusal> {
    let before = report.is_started().then(|| report.advise(pack)).and_then(Result::ok);
    let mut after = tried(report, &bodies, context)?;
    let mut advised = after.advise(pack).map_err(|problems| refuse(&bodies, &problems))?;
    if let Some(before) = &before {
        let mut moot = answers_aside(report, &after, before.facts(), advised.facts(), pack);
        moot.extend(device_decisions_aside(&after, before.advice(), advised.advice()));
        moot.extend(no_crime_aside(&after, before.advice(), advised.advice()));
        if !moot.is_empty() {
            bodies.extend(moot);
            after = tried(report, &bodies, context)?;
            advised = after.advise(pack).map_err(|problems| unusable(&problems))?;
        }
    }
    let same_pack = report.advice.last().is_some_and(|last| last.pack.digest == advised.advice().pack.digest);
    if is_decision || !same_pack || before.is_none_or(|before| before.facts() != advised.facts()) {
        bodies.push(given(&advised, is_decision));
    }
    Ok((bodies, after))
}

fn tried(report: &Report, bodies: &[EventBody], context: &Context) -> Result<Report, Refusal> {
    let mut after = report.clone();
    for event in seal(report, bodies.to_vec(), context)? {
        after.evolve(&event);
    }
    Ok(after)
}

fn given(advised: &Advised, in_full: bool) -> EventBody {
    let advice = advised.advice();
    EventBody::AdviceGiven {
        pack: advice.pack.clone(),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        class: advice.class,
        facts: digest(advised.facts()),
        advice: advised.digest().to_owned(),
        full: in_full.then(|| serde_json::to_value(advice).unwrap_or_default()),
    }
}

fn answers_aside(report: &Report, after: &Report, facts_before: &Facts, facts: &Facts, pack: &Pack) -> Vec<EventBody> {
    let moot = fell_away(facts_before, facts, pack);
    let aside = moot.into_iter().filter_map(|answer| {
        let current = after.current(&answer.fact);
        let statements: Vec<_> = current.standing.iter().map(|s| s.id).collect();
        let was_there = !report.current(&answer.fact).standing.is_empty();
        let is_moot = || !current.disputed || current.standing.iter().all(|s| is_moot_with(facts, pack, s));
        (was_there && !statements.is_empty() && is_moot()).then_some(EventBody::AnswerSetAside {
            fact: answer.fact,
            statements,
            because: answer.because,
        })
    });
    aside.collect()
}

/// Where nobody has chosen between statements, one of them may be what the question still hangs on: that somebody threatened makes
/// them take part. Then the choice is left to the officer, and nothing is set aside.
fn is_moot_with(facts: &Facts, pack: &Pack, said: &Statement) -> bool {
    let mut facts = facts.clone();
    let of = |entities: &mut [Entity], id: &str, value: Value| {
        if let Some(entity) = entities.iter_mut().find(|entity| entity.id == id) {
            entity.facts.insert(said.fact.name().to_owned(), value);
        }
    };
    match said.fact.scope() {
        FactScope::Report => drop(facts.report.insert(said.fact.name().to_owned(), said.value.clone())),
        FactScope::Person(id) => of(&mut facts.person, id, said.value.clone()),
        FactScope::Device(id) => of(&mut facts.device, id, said.value.clone()),
    }
    pack.check(&facts).is_ok_and(|case| pack.not_asked(&case).contains_key(said.fact.as_str()))
}

/// A decision on a device rests on the advice of its day. When that changes, the decision is to be taken again.
fn device_decisions_aside(after: &Report, before: &Advice, advice: &Advice) -> Vec<EventBody> {
    let changed = |device: &str| {
        let was = before.devices.get(device).map(|d| d.advice);
        let is = advice.devices.get(device).map(|d| d.advice);
        was.zip(is).filter(|(was, is)| was != is)
    };
    let decisions = after.evidence.keys().filter_map(|duty: &DutyId| {
        let (was, is) = changed(duty.subject()?)?;
        let filed = after.evidence_for(duty).into_iter().filter(|f| matches!(f.evidence, Evidence::Decision(_)));
        Some(filed.map(move |f| EventBody::EvidenceWithdrawn {
            duty: duty.clone(),
            number: f.number,
            reason: format!("The facts have changed: the advice was {was} and is now {is}. Decide again"),
        }))
    });
    decisions.flatten().collect()
}

/// That no crime is recorded rests on what was known on its day. Once a crime is to be recorded it is decided again.
fn no_crime_aside(after: &Report, before: &Advice, advice: &Advice) -> Vec<EventBody> {
    if before.crime.record == Record::Yes || advice.crime.record != Record::Yes {
        return Vec::new();
    }
    let none = |filed: &&Filed| {
        !filed.departs && matches!(filed.evidence, Evidence::Crime { record: CrimeRecord::NotRecorded { .. } })
    };
    let aside = after.evidence.keys().flat_map(|duty| {
        let filed = after.evidence_for(duty).into_iter().filter(none);
        filed.map(|f| EventBody::EvidenceWithdrawn {
            duty: duty.clone(),
            number: f.number,
            reason: "The facts have changed: what is known amounts to a crime now. Record it, or say again why there is none"
                .to_owned(),
        })
    });
    aside.collect()
}

/// What the pack refuses, beside the answer it belongs to.
fn refuse(bodies: &[EventBody], problems: &[guidance::Problem]) -> Refusal {
    let stated: Vec<&FactName> = bodies
        .iter()
        .filter_map(|body| match body {
            EventBody::FactStated { fact, .. } => Some(fact),
            _ => None,
        })
        .collect();
    let wrongs = problems.iter().map(|problem| {
        let says = problem.to_string();
        let named = stated.iter().find(|fact| {
            let about = match fact.scope() {
                FactScope::Report => true,
                FactScope::Person(id) | FactScope::Device(id) => says.contains(id),
            };
            about && (says.contains(fact.name()) || problem.about.ends_with(fact.as_str()))
        });
        let field = named.or_else(|| stated.first().filter(|_| stated.len() == 1));
        Wrong::new(field.map(|f| f.as_str().to_owned()).unwrap_or_default(), sentence(problem))
    });
    Refusal::Problems(wrongs.collect())
}
