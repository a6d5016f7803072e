//! What a change made moot: answers set aside, decisions to take again. Shown once, at the moment it happens.

use askama::Template;
use axum::extract::{Path, Query, State};
use report::EventBody;

use super::question::next_address;
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::{self, Opened, class_words, report_frame};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "reports/changed.html")]
struct Changed {
    frame: Frame,
    answers: Vec<(String, String, String)>,
    decisions: Vec<(String, String, String)>,
    class: Option<(&'static str, &'static str)>,
    next: String,
    report: String,
}

/// Goes on, by way of this page where something fell away since `version`.
pub fn on(after: &Opened, version: u64, otherwise: &str) -> Answer {
    if after.set_aside_since(version).is_empty() && decisions(after, version).is_empty() {
        go(otherwise)
    } else {
        go(&routes::changed(after.reference(), version))
    }
}

fn decisions(opened: &Opened, version: u64) -> Vec<(String, String, String)> {
    let since = opened
        .report
        .log
        .iter()
        .filter(|event| event.version > version);
    let withdrawn = since.filter_map(|event| match &event.body {
        EventBody::EvidenceWithdrawn { duty, reason, .. } => Some((
            opened.duty_title(duty.as_str()),
            reason.clone(),
            routes::task(opened.reference(), duty.as_str()),
        )),
        _ => None,
    });
    withdrawn.collect()
}

/// What has fallen away since a version of the report.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let since: u64 = Form::from_pairs(query)
        .text("since")
        .parse()
        .unwrap_or(opened.version);
    let aside = opened.set_aside_since(since);
    let answers = aside.iter().map(|(statement, because)| {
        (
            opened.question_words(&statement.fact),
            opened.value_words(&statement.fact, &statement.value),
            (*because).to_owned(),
        )
    });
    let before = opened
        .report
        .advice
        .iter()
        .rev()
        .find(|advice| advice.version <= since);
    let now = opened.advice().class;
    let shown = Changed {
        answers: answers.collect(),
        decisions: decisions(&opened, since),
        class: before
            .filter(|was| was.class != now)
            .map(|was| (class_words(was.class), class_words(now))),
        next: next_address(&opened),
        report: routes::report(&reference),
        frame: report_frame(frame, &opened),
    };
    Ok(page(false, &shown))
}
