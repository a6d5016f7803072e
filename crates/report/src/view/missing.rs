//! What the record still lacks, and where it disagrees with itself.

use guidance::advice::{Advice, Ask, Class};
use guidance::{Pack, Value};
use jiff::civil::Date;

use super::due::britain;
use super::warnings::{PLANNED, checks_open};
use super::{Dispute, Lacks, Missing, Task, TaskState, roles};
use crate::done::LOCATION;
use crate::evidence::Evidence;
use crate::fact::NOT_KNOWN;
use crate::id::{FactName, FactScope};
use crate::people::{Person, ReferenceKind, age_at};
use crate::state::Report;

/// The fact that says on what day it happened.
const ACT_ON: &str = "act_on";
/// The fact that says whether there is an image.
const IMAGERY: &str = "imagery";

/// Statements that differ and that nobody has chosen between.
pub(super) fn disputes(report: &Report) -> Vec<Dispute> {
    let mut names: Vec<&FactName> = report.statements.iter().map(|s| &s.fact).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter_map(|fact| {
            let current = report.current(fact);
            let statements = current.standing.into_iter().cloned().collect();
            current.disputed.then(|| Dispute { fact: fact.clone(), statements })
        })
        .collect()
}

/// A role that cannot stand, then what is still to ask, most settling first, then what else to add.
pub(super) fn missing(report: &Report, pack: &Pack, advice: &Advice, tasks: &[Task]) -> Vec<Missing> {
    // Why a child did it is no question where something aggravating was done: it names a ground of the experimental class.
    let is_idle = |ask: &&Ask| advice.class == Class::Aggravated && ask.only_names_a_ground();
    let asked = advice.ask_next.iter().filter(|ask| !is_idle(ask)).filter_map(|ask| {
        let at = Lacks::Answer(ask.fact.parse().ok()?);
        Some(Missing { at, says: question(report, pack, &ask.fact, &report.why_asked(ask)) })
    });
    let mut missing: Vec<Missing> = roles::missing(report, advice).chain(asked).collect();
    missing.extend(of_concern(report, pack));
    missing.extend(planned(report, pack, advice, tasks));
    missing.extend(ages(report));
    missing.extend(wordless(report, pack));
    let mut add = |at: Lacks, says: String| missing.push(Missing { at, says });
    let to_check = |t: &Task| t.id.subject() == Some(LOCATION) && t.state != TaskState::Done;
    if report.places.iter().all(|p| p.withdrawn.is_some()) && tasks.iter().any(to_check) {
        add(
            Lacks::Place,
            "Add the places that matter: where it happened, where the children live. Each is checked".to_owned(),
        );
    }
    if report.devices.iter().all(|d| d.withdrawn.is_some()) && imagery(report) {
        add(Lacks::Device, "Add each telephone or other device that may hold the image, if you know of one".to_owned());
    }
    if !report.standing_references().any(|r| r.kind == ReferenceKind::IncidentLog) {
        add(Lacks::IncidentLog, "Add the incident log reference".to_owned());
    }
    missing.extend(voices(report, tasks));
    missing
}

/// Where one answer about somebody bears out a concern, the others are asked all the same, though they change no advice: a child
/// who is missing needs another response.
fn of_concern(report: &Report, pack: &Pack) -> Vec<Missing> {
    let of_concern = pack.questions().iter().filter(|question| !question.concerns.is_empty());
    let asked: Vec<FactName> = of_concern.flat_map(|one| report.facts_of(one)).map(|(fact, _)| fact).collect();
    let value = |fact: &FactName| report.current(fact).value;
    let borne_out = |whose: &FactName| {
        let mut about = asked.iter().filter(|fact| fact.scope() == whose.scope());
        about.any(|fact| value(fact) == Some(Value::word("yes")))
    };
    let open = asked.iter().filter(|fact| value(fact).is_none() && borne_out(fact));
    open.map(|fact| Missing {
        says: question(report, pack, fact.as_str(), "there is a concern already"),
        at: Lacks::Answer(fact.clone()),
    })
    .collect()
}

/// Every yes that is worth nothing without words, and has none.
fn wordless(report: &Report, pack: &Pack) -> Vec<Missing> {
    let (mut found, yes) = (Vec::new(), Value::word("yes"));
    for question in pack.questions().iter().filter(|question| !question.yes_in_words.is_empty()) {
        for (fact, subject) in report.facts_of(question) {
            let words = format!("{fact}_words").parse().is_ok_and(|words| report.current(&words).value.is_some());
            let current = report.current(&fact);
            if current.value.as_ref() == Some(&yes)
                && !words
                && current.standing.iter().all(|said| said.note.trim().is_empty())
            {
                let says = question.yes_in_words.replace("{person}", &subject).replace("{device}", &subject);
                found.push(Missing { at: Lacks::Check(fact), says });
            }
        }
    }
    found
}

/// There is an image, as far as anybody has said.
fn imagery(report: &Report) -> bool {
    let answer = FactName::report(IMAGERY).ok().and_then(|fact| report.current(&fact).value);
    answer == Some(Value::word("yes"))
}

