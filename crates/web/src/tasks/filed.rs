//! A form as it was filed, to read and to print. It never changes: filing again makes another one.

use askama::Template;
use axum::extract::{Path, State};
use guidance::words::{Form, FormField};
use report::{Evidence, FiledForm, form_note};

use super::find;
use super::form::not_sent;
use super::page::next;
use super::particulars::arrived;
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Answer, Problem, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::SummaryList;
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "tasks/filed.html")]
struct FiledPage {
    frame: Frame,
    title: String,
    reference: String,
    version: String,
    about: String,
    by: String,
    withdrawn: Option<String>,
    /// That it is not sent, and by whom it was received or where that is recorded.
    passed_on: Option<PassedOn>,
    /// Questions of the report that were answered with Yes by filing it.
    told: Vec<String>,
    /// What is due next.
    next: Option<Link>,
    sections: Vec<(String, SummaryList)>,
    task: String,
}

#[derive(Debug)]
struct PassedOn {
    says: String,
    received: String,
    record: Option<String>,
}

/// The page.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, duty, number)): Path<(String, String, u32)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let (id, _) = find(&app, &opened, &duty)?;
    let filed = opened.report.evidence.get(&id).into_iter().flatten();
    let filed = filed.into_iter().find(|filed| filed.number == number).ok_or(Problem::NotFound)?;
    let Evidence::Form(form) = &filed.evidence else {
        return Err(Problem::NotFound);
    };
    let words = app.pack.forms().iter().find(|words| words.id == form.form);
    let task = routes::task(opened.reference(), &duty);
    let may_write = signed.may(Permission::AddToReports);
    let names: Vec<String> = form.persons.iter().map(|p| opened.person_name(p.as_str())).collect();
    let shown = FiledPage {
        frame: report_frame(frame, &opened).back_to(&task),
        title: words.map_or_else(|| form.form.clone(), |words| words.title.clone()),
        reference: form.reference.clone(),
        version: form.version.clone(),
        about: names.join(", "),
        by: format!("{}, {}", filed.by.name, time::moment(filed.at)),
        withdrawn: opened.report.evidence_withdrawal(&id, number).map(|how| record::withdrawal_words(&how)),
        passed_on: words.and_then(not_sent).map(|says| PassedOn {
            says,
            received: arrived(form.received.as_ref()),
            record: (may_write && form.received.is_none() && filed.withdrawn.is_none())
                .then(|| routes::acknowledge(opened.reference(), &duty, number)),
        }),
        told: told(&opened, &form.reference),
        next: next(&opened, &duty, &signed),
        sections: words.map_or_else(|| vec![plain(form)], |words| sections(words, form)),
        task,
    };
    Ok(page(false, &shown))
}

/// What a form said yes to that the report had not.
fn told(opened: &Opened, filed: &str) -> Vec<String> {
    let from = form_note(filed);
    let statements = opened.report.statements.iter().filter(|said| said.note == from);
    statements.map(|said| opened.question_words(&said.fact)).collect()
}

fn sections(words: &Form, filed: &FiledForm) -> Vec<(String, SummaryList)> {
    let section = |fields: &[FormField]| {
        fields.iter().fold(SummaryList::new(), |list, field| {
            let answer = filed.answers.get(&field.id);
            list.row(&field.label, answer.map_or("Left empty", |answer| in_words(field, answer)))
        })
    };
    words.section.iter().map(|part| (part.title.clone(), section(&part.field))).collect()
}

fn in_words<'a>(field: &'a FormField, answer: &'a str) -> &'a str {
    let option = field.options.iter().find(|option| option.value == answer);
    match (field.kind.as_str(), answer) {
        (_, _) if option.is_some() => option.map_or(answer, |option| option.words.as_str()),
        ("yes-no", "yes") => "Yes",
        ("yes-no", "no") => "No",
        ("yes-no", "not-known") => "Not known",
        _ => answer,
    }
}

/// A form that the guidance in force no longer has: what was entered, as it was entered.
fn plain(filed: &FiledForm) -> (String, SummaryList) {
    let rows = filed
        .answers
        .iter()
        .fold(SummaryList::new(), |list, (field, answer)| list.row(field.replace('_', " "), answer));
    ("What was entered".to_owned(), rows)
}
