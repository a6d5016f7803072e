//! Withdrawing what was recorded by mistake. It is kept and shown as withdrawn.

use askama::Template;
use axum::extract::Path;
use report::Command;

use super::kinds::Ask;
use super::{entry, entry_gone, find, gone, particulars};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::{self, Came, OnReport, Opened, report_frame, withdrawn_by_this};
use crate::shared::ui::{SummaryList, Textarea};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "tasks/withdraw.html")]
struct WithdrawPage {
    frame: Frame,
    caption: String,
    action: String,
    entry: SummaryList,
    reason: Textarea,
}

/// Asks why.
pub async fn show(
    OnReport { app, frame, signed, opened, .. }: OnReport,
    Path((_, duty, number)): Path<(String, String, u32)>,
) -> Answer {
    draw(&app, frame, &signed, &opened, (&duty, number), None)
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
        return gone(app, frame, opened, duty, Came::ToWithdraw(sent));
    };
    let Some(filed) = entry(opened, &id, number) else {
        // A colleague was quicker.
        return entry_gone(frame, opened, (&id, number), Came::ToWithdraw(sent));
    };
    let mistakes = frame.mistakes.clone();
    let mut reason = Textarea::new("reason", "Why is it withdrawn?")
        .hint("Entered twice, on the wrong report, for the wrong person. The entry is kept and shown as withdrawn.")
        .rows(3);
    if let Some(form) = sent {
        reason = reason.sent(form, &mistakes);
    }
    let shown = WithdrawPage {
        frame: report_frame(frame, opened).back_to(routes::task(opened.reference(), duty)),
        caption: opened.duty_title(duty),
        action: routes::withdraw_evidence(opened.reference(), duty, number),
        entry: particulars::list(Ask::new(app, signed, opened, &id, words), &filed.evidence),
        reason,
    };
    Ok(page(!mistakes.none(), &shown))
}

/// Withdraws it.
pub async fn submit(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, duty, number)): Path<(String, String, u32)>,
    sent: Form,
) -> Answer {
    let Ok((id, _)) = find(&app, &opened, &duty) else {
        return gone(&app, frame, &opened, &duty, Came::ToWithdraw(Some(&sent)));
    };
    let done = format!("{}?done=withdrawn", routes::task(&reference, &duty));
    let how = opened.report.evidence_withdrawal(&id, number);
    if how.is_some_and(|how| withdrawn_by_this(&how, &signed, &sent)) {
        return go(&done);
    }
    let command = Command::WithdrawEvidence { duty: id, number, reason: sent.text("reason").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &sent.digest()).await {
        Ok(_) => go(&done),
        Err(acted) => {
            let now = record::load(&app, &opened.stream).await?;
            let frame = frame.with(acted.mistakes()?);
            draw(&app, frame, &signed, &now, (&duty, number), Some(&sent))
        }
    }
}
