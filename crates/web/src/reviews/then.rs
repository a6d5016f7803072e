//! What the guidance said when something was decided: in a few lines beside the decision, and all of it on a page of its own.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::response::Response;
use guidance::Advice;
use guidance::advice::{Class, Duty, DutyState, OutcomeState, Strength};
use report::{Event, Report, is_after_outcome};

use crate::routes;
use crate::shared::frame::Frame;
use crate::shared::page::{Problem, page};
use crate::shared::record::{Opened, class_words, report_frame};
use crate::shared::time;
use crate::shared::ui::{Cell, SummaryList, Table};

/// So many tasks that were due are named beside a decision; the rest is counted, and stands on the page of all of it.
const NAMED: usize = 5;

/// What was advised just before one decision, in a few lines.
pub struct Then {
    /// The lines.
    pub lines: SummaryList,
    /// Where all of it stands; nothing where it can no longer be worked out.
    pub href: Option<String>,
}

/// What is known of the advice just before an event.
#[derive(Clone)]
enum Before {
    /// All of it, worked out again from what was known then: while the guidance is the same, it comes out as it was shown.
    Again(Box<Advice>),
    /// The guidance is another one now. Its version then, and the class it gave.
    Other(String, Class),
}

/// The first event of the step that an event was entered with: one decision for several people is several events. Nothing where there
/// is no such event.
fn begins(opened: &Opened, version: u64) -> Option<u64> {
    let step = |event: &Event| {
        let (step, _) = event.id.as_str().rsplit_once('-')?;
        Some(step.to_owned())
    };
    let log = opened.report.log.iter().rev();
    let mut back = log.skip_while(|event| event.version > version).peekable();
    let own = back.peek().filter(|event| event.version == version)?;
    let own = step(own);
    let first = back.take_while(|event| step(event) == own).last()?;
    Some(first.version)
}

/// The advice just before the steps that each of these events was entered with; nothing of one before which there was none.
fn before(opened: &Opened, versions: &BTreeSet<u64>) -> BTreeMap<u64, Before> {
    let pack = opened.pack();
    let asked: Vec<(u64, u64)> =
        versions.iter().filter_map(|version| Some((begins(opened, *version)?, *version))).collect();
    let mut so_far = Report::default();
    let mut found = BTreeMap::new();
    for event in &opened.report.log {
        let given = so_far.advice.last();
        let here = || asked.iter().filter(|(begins, _)| *begins == event.version);
        if let Some(given) = given.filter(|_| here().next().is_some()) {
            let advised = if given.pack.digest == pack.reference().digest {
                let again = so_far.advise(pack).ok();
                again.map(|again| Before::Again(Box::new(again.advice().clone())))
            } else {
                Some(Before::Other(given.pack.version.clone(), given.class))
            };
            if let Some(advised) = advised {
                found.extend(here().map(|(_, version)| (*version, advised.clone())));
            }
        }
        so_far.evolve(event);
    }
    found
}

/// In a few lines, for each event that was a decision.
pub fn in_short(opened: &Opened, versions: &BTreeSet<u64>) -> BTreeMap<u64, Then> {
    let short = |(version, advised)| {
        let then = match advised {
            Before::Again(advice) => {
                Then { lines: lines(opened, &advice), href: Some(routes::advised_then(opened.reference(), version)) }
            }
            Before::Other(guidance, class) => Then {
                lines: SummaryList::new().row("Class", class_words(class)).row("More", other(&guidance)),
                href: None,
            },
        };
        (version, then)
    };
    before(opened, versions).into_iter().map(short).collect()
}

fn other(guidance: &str) -> String {
    format!(
        "The guidance is another version now; then it was version {guidance}. What it said in full is kept in the record of the decision."
    )
}

