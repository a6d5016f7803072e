//! Check your answers: everything that was answered, and what is missing, on one page.

use askama::Template;
use axum::extract::{Path, State};

use super::answers::{Section, Shown, sections};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "reviews/check.html")]
struct Check {
    frame: Frame,
    reference: String,
    contradictions: Vec<String>,
    missing: Vec<(String, String)>,
    sections: Vec<Section>,
    set_aside: Vec<(String, String)>,
    may_ask: bool,
}

/// The page.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let changes = signed.may(Permission::AddToReports) && !opened.report.is_closed();
    let shown = if changes {
        Shown::ToChange
    } else {
        Shown::ToRead
    };
    let contradictions = opened.advice().contradictions.iter();
    let check = Check {
        reference: opened.reference().to_owned(),
        contradictions: contradictions.map(|c| c.says.clone()).collect(),
        missing: missing(&opened),
        sections: sections(&opened, shown),
        set_aside: set_aside(&opened),
        may_ask: changes,
        frame: report_frame(frame, &opened),
    };
    Ok(page(false, &check))
}

/// What the record lacks, each with the page where it is put right.
fn missing(opened: &Opened) -> Vec<(String, String)> {
    let missing = opened.view.missing.iter();
    missing
        .map(|missing| {
            let place = routes::lacking(opened.reference(), &missing.at);
            (missing.says.clone(), place)
        })
        .collect()
}

/// Answers that a later change made moot: shown, and no longer counted.
pub fn set_aside(opened: &Opened) -> Vec<(String, String)> {
    let statements = opened.view.set_aside.iter();
    statements
        .map(|said| {
            let because = match &said.standing {
                report::Standing::SetAside(because) => because.clone(),
                _ => String::new(),
            };
            let words = format!(
                "{} {}",
                opened.question_words(&said.fact),
                opened.value_words(&said.fact, &said.value)
            );
            (words, because)
        })
        .collect()
}
