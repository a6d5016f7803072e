//! Commands to events. The only place where events are made.

mod access;
mod advice;
mod class;
mod decisions;
mod drafts;
mod ending;
mod entries;
mod evidence;
mod facts;
mod forms;
mod guard;
mod matches;
mod retention;
mod start;

pub use decisions::{ANSWERED_IT_THEMSELVES, NOT_ONES_OWN};
use guidance::Pack;

use crate::actor::{Context, Role};
use crate::command::Command;
use crate::event::{ENVELOPE, Event, EventBody, Thing};
use crate::id::{EventId, ReportId};
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;

/// What a handler of one command gives back.
type Bodies = Result<Vec<EventBody>, Refusal>;

/// What a command makes happen: the bodies of its events, the advice given with them last. Nothing when nothing changes.
///
/// # Errors
/// Everything that is wrong at once, in the words of whoever filled in the form; or that somebody else answered
/// the same question; or that this person may not do this, or not now. Nothing is to be stored then.
pub fn decide(report: &Report, command: Command, context: &Context, pack: &Pack) -> Result<Vec<EventBody>, Refusal> {
    Ok(decide_on(report, command, context, pack)?.map_or_else(Vec::new, |(bodies, _)| bodies))
}

/// [`decide`], and the bodies in their envelopes: what a store appends.
///
/// # Errors
/// As for [`decide`].
pub fn handle(report: &Report, command: Command, context: &Context, pack: &Pack) -> Result<Vec<Event>, Refusal> {
    Ok(handle_on(report, command, context, pack)?.map_or_else(Vec::new, |(events, _)| events))
}

/// [`handle`], and the report as it is after these events. Nothing when nothing changes.
///
/// # Errors
/// As for [`decide`].
pub fn handle_on(
    report: &Report,
    command: Command,
    context: &Context,
    pack: &Pack,
) -> Result<Option<(Vec<Event>, Report)>, Refusal> {
    let Some((bodies, mut after)) = decide_on(report, command, context, pack)? else {
        return Ok(None);
    };
    let events = seal(report, bodies, context)?;
    // The advice was given on what had been taken in by then.
    let tried = after.version;
    events.iter().filter(|event| event.version > tried).for_each(|event| after.evolve(event));
    Ok(Some((events, after)))
}

/// The bodies, and the report on which the advice among them was worked out.
fn decide_on(
    report: &Report,
    command: Command,
    context: &Context,
    pack: &Pack,
) -> Result<Option<(Vec<EventBody>, Report)>, Refusal> {
    allowed(report, &command, context)?;
    let is_decision = makes_decision(&command);
    let bodies = carry_out(report, command, context, pack)?;
    if bodies.is_empty() {
        return Ok(None);
    }
    advice::with_advice(report, bodies, context, pack, is_decision).map(Some)
}

/// Puts bodies in their envelopes, after what the report has already.
fn seal(report: &Report, bodies: Vec<EventBody>, context: &Context) -> Result<Vec<Event>, Refusal> {
    let Some(id) = report.id.clone().or_else(|| started(&bodies)) else {
        return Err(Refusal::not_allowed("There is no such report. Start it first"));
    };
    let unusable = |_| Refusal::not_allowed("This could not be recorded. Try again");
    let mut events = Vec::with_capacity(bodies.len());
    for (body, number) in bodies.into_iter().zip(1_u64..) {
        let event_id: EventId = format!("{}-{number}", context.command).parse().map_err(unusable)?;
        events.push(Event {
            v: ENVELOPE,
            id: event_id,
            report: id.clone(),
            version: report.version + number,
            recorded_at: context.at,
            actor: context.actor.clone(),
            body,
        });
    }
    Ok(events)
}

fn started(bodies: &[EventBody]) -> Option<ReportId> {
    bodies.iter().find_map(|body| match body {
        EventBody::ReportStarted { report, .. } => Some(report.clone()),
        _ => None,
    })
}