fn lines(opened: &Opened, advice: &Advice) -> SummaryList {
    let due = advice
        .duties
        .iter()
        .filter(|duty| duty.state == DutyState::Due && duty.strength != Strength::Consider)
        .filter(|duty| !is_after_outcome(&duty.due));
    let due: Vec<String> = due.map(|duty| opened.duty_title(&duty.id)).collect();
    let mut says = due.iter().take(NAMED).cloned().collect::<Vec<_>>();
    if due.len() > NAMED {
        says.push(format!("and {} more", due.len() - NAMED));
    }
    let or_none = |says: Vec<String>| match says.is_empty() {
        true => "None".to_owned(),
        false => says.join("\n"),
    };
    SummaryList::new()
        .row("Class", class_words(advice.class))
        .row("Because", or_none(grounds(advice)))
        .row("To be done then", or_none(says))
        .row("Outcomes open", or_none(open(opened, advice)))
}

/// Each ground once.
fn grounds(advice: &Advice) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for ground in &advice.grounds {
        if !said.iter().any(|says| says == ground.says.as_str()) {
            said.push(ground.says.to_string());
        }
    }
    said
}

/// The same with what each rested on, of everybody it was said of.
fn grounds_with_facts(opened: &Opened, advice: &Advice) -> Vec<(String, Vec<String>)> {
    let of = |says: &str| {
        let same = advice.grounds.iter().filter(|ground| ground.says.as_str() == says);
        let mut rests: Vec<String> = Vec::new();
        for because in same.flat_map(|ground| &ground.because) {
            let words = opened.because_words(because);
            if !rests.contains(&words) {
                rests.push(words);
            }
        }
        rests
    };
    let grounds = grounds(advice).into_iter();
    grounds
        .map(|says| {
            let rests = of(&says);
            (says, rests)
        })
        .collect()
}

/// `The report: 20 and 21`, for each of whom an outcome was open.
fn open(opened: &Opened, advice: &Advice) -> Vec<String> {
    let mut all: Vec<(String, Vec<&str>)> = Vec::new();
    let open = advice.outcomes.iter();
    for outcome in open.filter(|outcome| outcome.state == OutcomeState::Open) {
        let whom = whom(opened, outcome.subject.as_deref());
        match all.iter_mut().find(|(name, _)| *name == whom) {
            Some((_, codes)) => codes.push(&outcome.code),
            None => all.push((whom, vec![&outcome.code])),
        }
    }
    let line = |(whom, codes): (String, Vec<&str>)| format!("{whom}: {}", codes.join(", "));
    all.into_iter().map(line).collect()
}

fn whom(opened: &Opened, person: Option<&str>) -> String {
    person.map_or_else(|| "The report".to_owned(), |id| opened.person_name(id))
}

#[derive(Template)]
#[template(path = "reviews/then.html")]
struct All {
    frame: Frame,
    when: String,
    guidance: String,
    class: &'static str,
    grounds: Vec<(String, Vec<String>)>,
    people: Table,
    /// What was to be done then.
    due: Table,
    /// What else it asked for: folded, it is long.
    duties: Table,
    devices: Option<Table>,
    open: Table,
    /// Outcomes that were not open: folded, they are most.
    outcomes: Table,
    contradictions: Vec<String>,
}

/// The page with all of it.
///
/// # Errors
/// [`Problem::NotFound`] where there was no such entry, or the guidance is another one now.
pub fn draw(frame: Frame, opened: &Opened, version: u64) -> Result<Response, Problem> {
    let Some(Before::Again(advice)) = before(opened, &BTreeSet::from([version])).remove(&version) else {
        return Err(Problem::NotFound);
    };
    let event = opened.report.log.iter().find(|e| e.version == version);
    let shown = All {
        when: event.map_or_else(String::new, |event| time::moment(event.recorded_at)),
        guidance: format!("{}, version {}", advice.pack.id, advice.pack.version),
        class: class_words(advice.class),
        grounds: grounds_with_facts(opened, &advice),
        people: people(opened, &advice),
        due: duties(opened, &advice, "What was to be done then", is_due).packed(),
        duties: duties(opened, &advice, "What else it asked for", |duty| !is_due(duty)),
        devices: (!advice.devices.is_empty()).then(|| devices(opened, &advice)),
        open: outcomes(opened, &advice, "Outcomes that were open", |state| state == OutcomeState::Open),
        outcomes: outcomes(opened, &advice, "Outcomes that were not open", |state| state != OutcomeState::Open),
        contradictions: advice.contradictions.iter().map(|c| c.says.clone()).collect(),
        frame: report_frame(frame, opened).back_to(routes::review(opened.reference())),
    };
    Ok(page(false, &shown))
}

