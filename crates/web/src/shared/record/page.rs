//! What stands around every page of a report, and the page for two answers to one question.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use guidance::advice::{Ground, Strength};
use guidance::words::DoNow;
use report::{Conflict, Status, Task, TaskState, class_words};

use super::Opened;
use super::look::offered;
use super::seen;
use crate::routes;
use crate::shared::form::Form;
use crate::shared::frame::{Frame, Link};
use crate::shared::page::page;
use crate::shared::time;
use crate::shared::ui::{SummaryList, Why};
use crate::shared::words::{cited, first_upper};

/// What nobody may do with the image, above every page of a report.
pub const STANDING_LINE: &str = "Do not view, copy, screenshot, forward or film the image.";
/// Said of an answer that somebody else gave first.
pub const CONFLICT_LINE: &str =
    "Somebody else has answered this since you opened the page. Look at both answers, then choose";

/// What is always in sight: the class with its first ground, what to do now, what is still to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Reference.
    pub reference: String,
    /// Address of the report.
    pub href: String,
    /// Class in words.
    pub class: &'static str,
    /// Colour of its tag.
    pub colour: &'static str,
    /// The first ground, in words; what it means where there is none.
    pub ground: String,
    /// How many more grounds there are.
    pub more: usize,
    /// Who sees the class differently, and how.
    pub held: Vec<String>,
    /// What to do first: title and address.
    pub now: Option<(String, String)>,
    /// How many other things are to be done.
    pub others: usize,
    /// What is still to ask, in words that do not frighten; and the address of the next question.
    pub to_ask: Option<String>,
    /// Address of the next question.
    pub next: String,
    /// A supervisor has agreed to the record as it is now: a page that changes it says what that means.
    pub agreed: bool,
    /// What holds for each child whose home is told nothing.
    pub away_from_home: Vec<String>,
    /// What has to be done at once by the answers there are.
    pub do_now: Vec<ToDoNow>,
    /// All of it is told on this page; elsewhere it is folded away under its title.
    pub told: bool,
}

/// What has to be done at once, in the words of the guidance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDoNow {
    /// What happens.
    pub title: String,
    /// First things first.
    pub steps: Vec<String>,
    /// Where it comes from.
    pub cites: Vec<Link>,
}

/// In place of the class of a report that was begun by mistake or twice: whatever it would be, nothing rests on it.
pub const ENDED: &str = "Ended";

impl Summary {
    /// Of a report as it is now. What only somebody who decides can do next, such as closing it, is told to them alone.
    pub fn of(opened: &Opened, decides: bool) -> Self {
        let reference = opened.reference();
        let mut said: Vec<&str> = Vec::new();
        for ground in opened.grounds() {
            if !said.contains(&ground.says.as_str()) {
                said.push(&ground.says);
            }
        }
        let ended = opened.report.ended();
        let ground = match (ended, said.first()) {
            (Some(ending), _) => first_upper(&ending.says()),
            (None, Some(says)) => (*says).to_owned(),
            (None, None) => no_ground(opened).to_owned(),
        };
        let mut due: Vec<_> = opened
            .view
            .tasks
            .iter()
            .filter(|task| matches!(task.state, TaskState::Due | TaskState::PartDone))
            // What was ended as a mistake asks for nothing any more.
            .filter(|_| ended.is_none())
            .collect();
        let first = first(opened);
        // As on the report's own page: what is due at once, is late, or has to come before something that is planned.
        due.sort_by_key(|task| !opened.is_due_now(task));
        Self {
            reference: reference.to_owned(),
            href: routes::report(reference),
            class: ended.map_or_else(|| opened.class_words(), |_| ENDED),
            colour: ended.map_or_else(|| opened.class_colour(), |_| "grey"),
            ground,
            more: match ended {
                Some(_) => 0,
                None => said.len().saturating_sub(1),
            },
            held: match ended {
                Some(_) => Vec::new(),
                None => held(opened),
            },
            others: due
                .iter()
                .filter(|task| opened.is_due_now(task))
                .count()
                .saturating_sub(usize::from(first.is_none())),
            now: first
                .or_else(|| {
                    let task = due.first()?;
                    let to = routes::task(reference, task.id.as_str());
                    Some((task.title.clone(), to))
                })
                .or_else(|| next_step(opened).filter(|_| decides)),
            to_ask: still_to_ask(opened),
            next: routes::next_question(reference),
            agreed: opened.report.is_agreed(opened.pack()),
            away_from_home: opened.away_from_home().map(|(_, says)| says).collect(),
            do_now: do_now(opened),
            told: false,
        }
    }
}

fn do_now(opened: &Opened) -> Vec<ToDoNow> {
    opened.do_now().into_iter().map(|now| to_do(opened, now)).collect()
}

fn to_do(opened: &Opened, now: &DoNow) -> ToDoNow {
    ToDoNow { title: now.title.clone(), steps: now.steps.clone(), cites: cited(opened.pack(), &now.cites) }
}

/// What would have to be done at once by answers that are not there: for whoever raises a concern and has not answered the question yet.
pub fn might_do_now(opened: &Opened) -> Vec<ToDoNow> {
    let told = opened.do_now();
    let all = opened.pack().questions().iter().filter_map(|question| question.do_now.as_ref());
    all.filter(|now| !told.contains(now)).map(|now| to_do(opened, now)).collect()
}

/// Who holds the class to be another one than it is now.
fn held(opened: &Opened) -> Vec<String> {
    let all = opened.report.classes_held.iter();
    all.filter(|held| held.differs(opened.advice().class))
        .map(|held| {
            let class = class_words(held.class);
            format!("{} disagrees: {class}", held.by.name)
        })
        .collect()
}

