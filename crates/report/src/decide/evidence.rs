//! Evidence for duties.

use guidance::advice::{Advice, DeviceAdvice, Record};
use guidance::words::DutyWords;
use guidance::{Facts, Pack, Value};

use super::guard::{asks_then, guard, guard_acknowledgement, guard_their_reference};
use super::{Bodies, required, settle};
use crate::actor::Context;
use crate::against::choice_words;
use crate::decision::{Choice, Decision};
use crate::done::duty_words;
use crate::event::EventBody;
use crate::evidence::{Acknowledgement, CrimeRecord, Evidence, Filed};
use crate::id::DutyId;
use crate::memo::Advised;
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;
use crate::telling::Telling;
use crate::text;

pub(super) fn record(report: &Report, pack: &Pack, context: &Context, duty: DutyId, evidence: Evidence) -> Bodies {
    let Some(words) = duty_words(pack, &duty).filter(|_| report.is_subject_here(&duty)) else {
        return Err(Refusal::field("duty", "There is no such task on this report. Choose one from the task list"));
    };
    if words.evidence != evidence.kind() {
        let says = match words.evidence.as_str() {
            "form" => "This task is done by filing its form",
            "review" => "This task is done by a supervisor's review",
            _ => "This task needs a different kind of record. Open it from the task list",
        };
        return Err(Refusal::field("duty", says));
    }
    if evidence.kind() == "form" {
        return Err(Refusal::field("duty", "This task is done by filing its form"));
    }
    if let Some(waits) = report.waits_for_outcome(pack, words, &duty) {
        return Err(Refusal::not_allowed(waits.says()));
    }
    let mut wrongs = Vec::new();
    let advised = report.advise(pack).ok();
    let departs = match &evidence {
        Evidence::Decision(decision) => {
            let departs = departs(decision, &duty, advised.as_ref().map(Advised::advice), pack);
            decision.guard(departs, &mut wrongs);
            guard_choice(decision, words, &mut wrongs);
            guard_consulted(decision, &duty, pack, &mut wrongs);
            departs || !decision.follows_advice
        }
        Evidence::Crime { record } => {
            guard(report, pack, context, &duty, &evidence, &mut wrongs);
            guard_no_crime(record, advised.as_ref().map(Advised::advice), &mut wrongs)
        }
        other => {
            guard(report, pack, context, &duty, other, &mut wrongs);
            if let Some(advised) = &advised {
                guard_order(other, advised.facts(), advised.advice(), pack, &mut wrongs);
            }
            false
        }
    };
    settle(wrongs)?;
    Ok(vec![recorded(report, duty, evidence, departs)])
}

