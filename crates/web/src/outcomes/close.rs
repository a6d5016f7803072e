//! Closing a report: what stands in the way, and afterwards what it came to.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use report::{Command, Evidence, GateKind};

use super::decided::decided;
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::Textarea;
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "outcomes/close.html")]
struct Close {
    frame: Frame,
    reference: String,
    gates: Vec<Gate>,
    /// Tasks that are open: the same is to be said of each.
    tasks: Vec<Gate>,
    decided: Vec<String>,
    /// What is under way and stands in the way of nothing: words and address.
    under_way: Vec<(String, String)>,
    note: Option<Textarea>,
    /// May ask to end it without an outcome.
    may_end: bool,
}

struct Gate {
    id: String,
    says: String,
    href: String,
    is_task: bool,
}

#[derive(Template)]
#[template(path = "outcomes/closed.html")]
struct Closed {
    frame: Frame,
    reference: String,
    when: String,
    /// Why it was ended without an outcome, where it was: in a sentence, and in the words of whoever asked.
    ended: Option<(String, String)>,
    /// The report that has the same incident, where it was ended for that.
    same_as: Option<String>,
    decided: Vec<String>,
    addenda: Vec<(String, String)>,
    may_add: bool,
    may_decide_keeping: bool,
    may_reopen: bool,
}

/// The page: what stands in the way of closing, or, once closed, what it came to.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, Path(reference): Path<String>) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    Ok(draw(frame, &opened, &signed, app.now(), &Form::default()))
}

fn draw(frame: Frame, opened: &Opened, signed: &Signed, now: Timestamp, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let reference = opened.reference().to_owned();
    if let Some(at) = opened.report.closed_at {
        let addenda = opened.report.addenda.iter();
        let closed = Closed {
            when: time::moment(at),
            ended: opened.report.ended().map(|ending| {
                let says = format!("Ended without an outcome: {}.", ending.says());
                (says, format!("{}: {}", ending.by.name, ending.reason))
            }),
            same_as: opened.report.ended().and_then(|e| e.same_as.clone()),
            decided: decided(opened),
            addenda: addenda
                .map(|(at, by, text)| (format!("{}, {}", by.name, time::moment(*at)), text.clone()))
                .collect(),
            may_add: signed.may(Permission::AddToReports),
            may_decide_keeping: signed.may(Permission::Erase),
            may_reopen: signed.may(Permission::Review),
            frame: report_frame(frame, opened),
            reference,
        };
        return page(!mistakes.none(), &closed);
    }
    let (tasks, gates): (Vec<Gate>, Vec<Gate>) = gates(opened).into_iter().partition(|gate| gate.is_task);
    let may_close = gates.is_empty() && tasks.is_empty() && signed.may(Permission::Decide);
    let note = Textarea::new("note", "Anything to add (optional)").rows(3);
    let close = Close {
        decided: decided(opened),
        under_way: under_way(opened, now),
        note: may_close.then(|| note.sent(form, &mistakes)),
        may_end: may_end(opened, signed),
        frame: report_frame(frame, opened),
        reference,
        gates,
        tasks,
    };
    page(!mistakes.none(), &close)
}

/// Nobody has asked yet, and there is no outcome that it could be closed with.
fn may_end(opened: &Opened, signed: &Signed) -> bool {
    let undecided = opened.report.asked_to_end().is_none() && opened.report.outcomes.is_empty();
    signed.may(Permission::AddToReports) && undecided
}

/// What was begun and has no end in the record yet: a referral that nobody has said arrived, a meeting that is still to come, a
/// page put aside.
fn under_way(opened: &Opened, now: Timestamp) -> Vec<(String, String)> {
    let today = time::today(now);
    let mut all = Vec::new();
    for task in &opened.view.tasks {
        let mut add = |says: String| {
            let href = routes::task(opened.reference(), task.id.as_str());
            all.push((format!("{}: {says}", task.title), href));
        };
        if task.awaits_acknowledgement {
            add("nobody has said yet that it arrived".to_owned());
        }
        for filed in opened.report.evidence_for(&task.id) {
            if let Evidence::Meeting { on, .. } = filed.evidence
                && on > today
            {
                add(format!("it is on {}", time::date(on)));
            }
        }
        if let Some(begun) = &task.begun {
            add(format!("begun by {} and not recorded", begun.by));
        }
    }
    all
}

/// What stands in the way, each with the place where it is put right. A refusal names a duty as its
/// field, so each is found under that id.
fn gates(opened: &Opened) -> Vec<Gate> {
    let reference = opened.reference();
    let place = |gate: &report::Gate| match &gate.kind {
        GateKind::Duty(duty) => routes::task(reference, duty.as_str()),
        GateKind::Concern(number) => routes::concern_answer(reference, *number),
        GateKind::Role(person) => routes::roles(reference, person.as_str()),
        GateKind::Review => routes::ask_for_review(reference),
        GateKind::Outcome => routes::outcomes(reference),
    };
    let gates = opened.view.gates.iter().enumerate();
    gates
        .map(|(at, gate)| Gate {
            id: gate.duty().map_or_else(|| format!("gate-{}", at + 1), |duty| duty.as_str().to_owned()),
            says: gate.duty().map_or_else(|| gate.says.clone(), |duty| opened.duty_title(duty.as_str())),
            href: place(gate),
            is_task: gate.duty().is_some(),
        })
        .collect()
}

/// Closes it.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let command = Command::Close { note: form.text("note").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::close(&reference)),
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            Ok(draw(frame, &opened, &signed, app.now(), &form))
        }
    }
}
