//! What somebody else said of a report that its officer has to read before anything: why it was sent back, what was said when
//! it was passed on, and that nobody works on it.

use jiff::Timestamp;
use report::{EventBody, Status};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::record::Opened;
use crate::shared::time;
use crate::shared::visit::Signed;

/// One thing to read first, with what can be done about it.
pub struct Notice {
    /// Where the page is led to it.
    pub id: &'static str,
    /// What it is.
    pub title: String,
    /// In the words of whoever said it; may be empty.
    pub words: String,
    /// Address and text of what to do; nothing for those who may not.
    pub act: Option<(String, &'static str)>,
}

/// Everything to read first. Of a closed report, only that it was opened in an emergency.
pub fn notices(opened: &Opened, signed: &Signed, now: Timestamp) -> Vec<Notice> {
    let emergency = emergency(opened, signed, now);
    if opened.report.is_closed() {
        return emergency.into_iter().collect();
    }
    emergency
        .into_iter()
        .chain(sent_back(opened, signed))
        .chain(passed_on(opened, signed))
        .collect()
}

/// Whoever opened it in an emergency knows for how long, and that it is looked at.
fn emergency(opened: &Opened, signed: &Signed, now: Timestamp) -> Option<Notice> {
    let who = signed.actor().ok()?.id;
    let emergency = opened.report.access.open_emergency(&who, now)?;
    Some(Notice {
        id: "emergency",
        title: format!(
            "You opened this report in an emergency. It is open to you until {}.",
            time::hour(emergency.until)
        ),
        words: "You can read it and add to it. Its own unit decides. A supervisor looks at why you opened it.".to_owned(),
        act: None,
    })
}

fn sent_back(opened: &Opened, signed: &Signed) -> Option<Notice> {
    let review = opened.report.reviews.last()?;
    let act = (
        routes::ask_for_review(opened.reference()),
        "When it is put right, ask for a review again",
    );
    (opened.view.status == Status::SentBack).then(|| Notice {
        id: "sent-back",
        title: format!(
            "Sent back by {} on {}. What is asked:",
            review.by.name,
            time::moment(review.at)
        ),
        words: review.reasons.clone(),
        act: signed.may(Permission::AddToReports).then_some(act),
    })
}

/// Nobody works on it: what was said when it was passed on last, and who may take it on.
fn passed_on(opened: &Opened, signed: &Signed) -> Option<Notice> {
    if opened.report.allocation.is_some() {
        return None;
    }
    let passed = opened
        .report
        .log
        .iter()
        .rev()
        .find_map(|event| match &event.body {
            EventBody::PassedToUnit { reason, .. } => Some((event, reason)),
            _ => None,
        });
    let title = match passed {
        Some((event, _)) => format!(
            "Nobody works on this report yet. Passed to {} by {} on {}:",
            opened.report.unit,
            event.actor.name,
            time::moment(event.recorded_at)
        ),
        None => "Nobody works on this report yet.".to_owned(),
    };
    let act = match signed.may(Permission::Review) {
        true => "Say who works on it",
        false => "Take this report on",
    };
    let act = (routes::give(opened.reference()), act);
    Some(Notice {
        id: "passed-on",
        title,
        words: passed.map_or_else(String::new, |(_, reason)| reason.clone()),
        act: signed.may(Permission::Decide).then_some(act),
    })
}
