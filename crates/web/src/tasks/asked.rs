//! What the guidance asks and why: beside every task, so that nobody has to take it on trust.

use guidance::Value;
use guidance::advice::{Because, DutyState, Strength};
use jiff::Timestamp;
use report::{DueTime, DutyId, Evidence, FactName, NOT_KNOWN, OUTCOME_DECIDED, Task, TaskState, WaitsFor};

use super::kinds::Ask;
use crate::routes;
use crate::shared::frame::Link;
use crate::shared::record::{Opened, how_done};
use crate::shared::time;

/// A source that is cited: a statement of the guidance is a link, a law is its name.
#[derive(Debug, Clone)]
pub(super) struct Cite {
    pub(super) text: String,
    pub(super) href: Option<String>,
}

/// A fact the duty rests on.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) says: String,
    pub(super) href: Option<String>,
}

/// What the guidance asks, in words.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) title: String,
    pub(super) says: String,
    pub(super) how: Vec<String>,
    pub(super) who: String,
    pub(super) strength: &'static str,
    /// How far it got, or what it waits for; may be empty.
    pub(super) progress: String,
    pub(super) due: String,
    pub(super) status: &'static str,
    pub(super) colour: &'static str,
    pub(super) cites: Vec<Cite>,
    pub(super) because: Vec<Fact>,
    /// Questions whose answer could change whether this is needed.
    pub(super) unsettled: Vec<Link>,
    /// The page of its rule.
    pub(super) rule: String,
    /// The advice does not ask for it now.
    pub(super) not_asked: bool,
    /// It may turn out not to be needed: what that depends on.
    pub(super) may_fall_away: Option<String>,
}

/// What the guidance asks for one duty; `task` is nothing where the advice does not ask for it now.
pub(super) fn asked(ask: Ask<'_>, task: Option<&Task>) -> Asked {
    let opened = ask.opened;
    let because = task.map_or(&[][..], |task| &*task.duty.because);
    let open = because.iter().filter(|b| is_open(b));
    let unsettled = open.filter_map(|b| question(opened, b)).collect();
    let (status, colour) = match ask.waits_for() {
        Some(WaitsFor::Agreement) if task.is_some_and(|task| task.state == TaskState::Later) => {
            ("Once a supervisor has agreed", "grey")
        }
        _ => task.map_or(("Not asked for now", "grey"), status),
    };
    let cites = task.map_or(ask.words.cites.as_slice(), |task| &*task.duty.cites);
    let subject = |words: &str| named(opened, ask.duty, words);
    Asked {
        title: opened.duty_title(ask.duty.as_str()),
        says: says(ask, task),
        how: ask.words.how.iter().map(|step| subject(step)).collect(),
        who: ask.words.who.clone(),
        progress: task.map_or_else(String::new, |task| progress(ask, task)),
        strength: task.map_or("", |task| strength(task.duty.strength)),
        // What the tag says already is not said again.
        due: task.map(|task| due(ask, task)).filter(|due| due != status).unwrap_or_default(),
        status,
        colour,
        cites: cites.iter().map(|cite| self::cite(opened, cite)).collect(),
        because: because.iter().map(|b| fact(opened, b)).collect(),
        unsettled,
        rule: routes::rule(&format!("duty-{}", ask.words.id)),
        not_asked: task.is_none(),
        may_fall_away: task
            .filter(|t| t.duty.provisional || t.duty.state == DutyState::NotYetKnown)
            .map(|task| depends_on(opened, task)),
    }
}

/// What is to be done and why, and what is said besides by what is known of the one it is for.
fn says(ask: Ask<'_>, task: Option<&Task>) -> String {
    let says = || named(ask.opened, ask.duty, &ask.words.says);
    let says = task.map_or_else(says, |task| task.duty.says.to_string());
    let also = ask.opened.said(&ask.words.also, ask.duty.subject());
    std::iter::once(says.as_str()).chain(also).collect::<Vec<_>>().join(" ")
}

/// When it is due; for a time of the clock also how far off that is.
fn due(ask: Ask<'_>, task: &Task) -> String {
    let words = Opened::due_words(&task.due);
    match task.due {
        DueTime::At(at) if matches!(task.state, TaskState::Due | TaskState::PartDone) => {
            let counted = task.counted_from.map_or_else(String::new, |from| {
                format!(
                    ". One working day, counted from when it was first known, {}{}",
                    time::moment(from),
                    unknown_holidays(ask, at)
                )
            });
            format!("{words}, {}{counted}", time::from_now(at, ask.now))
        }
        // When it had to be done says nothing any more, where it was done in time.
        _ if task.state == TaskState::Done => how_done(task).join(". "),
        DueTime::Now if task.state == TaskState::Departed => String::new(),
        DueTime::At(at) if task.state == TaskState::Departed => {
            format!("Was due by {}", time::moment(at))
        }
        _ => words,
    }
}

