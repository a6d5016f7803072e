//! The reviews given so far.

use report::{ReviewGiven, Verdict};

use crate::shared::record::Opened;
use crate::shared::time;
use crate::shared::ui::{Moment, Timeline};

/// Every review, the latest first; nothing when there is none.
pub fn given(opened: &Opened) -> Option<Timeline> {
    let reviews = &opened.report.reviews;
    let moment = |review: &ReviewGiven| Moment {
        title: match review.verdict {
            Verdict::Agree => "Agreed".to_owned(),
            Verdict::SendBack => "Sent back".to_owned(),
        },
        by: review.by.name.clone(),
        at: review.at.to_string(),
        when: time::moment(review.at),
        says: review.reasons.clone(),
        lines: Vec::new(),
    };
    (!reviews.is_empty()).then(|| Timeline::new(reviews.iter().rev().map(moment).collect()))
}

/// What was entered since a supervisor agreed, where that agreement no longer counts: a line each, the latest first.
pub fn since(opened: &Opened) -> Vec<String> {
    let report = &opened.report;
    let agreed = report.reviews.last().map(|last| last.verdict) == Some(Verdict::Agree);
    if !agreed || report.is_agreed(opened.pack()) {
        return Vec::new();
    }
    entered_after(opened, report.last_review)
}

/// What was entered after a version of the report: a line each, the latest first.
pub fn entered_after(opened: &Opened, version: u64) -> Vec<String> {
    let entries = opened.view.timeline.iter().rev();
    entries
        .take_while(|entry| entry.version > version)
        .map(|entry| format!("{}. {}, {}", entry.says.trim_end_matches('.'), entry.by, time::moment(entry.at)))
        .collect()
}

/// Whether a supervisor has agreed to the record, in a sentence.
pub fn stands(opened: &Opened) -> &'static str {
    let report = &opened.report;
    match report.reviews.last() {
        _ if report.is_agreed(opened.pack()) => "A supervisor has agreed to the record as it is now.",
        None => "No supervisor has reviewed this report yet.",
        Some(last) if last.verdict == Verdict::SendBack => {
            "A supervisor has sent this report back. See what is asked below."
        }
        Some(_) => {
            "A supervisor agreed to the record as it was. It has changed since, so it has to be looked at again."
        }
    }
}
