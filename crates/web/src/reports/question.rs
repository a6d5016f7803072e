//! Questions, one a page, and which comes next: only what can still matter, section by section, each person in turn.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use guidance::words::Question;
use jiff::civil::Date;
use report::{Command, FactName, FactScope, Lacks, NOT_KNOWN, SaidBy, StateFact, TaskState, Thing};

use super::control::{self, ACT_ON, Control};
use super::source::{self, Source};
use super::{changed, filled, section_words};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Acted, Came, Opened, conflict_page, report_frame, seen};
use crate::shared::time;
use crate::shared::ui::{Textarea, Why};
use crate::shared::visit::Signed;
use crate::shared::words::cited;

/// Is a yes to it worth nothing without words?
pub const fn needs_words(question: &Question) -> bool {
    !question.yes_in_words.is_empty()
}

/// Questions that can still change something, in the order they are asked: by section, then person by
/// person, then as the guidance lists them. With whether each was asked before and is not known yet.
pub fn open_questions(opened: &Opened) -> Vec<(FactName, bool)> {
    let mut found: Vec<_> = opened
        .view
        .missing
        .iter()
        .filter_map(|missing| {
            let fact = missing.fact()?.clone();
            let order = opened.asked_at(&fact)?;
            let asked = opened.report.current(&fact).value.is_some();
            // What is learnt by doing something is asked after what can be known already.
            Some(((awaits(opened, &fact), order), fact, asked))
        })
        .collect();
    found.sort_by_key(|(order, ..)| *order);
    found.dedup_by(|one, other| one.1 == other.1);
    found.into_iter().map(|(_, fact, asked)| (fact, asked)).collect()
}

/// Is a duty still to be done that brings the answer?
fn awaits(opened: &Opened, fact: &FactName) -> bool {
    let Some(question) = opened.question(fact).filter(|question| !question.after.is_empty()) else {
        return false;
    };
    opened
        .view
        .tasks
        .iter()
        .any(|task| task.id.duty() == question.after && matches!(task.state, TaskState::Due | TaskState::PartDone))
}

/// The page to go on to.
pub fn next_address(opened: &Opened) -> String {
    let reference = opened.reference();
    if opened.people().next().is_none() {
        return routes::entry_new(reference, "people");
    }
    let next = open_questions(opened).into_iter().find(|(_, asked)| !asked);
    match next {
        Some((fact, _)) if is_about_anybody(opened, &fact) => routes::anybody(reference),
        Some((fact, _)) => routes::question(reference, fact.as_str()),
        None => format!("{}?asked=yes", routes::report(reference)),
    }
}

/// Said once every question was put: what is not known by it is said too. Empty while one was not put.
pub fn all_put(opened: &Opened) -> String {
    let open = open_questions(opened);
    match open.len() {
        _ if open.iter().any(|(_, asked)| !asked) => String::new(),
        0 => "Everything that matters now has been asked".to_owned(),
        1 => "All questions have been put. 1 answer is not known yet".to_owned(),
        many => format!("All questions have been put. {many} answers are not known yet"),
    }
}

/// Is it asked of everybody at once, on one page?
pub fn is_about_anybody(opened: &Opened, fact: &FactName) -> bool {
    opened.question(fact).is_some_and(|question| !question.anybody.is_empty())
}

/// Sends on to whatever is to be asked next.
pub async fn next(State(app): State<App>, signed: Signed, Path(reference): Path<String>) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    go(&next_address(&opened))
}

#[derive(Template)]
#[template(path = "reports/question.html")]
struct QuestionPage {
    frame: Frame,
    title: String,
    section: &'static str,
    control: Control,
    why: Why,
    words: Option<Textarea>,
    source: Source,
    seen: String,
    said_before: bool,
    /// What does not fit the answer there is.
    check: Vec<String>,
    /// What is said beside it by what is known already.
    also: Vec<String>,
    closed: bool,
    reference: String,
    all: String,
    skip: String,
}

