//! Asking a supervisor to look at a report.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use guidance::advice::Strength;
use report::{Command, Status, Task, TaskState, is_after_outcome};

use super::verdicts;
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::{Input, Textarea, Timeline};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "reviews/ask.html")]
struct Ask {
    frame: Frame,
    reference: String,
    stands: &'static str,
    waiting: Option<String>,
    /// What was entered since a supervisor agreed, where that no longer counts.
    since: Vec<String>,
    open: Vec<(String, String)>,
    to_ask: usize,
    /// What is asked for, and by when; nothing where nobody has to ask now.
    fields: Option<(Textarea, Input)>,
    given: Option<Timeline>,
}

/// Where nobody asked, and everything else that comes before a review is there.
const IN_THEIR_LIST: &str = "Nobody has asked yet. It is in the supervisors' list already as ready for review; asking says that you are done, and adds what you want to say to them.";

/// The page: where the review stands, what is still open, and the form to ask.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let asked = Form::from_pairs(query).has("asked");
    let frame = if asked { frame.done("A supervisor will see that this report waits for review") } else { frame };
    Ok(draw(frame, &opened, &Form::default()))
}

fn draw(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let waits = matches!(opened.view.status, Status::ReadyForReview | Status::WaitingForReview);
    // Asked before the last review, it was answered by that.
    let asked = (opened.report.review_asked).filter(|(_, version)| waits && *version > opened.report.last_review);
    let note = Textarea::new("note", "What do you ask for? (optional)")
        .hint("What you propose for each child and why, and what you departed from. Or one thing, such as advice.")
        .rows(3);
    let by_when = Input::new("by_when", "By when do you need it? (optional)")
        .hint("A day and time, or what it has to come before, such as a talk with the family.");
    let agreed = opened.report.is_agreed(opened.pack());
    let may_ask = asked.is_none() && !agreed && !opened.report.is_closed();
    let shown = Ask {
        reference: opened.reference().to_owned(),
        stands: verdicts::stands(opened),
        waiting: match asked {
            Some((at, _)) => {
                Some(format!("A review was asked for on {}. You need do nothing more for it.", time::moment(at)))
            }
            None => waits.then(|| IN_THEIR_LIST.to_owned()),
        },
        since: verdicts::since(opened),
        open: still_open(opened),
        to_ask: opened.advice().ask_next.len(),
        fields: may_ask.then(|| (note.sent(form, &mistakes), by_when.sent(form, &mistakes))),
        given: verdicts::given(opened),
        frame: report_frame(frame, opened),
    };
    page(!mistakes.none(), &shown)
}

/// What the guidance requires or expects and is not done: a supervisor will ask about it, and it stands in the way of closing.
fn still_open(opened: &Opened) -> Vec<(String, String)> {
    let is_open = |task: &&Task| {
        matches!(task.state, TaskState::Due | TaskState::PartDone)
            && task.duty.strength != Strength::Consider
            && task.evidence != "review"
            && !is_after_outcome(&task.duty.due)
    };
    let tasks = opened.view.tasks.iter().filter(is_open);
    tasks
        .map(|task| {
            let place = routes::task(opened.reference(), task.id.as_str());
            (task.title.clone(), place)
        })
        .collect()
}

/// Asks.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let text = |name: &str| form.text(name).to_owned();
    let command = Command::AskForReview { note: text("note"), by_when: text("by_when") };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&format!("{}?asked=yes", routes::ask_for_review(&reference))),
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &opened, &form)),
    }
}
