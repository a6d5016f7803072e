//! Departing from a duty, which is the officer's to decide and needs the full record; and ending a departure.

use askama::Template;
use axum::extract::Path;
use guidance::advice::Strength;
use guidance::words::DutyWords;
use report::{Command, DraftOf};

use super::asked::{Asked, asked};
use super::kinds::Ask;
use super::{fell_away, find, find_any, find_for, gone};
use crate::routes;
use crate::shared::app::App;
use crate::shared::blocks::{Block, Sheet};
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::ndm::{ndm_fields, read_ndm};
use crate::shared::page::{Answer, go, page};
use crate::shared::record::drafts::{self, DraftNote, Then};
use crate::shared::record::{self, Came, OnReport, Opened, report_frame};
use crate::shared::ui::Textarea;
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "tasks/depart.html")]
struct DepartPage {
    frame: Frame,
    action: String,
    asked: Asked,
    /// A departure holds, and this ends it.
    ends: bool,
    /// It is only offered: leaving it takes a line.
    offered: bool,
    draft: DraftNote,
    blocks: Vec<Block>,
}

/// Is it only offered, to be thought about? Leaving it then takes a line, and no full record.
pub(super) fn is_offered(words: &DutyWords) -> bool {
    words.strength == Strength::Consider.word()
}

/// Asks for the reasons: of departing, or of doing it after all.
pub async fn show(
    OnReport { app, frame, signed, opened, .. }: OnReport,
    Path((_, duty)): Path<(String, String)>,
) -> Answer {
    match find(&app, &opened, &duty) {
        Ok(_) => draw(&app, frame, &signed, &opened, &duty, None),
        Err(_) => gone(&app, frame, &opened, &duty, Came::ToLook),
    }
}

fn draw(app: &App, frame: Frame, signed: &Signed, opened: &Opened, duty: &str, sent: Option<&Form>) -> Answer {
    let (id, words) = find_for(app, opened, duty, sent)?;
    let ask = Ask::new(app, signed, opened, &id, words);
    let mistakes = frame.mistakes.clone();
    let of = DraftOf::Departure(id.clone());
    let begun = opened.report.draft(&of).map(drafts::form);
    let sheet = Sheet::new(sent.or(begun.as_ref()), &mistakes);
    let ends = opened.report.departure(duty).is_some();
    let offered = is_offered(words);
    let blocks = if ends {
        vec![sheet.text(Textarea::new("reason", "Why is it done after all?").rows(3))]
    } else {
        let label = match offered {
            true => "Why is it not done here?",
            false => "Why do you depart from this?",
        };
        let mut blocks =
            vec![
                sheet.text(
                    Textarea::new("reason", label)
                        .hint("In a line or two. It is shown to whoever reviews the report.")
                        .rows(3),
                ),
            ];
        if !offered {
            blocks.extend(ndm_fields(&sheet));
        }
        blocks
    };
    let frame = report_frame(frame, opened).back_to(routes::task(opened.reference(), duty));
    let shown = DepartPage {
        frame,
        action: routes::depart(opened.reference(), duty),
        asked: asked(ask, opened.task(duty)),
        ends,
        offered,
        draft: DraftNote::of(opened, &of, sent, drafts::plain_label),
        blocks,
    };
    Ok(page(!mistakes.none(), &shown))
}

/// Records a departure, or ends the one that holds.
pub async fn submit(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, duty)): Path<(String, String)>,
    sent: Form,
) -> Answer {
    let Ok((id, _)) = find(&app, &opened, &duty) else {
        let (id, words) = find_any(&app, &opened, &duty)?;
        let mut mistakes = Mistakes::new();
        mistakes.add("main-content", fell_away(&opened, words, &id));
        let frame = frame.with(mistakes);
        return draw(&app, frame, &signed, &opened, &duty, Some(&sent));
    };
    let of = DraftOf::Departure(id.clone());
    let aside = drafts::command(&of, &sent);
    let is_aside = aside.is_some();
    if let Some(says) = drafts::overtaken(&opened, &of, &sent).filter(|_| !is_aside) {
        let mut mistakes = Mistakes::new();
        mistakes.add("main-content", says);
        return draw(&app, frame.with(mistakes), &signed, &opened, &duty, Some(&sent));
    }
    let reason = sent.text("reason").to_owned();
    let ends = sent.text("ends") == "yes";
    let command = if let Some(aside) = aside {
        aside
    } else if ends {
        Command::EndDeparture { duty: id, reason }
    } else {
        Command::Depart { duty: id, reason, ndm: read_ndm(&sent) }
    };
    match record::act(&app, &signed, opened.clone(), command, &sent.digest()).await {
        Ok(_) if drafts::then(&sent) == Then::Later => go(&format!("{}?later=yes", routes::report(&reference))),
        Ok(_) if is_aside => go(&format!("{}?done=thrown-away", routes::task(&reference, &duty))),
        Ok(_) => {
            let done = if ends { "ended" } else { "departed" };
            go(&format!("{}?done={done}", routes::task(&reference, &duty)))
        }
        Err(acted) => {
            let now = record::load(&app, &opened.stream).await?;
            draw(&app, frame.with(acted.mistakes()?), &signed, &now, &duty, Some(&sent))
        }
    }
}
