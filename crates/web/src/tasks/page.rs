//! A duty's own page, and recording what completes it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use report::{Command, DraftOf, FileForm, LOCATION, PersonId, Task, TaskState, WaitsFor, is_after_outcome};

use super::asked::{Asked, asked};
use super::depart::is_offered;
use super::elsewhere::elsewhere;
use super::kinds::{self, Ask};
use super::particulars::full_record;
use super::recorded::{Recorded, entries, twice};
use super::{closed_to, fell_away, find, find_any, find_for, form, gone};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::blocks::{Block, Sheet};
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::drafts::{self, DraftNote, Then};
use crate::shared::record::{self, Came, OnReport, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::SummaryList;
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "tasks/task.html")]
struct TaskPage {
    frame: Frame,
    action: String,
    asked: Asked,
    departed: Option<Departed>,
    /// It is done, or something on the page has to be mended: how to do it is folded away.
    folded: bool,
    overview: Option<Block>,
    recorded: Vec<Recorded>,
    /// Numbers recorded here that are on something else of this report as well.
    twice: Vec<String>,
    /// Why nothing can be recorded here now.
    shut: Option<&'static str>,
    /// Where it is done instead, or what comes first.
    elsewhere: Option<Link>,
    /// Where a place is added that is to be checked.
    place: Option<Link>,
    /// None is there to check yet.
    place_first: bool,
    form_title: &'static str,
    /// What comes after the outcome is no part of what a supervisor agreed to.
    follows_outcome: bool,
    draft: DraftNote,
    blocks: Vec<Block>,
    button: &'static str,
    /// Where one departs from it.
    depart: Option<String>,
    /// It is only offered: leaving it takes a line.
    offered: bool,
    /// After something was recorded: what is due next.
    next: Option<Link>,
}

/// A departure that holds.
#[derive(Debug)]
struct Departed {
    title: String,
    record: SummaryList,
    end: Option<String>,
}

