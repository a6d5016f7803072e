//! A report at a glance: how the child is reached, when it came in, its crime record and outcome, who works on it.

use report::{DueTime, Task, TaskState};

use crate::routes;
use crate::shared::app::App;
use crate::shared::record::{Opened, how_done};
use crate::shared::time;
use crate::shared::ui::SummaryList;
use crate::shared::words::first_upper;

/// How the child is reached: the number on which it is safe to call, and where the child is. First on the page of a report, before its
/// class: whoever opens it may be about to ring.
pub fn reach(opened: &Opened) -> SummaryList {
    let report = &opened.report;
    let mut reach = SummaryList::new();
    if !report.reporter.safe_number.is_empty() {
        let when = &report.reporter.when_safe;
        let when = if when.is_empty() { String::new() } else { format!(", {when}") };
        reach = reach.row("Safe number", format!("{}{when}", report.reporter.safe_number));
    }
    let safe = report.safety.safe_to_talk.map_or("not asked", report::Answer::says).to_lowercase();
    let place = if report.safety.child_where.is_empty() { "Not known" } else { &report.safety.child_where };
    let child = format!("{place}. Safe to talk: {safe}");
    match report.is_closed() {
        true => reach.row("Where the child was", child),
        false => reach.changeable("Where the child is", child, routes::safety(&report.reference)),
    }
}

/// What else has to be in sight on the page of a report.
pub fn known(app: &App, opened: &Opened) -> SummaryList {
    let report = &opened.report;
    let mut known = SummaryList::new();
    if let Some(at) = report.reported_at {
        known = known.row("Reported", time::moment(at));
    }
    if let Some(task) = view_crime(opened).filter(|_| report.ended().is_none()) {
        known = known.row("Crime recording", clock(task, app));
    }
    let who = report
        .allocation
        .as_ref()
        .map_or_else(|| format!("Nobody yet, {}", report.unit), |to| format!("{}, {}", to.name, to.unit));
    if let Some(outcome) = outcome(opened) {
        known = known.row("Outcome", outcome);
    }
    known = known.row("Officer", who);
    for link in report.standing_links() {
        known = known.row("Linked report", format!("{}: {}", first_upper(link.kind.says()), link.reference));
    }
    known
}

/// The outcome that was decided, for whom; nothing while none is.
fn outcome(opened: &Opened) -> Option<String> {
    let people = opened.people().map(|person| Some(&person.id));
    let all = std::iter::once(None).chain(people);
    let mut decided: Vec<(&str, Vec<String>)> = Vec::new();
    for decision in all.filter_map(|person| opened.report.outcome(person)) {
        let whom =
            decision.person.as_ref().map_or_else(|| "the report".to_owned(), |id| opened.person_name(id.as_str()));
        match decided.iter_mut().find(|(code, _)| *code == decision.code) {
            Some((_, whose)) => whose.push(whom),
            None => decided.push((&decision.code, vec![whom])),
        }
    }
    let lines = decided.iter().map(|(code, whose)| format!("{code} for {}", whose.join(", ")));
    (!decided.is_empty()).then(|| lines.collect::<Vec<_>>().join("\n"))
}

/// The task whose time runs from the report by the hour: recording the crime.
fn view_crime(opened: &Opened) -> Option<&Task> {
    opened.view.tasks.iter().find(|task| task.evidence == "crime")
}

fn clock(task: &Task, app: &App) -> String {
    match (&task.due, task.state) {
        (_, TaskState::Done) => {
            let done = format!("Done: {}", task.last.as_deref().unwrap_or("recorded"));
            std::iter::once(done).chain(how_done(task)).collect::<Vec<_>>().join("\n")
        }
        (DueTime::At(at), _) if task.overdue => {
            format!("Was due {}, {}", time::moment(*at), time::from_now(*at, app.now()))
        }
        (DueTime::At(at), _) => format!("By {}, {}", time::moment(*at), time::from_now(*at, app.now())),
        (due, _) => Opened::due_words(due),
    }
}

#[cfg(test)]
mod tests {
    use askama::Template as _;
    use report::{Answer, Command, CrimeRecord, Evidence, Ndm};

    use super::*;
    use crate::shared::access::Role;
    use crate::tests::desk::{Desk, FULL};
    use crate::tests::record::actor;
    use crate::tests::{PASSWORD, Site};

    #[tokio::test]
    async fn what_departs_or_comes_late_is_said_wherever_it_says_done() {
        let site = Site::new();
        let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
        site.wait(25 * 60);
        let step = |at: usize| FULL[at].1.to_owned();
        let record = CrimeRecord::NotRecorded {
            reason: "the registrar said so".to_owned(),
            victim_told: Answer::No,
            ndm: Ndm {
                information: step(0),
                threat_and_risk: step(1),
                powers_and_policy: step(2),
                options: step(3),
                action_and_review: step(4),
            },
        };
        let duty = "crime-record".parse().unwrap();
        desk.act(Command::RecordEvidence { duty, evidence: Evidence::Crime { record } }).await;
        let glance = known(&site.app, &desk.opened().await).render().unwrap();
        let mut olive = site.browser();
        olive.sign_in("olive", PASSWORD).await;
        let home = olive.get(&routes::report(&desk.reference)).await;
        let task = routes::task(&desk.reference, "crime-record");
        let task = olive.get(&task).await;
        for says in [&glance, &home.text, &task.text] {
            assert!(says.contains("This departs from the advice"), "{says}");
            assert!(says.contains("Late: due by 25 November 2026 at 9:"), "{says}");
        }
        assert!(glance.contains("No crime recorded: the registrar said so"));
        task.does_not_say("<strong>By 2");
    }
}
