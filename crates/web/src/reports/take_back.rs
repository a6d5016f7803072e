//! Taking a statement back. It is kept, and shown as taken back.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::{Command, StatementId};

use super::answers::said;
use super::changed;
use crate::routes;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::ui::{SummaryList, Textarea};

#[derive(Template)]
#[template(path = "reports/take_back.html")]
struct TakeBack {
    frame: Frame,
    known: SummaryList,
    reason: Textarea,
}

fn draw(frame: Frame, opened: &Opened, number: u32, form: &Form) -> Result<Response, Problem> {
    let mistakes = frame.mistakes.clone();
    let statement = opened.report.statement(StatementId(number)).ok_or(Problem::NotFound)?;
    let said = said(opened, statement);
    let known = SummaryList::new()
        .row("Question", opened.question_words(&statement.fact))
        .row("Answer", said.value)
        .row("Said by", said.by)
        .row("Entered", said.entered);
    let shown = TakeBack {
        known,
        reason: Textarea::new("reason", "Why is it withdrawn?").rows(3).sent(form, &mistakes),
        frame: report_frame(frame, opened).back_to(routes::answer(opened.reference(), statement.fact.as_str())),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// Asks why a statement is taken back.
pub async fn show(OnReport { frame, opened, .. }: OnReport, Path((_, number)): Path<(String, u32)>) -> Answer {
    draw(frame, &opened, number, &Form::default())
}

/// Takes it back.
pub async fn submit(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, number)): Path<(String, u32)>,
    form: Form,
) -> Answer {
    let statement = opened.report.statement(StatementId(number)).ok_or(Problem::NotFound)?;
    let back = routes::answer(&reference, statement.fact.as_str());
    let command = Command::TakeBack { statement: StatementId(number), reason: form.text("reason").to_owned() };
    let shown = opened.clone();
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(after) => changed::on(&after, shown.version, &back),
        Err(acted) => draw(frame.with(acted.mistakes()?), &shown, number, &form),
    }
}