/// Shows a duty.
pub async fn show(
    OnReport { app, frame, signed, opened, .. }: OnReport,
    Path((_, duty)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Answer {
    let frame = match query.get("done").map(String::as_str) {
        Some("recorded") => frame.done("Recorded"),
        Some("added") => frame.done("It was added. Go on here"),
        Some("withdrawn") => frame.done("The entry was withdrawn"),
        Some("arrived") => frame.done("It is recorded that it arrived"),
        Some("thrown-away") => frame.done("What was saved for later was thrown away"),
        Some("departed") => frame.done("The departure and its reasons are recorded"),
        Some("ended") => frame.done("The departure has ended, and the task is put back"),
        _ => frame,
    };
    match find(&app, &opened, &duty) {
        Ok(_) => draw(&app, frame, &signed, &opened, &duty, None),
        Err(_) => gone(&app, frame, &opened, &duty, Came::ToLook),
    }
}

fn draw(app: &App, frame: Frame, signed: &Signed, opened: &Opened, duty: &str, sent: Option<&Form>) -> Answer {
    let (id, words) = find_for(app, opened, duty, sent)?;
    let ask = Ask::new(app, signed, opened, &id, words);
    let task = opened.task(duty);
    let reference = opened.reference();
    let mistakes = frame.mistakes.clone();
    let of = DraftOf::Task(id.clone());
    let begun = opened.report.draft(&of).map(drafts::form);
    let sheet = Sheet::new(sent.or(begun.as_ref()), &mistakes);
    let draft = DraftNote::of(opened, &of, sent, |field| form::label(ask, field));
    let shut = closed_to(signed, opened, words).or_else(|| not_now(ask));
    let blocks = match shut {
        Some(_) => Vec::new(),
        None => kinds::all_fields(ask, &sheet),
    };
    let may_write = signed.may(Permission::AddToReports);
    let may_decide = signed.may(Permission::Decide) && !opened.report.is_closed();
    let is_review = words.evidence == "review";
    let is_done = task.is_some_and(|task| task.state == TaskState::Done);
    let departed = departed(ask, may_decide);
    let can_depart =
        may_decide && departed.is_none() && !is_done && task.is_some() && !is_review && words.evidence != "decision";
    let was_done = frame.done.is_some();
    let place_first = opened.report.matrix(opened.pack(), &id).is_empty();
    let frame = report_frame(frame, opened);
    let shown = TaskPage {
        frame,
        action: routes::task(reference, duty),
        asked: asked(ask, task),
        departed,
        folded: is_done || !mistakes.none(),
        overview: kinds::overview(ask),
        recorded: entries(ask, signed),
        twice: twice(ask),
        shut,
        elsewhere: may_write.then(|| elsewhere(ask, signed)).flatten(),
        place: place(ask, place_first),
        place_first,
        form_title: title(&words.evidence, is_done),
        follows_outcome: is_after_outcome(&words.due),
        draft,
        blocks,
        button: button(&words.evidence),
        offered: is_offered(words),
        depart: can_depart.then(|| routes::depart(reference, duty)),
        next: was_done.then(|| next(opened, duty, signed)).flatten(),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// A duty that follows the outcome cannot be done before it, nor before a supervisor has agreed to one that they have to.
fn not_now(ask: Ask<'_>) -> Option<&'static str> {
    Some(match ask.waits_for()? {
        WaitsFor::Outcome => "This comes after the outcome. It can be recorded once that is decided.",
        WaitsFor::Agreement => {
            "A supervisor has to agree to the outcome before anybody is told of it. It can be recorded then."
        }
    })
}

/// Without a place there is none to check: it is added first, or said why none is known. Whoever adds one comes back here.
fn place(ask: Ask<'_>, first: bool) -> Option<Link> {
    let text = if first { "Add a place" } else { "Add another place" };
    let href = routes::entry_new_for(ask.opened.reference(), "places", ask.duty.as_str());
    (ask.duty.subject() == Some(LOCATION)).then(|| Link { href, text: text.to_owned() })
}

fn departed(ask: Ask<'_>, may_decide: bool) -> Option<Departed> {
    let departure = ask.opened.report.departure(ask.duty.as_str())?;
    Some(Departed {
        title: format!("{}, {}", departure.by.name, time::moment(departure.at)),
        record: full_record(&departure.reason, &departure.ndm),
        end: may_decide.then(|| routes::depart(ask.opened.reference(), ask.duty.as_str())),
    })
}

/// What is due next, leaving out the task just worked on: first what is due now. Where none is, what follows all of them.
pub(super) fn next(opened: &Opened, duty: &str, signed: &Signed) -> Option<Link> {
    let is_open = |state| matches!(state, TaskState::Due | TaskState::PartDone);
    let mut open: Vec<&Task> =
        opened.view.tasks.iter().filter(|task| is_open(task.state) && task.id.as_str() != duty).collect();
    open.sort_by_key(|task| !opened.is_due_now(task));
    let task = open.first().map(|task| {
        let to = routes::task(opened.reference(), task.id.as_str());
        (task.title.clone(), to)
    });
    let after = || record::next_step(opened).filter(|_| signed.may(Permission::Decide));
    let (text, href) = task.or_else(after)?;
    Some(Link { href, text })
}

fn title(evidence: &str, is_done: bool) -> &'static str {
    match (evidence, is_done) {
        ("decision", false) => "Your decision",
        ("decision", true) => "Decide again",
        ("form", false) => "The form",
        ("form", true) => "File it again",
        ("crime", true) => "Add another crime",
        (_, false) => "Record it",
        (_, true) => "Record more",
    }
}

fn button(evidence: &str) -> &'static str {
    match evidence {
        "decision" => "Record your decision",
        "form" => "File the form",
        _ => "Record",
    }
}

/// Records what completes a duty.
pub async fn submit(
    OnReport { app, frame, signed, opened, .. }: OnReport,
    Path((_, duty)): Path<(String, String)>,
    sent: Form,
) -> Answer {
    let mut mistakes = Mistakes::new();
    let Ok((id, words)) = find(&app, &opened, &duty) else {
        let (id, words) = find_any(&app, &opened, &duty)?;
        mistakes.add("main-content", fell_away(&opened, words, &id));
        return draw(&app, frame.with(mistakes), &signed, &opened, &duty, Some(&sent));
    };
    let of = DraftOf::Task(id.clone());
    if words.evidence == "decision" && !signed.may(Permission::Decide) {
        return Err(Problem::Forbidden);
    }
    let ask = Ask::new(&app, &signed, &opened, &id, words);
    let later = drafts::then(&sent) == Then::Later && opened.report.draft(&of).is_none();
    let says = match drafts::command(&of, &sent) {
        // What is filled in from the report is nobody's beginning.
        Some(_) if later && kinds::is_untouched(ask, &sent) => Some(drafts::NOTHING_ENTERED),
        Some(aside) => {
            return put_aside(&app, frame, &signed, &opened, &duty, &sent, aside).await;
        }
        None => drafts::overtaken(&opened, &of, &sent),
    };
    if let Some(says) = says {
        mistakes.add("main-content", says);
        return draw(&app, frame.with(mistakes), &signed, &opened, &duty, Some(&sent));
    }
    let command = command(&app, &signed, &opened, &duty, &sent, &mut mistakes)?;
    if !mistakes.none() {
        record::also_wrong(&app, &signed, &opened.report, command, &mut mistakes)?;
        return draw(&app, frame.with(mistakes), &signed, &opened, &duty, Some(&sent));
    }
    match record::act(&app, &signed, opened.clone(), command, &sent.digest()).await {
        Ok(after) => go(&to(&after, &duty)),
        Err(acted) => draw(&app, frame.with(acted.mistakes()?), &signed, &opened, &duty, Some(&sent)),
    }
}

/// Puts the page aside, or throws away what was put aside.
async fn put_aside(
    app: &App,
    frame: Frame,
    signed: &Signed,
    opened: &Opened,
    duty: &str,
    sent: &Form,
    command: Command,
) -> Answer {
    match record::act(app, signed, opened.clone(), command, &sent.digest()).await {
        Ok(after) if drafts::then(sent) == Then::Discard => {
            go(&format!("{}?done=thrown-away", routes::task(after.reference(), duty)))
        }
        Ok(after) => go(&format!("{}?later=yes", routes::report(after.reference()))),
        Err(acted) => {
            // Whoever was first is shown beside what was sent.
            let now = record::load(app, &opened.stream).await?;
            draw(app, frame.with(acted.mistakes()?), signed, &now, duty, Some(sent))
        }
    }
}

/// A form that was filed is shown as it was filed; everything else leads back to its task.
fn to(after: &Opened, duty: &str) -> String {
    let filed = duty.parse().ok().and_then(|id| after.report.evidence.get(&id)?.last());
    match filed {
        Some(filed) if filed.evidence.kind() == "form" => routes::filed_form(after.reference(), duty, filed.number),
        _ => format!("{}?done=recorded", routes::task(after.reference(), duty)),
    }
}

fn command(
    app: &App,
    signed: &Signed,
    opened: &Opened,
    duty: &str,
    sent: &Form,
    mistakes: &mut Mistakes,
) -> Result<Command, Problem> {
    let (id, words) = find(app, opened, duty)?;
    let ask = Ask::new(app, signed, opened, &id, words);
    if words.evidence == "form" {
        let subject: PersonId = id.subject().and_then(|s| s.parse().ok()).ok_or(Problem::NotFound)?;
        return Ok(Command::FileForm(FileForm {
            form: id.duty().to_owned(),
            persons: form::persons(&subject, sent),
            answers: form::answers(ask, sent),
        }));
    }
    let evidence = kinds::read(ask, sent, mistakes).ok_or(Problem::NotFound)?;
    Ok(kinds::command(id, evidence, sent))
}