/// Who may do this, and may it be done now? Finer rules of access are the shell's; these hold whatever it does.
fn allowed(report: &Report, command: &Command, context: &Context) -> Result<(), Refusal> {
    let starts = matches!(command, Command::Start(_));
    if !starts && !report.is_started() {
        return Err(Refusal::not_allowed("There is no such report. Start it first"));
    }
    if starts && report.is_started() {
        return Err(Refusal::not_allowed("This report has been started already. Open it from your list"));
    }
    match context.actor.role {
        // What somebody has an interest in they say themselves, whatever they do here.
        Role::Auditor if matches!(command, Command::DeclareInterest { .. }) => {}
        Role::Auditor | Role::Author => {
            return Err(Refusal::not_allowed("Your role can read reports and cannot change them. Ask an officer"));
        }
        Role::CallHandler
            if makes_decision(command) || matches!(command, Command::Close { .. } | Command::MatchPerson { .. }) =>
        {
            return Err(Refusal::not_allowed("A call handler cannot decide this. Pass the report to an officer"));
        }
        Role::CallHandler | Role::Officer if matches!(command, Command::Review { .. }) => {
            return Err(Refusal::not_allowed("Only a supervisor can review a report. Ask for a review"));
        }
        Role::CallHandler | Role::Officer if is_about_keeping(command) => {
            return Err(Refusal::not_allowed("Only a supervisor can decide whether a report is kept. Ask one"));
        }
        Role::CallHandler | Role::Officer if is_a_supervisors(command) => {
            return Err(Refusal::not_allowed("Only a supervisor can say who may see a report. Ask one"));
        }
        Role::CallHandler | Role::Officer | Role::Supervisor => {}
    }
    let stays_open_to = matches!(
        command,
        Command::RaiseConcern { .. }
            | Command::AnswerConcern { .. }
            | Command::Reopen { .. }
            | Command::AddAddendum { .. }
            | Command::AcknowledgeReferral { .. }
            | Command::LinkReport(_)
            | Command::WithdrawEntry { what: Thing::Link(_), .. }
            | Command::KeepUntil { .. }
            | Command::AskErasure { .. }
            | Command::DecideErasure { .. }
            | Command::MatchPerson { .. }
            | Command::Restrict { .. }
            | Command::LiftRestriction { .. }
            | Command::DeclareInterest { .. }
            | Command::EndInterest { .. }
            | Command::OpenInEmergency { .. }
            | Command::ReviewEmergency { .. }
    );
    if report.is_closed() && !stays_open_to {
        return Err(Refusal::not_allowed("This report is closed. Add an addendum, or open it again and say why"));
    }
    Ok(())
}

/// Whether a closed report is kept is decided by supervisors.
const fn is_about_keeping(command: &Command) -> bool {
    matches!(command, Command::KeepUntil { .. } | Command::AskErasure { .. } | Command::DecideErasure { .. })
}

/// Who may see a report is said by supervisors.
const fn is_a_supervisors(command: &Command) -> bool {
    matches!(
        command,
        Command::Restrict { .. }
            | Command::LiftRestriction { .. }
            | Command::EndInterest { .. }
            | Command::ReviewEmergency { .. }
    )
}

/// Decisions keep the whole advice beside them.
fn makes_decision(command: &Command) -> bool {
    match command {
        Command::RecordEvidence { evidence, .. } => evidence.kind() == "decision",
        Command::RecordRoles { roles, .. } => roles.contains(&crate::people::PersonRole::Suspect),
        Command::Depart { .. }
        | Command::HoldClass { .. }
        | Command::DecideOutcome(_)
        | Command::Review { .. }
        | Command::Close { .. } => true,
        _ => false,
    }
}

