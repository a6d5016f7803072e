//! Every outcome: open, not yet or blocked, and why, for the report and for each child.

use askama::Template;
use axum::extract::{Path, Query, State};
use report::{Task, TaskState, is_after_outcome};

use super::Card;
use super::decided::decided;
use super::stands::Stands;
use super::unanswered::unanswered;
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::crimes;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::overtaken::{Overtaken, overtaken_here};
use crate::shared::page::{Answer, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "outcomes/all.html")]
struct All {
    frame: Frame,
    reference: String,
    /// Outcomes that no longer stand as they were decided.
    overtaken: Vec<Overtaken>,
    decided: Vec<String>,
    /// For whom an outcome says that there was a crime, and none is recorded.
    lacking: Vec<String>,
    /// Where a crime is recorded.
    crime: Option<String>,
    /// Everybody has one: what is below is there to decide again.
    again: bool,
    /// What is to be done now that it is decided: title and address.
    follows: Vec<(String, String)>,
    undecided: Vec<String>,
    /// Who has no outcome of their own here, and why.
    unanswered: Vec<(String, &'static str)>,
    groups: Vec<Group>,
    /// May close it, now that something is decided.
    may_close: bool,
}

struct Group {
    title: &'static str,
    says: &'static str,
    /// Folded away: something else is open or can still come.
    folded: bool,
    cards: Vec<Card>,
}

impl Group {
    /// `Outcomes 3, 11 and 14`.
    fn codes(&self) -> String {
        let codes: Vec<&str> = self.cards.iter().map(|card| card.code.as_str()).collect();
        match codes.split_last() {
            Some((last, [])) => format!("Outcome {last}"),
            Some((last, first)) => format!("Outcomes {} and {last}", first.join(", ")),
            None => String::new(),
        }
    }
}

/// What is to be done once an outcome is decided.
fn follows(opened: &Opened) -> Vec<(String, String)> {
    let due =
        opened.view.tasks.iter().filter(|task| {
            matches!(task.state, TaskState::Due | TaskState::PartDone) && is_after_outcome(&task.duty.due)
        });
    let line = |task: &Task| {
        let place = routes::task(opened.reference(), task.id.as_str());
        (task.title.clone(), place)
    };
    due.map(line).collect()
}

/// What nothing can come of here.
const BLOCKED: &str = "Blocked here";

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
            says: "No answer and no task stands in the way of these. What nobody is asked here, you make sure of yourself: each says what.",
            folded: false,
            cards: Vec::new(),
        },
        Group {
            title: "Not yet",
            says: "Something is still missing. Each says what.",
            folded: false,
            cards: Vec::new(),
        },
        Group {
            title: "Decided against",
            says: "A decision in this report speaks against these. Each says who took it, and when.",
            folded: false,
            cards: Vec::new(),
        },
        Group {
            title: "While it is not known who did it",
            says: "Nothing but that rules these out: finding out who it was changes it.",
            folded: false,
            cards: Vec::new(),
        },
        Group {
            title: BLOCKED,
            says: "What is known rules these out. Deciding one all the same is a departure from the advice, with the full record of why.",
            folded: false,
            cards: Vec::new(),
        },
    ];
    for card in Card::all(&opened, !closed && signed.may(Permission::Decide)) {
        let at = match card.best() {
            Stands::Open => 0,
            Stands::NotYet => 1,
            Stands::Against => 2,
            Stands::Unidentified => 3,
            Stands::Blocked => 4,
        };
        if let Some(group) = groups.get_mut(at) {
            group.cards.push(card);
        }
    }
    groups.retain(|group| !group.cards.is_empty());
    let others = groups.len() > 1;
    let undecided = opened.view.outcomes_to_decide.iter();
    let decided = decided(&opened);
    let stands = opened.view.overtaken.is_empty();
    let again = stands && opened.report.outcome(None).is_some() && undecided.len() == 0;
    for group in &mut groups {
        group.folded = again || (others && group.title == BLOCKED);
    }
    let shown = All {
        reference: opened.reference().to_owned(),
        follows: follows(&opened),
        overtaken: overtaken_here(&opened),
        lacking: crimes::lacking(&opened),
        crime: crimes::task(&opened),
        decided,
        again,
        undecided: undecided.map(|person| opened.person_name(person.as_str())).collect(),
        unanswered: unanswered(&opened),
        groups,
        may_close: !closed && signed.may(Permission::Decide),
        frame,
    };
    Ok(page(false, &shown))
}