/// What is said of a day of which the guidance does not know whether it is a bank holiday.
fn unknown_holidays(ask: Ask<'_>, due: Timestamp) -> String {
    let year = due.strftime("%Y").to_string().parse::<u16>().ok();
    let last = ask.opened.pack().calendar().map(|calendar| calendar.until_year);
    match year.zip(last) {
        Some((year, last)) if year > last => {
            format!(". Bank holidays after {last} are not known here: it may be due later, and not sooner")
        }
        _ => String::new(),
    }
}

fn progress(ask: Ask<'_>, task: &Task) -> String {
    let filed = ask.opened.report.evidence_for(&task.id);
    let lacks_reference = |filed: &&report::Filed| matches!(&filed.evidence, Evidence::Referral { reference, .. } if reference.trim().is_empty());
    match task.progress {
        _ if filed.last().is_some_and(lacks_reference) => {
            "Sent, and open until their reference is entered: below, where it says that it arrived"
                .to_owned()
        }
        Some((done, all)) if all > 0 => format!("{done} of {all} systems entered"),
        _ if filed.last().is_some_and(|filed| matches!(&filed.evidence, Evidence::Form(form) if form.received.is_none() && form.is_passed_on(ask.opened.pack()))) => {
            "Filed here. Nobody has said yet that it arrived where it is passed on to".to_owned()
        }
        _ if task.awaits_acknowledgement => "Nobody has said yet that it arrived".to_owned(),
        _ => String::new(),
    }
}

/// What settles whether it is needed. Where that is no question, it is the outcome or something to be done first.
fn depends_on(opened: &Opened, task: &Task) -> String {
    let open = || task.duty.because.iter().filter(|because| !is_settled(because));
    let decided = open().any(|because| {
        let name = because.fact.strip_prefix("report.");
        name == Some(OUTCOME_DECIDED)
    });
    let first: Vec<String> =
        open().filter_map(|because| because.fact.strip_prefix("done.")).map(|duty| opened.duty_title(duty)).collect();
    let mut on = Vec::new();
    if open().any(|because| question(opened, because).is_some()) {
        on.push("what is not known yet".to_owned());
    }
    if decided {
        on.push("which outcome is decided".to_owned());
    }
    if !first.is_empty() {
        on.push(format!("what comes of: {}", first.join("; ")));
    }
    if on.is_empty() {
        on.push("what is not known yet".to_owned());
    }
    format!("It depends on {}.", on.join(", and on "))
}

/// Neither an open question nor something that is not done.
fn is_settled(because: &Because) -> bool {
    let is_done = because.value.as_word() == Some("yes");
    if because.fact.starts_with("done.") { is_done } else { !is_open(because) }
}

fn is_open(because: &Because) -> bool {
    matches!(&because.value, Value::Word(word) if word == NOT_KNOWN || word == "not-asked")
        && !because.fact.starts_with("done.")
}

fn question(opened: &Opened, because: &Because) -> Option<Link> {
    let fact: FactName = because.fact.parse().ok()?;
    opened.question(&fact)?;
    Some(Link { href: routes::question(opened.reference(), fact.as_str()), text: opened.question_words(&fact) })
}

fn fact(opened: &Opened, because: &Because) -> Fact {
    Fact { says: opened.because_words(because), href: question(opened, because).map(|link| link.href) }
}

fn cite(opened: &Opened, cite: &str) -> Cite {
    let mut statements = opened.pack().statements().iter();
    let statement = statements.find(|statement| statement.id == cite);
    Cite {
        text: statement.map_or_else(|| cite.to_owned(), |statement| format!("{cite}: {}", statement.says)),
        href: statement.map(|_| routes::guidance_statement(cite)),
    }
}

fn named(opened: &Opened, duty: &DutyId, words: &str) -> String {
    let subject = duty.subject().unwrap_or_default();
    words.trim().replace("{person}", &opened.person_name(subject)).replace("{device}", &opened.device_name(subject))
}

const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "Required",
        Strength::Should => "Expected: leaving it is a recorded decision",
        Strength::Consider => "Offered: think about it",
    }
}

/// The tag of a task.
const fn status(task: &Task) -> (&'static str, &'static str) {
    match task.state {
        _ if task.overdue => ("Overdue", "red"),
        TaskState::Due => ("To do", "blue"),
        TaskState::PartDone => ("In progress", "teal"),
        TaskState::Done => ("Done", "green"),
        TaskState::MayBeNeeded => ("May be needed", "grey"),
        TaskState::Later => ("After the outcome", "grey"),
        TaskState::Departed => ("Departed from", "orange"),
    }
}