fn carry_out(report: &Report, command: Command, context: &Context, pack: &Pack) -> Bodies {
    match command {
        Command::Start(start) => start::start(start, context),
        Command::StateSafety(safety) => start::state_safety(report, safety),
        Command::StateReporter(reporter) => start::state_reporter(report, reporter),
        Command::AddReference(reference) => start::add_reference(reference),
        Command::LinkReport(link) => start::link(report, link),
        Command::Allocate(allocation) => start::allocate(report, allocation),
        Command::AddPerson(person) => entries::add_person(report, person),
        Command::StateIdentity { person, identity } => entries::state_identity(report, person, identity),
        Command::RecordRoles { person, roles, reason, ndm } => {
            decisions::record_roles(report, pack, person, roles, reason, ndm)
        }
        Command::StateAuthorities { person, authorities } => entries::state_authorities(report, person, authorities),
        Command::MatchPerson { person, other, verdict, reason } => matches::say(report, person, other, verdict, reason),
        Command::AddPlace { address, why } => entries::add_place(report, address, why),
        Command::StatePlace { place, address, why } => entries::state_place(report, place, address, why),
        Command::AddDevice(device) => entries::add_device(report, device),
        Command::StateDevice { device, label, whereabouts } => {
            entries::state_device(report, device, label, whereabouts)
        }
        Command::AddAccount(account) => entries::add_account(report, account),
        Command::WithdrawEntry { what, reason } => entries::withdraw(report, what, reason),
        Command::StateFacts(facts) => facts::state(report, facts),
        Command::ChooseStatement { fact, statement, reason } => facts::choose(report, fact, statement, reason),
        Command::TakeBack { statement, reason } => facts::take_back(report, statement, reason),
        Command::RecordEvidence { duty, evidence } => evidence::record(report, pack, context, duty, evidence),
        Command::RecordTellings { each } => evidence::record_tellings(report, pack, context, each),
        Command::WithdrawEvidence { duty, number, reason } => evidence::withdraw(report, duty, number, reason),
        Command::AcknowledgeReferral { duty, number, reference, acknowledgement } => {
            evidence::acknowledge(report, pack, context, duty, number, reference, acknowledgement)
        }
        Command::FileForm(form) => forms::file(report, pack, form),
        Command::Depart { duty, reason, ndm } => decisions::depart(report, pack, duty, reason, ndm),
        Command::EndDeparture { duty, reason } => decisions::end_departure(report, duty, reason),
        Command::HoldClass { class, reason, ndm } => class::hold(report, pack, context, class, reason, ndm),
        Command::HoldClassNoLonger { reason } => class::hold_no_longer(report, context, reason),
        Command::SaveDraft { of, fields, seen } => drafts::save(report, pack, of, fields, seen),
        Command::DiscardDraft { of } => drafts::discard(report, of),
        Command::RaiseConcern { kind, person, words, action } => {
            start::raise_concern(report, pack, kind, person, (words, action))
        }
        Command::AnswerConcern { number, answer } => start::answer_concern(report, number, answer),
        Command::AskForReview { note, by_when } => decisions::ask_for_review(note, by_when),
        Command::AskToEnd { same_as, reason } => ending::ask(report, pack, same_as, reason),
        Command::TakeBackEnding => ending::take_back(report, context),
        Command::Review { verdict, reasons, seen } => decisions::review(report, pack, context, verdict, reasons, &seen),
        Command::DecideOutcome(outcome) => decisions::outcome(report, pack, outcome),
        Command::Close { note } => decisions::close(report, pack, context, note),
        Command::Reopen { reason } => decisions::reopen(report, reason),
        Command::AddAddendum { text } => decisions::addendum(text),
        Command::KeepUntil { until, reasons } => retention::keep(report, pack, context, until, reasons),
        Command::AskErasure { person, reasons, confirmed, ndm } => {
            retention::ask_early(report, pack, context, retention::Erasing { person, reasons, confirmed }, ndm)
        }
        Command::DecideErasure { person, reasons, confirmed } => {
            retention::erase(report, pack, context, retention::Erasing { person, reasons, confirmed })
        }
        Command::Restrict { members, unit, reason } => access::restrict(report, context, members, &unit, reason),
        Command::LiftRestriction { reason } => access::lift(report, reason),
        Command::DeclareInterest { who, words } => access::declare(report, context, who, words),
        Command::EndInterest { who, reason } => access::end_interest(report, context, who, reason),
        Command::OpenInEmergency { unit, purpose, reason } => {
            access::open_in_emergency(report, context, unit, purpose, reason)
        }
        Command::ReviewEmergency { number, finding, words } => {
            access::review_emergency(report, context, number, finding, words)
        }
        Command::PassToUnit { unit, reason } => access::pass(report, unit, reason),
    }
}

/// Everything wrong at once, or go on.
fn settle(wrongs: Vec<Wrong>) -> Result<(), Refusal> {
    if wrongs.is_empty() { Ok(()) } else { Err(Refusal::Problems(wrongs)) }
}

/// A long text that has to be there.
fn required(field: &str, text: &str, missing: &str, wrongs: &mut Vec<Wrong>) {
    if text.trim().is_empty() {
        wrongs.push(Wrong::new(field, missing));
    }
    wrongs.extend(crate::text::check(field, text).err());
}

/// One line that has to be there.
fn required_line(field: &str, text: &str, missing: &str, wrongs: &mut Vec<Wrong>) {
    if text.trim().is_empty() {
        wrongs.push(Wrong::new(field, missing));
    }
    wrongs.extend(crate::text::line(field, text).err());
}

/// Lines that may be empty.
fn lines<'a>(fields: impl IntoIterator<Item = (&'a str, &'a String)>, wrongs: &mut Vec<Wrong>) {
    wrongs.extend(fields.into_iter().filter_map(|(field, text)| crate::text::line(field, text).err()));
}
