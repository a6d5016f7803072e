//! Check your answers: everything that was answered, and what is missing, on one page.

use askama::Template;
use axum::extract::{Path, State};
use report::{Lacks, Missing};

use super::answers::{Section, Shown, sections};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::visit::Signed;

/// So much of what is missing is in sight. The rest is folded, so that asking for a review is not screens away.
const IN_SIGHT: usize = 8;

#[derive(Template)]
#[template(path = "reviews/check.html")]
struct Check {
    frame: Frame,
    reference: String,
    contradictions: Vec<String>,
    missing: Vec<(String, String)>,
    later: Vec<(String, String)>,
    sections: Vec<Section>,
    set_aside: Vec<(String, String)>,
    may_ask: bool,
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, Path(reference): Path<String>) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let changes = signed.may(Permission::AddToReports) && !opened.report.is_closed();
    let shown = if changes { Shown::ToChange } else { Shown::ToRead };
    let contradictions = opened.advice().contradictions.iter();
    let mut missing = missing(&opened);
    let later = missing.split_off(missing.len().min(IN_SIGHT));
    let check = Check {
        later,
        reference: opened.reference().to_owned(),
        contradictions: contradictions.map(|c| c.says.clone()).collect(),
        missing,
        sections: sections(&opened, shown),
        set_aside: set_aside(&opened),
        may_ask: changes,
        frame: report_frame(frame, &opened),
    };
    Ok(page(false, &check))
}

/// What the record lacks, each with the page where it is put right: safety first, then person by person, as it is asked.
fn missing(opened: &Opened) -> Vec<(String, String)> {
    let mut missing: Vec<&Missing> = opened.view.missing.iter().collect();
    // A role that cannot stand comes first; what else is no question, such as a place to add, last.
    missing.sort_by_key(|missing| {
        let place = missing.fact().and_then(|fact| opened.asked_at(fact));
        let is_role = matches!(missing.at, Lacks::Role(_));
        (!is_role, place.is_none(), place)
    });
    let mut lines: Vec<(String, String)> = missing
        .into_iter()
        .map(|missing| {
            // The question alone; why it is asked stands on its page.
            let asked = missing.fact().map(|fact| opened.question_words(fact));
            let asked = asked.filter(|words| missing.says.starts_with(words.as_str()));
            let says = asked.unwrap_or_else(|| missing.says.clone());
            (says, routes::lacking(opened.reference(), &missing.at))
        })
        .collect();
    // One question can be open for two reasons.
    lines.dedup();
    lines
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
            let words =
                format!("{} {}", opened.question_words(&said.fact), opened.value_words(&said.fact, &said.value));
            (words, because)
        })
        .collect()
}
