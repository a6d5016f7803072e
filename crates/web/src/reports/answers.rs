//! Every answer of a report, everything said on one question, and which statement counts.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::{Command, FactName, Standing, Statement, StatementId};

use super::{changed, section_words};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::{Choices, SummaryList, Textarea};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "reports/answers.html")]
struct Answers {
    frame: Frame,
    sections: Vec<Section>,
    disputed: Vec<(String, String)>,
    aside: Vec<(String, String, String)>,
}

/// The answers of a section.
struct Section {
    title: &'static str,
    answers: SummaryList,
    /// What was answered "No", folded away so that the rest stands out.
    no: SummaryList,
    denied: usize,
}

/// Every answer, by section.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, Path(reference): Path<String>) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let disputes = opened.view.disputes.iter();
    let disputed = disputes.map(|dispute| {
        let fact = &dispute.fact;
        (opened.question_words(fact), routes::answer(&reference, fact.as_str()))
    });
    let aside = opened.view.set_aside.iter().map(|statement| {
        let because = match &statement.standing {
            Standing::SetAside(because) => because.clone(),
            _ => String::new(),
        };
        let value = opened.value_words(&statement.fact, &statement.value);
        (opened.question_words(&statement.fact), value, because)
    });
    let shown = Answers {
        sections: sections(&opened),
        disputed: disputed.collect(),
        aside: aside.collect(),
        frame: report_frame(frame, &opened),
    };
    Ok(page(false, &shown))
}

/// The answers that count, by section of the questions, each leading to everything said on it.
fn sections(opened: &Opened) -> Vec<Section> {
    let mut facts: Vec<&FactName> = opened.report.statements.iter().map(|statement| &statement.fact).collect();
    facts.sort();
    facts.dedup();
    let mut sections: Vec<Section> = Vec::new();
    for question in opened.pack().questions() {
        for fact in facts.iter().filter(|fact| fact.question() == question.fact) {
            let Some(value) = opened.report.current(fact).value else {
                continue;
            };
            let title = section_words(&question.section);
            let key = opened.question_words(fact);
            let words = opened.value_words(fact, &value);
            let change = routes::answer(opened.reference(), fact.as_str());
            let at = sections.iter().position(|section| section.title == title);
            let mut section = at.map_or_else(
                || Section { title, answers: SummaryList::new(), no: SummaryList::new(), denied: 0 },
                |at| sections.remove(at),
            );
            let into = if words == "No" && !opened.stands_out(fact) {
                section.denied += 1;
                &mut section.no
            } else {
                &mut section.answers
            };
            *into = std::mem::take(into).changeable(key, words, change);
            sections.insert(at.unwrap_or(sections.len()), section);
        }
    }
    sections
}

#[derive(Template)]
#[template(path = "reports/answer.html")]
struct OneAnswer {
    frame: Frame,
    title: String,
    counts: String,
    disputed: bool,
    said: Vec<Said>,
    choose: Option<Choices>,
    reason: Textarea,
    again: String,
    /// Where it goes on when nobody chooses.
    leave: String,
    may_add: bool,
    may_take_back: bool,
}

/// One statement in words.
pub struct Said {
    /// The answer.
    pub value: String,
    /// Who said it, and when it happened.
    pub by: String,
    /// In words.
    pub note: String,
    /// When and by whom it was entered.
    pub entered: String,
    /// Whether it stands.
    pub standing: String,
    /// Where it is taken back, while it stands.
    pub take_back: Option<String>,
}

/// One statement in words.
pub fn said(opened: &Opened, statement: &Statement) -> Said {
    let stands = statement.standing == Standing::Stands;
    Said {
        value: opened.value_words(&statement.fact, &statement.value),
        by: match statement.happened_on {
            Some(day) => {
                format!("{}. It happened on {}", opened.said_by_words(&statement.said_by), day.strftime("%-d %B %Y"))
            }
            None => opened.said_by_words(&statement.said_by),
        },
        note: statement.note.clone(),
        entered: format!("{} by {}", time::moment(statement.entered_at), statement.entered_by.name),
        standing: match &statement.standing {
            Standing::Stands => "Stands".to_owned(),
            Standing::Replaced(_) => "Replaced by a later answer from the same source".to_owned(),
            Standing::TakenBack(why) => format!("Withdrawn: {why}"),
            Standing::SetAside(why) => format!("Set aside: {why}"),
        },
        take_back: stands.then(|| routes::take_back(opened.reference(), statement.id.0)),
    }
}

fn draw_one(frame: Frame, opened: &Opened, signed: &Signed, fact: &FactName, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let current = opened.report.current(fact);
    let may_add = signed.may(Permission::AddToReports);
    let differ = current.standing.iter().any(|s| current.standing.first().is_some_and(|first| s.value != first.value));
    let choose = (differ && may_add).then(|| {
        let choices = current.standing.iter().fold(
            Choices::radios("statement", "Which one counts?")
                .hint("The others are kept. Until you choose, it counts as not known."),
            |choices, statement| {
                let words = format!(
                    "{}, said by {}",
                    opened.value_words(fact, &statement.value),
                    opened.said_by_words(&statement.said_by)
                );
                choices.option(statement.id.to_string(), words, &statement.note)
            },
        );
        let chosen = current.chosen.map(|id| id.to_string()).unwrap_or_default();
        if mistakes.none() { choices.chosen(&chosen) } else { choices.sent(form, &mistakes) }
    });
    let shown = OneAnswer {
        title: opened.question_words(fact),
        counts: current
            .value
            .as_ref()
            .map_or_else(|| "Not answered".to_owned(), |value| opened.value_words(fact, value)),
        disputed: current.disputed,
        said: opened.report.statements_on(fact).into_iter().rev().map(|statement| said(opened, statement)).collect(),
        choose,
        reason: Textarea::new("reason", "Why does it count?").rows(3).sent(form, &mistakes),
        again: routes::question_again(opened.reference(), fact.as_str()),
        leave: routes::answers(opened.reference()),
        may_add,
        may_take_back: signed.may(Permission::Withdraw),
        frame: report_frame(frame, opened).back_to(routes::answers(opened.reference())),
    };
    page(!mistakes.none(), &shown)
}

fn known(opened: &Opened, fact: &str) -> Result<FactName, Problem> {
    let fact: FactName = fact.parse().map_err(|_| Problem::NotFound)?;
    let exists = opened.question(&fact).is_some() || !opened.report.statements_on(&fact).is_empty();
    exists.then_some(fact).ok_or(Problem::NotFound)
}

/// Everything said on one question.
pub async fn show_one(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, fact)): Path<(String, String)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let fact = known(&opened, &fact)?;
    Ok(draw_one(frame, &opened, &signed, &fact, &Form::default()))
}

/// Chooses the statement that counts.
pub async fn choose(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, fact)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let fact = known(&opened, &fact)?;
    let mut mistakes = Mistakes::new();
    let statement =
        mistakes.choice(&form, "statement", "Select the answer that counts", |sent| sent.parse::<StatementId>().ok());
    let reason = mistakes.long_text(&form, "reason", "Say why this answer counts");
    let Some(statement) = statement.filter(|_| mistakes.none()) else {
        return Ok(draw_one(frame.with(mistakes), &opened, &signed, &fact, &form));
    };
    let shown = opened.clone();
    let command = Command::ChooseStatement { fact: fact.clone(), statement, reason };
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(after) => changed::on(&after, shown.version, &routes::answer(&reference, fact.as_str())),
        Err(acted) => Ok(draw_one(frame.with(acted.mistakes()?), &shown, &signed, &fact, &form)),
    }
}
