//! The questions asked once for everybody, on one page: "Did anybody …?" A no answers for all whom the page named; a yes
//! or "not known yet" asks who.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use guidance::Value;
use guidance::words::Question;
use report::{Command, Conflict, FactName, FactScope, NOT_KNOWN, Person, SaidBy, Seen, StateFact};

use super::question::next_address;
use super::source::{self, Source};
use super::{about_anybody, changed, fact_name, people_asked};
use crate::routes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::known::SAID_YES;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::seen::CHANGED_LINE;
use crate::shared::record::{self, Acted, OnReport, Opened, report_frame, seen};
use crate::shared::ui::{Choices, Why};
use crate::shared::words::cited;

#[derive(Template)]
#[template(path = "reports/anybody.html")]
struct Anybody {
    frame: Frame,
    names: String,
    /// Others take part too, and have been asked about before.
    some: bool,
    questions: Vec<(Choices, Why)>,
    /// Hidden fields: of whom each question was asked, and what their answer was then.
    marks: Vec<(String, String)>,
    source: Source,
    skip: String,
}

/// The fact of a question about everybody, for one of them.
pub fn fact(person: &Person, question: &Question) -> Option<FactName> {
    FactName::person(&person.id, fact_name(question)).ok()
}

/// The hidden field that says what the answer of one of them was when the page was shown. Whom there is none for was not named.
pub fn mark(fact: &FactName) -> String {
    format!("seen.{fact}")
}

/// Questions with those whom they are asked of: nobody has answered of them yet.
fn asked(opened: &Opened) -> Vec<(&Question, Vec<FactName>)> {
    let open = |fact: &FactName| opened.report.current(fact).value.is_none();
    of_whom(opened, &open)
}

/// Questions with those of whom the page asked that was sent. Somebody who was added since is asked about next; whoever was
/// answered by a colleague since was still asked about.
fn was_asked<'a>(opened: &'a Opened, form: &Form) -> Vec<(&'a Question, Vec<FactName>)> {
    of_whom(opened, &|fact: &FactName| form.has(&mark(fact)))
}

fn of_whom<'a>(opened: &'a Opened, whom: &dyn Fn(&FactName) -> bool) -> Vec<(&'a Question, Vec<FactName>)> {
    let people = people_asked(opened);
    about_anybody(opened)
        .map(|question| {
            let facts = people.iter().filter_map(|person| fact(person, question));
            (question, facts.filter(whom).collect::<Vec<_>>())
        })
        .filter(|(_, facts)| !facts.is_empty())
        .collect()
}

/// The page: as it was sent where it is shown again, but with the marks of the answers of a colleague that it then shows.
fn draw(frame: Frame, opened: &Opened, form: Option<&Form>, conflicts: &[Conflict]) -> Response {
    let mistakes = frame.mistakes.clone();
    let empty = Form::default();
    let asked = form.map_or_else(|| asked(opened), |form| was_asked(opened, form));
    let questions = asked.iter().map(|(question, _)| {
        let choices = Choices::radios(fact_name(question), &question.anybody)
            .hint(&question.hint)
            .yes_no_not_known()
            .inline()
            .small();
        (
            choices.sent(form.unwrap_or(&empty), &mistakes),
            Why::new(&question.why, cited(opened.pack(), &question.cites)),
        )
    });
    let marks = asked.iter().flat_map(|(_, facts)| facts).map(|fact| {
        let name = mark(fact);
        let is_shown = conflicts.iter().any(|conflict| conflict.fact == *fact);
        let seen = match form.filter(|_| !is_shown) {
            Some(form) => form.text(&name).to_owned(),
            None => opened.report.current(fact).seen().to_string(),
        };
        (name, seen)
    });
    let all = people_asked(opened);
    let is_asked = |person: &&&Person| {
        let mut facts = asked.iter().flat_map(|(_, facts)| facts);
        facts.any(|fact| fact.scope() == FactScope::Person(person.id.as_str()))
    };
    let names: Vec<String> = all.iter().filter(is_asked).map(|one| one.label()).collect();
    let shown = Anybody {
        questions: questions.collect(),
        marks: marks.collect(),
        some: names.len() < all.len(),
        names: names.join(", "),
        source: Source::new(opened, form.unwrap_or(&empty), &mistakes, false),
        skip: routes::report(opened.reference()),
        frame: report_frame(frame, opened),
    };
    page(!mistakes.none(), &shown)
}

