//! That a referral or a form arrived, as the other side said. Possible on a closed report too.

use askama::Template;
use axum::extract::Path;
use report::{Acknowledgement, Command, Evidence};

use super::kinds::Ask;
use super::{entry, entry_gone, find, gone, particulars, when};
use crate::routes;
use crate::shared::app::App;
use crate::shared::blocks::{Block, Sheet};
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Came, OnReport, Opened, report_frame};
use crate::shared::ui::{Input, SummaryList};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "tasks/acknowledge.html")]
struct AcknowledgePage {
    frame: Frame,
    caption: String,
    action: String,
    sent: SummaryList,
    blocks: Vec<Block>,
}

/// Asks who said that it arrived.
pub async fn show(
    OnReport { app, frame, signed, opened, .. }: OnReport,
    Path((_, duty, number)): Path<(String, String, u32)>,
) -> Answer {
    draw(&app, frame, &signed, &opened, (&duty, number), None)
}

fn by_whom() -> Input {
    Input::new("acknowledged_by", "Who said that it arrived?").hint("Their name and post.")
}

/// To the page, or with it filled in, where there is nothing left that could arrive.
fn came(sent: Option<&Form>) -> Came<'_> {
    let (by, reference) = (by_whom(), Input::new("reference", "Their reference"));
    let day = Input::new("acknowledged_at.day", "Day they said so");
    let time = Input::new("acknowledged_at.time", "Time they said so");
    Came::to_change(sent, &Form::default(), &[&by, &day, &time, &reference])
}

fn draw(
    app: &App,
    frame: Frame,
    signed: &Signed,
    opened: &Opened,
    (duty, number): (&str, u32),
    sent: Option<&Form>,
) -> Answer {
    let Ok((id, words)) = find(app, opened, duty) else {
        return gone(app, frame, opened, duty, came(sent));
    };
    let Some(filed) = entry(opened, &id, number) else {
        return entry_gone(frame, opened, (&id, number), came(sent));
    };
    let ask = Ask::new(app, signed, opened, &id, words);
    let evidence = &filed.evidence;
    // A referral is not done before it has one; a form may be taken in without.
    let (label, reference, acknowledged) = match evidence {
        Evidence::Referral { reference, acknowledged, .. } => ("Their reference", reference, acknowledged),
        Evidence::Form(form) if form.is_passed_on(ask.opened.pack()) => {
            ("Their reference, if there is one", &form.their_reference, &form.received)
        }
        _ => return Err(Problem::NotFound),
    };
    if acknowledged.is_some() {
        let says = "It is recorded already that this arrived.";
        return Err(Problem::NotAllowed(says.to_owned()));
    }
    let mistakes = frame.mistakes.clone();
    let sheet = Sheet::new(sent, &mistakes);
    let mut blocks = vec![sheet.line(by_whom())];
    blocks.extend(when::fields(&sheet, "acknowledged_at", "When did they say so?"));
    blocks.push(sheet.line(Input::new("reference", label).value(reference).width("20")));
    let frame = report_frame(frame, opened).back_to(routes::task(opened.reference(), duty));
    let shown = AcknowledgePage {
        frame,
        caption: opened.duty_title(duty),
        action: routes::acknowledge(opened.reference(), duty, number),
        sent: particulars::list(ask, evidence),
        blocks,
    };
    Ok(page(!mistakes.none(), &shown))
}

/// Records it.
pub async fn submit(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, duty, number)): Path<(String, String, u32)>,
    sent: Form,
) -> Answer {
    let Ok((id, _)) = find(&app, &opened, &duty) else {
        return gone(&app, frame, &opened, &duty, came(Some(&sent)));
    };
    let mut mistakes = Mistakes::new();
    let command = Command::AcknowledgeReferral {
        duty: id,
        number,
        reference: sent.text("reference").to_owned(),
        acknowledgement: Acknowledgement {
            by: sent.text("acknowledged_by").to_owned(),
            at: when::read(&sent, &mut mistakes, "acknowledged_at", app.now()),
        },
    };
    if !mistakes.none() {
        record::also_wrong(&app, &signed, &opened.report, command, &mut mistakes)?;
        return draw(&app, frame.with(mistakes), &signed, &opened, (&duty, number), Some(&sent));
    }
    match record::act(&app, &signed, opened.clone(), command, &sent.digest()).await {
        Ok(_) => go(&format!("{}?done=arrived", routes::task(&reference, &duty))),
        Err(acted) => draw(&app, frame.with(acted.mistakes()?), &signed, &opened, (&duty, number), Some(&sent)),
    }
}