/// More questions than this are not counted: most of them fall away with the next answers.
const COUNTED: usize = 9;

/// What is still to ask; nothing where no question can change anything any more.
fn still_to_ask(opened: &Opened) -> Option<String> {
    let missing = opened.view.missing.iter();
    let count = missing.filter(|missing| missing.fact().is_some()).count();
    match count {
        0 => None,
        _ if opened.report.ended().is_some() => None,
        _ if opened.people().next().is_none() => Some("who is involved".to_owned()),
        1 => Some("1 question".to_owned()),
        2..=COUNTED => Some(format!("{count} questions")),
        _ => Some("questions that could change the advice".to_owned()),
    }
}

/// What comes before every task: a concern that nobody has answered, then what a supervisor sent back.
fn first(opened: &Opened) -> Option<(String, String)> {
    let reference = opened.reference();
    if let Some(concern) = opened.report.open_concerns().next() {
        let to = routes::concern_answer(reference, concern.number);
        return Some(("Act on the immediate concern".to_owned(), to));
    }
    let sent_back = opened.view.status == Status::SentBack;
    sent_back.then(|| {
        let to = format!("{}#sent-back", routes::report(reference));
        ("Put right what was sent back".to_owned(), to)
    })
}

/// What follows when no required task is due: the outcome, and then closing. Nothing while something is still open before them.
pub fn next_step(opened: &Opened) -> Option<(String, String)> {
    let reference = opened.reference();
    let is_open = |task: &Task| {
        task.duty.strength != Strength::Consider && matches!(task.state, TaskState::Due | TaskState::PartDone)
    };
    if opened.report.is_closed() || opened.view.tasks.iter().any(is_open) {
        None
    } else if opened.view.status == Status::ReadyToClose {
        Some(("Close the report".to_owned(), routes::close(reference)))
    } else if opened.report.outcome(None).is_none() && !opened.view.tasks.is_empty() {
        Some(("Decide the outcome".to_owned(), routes::outcomes(reference)))
    } else {
        None
    }
}

fn no_ground(opened: &Opened) -> &'static str {
    if opened.people().next().is_none() { "Nobody has been entered yet" } else { "The answers so far do not settle it" }
}

/// The frame of a page of a report: way back to it, standing line, immediate concern, and the summary.
/// A page that leads back elsewhere says so with [`Frame::back_to`] afterwards.
pub fn report_frame(frame: Frame, opened: &Opened) -> Frame {
    let reference = opened.reference();
    let mut frame = frame.back_to(routes::report(reference)).standing(STANDING_LINE, routes::concern(reference));
    let decides = frame.who.as_ref().is_some_and(|who| who.decides);
    frame.report = Some(Summary::of(opened, decides));
    offered(&mut frame, opened);
    frame
}

#[derive(Template)]
#[template(path = "reports/conflict.html")]
struct ConflictPage {
    frame: Frame,
    pairs: Vec<Pair>,
    /// Where it goes on when what was saved is left as it is.
    leave: String,
}

struct Pair {
    question: String,
    answers: SummaryList,
    again: String,
    /// What was written, field by field: to answer again shows it again.
    written: Vec<(String, String)>,
}

/// What an officer wanted to record, and what stands by now, each with who entered it.
pub fn both_answers(opened: &Opened, conflict: &Conflict, note: &str) -> SummaryList {
    let mut yours = opened.value_words(&conflict.fact, &conflict.yours);
    if !note.is_empty() {
        yours = format!("{yours}\n{note}");
    }
    let mut answers = SummaryList::new().row("Your answer, not saved", yours);
    for theirs in &conflict.theirs {
        let mut says = opened.value_words(&conflict.fact, &theirs.value);
        if !theirs.note.is_empty() {
            says = format!("{says}\n{}", theirs.note);
        }
        let who = format!("Saved by {}, {}", theirs.entered_by.name, time::moment(theirs.entered_at));
        answers = answers.row(who, says);
    }
    answers
}

/// The same question was answered twice: both answers, and the way to answer again, with everything that was `sent` in its fields.
/// Nothing was stored.
pub fn conflict_page(frame: Frame, opened: &Opened, conflicts: &[Conflict], sent: &Form) -> Response {
    let pairs = conflicts.iter().map(|conflict| Pair {
        question: opened.question_words(&conflict.fact),
        answers: both_answers(opened, conflict, sent.text("note")),
        again: routes::question(opened.reference(), conflict.fact.as_str()),
        written: sent
            .pairs()
            .filter(|(name, _)| *name != seen::SEEN)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    });
    let shown = ConflictPage {
        frame: report_frame(frame, opened),
        pairs: pairs.collect(),
        leave: routes::next_question(opened.reference()),
    };
    (StatusCode::CONFLICT, page(false, &shown)).into_response()
}

/// Each ground once, with everything it rests on for whomever it holds.
pub fn grounds_with_why(opened: &Opened) -> Vec<(String, Why)> {
    let mut all: Vec<(&Ground, Vec<String>)> = Vec::new();
    for ground in opened.grounds() {
        let because = ground.because.iter().map(|because| opened.because_words(because));
        match all.iter_mut().find(|(told, _)| told.rule == ground.rule) {
            Some((_, rests)) => rests.extend(because),
            None => all.push((ground, because.collect())),
        }
    }
    all.into_iter()
        .map(|(ground, rests)| {
            let why = Why::rests_on(rests, cited(opened.pack(), &ground.cites));
            let is_rule = opened.pack().rules().iter().any(|rule| rule.id == ground.rule);
            let why = if is_rule { why.with_rule(routes::rule(&ground.rule), &ground.says) } else { why };
            (ground.says.to_string(), why)
        })
        .collect()
}