/// The page; on to the next question where all of it is answered.
pub async fn show(OnReport { frame, opened, .. }: OnReport) -> Answer {
    if asked(&opened).is_empty() {
        return go(&next_address(&opened));
    }
    Ok(draw(frame, &opened, None, &[]))
}

/// A form that marks nobody has named nobody: it means those who are asked about now, of whom nothing is recorded.
fn with_marks(opened: &Opened, form: Form) -> Form {
    if !was_asked(opened, &form).is_empty() {
        return form;
    }
    let facts = asked(opened).into_iter().flat_map(|(_, facts)| facts);
    facts.fold(form, |form, fact| form.with(&mark(&fact), &[Seen::Nothing.to_string()]))
}

/// What was answered: a no and a "not known yet" of all whom the page named, and the questions that go on to ask who.
fn read(opened: &Opened, form: &Form, mistakes: &mut Mistakes) -> (Vec<StateFact>, Vec<String>) {
    let (mut stated, mut who) = (Vec::new(), Vec::new());
    let said_by = source::read_said_by(form, mistakes);
    for (question, facts) in was_asked(opened, form) {
        let name = fact_name(question);
        let missing = format!("Select an answer: {}", question.anybody);
        let offered = |sent: &str| matches!(sent, "yes" | "no" | NOT_KNOWN).then(|| sent.to_owned());
        let Some(sent) = mistakes.choice(form, name, &missing, offered) else {
            continue;
        };
        // A yes is kept before anybody is named: whoever leaves the page that asks who has said something that must not be lost.
        let (word, note) = match sent.as_str() {
            "yes" => (NOT_KNOWN, SAID_YES),
            word => (word, ""),
        };
        // Whatever a colleague has answered meanwhile is there to be looked at when it is asked who.
        let free = |fact: &FactName| sent != "yes" || opened.report.current(fact).value.is_none();
        stated.extend(facts.into_iter().filter(free).map(|fact| StateFact {
            seen: seen::mark(form, &mark(&fact)),
            note: note.to_owned(),
            // Whoever told of it told a no. What is not known yet is nobody's account.
            said_by: if sent == "no" { said_by.clone() } else { SaidBy::Police },
            ..StateFact::police(fact, Value::word(word))
        }));
        if sent != "no" {
            who.push(format!("{name}:{sent}"));
        }
    }
    (stated, who)
}

/// Keeps every answer, a yes as not known yet of each, then asks who.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let form = with_marks(&opened, form);
    let mut mistakes = Mistakes::new();
    let (stated, who) = read(&opened, &form, &mut mistakes);
    if !mistakes.none() {
        return Ok(draw(frame.with(mistakes), &opened, Some(&form), &[]));
    }
    let shown = opened.clone();
    let command = Command::StateFacts(stated);
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(after) if who.is_empty() => changed::on(&after, shown.version, &next_address(&after)),
        Ok(_) => go(&routes::who(&reference, &who.join(","))),
        Err(Acted::Conflict(conflicts)) => {
            let now = record::load(&app, &shown.stream).await?;
            Ok(differs(frame, &now, &form, &conflicts))
        }
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &shown, Some(&form), &[])),
    }
}

/// Somebody answered of one of them meanwhile: the page again with both answers and all nine as they were sent. To save it once
/// more is then a decision.
fn differs(mut frame: Frame, now: &Opened, form: &Form, conflicts: &[Conflict]) -> Response {
    let mut mistakes = Mistakes::new();
    for (question, facts) in was_asked(now, form) {
        let name = fact_name(question);
        let of_it = conflicts.iter().filter(|one| facts.contains(&one.fact));
        for conflict in of_it {
            let label = now.question_words(&conflict.fact);
            let answers = record::both_answers(now, conflict, "");
            frame.both.push((label, answers));
            if mistakes.about(name).is_none() {
                let says = format!("\u{201c}{}\u{201d} {CHANGED_LINE}", question.anybody);
                mistakes.add(name, says);
            }
        }
    }
    let drawn = draw(frame.with(mistakes), now, Some(form), conflicts);
    (StatusCode::CONFLICT, drawn).into_response()
}
