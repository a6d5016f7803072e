//! A report at a glance: when it came in, its crime record and outcome, who works on it, where the child is.

use report::{DueTime, Task, TaskState};

use crate::routes;
use crate::shared::app::App;
use crate::shared::record::Opened;
use crate::shared::time;
use crate::shared::ui::SummaryList;
use crate::shared::words::first_upper;

/// What has to be in sight on the page of a report.
pub fn known(app: &App, opened: &Opened) -> SummaryList {
    let report = &opened.report;
    let mut known = SummaryList::new();
    if let Some(at) = report.reported_at {
        known = known.row("Reported", time::moment(at));
    }
    if let Some(task) = view_crime(opened).filter(|_| report.ended().is_none()) {
        known = known.row("Crime recording", clock(task, app));
    }
    let who = report.allocation.as_ref().map_or_else(
        || format!("Nobody yet, {}", report.unit),
        |to| format!("{}, {}", to.name, to.unit),
    );
    let safe = report
        .safety
        .safe_to_talk
        .map_or("not asked", report::Answer::says)
        .to_lowercase();
    let place = if report.safety.child_where.is_empty() {
        "Not known"
    } else {
        &report.safety.child_where
    };
    if let Some(outcome) = outcome(opened) {
        known = known.row("Outcome", outcome);
    }
    let child = format!("{place}. Safe to talk: {safe}");
    known = known.row("With", who);
    known = match report.is_closed() {
        true => known.row("Where the child was", child),
        false => known.changeable(
            "Where the child is",
            child,
            routes::safety(&report.reference),
        ),
    };
    if !report.reporter.safe_number.is_empty() {
        let when = &report.reporter.when_safe;
        let when = if when.is_empty() {
            String::new()
        } else {
            format!(", {when}")
        };
        known = known.row(
            "Safe number",
            format!("{}{when}", report.reporter.safe_number),
        );
    }
    for link in report.standing_links() {
        known = known.row(
            "Linked report",
            format!("{}: {}", first_upper(link.kind.says()), link.reference),
        );
    }
    known
}

/// The outcome that was decided, for whom; nothing while none is.
fn outcome(opened: &Opened) -> Option<String> {
    let people = opened.people().map(|person| Some(&person.id));
    let all = std::iter::once(None).chain(people);
    let mut decided: Vec<(&str, Vec<String>)> = Vec::new();
    for decision in all.filter_map(|person| opened.report.outcome(person)) {
        let whom = decision.person.as_ref().map_or_else(
            || "the report".to_owned(),
            |id| opened.person_name(id.as_str()),
        );
        match decided.iter_mut().find(|(code, _)| *code == decision.code) {
            Some((_, whose)) => whose.push(whom),
            None => decided.push((&decision.code, vec![whom])),
        }
    }
    let lines = decided
        .iter()
        .map(|(code, whose)| format!("{code} for {}", whose.join(", ")));
    (!decided.is_empty()).then(|| lines.collect::<Vec<_>>().join("\n"))
}

/// The task whose time runs from the report by the hour: recording the crime.
fn view_crime(opened: &Opened) -> Option<&Task> {
    opened
        .view
        .tasks
        .iter()
        .find(|task| task.evidence == "crime")
}

fn clock(task: &Task, app: &App) -> String {
    match (&task.due, task.state) {
        (_, TaskState::Done) => format!("Done: {}", task.last.as_deref().unwrap_or("recorded")),
        (DueTime::At(at), _) if task.overdue => format!(
            "Was due {}, {}",
            time::moment(*at),
            time::from_now(*at, app.now())
        ),
        (DueTime::At(at), _) => format!(
            "By {}, {}",
            time::moment(*at),
            time::from_now(*at, app.now())
        ),
        (due, _) => Opened::due_words(due),
    }
}