/// What the checks come before matters to the record while they are open, also where their time turns on it no more: a talk that is
/// planned and held before them says why it could not wait.
fn planned(report: &Report, pack: &Pack, advice: &Advice, tasks: &[Task]) -> Vec<Missing> {
    if checks_open(tasks).next().is_none() {
        return Vec::new();
    }
    let is_open = |fact: &FactName| report.current(fact).value.is_none_or(|value| value == Value::word(NOT_KNOWN));
    let is_asked = |fact: &FactName| advice.ask_next.iter().any(|ask| ask.fact.as_str() == fact.as_str());
    let facts = PLANNED.iter().filter_map(|name| FactName::report(name).ok());
    let open = facts.filter(|fact| is_open(fact) && !is_asked(fact));
    open.filter_map(|fact| {
        pack.question(&fact.question())?;
        let says = question(report, pack, fact.as_str(), "checks on police systems are open");
        Some(Missing { at: Lacks::Answer(fact), says })
    })
    .collect()
}

/// The age that counts is the age on the day of the act. Where that day and somebody's birthday are known, the age given is
/// compared with what they make; before the day is known, with what they were when it was reported, which nobody was older than. It
/// is the officer who says which is right.
fn ages(report: &Report) -> Vec<Missing> {
    let act = FactName::report(ACT_ON).ok().and_then(|fact| report.current(&fact).value);
    let act: Option<Date> = act.as_ref().and_then(Value::as_word).and_then(|day| day.parse().ok());
    let reported = report.reported_at.map(|at| at.to_zoned_datetime(britain()).date());
    let compare = |person: &Person| {
        let born = person.identity.date_of_birth?;
        let fact = FactName::person(&person.id, "age").ok()?;
        let given = report.current(&fact).value;
        let says = match (act, reported) {
            (Some(act), _) => on_the_day(&person.label(), given.as_ref(), born, act)?,
            (None, Some(reported)) => when_reported(&person.label(), given.as_ref()?, born, reported)?,
            (None, None) => return None,
        };
        Some(Missing { at: Lacks::Check(fact), says })
    };
    report.people.iter().filter(|p| p.withdrawn.is_none()).filter_map(compare).collect()
}

/// What a date of birth makes on the day of the act, where that is not the age given.
fn on_the_day(name: &str, given: Option<&Value>, born: Date, act: Date) -> Option<String> {
    if born > act {
        return Some(format!("By date of birth {name} was not born on the day it happened. Check which is right"));
    }
    let years = age_at(born, act)?;
    let differs = match given {
        Some(Value::Years(given)) if *given == years => return None,
        Some(Value::Years(given)) => format!("The age given is {given}. Check which is right"),
        _ => "Enter that age, or check the date of birth".to_owned(),
    };
    Some(format!("By date of birth {name} was {years} on the day it happened. {differs}"))
}

/// What a date of birth made when it was reported, where the age given is more than that.
fn when_reported(name: &str, given: &Value, born: Date, reported: Date) -> Option<String> {
    let years = age_at(born, reported)?;
    let given = match given {
        Value::Years(given) if *given > years => given.to_string(),
        Value::Word(word) if word == "adult" && years < 18 => "18 or over".to_owned(),
        _ => return None,
    };
    Some(format!(
        "By date of birth {name} was {years} when it was reported. The age given is {given}. Check which is right"
    ))
}

fn question(report: &Report, pack: &Pack, fact: &str, why: &str) -> String {
    let Ok(name) = fact.parse::<FactName>() else {
        return why.to_owned();
    };
    let Some(question) = pack.question(&name.question()) else {
        return why.to_owned();
    };
    let words = match name.scope() {
        FactScope::Report => question.words.clone(),
        FactScope::Person(id) => question.words.replace("{person}", &report.label(id)),
        FactScope::Device(id) => question.words.replace("{device}", &report.device_label(id)),
    };
    if why.is_empty() { words } else { format!("{words} ({why})") }
}

impl Report {
    /// What hangs on a question, as the advice says it, with names in place of pseudonyms.
    pub fn why_asked(&self, ask: &Ask) -> String {
        ask.settles.says(|person| self.label(person))
    }
}

/// After a welfare check, every child with an account or a screening of their own should have been heard in it.
fn voices(report: &Report, tasks: &[Task]) -> Vec<Missing> {
    let heard = |person: &str| {
        report.evidence.values().flatten().any(|f| match &f.evidence {
            Evidence::Welfare { children, .. } => children.iter().any(|c| c.person.as_str() == person),
            _ => false,
        })
    };
    let Some(checked) = tasks.iter().find(|t| t.evidence == "welfare" && t.state == TaskState::Done) else {
        return Vec::new();
    };
    let mut children: Vec<&str> = tasks
        .iter()
        .filter(|t| t.evidence == "form" && t.state != TaskState::MayBeNeeded)
        .filter_map(|t| t.id.subject())
        .collect();
    children.sort_unstable();
    children.dedup();
    children
        .into_iter()
        .filter(|child| !heard(child))
        .map(|child| Missing {
            at: Lacks::Task(checked.id.clone()),
            says: format!("The welfare check does not say what {} said and how they seemed", report.label(child)),
        })
        .collect()
}
