//! What has to be read before anything else on the page of a report: why it was sent back, what was said when it was passed
//! on, that nobody works on it, that it waits for a review, and what comes next when nothing else is due.

use jiff::Timestamp;
use report::{EventBody, Status};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::record::{self, Opened};
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
    /// Another report that it names.
    pub other: Option<String>,
    /// Address and text of what to do; nothing for those who may not.
    pub act: Option<(String, &'static str)>,
}

/// Everything to read first. Of a closed report, only that it was opened in an emergency, and why it was ended without an outcome.
pub fn notices(opened: &Opened, signed: &Signed, now: Timestamp) -> Vec<Notice> {
    let emergency = emergency(opened, signed, now);
    if opened.report.is_closed() {
        return emergency.into_iter().chain(ended(opened)).collect();
    }
    emergency
        .into_iter()
        .chain(sent_back(opened, signed))
        .chain(passed_on(opened, signed))
        .chain(ending(opened, signed))
        .chain(waits(opened, signed))
        .chain(follows(opened, signed))
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
        words: "You can read it and add to it. Its own unit decides. A supervisor looks at why you opened it."
            .to_owned(),
        other: None,
        act: None,
    })
}

fn sent_back(opened: &Opened, signed: &Signed) -> Option<Notice> {
    let review = opened.report.reviews.last()?;
    let act = (routes::ask_for_review(opened.reference()), "When it is put right, ask for a review again");
    (opened.view.status == Status::SentBack).then(|| Notice {
        id: "sent-back",
        title: format!("Sent back by {} on {}. What is asked:", review.by.name, time::moment(review.at)),
        words: review.reasons.clone(),
        other: None,
        act: signed.may(Permission::AddToReports).then_some(act),
    })
}

/// Nobody works on it: what was said when it was passed on last, and who may take it on.
fn passed_on(opened: &Opened, signed: &Signed) -> Option<Notice> {
    if opened.report.allocation.is_some() {
        return None;
    }
    let passed = opened.report.log.iter().rev().find_map(|event| match &event.body {
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
    let reference = opened.reference();
    let act = if signed.may(Permission::Review) {
        Some((routes::give(reference), "Say who works on it"))
    } else if signed.may(Permission::Decide) {
        Some((routes::give(reference), "Take this report on"))
    } else {
        // Whoever took the call does not go: nobody else sees the report before it is with a unit that does.
        let pass = (routes::pass(reference), "Pass it now to the unit that will attend");
        signed.may(Permission::PassOn).then_some(pass)
    };
    Some(Notice {
        id: "passed-on",
        title,
        words: passed.map_or_else(String::new, |(_, reason)| reason.clone()),
        other: None,
        act,
    })
}

/// Somebody asked to end it without an outcome, and no supervisor has said anything yet.
fn ending(opened: &Opened, signed: &Signed) -> Option<Notice> {
    let ending = opened.report.asked_to_end()?;
    let act = (routes::review(opened.reference()), "Read it and say whether you agree");
    let own = signed.actor().ok()?.id == ending.by.id;
    let act = match own {
        true => (routes::end(opened.reference()), "Withdraw what you asked, if it was not right"),
        false => act,
    };
    let may = match own {
        true => signed.may(Permission::AddToReports),
        false => signed.may(Permission::Review),
    };
    Some(Notice {
        id: "ending",
        title: format!(
            "{} asked on {} to end this report: {}. Until a supervisor agrees, it goes on as before.",
            ending.by.name,
            time::moment(ending.at),
            ending.says()
        ),
        words: ending.reason.clone(),
        other: ending.same_as.clone(),
        act: may.then_some(act),
    })
}

/// Why it was ended, who asked for it and who agreed.
fn ended(opened: &Opened) -> Option<Notice> {
    let ending = opened.report.ended()?;
    let agreed = opened.report.reviews.last();
    let agreed = agreed
        .map_or_else(String::new, |review| format!(", and {} agreed on {}", review.by.name, time::moment(review.at)));
    Some(Notice {
        id: "ended",
        title: format!("Ended without an outcome: {}. {} asked for it{agreed}.", ending.says(), ending.by.name),
        words: ending.reason.clone(),
        other: ending.same_as.clone(),
        act: None,
    })
}

/// To whoever may review it: that it waits for that, and what was said when it was asked for.
fn waits(opened: &Opened, signed: &Signed) -> Option<Notice> {
    let own = signed.actor().ok()?.id;
    let is_theirs = opened.report.allocation.as_ref().is_some_and(|to| to.to == own);
    let waits = matches!(opened.view.status, Status::ReadyForReview | Status::WaitingForReview);
    if is_theirs || !waits || !signed.may(Permission::Review) {
        return None;
    }
    Some(Notice {
        id: "waits",
        title: match opened.view.status {
            Status::ReadyForReview => "This report is ready for a supervisor to review it. Nobody has asked yet.",
            _ => "This report waits for a supervisor to review it.",
        }
        .to_owned(),
        words: opened.asked_for_review().join("\n"),
        other: None,
        act: Some((routes::review(opened.reference()), "Read it and say whether you agree")),
    })
}

/// What comes next when every task is done that can be done now.
fn follows(opened: &Opened, signed: &Signed) -> Option<Notice> {
    let (_, href) = record::next_step(opened).filter(|_| signed.may(Permission::Decide))?;
    let agreed = opened.report.is_agreed(opened.pack());
    let closes = opened.view.status == Status::ReadyToClose;
    let (title, act) = match (closes, agreed) {
        (true, _) => ("Nothing stands in the way of closing this report.", "Close the report"),
        (false, true) => ("A supervisor has agreed. The outcome is yours to decide now.", "Decide the outcome"),
        (false, false) => ("Every required task that can be done now is done.", "Decide the outcome"),
    };
    Some(Notice { id: "next", title: title.to_owned(), words: String::new(), other: None, act: Some((href, act)) })
}
