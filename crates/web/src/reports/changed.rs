//! What an answer changed, shown once at the moment it happens: what is now to be done at once, answers set
//! aside, decisions to take again. Safety is told, not offered: it comes before the next question.

use askama::Template;
use guidance::Advice;
use guidance::advice::{Class, Duty, DutyState};
use report::{DueTime, EventBody, LOCATION, Report, Task, TaskState};

use super::question::next_address;
use crate::routes;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::overtaken::{Overtaken, overtaken_since};
use crate::shared::page::{Answer, go, page};
use crate::shared::record::{self, OnReport, Opened, class_words, report_frame};
use crate::shared::ui::Why;
use crate::shared::words::cited;

#[derive(Template)]
#[template(path = "reports/changed.html")]
struct Changed {
    frame: Frame,
    title: &'static str,
    urgent: Vec<Urgent>,
    /// Outcomes that stood before.
    overtaken: Vec<Overtaken>,
    answers: Vec<(String, String, String)>,
    decisions: Vec<(String, String, String)>,
    class: Option<(&'static str, &'static str)>,
    /// Why the class is what it is now, where it turned.
    grounds: Vec<String>,
    /// Why it is so now and was not before, where the class stayed.
    new_grounds: Vec<String>,
    /// Why it was so and is so no more, where the class stayed.
    old_grounds: Vec<String>,
    /// What is to be done besides: title and address.
    came: Vec<(String, String)>,
    fell: Vec<Fell>,
    next: String,
    report: String,
}

/// What is no longer to be done.
struct Fell {
    title: String,
    is_done: bool,
    /// What is left to do where it is done already.
    left: String,
}

/// Something that became due at once.
struct Urgent {
    title: String,
    says: String,
    how: Vec<String>,
    why: Why,
    href: String,
}

/// Goes on, by way of this page where something became urgent or fell away since `version`. Where somebody was entered
/// who can be found, the page offers to look for them.
pub fn on(after: &Opened, version: u64, otherwise: &str) -> Answer {
    // Whoever is about to enter the next person reads the class above that page: an adult alone makes it aggravated.
    let adds_another = otherwise == routes::entry_new(after.reference(), "people");
    let waits = adds_another && !was_settled(after, version);
    let nothing = after.set_aside_since(version).is_empty()
        && decisions(after, version).is_empty()
        && overtaken_since(after, version).is_empty()
        && urgent(after, after.view.only_tasks(), version).is_empty()
        && (waits || (turned(after, version).is_none() && Turn::since(after, version).is_none()));
    let next = if nothing { otherwise.to_owned() } else { routes::changed(after.reference(), version) };
    go(&record::offering(&next, after, version))
}

/// The class that the report had at this version and has no more, where it had been settled or something aggravating is known
/// now: that is told, and not found out.
fn turned(opened: &Opened, version: u64) -> Option<Class> {
    let was = class_at(opened, version)?;
    let settled = was_settled(opened, version);
    let now = opened.advice().class;
    ((settled || now == Class::Aggravated) && was != now).then_some(was)
}

fn class_at(opened: &Opened, version: u64) -> Option<Class> {
    let mut advice = opened.report.advice.iter().rev();
    Some(advice.find(|advice| advice.version <= version)?.class)
}

fn was_settled(opened: &Opened, version: u64) -> bool {
    matches!(class_at(opened, version), Some(Class::Aggravated | Class::Experimental))
}

/// Those of its tasks that are due at once now, and were not when the report had this version.
fn urgent<'a>(opened: &Opened, tasks: &'a [Task], version: u64) -> Vec<&'a Task> {
    let is_urgent =
        |task: &&Task| task.due == DueTime::Now && matches!(task.state, TaskState::Due | TaskState::PartDone);
    let now: Vec<&Task> = tasks.iter().filter(is_urgent).collect();
    let Some(last) = opened.report.log.last().filter(|_| !now.is_empty()) else {
        return Vec::new();
    };
    let before = opened.as_of(version);
    let known: Vec<String> = before
        .advise(opened.pack())
        .map(|advised| {
            let tasks = before.tasks_of(&advised, opened.pack(), last.recorded_at);
            let due = tasks.iter().filter(is_urgent);
            due.map(|task| task.id.to_string()).collect()
        })
        .unwrap_or_default();
    now.into_iter().filter(|task| !known.iter().any(|id| id == task.id.as_str())).collect()
}

/// What the guidance asks now and did not, or asked and does not any more, with the grounds of a class that stayed.
#[derive(Default)]
struct Turn {
    /// Ids of duties.
    came: Vec<String>,
    /// Ids of duties, and whether each was done.
    fell: Vec<(String, bool)>,
    new_grounds: Vec<String>,
    old_grounds: Vec<String>,
}

