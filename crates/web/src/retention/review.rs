//! Looking again at whether a closed report is kept: what is proposed and why, and the decision to keep it.

use std::cmp::Reverse;

use askama::Template;
use axum::response::Response;
use report::{Command, Disposal, ProposedReview, Retention, RetentionDecision};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::{Input, SummaryList, Textarea};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "retention/review.html")]
struct Review {
    frame: Frame,
    reference: String,
    open: bool,
    state: SummaryList,
    holds: SummaryList,
    schedule: Option<Schedule>,
    people: Vec<Proposals>,
    against: Vec<String>,
    decisions: Vec<(String, String)>,
    until: Input,
    reasons: Textarea,
}

struct Schedule {
    says: String,
    confirm: String,
    cites: String,
}

/// What is proposed for one person, or for a report without people.
struct Proposals {
    who: String,
    own_data: Option<String>,
    days: Vec<Day>,
}

struct Day {
    on: String,
    because: String,
    title: String,
    says: String,
    confirm: String,
    cites: String,
    optional: bool,
}

/// The page.
pub async fn show(OnReport { app, frame, signed, opened, .. }: OnReport) -> Answer {
    Ok(draw(&app, frame, &signed, &opened, None))
}

fn draw(app: &App, frame: Frame, signed: &Signed, opened: &Opened, sent: Option<&Form>) -> Response {
    let mistakes = frame.mistakes.clone();
    let reference = opened.reference().to_owned();
    let retention = opened.report.retention(opened.pack());
    let mut until = Input::new("until", "When is it looked at again?")
        .hint("Like 24/11/2030. The report is kept until somebody decides otherwise then.")
        .width("10");
    let mut reasons = Textarea::new("reasons", "Why is it kept?")
        .hint("This child and this report: what for, how serious, how long ago, what since, and what keeping it may mean for them.")
        .rows(4);
    if let Some(form) = sent {
        until = until.sent(form, &mistakes);
        reasons = reasons.sent(form, &mistakes);
    }
    let words = opened.pack().retention();
    let shown = Review {
        open: !opened.report.is_closed(),
        state: retention.as_ref().map_or_else(SummaryList::new, |r| state(app, r)),
        holds: holds(opened),
        schedule: words.map(|words| Schedule {
            says: words.schedule.says.clone(),
            confirm: words.schedule.confirm.clone(),
            cites: words.schedule.cites.join("; "),
        }),
        people: people(signed, opened, retention.as_ref()),
        against: retention
            .iter()
            .flat_map(|retention| &retention.against)
            .map(|against| against.says.clone())
            .collect(),
        decisions: decisions(opened),
        until,
        reasons,
        frame: report_frame(frame, opened),
        reference,
    };
    page(!mistakes.none(), &shown)
}

fn state(app: &App, retention: &Retention) -> SummaryList {
    let today = time::today(app.now());
    let due = match retention.due_on {
        Some(on) if on <= today => format!("{}: now", time::date(on)),
        Some(on) => time::date(on),
        None => "No day is proposed. Decide on one below".to_owned(),
    };
    let by = match &retention.kept {
        Some(kept) => format!("{}, who decided it on {}", kept.by.name, time::day(kept.at)),
        None => "Proposed from the schedule below. Nobody has decided it".to_owned(),
    };
    SummaryList::new()
        .row("Closed on", time::date(retention.closed_on))
        .row("To be looked at again", due)
        .row("By whom that was decided", by)
}

/// How much there is, without a word of it.
fn holds(opened: &Opened) -> SummaryList {
    let report = &opened.report;
    let forms = report.evidence.values().flatten();
    let outcomes: Vec<String> = report
        .outcome(None)
        .into_iter()
        .map(|decided| format!("Outcome {} for the report", decided.code))
        .chain(opened.people().filter_map(|person| {
            let decided = report.outcome(Some(&person.id))?;
            Some(format!("Outcome {} for {}", decided.code, person.label()))
        }))
        .collect();
    SummaryList::new()
        .row("What it came to", outcomes.join("\n"))
        .row("People", opened.people().count().to_string())
        .row("Answers", report.statements.len().to_string())
        .row("Entries for tasks", forms.count().to_string())
        .row("Linked reports", report.standing_links().count().to_string())
}