fn find<'a>(opened: &'a Opened, fact: &str) -> Result<(FactName, &'a Question), Problem> {
    let fact: FactName = fact.parse().map_err(|_| Problem::NotFound)?;
    let here = match fact.scope() {
        FactScope::Report => true,
        FactScope::Person(id) => opened.report.person(id).is_some(),
        FactScope::Device(id) => opened.report.device(id).is_some(),
    };
    let question = opened.question(&fact).filter(|_| here).ok_or(Problem::NotFound)?;
    Ok((fact, question))
}

/// That whom or what a question is about was withdrawn meanwhile, with what was answered; nothing where it was not.
fn gone(frame: &Frame, opened: &Opened, fact: &str, sent: Option<&Form>) -> Option<Response> {
    let fact: FactName = fact.parse().ok()?;
    let question = opened.question(&fact)?;
    let thing = match fact.scope() {
        FactScope::Report => None,
        FactScope::Person(id) => id.parse().ok().map(Thing::Person),
        FactScope::Device(id) => id.parse().ok().map(Thing::Device),
    };
    opened.report.withdrawal(thing.as_ref()?)?;
    let came = sent.map_or(Came::ToLook, |sent| {
        let title = opened.question_words(&fact);
        let control = Control::new(opened, question, fact.as_str(), &title);
        let words = Textarea::new("note", "In words");
        let mut fields = control.asks();
        fields.push(&words);
        Came::ToChange(record::written(sent, &Form::default(), &fields))
    });
    record::gone(frame.clone(), opened, thing, came).ok()
}

/// What the fields of the page hold beside the answer there is.
#[derive(Clone, Copy)]
enum Written<'a> {
    Nothing,
    /// What was written when it was answered last.
    Before(&'a Form),
    /// What was sent, and not kept.
    Sent(&'a Form),
}

fn draw(frame: Frame, opened: &Opened, fact: &FactName, question: &Question, written: Written<'_>) -> Response {
    let mistakes = frame.mistakes.clone();
    let title = opened.question_words(fact);
    let current = opened.report.current(fact);
    let control = Control::new(opened, question, fact.as_str(), &title).heading_the_page();
    let (sent, form) = match written {
        Written::Nothing => (None, &Form::default()),
        Written::Before(form) => (None, form),
        Written::Sent(form) => (Some(form), form),
    };
    let control = match sent {
        Some(form) => control.sent(form, &mistakes),
        None => control.holding(current.value.as_ref().filter(|_| !current.disputed)),
    };
    let needs_words = needs_words(question);
    let words = Textarea::new("note", "If yes, what was it?").rows(3).sent(form, &mistakes);
    let shown = QuestionPage {
        title,
        section: section_words(&question.section),
        control,
        why: Why::new(&question.why, cited(opened.pack(), &question.cites)),
        words: needs_words.then_some(words),
        source: Source::new(opened, form, &mistakes, !needs_words),
        seen: sent.map_or_else(|| current.seen().to_string(), |form| form.text("seen").to_owned()),
        said_before: !opened.report.statements_on(fact).is_empty(),
        check: opened
            .view
            .missing
            .iter()
            .filter(|missing| matches!(&missing.at, Lacks::Check(about) if about == fact))
            .map(|missing| missing.says.clone())
            .collect(),
        also: opened.said(&question.also, person_of(fact)).into_iter().map(str::to_owned).collect(),
        closed: opened.report.is_closed(),
        reference: opened.reference().to_owned(),
        all: routes::answer(opened.reference(), fact.as_str()),
        skip: routes::report(opened.reference()),
        frame: report_frame(frame, opened),
    };
    page(!mistakes.none(), &shown)
}

/// Whom a question is about, where that is one person.
fn person_of(fact: &FactName) -> Option<&str> {
    match fact.scope() {
        FactScope::Person(id) => Some(id),
        FactScope::Report | FactScope::Device(_) => None,
    }
}

/// What was written beside the answer that counts, by whom it was said and when it happened: whoever answers again changes what was
/// wrong of it, and an answer of the same person takes the place of their earlier one. Nothing where answers differ, so that nobody's
/// is put before another's.
fn before(opened: &Opened, fact: &FactName) -> Form {
    let current = opened.report.current(fact);
    let (Some(last), false) = (current.standing.last(), current.disputed) else {
        return Form::default();
    };
    let said_by = match &last.said_by {
        // Where nobody is selected it is the police's own finding.
        SaidBy::Police => String::new(),
        SaidBy::Person(id) => format!("person:{id}"),
        SaidBy::Reporter => "reporter".to_owned(),
        SaidBy::Other(_) => "other".to_owned(),
    };
    let other = match &last.said_by {
        SaidBy::Other(who) => who,
        _ => "",
    };
    let on = last.happened_on;
    let on = on.map_or_else(String::new, |on| on.strftime("%-d/%-m/%Y").to_string());
    filled(&[("said_by", &said_by), ("said_by_other", other), ("happened_on", &on), ("note", &last.note)])
}

/// One question, with the answer there is; with everything that was written beside it for whoever answers again.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, fact)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    if let Some(gone) = gone(&frame, &opened, &fact, None) {
        return Ok(gone);
    }
    let (fact, question) = find(&opened, &fact)?;
    let before = Form::from_pairs(query).has(routes::AGAIN).then(|| before(&opened, &fact));
    let written = before.as_ref().map_or(Written::Nothing, Written::Before);
    Ok(draw(frame, &opened, &fact, question, written))
}