impl Turn {
    /// What came and fell away since the report had this version. What comes with somebody who was just entered, or goes with
    /// somebody who was taken out, is no news about anybody else.
    fn since(opened: &Opened, version: u64) -> Self {
        let before = opened.as_of(version);
        let Ok(was) = before.advise(opened.pack()) else {
            return Self::default();
        };
        let (was, is) = (was.advice(), opened.advice());
        let asks = |advice: &Advice, id: &str| {
            let mut duties = advice.duties.iter();
            duties.any(|duty| *duty.id == *id && duty.state != DutyState::NotYetKnown)
        };
        let is_in = |report: &Report, duty: &Duty| {
            let subject = duty.subject.as_deref();
            subject.is_none_or(|id| report.person(id).is_some() || report.device(id).is_some() || id == LOCATION)
        };
        let came = is.duties.iter().filter(|duty| asks(is, &duty.id) && !asks(was, &duty.id) && is_in(&before, duty));
        let fell = was.duties.iter().filter(|duty| {
            let done = duty.state == DutyState::Done;
            asks(was, &duty.id) && !asks(is, &duty.id) && (done || is_in(&opened.report, duty))
        });
        let mut turn = Self {
            came: came.map(|duty| duty.id.to_string()).collect(),
            fell: fell.map(|duty| (duty.id.to_string(), duty.state == DutyState::Done)).collect(),
            ..Self::default()
        };
        // What holds a class up is no ground of it, and a class that turned is told with its grounds.
        if was.class == is.class && matches!(is.class, Class::Aggravated | Class::Experimental) {
            let lacks = |of: &Advice, says: &str| !of.grounds.iter().any(|ground| *ground.says == *says);
            let only_in = |one: &Advice, other: &Advice| {
                let grounds = one.grounds.iter().map(|ground| ground.says.to_string());
                grounds.filter(|says| lacks(other, says)).collect()
            };
            turn.new_grounds = only_in(is, was);
            turn.old_grounds = only_in(was, is);
        }
        turn
    }

    const fn is_none(&self) -> bool {
        self.came.is_empty() && self.fell.is_empty() && self.new_grounds.is_empty() && self.old_grounds.is_empty()
    }
}

fn decisions(opened: &Opened, version: u64) -> Vec<(String, String, String)> {
    let since = opened.report.log.iter().filter(|event| event.version > version);
    let withdrawn = since.filter_map(|event| match &event.body {
        EventBody::EvidenceWithdrawn { duty, reason, .. } => {
            Some((opened.duty_title(duty.as_str()), reason.clone(), routes::task(opened.reference(), duty.as_str())))
        }
        _ => None,
    });
    withdrawn.collect()
}

/// What has changed since a version of the report.
pub async fn show(OnReport { frame, reference, opened, .. }: OnReport, InAddress(query): InAddress) -> Answer {
    let since: u64 = query.text("since").parse().unwrap_or(opened.version);
    let aside = opened.set_aside_since(since);
    let answers = aside.iter().map(|(statement, because)| {
        (
            opened.question_words(&statement.fact),
            opened.value_words(&statement.fact, &statement.value),
            opened.with_name(because, &statement.fact),
        )
    });
    let urgent = urgent(&opened, &opened.view.tasks, since).into_iter().map(|task| Urgent {
        title: task.title.clone(),
        says: task.duty.says.to_string(),
        how: task.how.clone(),
        why: why(&opened, task),
        href: routes::task(&reference, task.id.as_str()),
    });
    let urgent: Vec<Urgent> = urgent.collect();
    let turned = turned(&opened, since).is_some();
    let turn = Turn::since(&opened, since);
    // What is due at once stands above, with how to do it.
    let is_told = |id: &String| urgent.iter().any(|one| one.href == routes::task(&reference, id));
    let came = turn.came.iter().filter(|id| !is_told(id));
    let came = came.map(|id| (opened.duty_title(id), routes::task(&reference, id)));
    let came = came.collect();
    let fell = turn.fell.into_iter();
    let was = opened.report.advice.iter().rev().find(|advice| advice.version <= since);
    let now = opened.advice().class;
    let shown = Changed {
        title: if urgent.is_empty() { "What your answer changed" } else { "Do this now" },
        grounds: opened.grounds().filter(|_| turned).map(|ground| ground.says.to_string()).collect(),
        new_grounds: turn.new_grounds,
        old_grounds: turn.old_grounds,
        came,
        fell: fell.map(|(id, is_done)| fell_to(&opened, &id, is_done)).collect(),
        urgent,
        overtaken: overtaken_since(&opened, since),
        answers: answers.collect(),
        decisions: decisions(&opened, since),
        class: was.filter(|was| was.class != now).map(|was| (class_words(was.class), class_words(now))),
        next: next_address(&opened),
        report: routes::report(&reference),
        frame: report_frame(frame, &opened),
    };
    Ok(page(false, &shown))
}

fn fell_to(opened: &Opened, id: &str, is_done: bool) -> Fell {
    let left = if is_done { opened.left_of(id) } else { String::new() };
    Fell { title: opened.duty_title(id), is_done, left }
}

fn why(opened: &Opened, task: &Task) -> Why {
    let because = task.duty.because.iter();
    let words: Vec<String> = because.map(|because| opened.because_words(because)).collect();
    Why::new(words.join(". "), cited(opened.pack(), &task.duty.cites)).titled("Why this is advised")
}