/// What was told at one visit, for each of these: all or none. A check, an account or a decision is each one's own. What is wrong with
/// an entry about somebody else than the first is about the field that ends with who it is: `who.B`.
pub(super) fn record_tellings(
    report: &Report,
    pack: &Pack,
    context: &Context,
    mut each: Vec<(DutyId, Evidence)>,
) -> Bodies {
    if each.iter().any(|(_, evidence)| evidence.kind() != "told") {
        return Err(Refusal::field("duty", "This is recorded for each task by itself. Open them from the task list"));
    }
    let first = each.first().and_then(|(duty, _)| duty.subject().map(str::to_owned));
    each.sort_by(|(one, _), (other, _)| one.cmp(other));
    each.dedup_by(|(one, _), (other, _)| one == other);
    let (mut bodies, mut wrongs) = (Vec::new(), Vec::new());
    for (duty, evidence) in each {
        let subject = duty.subject().map(str::to_owned).filter(|subject| first.as_ref() != Some(subject));
        let evidence = as_asked(pack, &duty, evidence);
        match record(report, pack, context, duty, evidence) {
            Ok(recorded) => bodies.extend(recorded),
            Err(Refusal::Problems(problems)) => {
                let about = subject.map(|subject| (report.label(&subject), subject));
                wrongs.extend(problems.into_iter().map(|wrong| of_subject(wrong, about.as_ref())));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    settle(wrongs)?;
    Ok(bodies)
}

/// Something wrong with what was said to one family in the form of a visit to several: it says whom it is about.
fn of_subject(wrong: Wrong, about: Option<&(String, String)>) -> Wrong {
    match about {
        Some((name, subject)) if matches!(wrong.field.as_str(), "who" | "asked") => {
            Wrong::new(format!("{}.{subject}", wrong.field), format!("About {name}: {}", wrong.says))
        }
        _ => wrong,
    }
}

/// What came of it is asked of some tasks only: said of one, it answers nothing for another that was done in the same visit.
fn as_asked(pack: &Pack, duty: &DutyId, mut evidence: Evidence) -> Evidence {
    if let Evidence::Told { telling: Telling::Told { then, .. }, .. } = &mut evidence
        && !asks_then(pack, duty)
    {
        *then = None;
    }
    evidence
}

pub(super) fn recorded(report: &Report, duty: DutyId, evidence: Evidence, departs: bool) -> EventBody {
    let before = report.evidence.get(&duty).map_or(0, Vec::len);
    let number = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    EventBody::EvidenceRecorded { duty, number, evidence, departs }
}

/// Whether a decision departs from the advice, whatever the officer thinks it does: the advice on a device says so, for
/// anything else the pack.
fn departs(decision: &Decision, duty: &DutyId, advice: Option<&Advice>, pack: &Pack) -> bool {
    let device = duty.subject().and_then(|subject| advice?.devices.get(subject));
    let Some(device) = device else {
        // Where the pack says nothing of it, not doing what is asked departs from it.
        return choice_words(pack, duty, decision.choice)
            .map_or(decision.choice == Choice::DoNot, |words| words.departs);
    };
    let follows = match decision.choice {
        Choice::Leave => device.advice == DeviceAdvice::Leave,
        Choice::Preserve => device.advice == DeviceAdvice::Preserve,
        Choice::Seize | Choice::Extract => device.advice == DeviceAdvice::SeizeWherePossible,
        Choice::Later => true,
        _ => decision.follows_advice,
    };
    !follows
}

/// Whether recording no crime departs from the advice, which is to record one. Then it needs the full record.
fn guard_no_crime(record: &CrimeRecord, advice: Option<&Advice>, wrongs: &mut Vec<Wrong>) -> bool {
    let CrimeRecord::NotRecorded { ndm, .. } = record else { return false };
    ndm.guard(wrongs);
    let departs = advice.is_some_and(|advice| advice.crime.record == Record::Yes);
    if departs {
        let because =
            "What is known amounts to a crime, so recording none departs from the advice and needs the full record";
        ndm.require_full(because, wrongs);
    }
    departs
}

/// What may be decided is what the pack offers; where it says nothing of it, what the page offers then.
fn guard_choice(decision: &Decision, words: &DutyWords, wrongs: &mut Vec<Wrong>) {
    let unsaid = words.choices.is_empty() && Choice::UNSAID.contains(&decision.choice);
    if unsaid || words.choices.iter().any(|offered| offered.value == decision.choice.word()) {
        return;
    }
    let offered: Vec<&str> = match words.choices.as_slice() {
        [] => Choice::UNSAID.iter().map(|choice| choice.says()).collect(),
        choices => choices.iter().map(|offered| offered.words.as_str()).collect(),
    };
    let says = format!("This cannot be decided here. Select one of: {}", offered.join("; "));
    wrongs.push(Wrong::new("choice", says));
}

/// Who has to be consulted first is named by the pack.
fn guard_consulted(decision: &Decision, duty: &DutyId, pack: &Pack, wrongs: &mut Vec<Wrong>) {
    let consult = choice_words(pack, duty, decision.choice).map_or("", |words| words.consult.as_str());
    if !consult.is_empty() && decision.consulted.trim().is_empty() {
        let says = format!("This is decided with {consult}. Consult them first, then enter who it was, by name");
        wrongs.push(Wrong::new("consulted", says));
    }
}

/// The checks come before a meeting, and before a discussion that was planned. Safeguarding that cannot wait comes
/// before the checks; then the reason is recorded.
fn guard_order(evidence: &Evidence, facts: &Facts, advice: &Advice, pack: &Pack, wrongs: &mut Vec<Wrong>) {
    let planned = |fact: &str| facts.report.get(fact) == Some(&Value::word("yes"));
    let (waits, reason) = match evidence {
        Evidence::Meeting { before_checks_because, .. } => (true, before_checks_because),
        // To take an account from a child is to talk with the child.
        Evidence::Told { telling: Telling::Told { .. }, before_checks_because, .. }
        | Evidence::Account { before_checks_because, .. } => {
            (planned("discussion_with_family_planned"), before_checks_because)
        }
        _ => return,
    };
    let checks_are_open = advice.duties.iter().any(|duty| {
        duty.state == guidance::advice::DutyState::Due
            && duty.id.parse().is_ok_and(|id| duty_words(pack, &id).is_some_and(|w| w.evidence == "checks"))
    });
    if waits && checks_are_open && reason.trim().is_empty() {
        wrongs.push(Wrong::new(
            "before_checks_because",
            "Not all checks on police systems are done. Do them first, or say why this could not wait for them",
        ));
    }
    wrongs.extend(text::check("before_checks_because", reason).err());
}

pub(super) fn acknowledge(
    report: &Report,
    pack: &Pack,
    context: &Context,
    duty: DutyId,
    number: u32,
    reference: String,
    acknowledgement: Acknowledgement,
) -> Bodies {
    let mut wrongs = Vec::new();
    guard_acknowledgement(report, &acknowledgement, context, &mut wrongs);
    guard_their_reference(&reference, &mut wrongs);
    let sent = report.evidence_for(&duty).into_iter().find(|f| f.number == number);
    match sent.map(|f| &f.evidence) {
        Some(Evidence::Referral { acknowledged: Some(_), .. }) => {
            return Err(Refusal::not_allowed("This referral has been acknowledged already"));
        }
        Some(Evidence::Form(form)) if form.received.is_some() => {
            return Err(Refusal::not_allowed("It is recorded already that this form arrived"));
        }
        Some(Evidence::Referral { .. }) => {}
        Some(Evidence::Form(form)) if form.is_passed_on(pack) => {}
        _ => wrongs.push(Wrong::new("duty", "There is no such referral on this report. Record the referral first")),
    }
    settle(wrongs)?;
    let arrived = |(duty, number)| {
        let (reference, acknowledgement) = (reference.clone(), acknowledgement.clone());
        EventBody::ReferralAcknowledged { duty, number, reference, acknowledgement }
    };
    Ok(filed_with(report, duty, number).into_iter().map(arrived).collect())
}

/// One form may stand for several children: it arrived for each of them. Anything else stands for itself.
fn filed_with(report: &Report, duty: DutyId, number: u32) -> Vec<(DutyId, u32)> {
    let reference = |filed: &Filed| match &filed.evidence {
        Evidence::Form(form) => Some(form.reference.clone()),
        _ => None,
    };
    let this = report.evidence_for(&duty).into_iter().find(|filed| filed.number == number).and_then(reference);
    if this.is_none() {
        return vec![(duty, number)];
    }
    let duties = report.evidence.keys();
    let all = duties.flat_map(|duty| report.evidence_for(duty).into_iter().map(move |filed| (duty, filed)));
    all.filter(|(_, filed)| reference(filed) == this).map(|(duty, filed)| (duty.clone(), filed.number)).collect()
}

pub(super) fn withdraw(report: &Report, duty: DutyId, number: u32, reason: String) -> Bodies {
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why it is withdrawn. It is kept and shown as withdrawn", &mut wrongs);
    if !report.evidence_for(&duty).iter().any(|f| f.number == number) {
        wrongs.push(Wrong::new("duty", "There is no such entry for this task, or it is withdrawn already"));
    }
    settle(wrongs)?;
    Ok(vec![EventBody::EvidenceWithdrawn { duty, number, reason }])
}
