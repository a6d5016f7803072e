//! The questions asked once for everybody, on one page: "Did anybody …?" A no answers for all; a yes or "not
//! known yet" asks who.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use guidance::Value;
use guidance::words::Question;
use report::{Command, FactName, NOT_KNOWN, Person, StateFact};

use super::question::next_address;
use super::{about_anybody, changed, fact_name, people_asked};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::ui::{Choices, Why};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "reports/anybody.html")]
struct Anybody {
    frame: Frame,
    names: String,
    questions: Vec<(Choices, Why)>,
    skip: String,
}

/// The fact of a question about everybody, for one of them.
pub fn fact(person: &Person, question: &Question) -> Option<FactName> {
    FactName::person(&person.id, fact_name(question)).ok()
}

fn unanswered<'a>(opened: &'a Opened, question: &Question) -> Vec<&'a Person> {
    let open = |person: &&Person| {
        fact(person, question).is_some_and(|fact| opened.report.current(&fact).value.is_none())
    };
    people_asked(opened).into_iter().filter(open).collect()
}

fn asked(opened: &Opened) -> Vec<&Question> {
    about_anybody(opened)
        .filter(|question| !unanswered(opened, question).is_empty())
        .collect()
}

fn draw(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let questions = asked(opened).into_iter().map(|question| {
        let choices = Choices::radios(fact_name(question), &question.anybody)
            .hint(&question.hint)
            .yes_no_not_known()
            .inline()
            .small();
        (
            choices.sent(form, &mistakes),
            Why::new(&question.why, &question.cites),
        )
    });
    let names: Vec<String> = people_asked(opened)
        .into_iter()
        .map(Person::label)
        .collect();
    let shown = Anybody {
        questions: questions.collect(),
        names: names.join(", "),
        skip: routes::report(opened.reference()),
        frame: report_frame(frame, opened),
    };
    page(!mistakes.none(), &shown)
}

/// The page; on to the next question where all of it is answered.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    if asked(&opened).is_empty() {
        return go(&next_address(&opened));
    }
    Ok(draw(frame, &opened, &Form::default()))
}

/// Keeps every no and every "not known yet" for all who were not asked of yet, then asks who.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let mut mistakes = Mistakes::new();
    let mut stated = Vec::new();
    let mut who = Vec::new();
    for question in asked(&opened) {
        let name = fact_name(question);
        let missing = format!("Select an answer: {}", question.anybody);
        let offered =
            |sent: &str| matches!(sent, "yes" | "no" | NOT_KNOWN).then(|| sent.to_owned());
        let Some(sent) = mistakes.choice(&form, name, &missing, offered) else {
            continue;
        };
        if sent != "yes" {
            let facts = unanswered(&opened, question)
                .into_iter()
                .filter_map(|person| fact(person, question));
            stated.extend(facts.map(|fact| StateFact::police(fact, Value::word(&sent))));
        }
        if sent != "no" {
            who.push(format!("{name}:{sent}"));
        }
    }
    if !mistakes.none() {
        return Ok(draw(frame.with(mistakes), &opened, &form));
    }
    let shown = opened.clone();
    match record::act(
        &app,
        &signed,
        opened,
        Command::StateFacts(stated),
        &form.digest(),
    )
    .await
    {
        Ok(after) if who.is_empty() => changed::on(&after, shown.version, &next_address(&after)),
        Ok(_) => go(&routes::who(&reference, &who.join(","))),
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &shown, &form)),
    }
}