fn read(
    form: &Form,
    mistakes: &mut Mistakes,
    opened: &Opened,
    fact: &FactName,
    question: &Question,
    today: Date,
) -> Option<StateFact> {
    let value = control::read(form, mistakes, opened, fact, question);
    let happened_on = source::read_happened_on(form, mistakes, today);
    if fact.name() == ACT_ON && value.as_ref().and_then(|value| value.as_word()).and_then(time::read_day) > Some(today)
    {
        mistakes.add(fact.as_str(), "This day is in the future. Enter the day it happened");
    }
    let note = mistakes.optional_text(form, "note");
    let yes = value.as_ref().and_then(|value| value.as_word()) == Some("yes");
    if needs_words(question) && yes && note.is_empty() {
        mistakes.add("note", "Say in words what it was");
    }
    Some(StateFact {
        fact: fact.clone(),
        value: value?,
        said_by: source::read_said_by(form, mistakes),
        happened_on,
        note,
        seen: seen::mark(form, seen::SEEN),
    })
}

/// Keeps the answer and goes on.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, fact)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    if let Some(gone) = gone(&frame, &opened, &fact, Some(&form)) {
        return Ok(gone);
    }
    let (fact, question) = find(&opened, &fact)?;
    let question = question.clone();
    if form.has(routes::AGAIN) {
        // What was written on a page that was not saved, to be changed or saved now that the other answer was read.
        let seen = opened.report.current(&fact).seen().to_string();
        let form = form.with(seen::SEEN, &[seen]);
        return Ok(draw(frame, &opened, &fact, &question, Written::Sent(&form)));
    }
    let mut mistakes = Mistakes::new();
    let stated = read(&form, &mut mistakes, &opened, &fact, &question, time::today(app.now()));
    let Some(stated) = stated.filter(|_| mistakes.none()) else {
        return Ok(draw(frame.with(mistakes), &opened, &fact, &question, Written::Sent(&form)));
    };
    let shown = opened.clone();
    match record::act(&app, &signed, opened, Command::StateFacts(vec![stated]), &form.digest()).await {
        Ok(after) => go_on(&shown, &after, &fact),
        Err(Acted::Conflict(conflicts)) => {
            let now = record::load(&app, &shown.stream).await?;
            Ok(conflict_page(frame, &now, &conflicts, &form))
        }
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &shown, &fact, &question, Written::Sent(&form))),
    }
}

/// Where an answer leads: to what has to be done at once, where that is new; to choosing where statements now differ, to what fell away, to the report where an
/// earlier answer was changed, else to the next question.
fn go_on(before: &Opened, after: &Opened, fact: &FactName) -> Answer {
    let reference = after.reference();
    let was = before.report.current(fact).value;
    if after.report.current(fact).disputed {
        return go(&routes::answer(reference, fact.as_str()));
    }
    let changes = was.as_ref().is_some_and(|value| value.as_word() != Some(NOT_KNOWN));
    let told = before.do_now().len() < after.do_now().len();
    let onward = if changes || told { format!("{}?saved=yes", routes::report(reference)) } else { next_address(after) };
    changed::on(after, before.version, &onward)
}
