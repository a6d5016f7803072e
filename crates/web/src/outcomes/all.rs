//! Every outcome: open, not yet or blocked, and why, for the report and for each child.

use askama::Template;
use axum::extract::{Path, Query, State};
use guidance::advice::OutcomeState;

use super::Card;
use super::lines::decided;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, page};
use crate::shared::record::{self, report_frame};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "outcomes/all.html")]
struct All {
    frame: Frame,
    reference: String,
    decided: Vec<String>,
    undecided: Vec<String>,
    groups: Vec<Group>,
    closed: bool,
}

struct Group {
    title: &'static str,
    says: &'static str,
    cards: Vec<Card>,
}

/// The page.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let closed = opened.report.is_closed();
    let query = Form::from_pairs(query);
    let mut frame = report_frame(frame, &opened);
    if query.has("decided") {
        frame = frame.done("The outcome was recorded");
    }
    if query.has("later") {
        frame = frame.done("Your changes are kept. Nothing is decided by it");
    }
    let mut groups = vec![
        Group {
            title: "Open now",
            says: "Everything that the guidance asks for these is there.",
            cards: Vec::new(),
        },
        Group {
            title: "Not yet",
            says: "Something is still missing. Each says what.",
            cards: Vec::new(),
        },
        Group {
            title: "Blocked here",
            says: "What is known rules these out. Deciding one all the same is a departure from the advice, with the full record of why.",
            cards: Vec::new(),
        },
    ];
    for card in Card::all(&opened, !closed && signed.may(Permission::Decide)) {
        let at = match card.best() {
            OutcomeState::Open => 0,
            OutcomeState::NotYet => 1,
            OutcomeState::Blocked => 2,
        };
        if let Some(group) = groups.get_mut(at) {
            group.cards.push(card);
        }
    }
    groups.retain(|group| !group.cards.is_empty());
    let undecided = opened.view.outcomes_to_decide.iter();
    let shown = All {
        reference: opened.reference().to_owned(),
        decided: decided(&opened),
        undecided: undecided
            .map(|person| opened.person_name(person.as_str()))
            .collect(),
        groups,
        closed,
        frame,
    };
    Ok(page(false, &shown))
}