fn people(opened: &Opened, advice: &Advice) -> Table {
    let mut table = Table::new("Each person", &["Person", "Class of own conduct", "Why"]);
    for (id, said) in &advice.persons {
        let why: Vec<&str> = said.grounds.iter().map(|g| g.says.as_str()).collect();
        table.row(vec![
            Cell::text(opened.person_name(id)),
            Cell::text(class_words(said.class)),
            Cell::text(why.join(" ")),
        ]);
    }
    table
}

/// Was it to be done then, before an outcome?
fn is_due(duty: &Duty) -> bool {
    duty.state == DutyState::Due && !is_after_outcome(&duty.due)
}

fn duties(opened: &Opened, advice: &Advice, title: &str, which: impl Fn(&Duty) -> bool) -> Table {
    let mut table = Table::new(title, &["Task", "How strongly", "Then"]);
    for duty in advice.duties.iter().filter(|duty| which(duty)) {
        let strength = match duty.strength {
            Strength::Must => "Required",
            Strength::Should => "Expected",
            Strength::Consider => "To consider",
        };
        let state = match duty.state {
            DutyState::Due if is_after_outcome(&duty.due) => "After the outcome",
            DutyState::Due => "To do",
            DutyState::Done => "Done",
            DutyState::NotYetKnown => "May be needed",
        };
        table.row(vec![Cell::text(opened.duty_title(&duty.id)), Cell::text(strength), Cell::text(state)]);
    }
    table
}

fn devices(opened: &Opened, advice: &Advice) -> Table {
    let mut table = Table::new("Devices", &["Device", "What it said"]);
    for (id, said) in &advice.devices {
        table.row(vec![Cell::text(opened.device_name(id)), Cell::text(said.says.to_string())]);
    }
    table
}

/// One row for whomever the same was said of.
fn outcomes(opened: &Opened, advice: &Advice, title: &str, which: impl Fn(OutcomeState) -> bool) -> Table {
    let mut rows: Vec<([String; 3], Vec<String>)> = Vec::new();
    for outcome in advice.outcomes.iter().filter(|one| which(one.state)) {
        let words = opened.pack().outcomes().iter();
        let title = words
            .clone()
            .find(|words| words.code == outcome.code.as_str())
            .map_or_else(String::new, |words| format!(": {}", words.title));
        let state = match outcome.state {
            OutcomeState::Open => "Open",
            OutcomeState::NotYet => "Not yet",
            OutcomeState::Blocked => "Not available",
        };
        let mut why: Vec<String> = outcome.says.iter().map(ToString::to_string).collect();
        match outcome.needs.len() + outcome.needs_more {
            0 => {}
            1 => why.push("1 task or answer was missing.".to_owned()),
            many => why.push(format!("{many} tasks and answers were missing.")),
        }
        let said = [format!("{}{title}", outcome.code), state.to_owned(), why.join(" ")];
        let whom = whom(opened, outcome.subject.as_deref());
        match rows.iter_mut().find(|(known, _)| *known == said) {
            Some((_, all)) => all.push(whom),
            None => rows.push((said, vec![whom])),
        }
    }
    let mut table = Table::new(title, &["Outcome", "For", "Then", "Why"]);
    for ([outcome, state, why], whom) in rows {
        table.row(vec![Cell::text(outcome), Cell::text(whom.join(", ")), Cell::text(state), Cell::text(why)]);
    }
    table
}
