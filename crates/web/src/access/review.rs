//! Reviewing emergency openings: who, when and why; nothing of the report.

use askama::Template;
use axum::response::Response;
use report::{Command, Finding};

use crate::routes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::{self, OnReport, Opened};
use crate::shared::time;
use crate::shared::ui::{Choices, SummaryList, Textarea};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "access/review.html")]
struct Review {
    frame: Frame,
    reference: String,
    openings: Vec<SummaryList>,
    form: Option<Ask>,
    own: bool,
}

struct Ask {
    number: u32,
    opening: SummaryList,
    finding: Choices,
    words: Textarea,
}

/// The page.
pub async fn show(OnReport { frame, signed, opened, .. }: OnReport, InAddress(query): InAddress) -> Answer {
    let saved = query.has("saved");
    let frame = if saved { frame.done("Your review is recorded") } else { frame };
    Ok(draw(frame, &signed, &opened, &Form::default()))
}

fn opening(emergency: &report::Emergency) -> SummaryList {
    let mut list = SummaryList::new()
        .row("Who", format!("{}, {}, {}", emergency.by.name, emergency.by.role.says(), emergency.unit))
        .row("When", format!("{} until {}", time::moment(emergency.at), time::moment(emergency.until)))
        .row("Why", emergency.purpose.says())
        .row("In their words", &emergency.reason);
    if let Some(review) = &emergency.review {
        list = list.row("Review", format!("{} found that {}: {}", review.by.name, review.finding.says(), review.words));
    }
    list
}

fn draw(frame: Frame, signed: &Signed, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let access = &opened.report.access;
    let is_own = |emergency: &&report::Emergency| emergency.by.id.as_str() == signed.id.as_str();
    let waits = access.unreviewed().find(|emergency| !is_own(emergency));
    let ask = waits.map(|emergency| Ask {
        number: emergency.number,
        opening: opening(emergency),
        finding: Choices::radios("finding", "Was it justified?")
            .option(Finding::Justified.word(), "Yes, it was justified", "")
            .option(Finding::NotJustified.word(), "No, it was not justified", "")
            .sent(form, &mistakes),
        words: Textarea::new("words", "Why do you find so, and what follows?").rows(4).sent(form, &mistakes),
    });
    let others = access.emergencies.iter().rev();
    let others = others.filter(|emergency| ask.as_ref().is_none_or(|ask| ask.number != emergency.number));
    let shown = Review {
        reference: opened.reference().to_owned(),
        openings: others.map(opening).collect(),
        own: ask.is_none() && access.unreviewed().next().is_some(),
        form: ask,
        frame: frame.back_to(routes::REPORTS),
    };
    page(!mistakes.none(), &shown)
}

/// Records what the supervisor found.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let finding =
        mistakes.choice(&form, "finding", "Select whether it was justified", |sent| sent.parse::<Finding>().ok());
    let words = mistakes.long_text(&form, "words", "Say why you find so, and what follows");
    let (Some(finding), true) = (finding, mistakes.none()) else {
        return Ok(draw(frame.with(mistakes), &signed, &opened, &form));
    };
    let command = Command::ReviewEmergency { number: form.text("number").parse().unwrap_or_default(), finding, words };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        // Of another unit's report nothing is open to them any more once none of its openings waits.
        Ok(opened) if opened.report.unit != signed.unit => {
            let frame = frame.done("Your review is recorded");
            Ok(draw(frame, &signed, &opened, &Form::default()))
        }
        Ok(_) => go(&format!("{}?saved=yes", routes::emergencies(&reference))),
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            Ok(draw(frame, &signed, &opened, &form))
        }
    }
}