fn people(signed: &Signed, opened: &Opened, retention: Option<&Retention>) -> Vec<Proposals> {
    let all = retention.map(|retention| retention.proposals.as_slice());
    let all = all.unwrap_or_default();
    let of = |id: Option<&report::PersonId>| {
        all.iter().filter(|proposed| proposed.person.as_ref() == id).map(day).collect::<Vec<_>>()
    };
    let mut shown: Vec<Proposals> = opened
        .people()
        .map(|person| {
            let roles: Vec<&str> = person.shown_roles().iter().map(|role| role.says()).collect();
            let id = person.id.as_str();
            let export = signed.may(Permission::Export);
            Proposals {
                who: format!("{}, {}", person.label(), roles.join(", ")),
                own_data: export.then(|| routes::own_data(opened.reference(), id)),
                days: of(Some(&person.id)),
            }
        })
        .collect();
    let report = of(None);
    if !report.is_empty() {
        shown.push(Proposals { who: "The report".to_owned(), own_data: None, days: report });
    }
    shown
}

fn day(proposed: &ProposedReview) -> Day {
    Day {
        on: proposed.on.map_or_else(|| "Day not known".to_owned(), time::date),
        because: proposed.because.clone(),
        title: proposed.title.clone(),
        says: proposed.says.clone(),
        confirm: proposed.confirm.clone(),
        cites: proposed.cites.join("; "),
        optional: proposed.optional,
    }
}

/// What was decided, and what was asked for, the latest first.
fn decisions(opened: &Opened) -> Vec<(String, String)> {
    let report = &opened.report;
    let asked = report.erasures_asked.iter().map(|asked| {
        let what = match &asked.person {
            None => "the whole report is erased".to_owned(),
            Some(id) => format!("who {} is, is erased", opened.person_name(id.as_str())),
        };
        let says = format!("Asked that {what} before its day. {}, {}", asked.by.name, time::moment(asked.at));
        (asked.at, (says, asked.reasons.clone()))
    });
    let mut all: Vec<_> = report.retention.iter().map(|d| (d.at, decision(opened, d))).chain(asked).collect();
    all.sort_by_key(|(at, _)| Reverse(*at));
    all.into_iter().map(|(_, said)| said).collect()
}

fn decision(opened: &Opened, decision: &RetentionDecision) -> (String, String) {
    let what = match &decision.what {
        Disposal::Keep { until } => format!("Kept until {}", time::date(*until)),
        Disposal::Erase { person: None } => "The whole report is to be erased".to_owned(),
        Disposal::Erase { person: Some(id) } => {
            format!("Who {} is, is to be erased", opened.person_name(id.as_str()))
        }
    };
    let who = format!("{what}. {}, {}", decision.by.name, time::moment(decision.at));
    (who, decision.reasons.clone())
}

/// Keeps it.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    if !opened.report.is_closed() {
        let says = "This report is open. Whether it is kept is decided once it is closed.";
        return Err(Problem::NotAllowed(says.to_owned()));
    }
    let mut mistakes = Mistakes::new();
    let missing = "Enter the day on which it is looked at again, like 24/11/2030";
    let typed = form.text("until");
    let Some(until) = time::read_day(typed) else {
        mistakes.no_day("until", typed, missing);
        mistakes.long_text(&form, "reasons", "Say why it is kept");
        return Ok(draw(&app, frame.with(mistakes), &signed, &opened, Some(&form)));
    };
    let command = Command::KeepUntil { until, reasons: form.text("reasons").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::retention(&reference)),
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            Ok(draw(&app, frame, &signed, &opened, Some(&form)))
        }
    }
}
