//! The first page of a report: class with its grounds, what to do now, what is still to ask, every task.

use askama::Template;
use axum::extract::{Path, Query, State};
use guidance::advice::{Class, DeviceAdvice, DeviceOutcome};
use report::{FactName, SamePerson, Status};

use super::class::{self, Held};
use super::concern;
use super::notices::{Notice, notices};
use super::question::{self, open_questions};
use super::task_lines::{self, Group};
use super::{glance, involved, unfit};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::{Frame, Link};
use crate::shared::overtaken::{Overtaken, overtaken};
use crate::shared::page::{Answer, page};
use crate::shared::record::{self, Opened, grounds_with_why, report_frame};
use crate::shared::ui::{SummaryList, Table, Why};
use crate::shared::visit::Signed;
use crate::shared::words::{cited, first_upper};

/// Questions listed before the rest is only counted.
const QUESTIONS_LISTED: usize = 3;

/// A question that can still change something.
struct ToAsk {
    says: String,
    href: String,
    /// It was asked, and nobody knew.
    asked: bool,
    /// What hangs on it.
    why: String,
}

/// The way to where an officer sees the class differently.
struct Differ {
    href: String,
    /// Who began to say so; empty where nobody did.
    begun: String,
    /// Whoever reads has said so already.
    said: bool,
}

#[derive(Template)]
#[template(path = "reports/home.html")]
struct Home {
    frame: Frame,
    reference: String,
    status: &'static str,
    class: &'static str,
    colour: &'static str,
    meaning: &'static str,
    /// What officers hold it to be, against the guidance.
    held: Vec<Held>,
    /// Where somebody says that they see it differently, and who began to; nothing for whoever does not decide.
    differ: Option<Differ>,
    /// How the child is reached.
    reach: SummaryList,
    known: SummaryList,
    concerns: Vec<(String, String)>,
    /// Outcomes that no longer stand as they were decided.
    overtaken: Vec<Overtaken>,
    notices: Vec<Notice>,
    warnings: Vec<(String, Vec<Link>)>,
    /// What does not fit, with the answers it rests on.
    contradictions: Vec<(String, Vec<(String, String)>)>,
    disputes: Vec<(String, String)>,
    grounds: Vec<(String, Why)>,
    now: Vec<Group>,
    groups: Vec<Group>,
    /// Answers that do not fit what else is known, each with where it can be put right.
    to_check: Vec<(String, Vec<(String, String)>)>,
    to_ask: Vec<ToAsk>,
    more_to_ask: usize,
    to_add: Vec<(String, String)>,
    people: Table,
    devices: Vec<(String, &'static str, Why)>,
    places: Vec<(String, &'static str)>,
    earlier: Vec<(String, String)>,
    may_add: bool,
}

impl Home {
    /// What was ended as a mistake asks for nothing any more.
    fn asks_nothing(&mut self) {
        self.now.clear();
        self.groups.clear();
        self.warnings.clear();
        self.to_check.clear();
        self.to_ask.clear();
        self.to_add.clear();
        self.more_to_ask = 0;
        self.contradictions.clear();
        self.disputes.clear();
        self.devices.clear();
        self.grounds.clear();
        self.held.clear();
        self.differ = None;
        self.class = record::ENDED;
        self.colour = "grey";
        self.meaning = "Nothing is asked for it any more, and nobody has an outcome in it.";
    }
}

/// Nobody works on a report that nobody has taken on, whatever was entered when it came in.
fn status(opened: &Opened) -> &'static str {
    match (opened.view.status, &opened.report.allocation) {
        (Status::BeingWorkedOn, None) => "No officer yet",
        (status, _) => status.says(),
    }
}

fn meaning(opened: &Opened) -> &'static str {
    match opened.view.advice.class {
        Class::Aggravated => "No unanswered question can change this:",
        Class::Experimental => "No unanswered question can change this.",
        Class::Undetermined | Class::NotInvolved => {
            "There is not enough information yet. The questions below are still to be asked."
        }
    }
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
    let query = Form::from_pairs(query);
    let mut frame = report_frame(frame, &opened).telling().back_to(routes::HOME);
    let in_danger = opened.report.open_concerns().next().is_some();
    let asked = question::all_put(&opened);
    for (name, words) in [
        ("asked", asked.as_str()),
        ("saved", "Saved"),
        ("later", "Saved for later. The task is in the list as begun, and counts once it is recorded"),
        ("aside", "Saved for later. It stands below as begun, and is shown as your view once it is recorded"),
        ("ending", "A supervisor will see that you ask to end this report. It stays open until they agree"),
        ("goes-on", "You withdrew what you asked. This report goes on as before"),
        ("answered", "What came of the concern is kept. If something is still to be done, it is below"),
        ("raised", "The concern is recorded. Say what came of it as soon as you know"),
        (
            "reopened",
            "The concern is recorded, and the report, which was closed, is open again. Say what came of it as soon as you know",
        ),
    ] {
        // That all is asked is no comfort while somebody may be in danger: the page begins with that then.
        if query.has(name) && !words.is_empty() && !(name == "asked" && in_danger) {
            frame = frame.done(words);
        }
    }
    // A closed report takes addenda and concerns only.
    let may_add = signed.may(Permission::AddToReports) && !opened.report.is_closed();
    let mut home = home(&app, frame, &opened, may_add);
    let may_differ = signed.may(Permission::Decide) && !opened.report.is_closed();
    let own = signed.actor()?.id;
    home.differ = may_differ.then(|| Differ {
        href: routes::class(&reference),
        begun: class::begun(&opened),
        said: opened.report.class_held_by(&own).is_some(),
    });
    if opened.report.ended().is_some() {
        home.asks_nothing();
    }
    home.places = places(&opened, &signed);
    home.notices = notices(&opened, &signed, app.now());
    let said = record::earlier(&app, &signed, &opened).await?;
    let same = said.iter().filter(|one| one.verdict == SamePerson::Same);
    home.earlier = same
        .map(|one| {
            let who = opened.person_name(one.person.as_str());
            let words = format!("{who}: report {}", one.other.reference);
            (routes::earlier(&reference, one.person.as_str()), words)
        })
        .collect();
    if signed.may(Permission::PassOn) && !opened.report.is_closed() {
        home.places.push((routes::pass(opened.reference()), "Pass it to another unit"));
    }
    if signed.may(Permission::Decide) && !opened.report.is_closed() {
        home.places.push((routes::give(opened.reference()), "Who works on it"));
    }
    Ok(page(false, &home))
}

fn home(app: &App, frame: Frame, opened: &Opened, may_add: bool) -> Home {
    let reference = opened.reference().to_owned();
    let view = &opened.view;
    let (to_ask, more_to_ask) = to_ask(opened);
    let (now, groups) = task_lines::groups(app, opened).into_iter().partition(|group| group.is_now);
    let devices = opened.devices().filter_map(|device| {
        let id = device.id.as_str();
        let advice = view.advice.devices.get(id)?;
        Some((opened.device_name(id), device_words(advice.advice), device_why(opened, advice)))
    });
    let disputes = view
        .disputes
        .iter()
        .map(|dispute| (opened.question_words(&dispute.fact), routes::answer(&reference, dispute.fact.as_str())));
    Home {
        status: status(opened),
        class: opened.class_words(),
        colour: opened.class_colour(),
        meaning: meaning(opened),
        held: class::held(opened),
        differ: None,
        reach: glance::reach(opened),
        known: glance::known(app, opened),
        concerns: opened
            .report
            .open_concerns()
            .map(|c| {
                let about = c
                    .person
                    .as_ref()
                    .map_or_else(String::new, |person| format!(" about {}", opened.person_name(person.as_str())));
                let kind = first_upper(c.kind.says());
                let words = c.words.trim_end_matches('.');
                let raised = concern::raised(c);
                (format!("{kind}{about}: {words}. Raised {raised}."), routes::concern_answer(&reference, c.number))
            })
            .collect(),
        overtaken: overtaken(opened),
        notices: Vec::new(),
        warnings: view
            .warnings
            .iter()
            .map(|warning| (warning.says.clone(), cited(opened.pack(), &warning.cites)))
            .collect(),
        contradictions: view
            .advice
            .contradictions
            .iter()
            .map(|one| (one.says.clone(), answers_of(opened, &one.facts)))
            .collect(),
        disputes: disputes.collect(),
        grounds: grounds_with_why(opened),
        now,
        groups,
        to_check: unfit::to_check(opened),
        to_ask,
        more_to_ask,
        to_add: view
            .missing
            .iter()
            // A closed report takes no more than addenda.
            .filter(|missing| missing.fact().is_none() && !opened.report.is_closed())
            .filter(|missing| unfit::age_of(missing).is_none())
            .map(|missing| (missing.says.clone(), routes::lacking(&reference, &missing.at)))
            .collect(),
        people: involved::people(opened, may_add),
        devices: devices.collect(),
        places: Vec::new(),
        earlier: Vec::new(),
        may_add,
        frame,
        reference,
    }
}

/// Why a device's advice is what it is, with the rule that gives it.
fn device_why(opened: &Opened, advice: &DeviceOutcome) -> Why {
    Why::new(&advice.says, cited(opened.pack(), &advice.cites))
        .titled("Why this is advised")
        .with_rule(routes::rule(&advice.rule), &advice.says)
}

const fn device_words(advice: DeviceAdvice) -> &'static str {
    match advice {
        DeviceAdvice::Leave => "Leave it: no routine seizure",
        DeviceAdvice::Preserve => "Keep what is on it safe, without taking it where that can be done",
        DeviceAdvice::SeizeWherePossible => "Seize it where possible",
    }
}

/// The answers that something rests on, each with the page where it is changed.
fn answers_of(opened: &Opened, facts: &[String]) -> Vec<(String, String)> {
    let facts = facts.iter().filter_map(|fact| fact.parse().ok());
    let answers = facts.map(|fact: FactName| {
        let value = opened.report.current(&fact).value;
        let value = value.map_or_else(String::new, |value| opened.value_words(&fact, &value));
        let words = format!("{} {value}", opened.question_words(&fact));
        (words, routes::question(opened.reference(), fact.as_str()))
    });
    answers.collect()
}

/// What is still to ask; and how many more there are. What is asked of anybody on one page is one thing to ask: nobody is named
/// in a question of that kind before somebody is said to have done it.
fn to_ask(opened: &Opened) -> (Vec<ToAsk>, usize) {
    let (mut all, mut of_anybody) = (Vec::new(), false);
    for (fact, asked) in open_questions(opened) {
        let anybody = !asked && question::is_about_anybody(opened, &fact);
        if anybody && std::mem::replace(&mut of_anybody, true) {
            continue;
        }
        all.push(ToAsk {
            says: match anybody {
                true => "Did anything make it worse? Asked of everybody on one page".to_owned(),
                false => opened.question_words(&fact),
            },
            href: match anybody {
                true => routes::anybody(opened.reference()),
                false => routes::question(opened.reference(), fact.as_str()),
            },
            asked,
            why: what_hangs_on(opened, fact.as_str()),
        });
    }
    let more = all.len().saturating_sub(QUESTIONS_LISTED);
    all.truncate(QUESTIONS_LISTED);
    (all, more)
}

/// What the advice says of why a question is asked; nothing where it does not wait for the answer.
fn what_hangs_on(opened: &Opened, fact: &str) -> String {
    let mut asks = opened.advice().ask_next.iter();
    asks.find(|ask| ask.fact == fact).map(|ask| first_upper(&opened.report.why_asked(ask))).unwrap_or_default()
}

/// Where whoever reads may go from here: who may not decide is not led to where that is done.
fn places(opened: &Opened, signed: &Signed) -> Vec<(String, &'static str)> {
    let reference = opened.reference();
    let (closed, ended) = (opened.report.is_closed(), opened.report.asked_to_end());
    let may = |permission| signed.may(permission);
    let close = (routes::close(reference), "Close the report");
    let close = match closed {
        true if may(Permission::Review) => Some((routes::close(reference), "How it was closed, and opening it again")),
        true => Some((routes::close(reference), "How it was closed")),
        false if may(Permission::Decide) => Some(close),
        // Whoever began it by mistake asks to end it all the same.
        false if may(Permission::PassOn) && ended.is_none() && opened.report.outcomes.is_empty() => {
            let end = routes::end(reference);
            Some((end, "End it: begun by mistake, or twice"))
        }
        false => None,
    };
    let mut places = vec![
        (routes::involved(reference), "Who and what is involved"),
        (routes::answers(reference), "All answers"),
        (routes::check(reference), "Check the answers"),
        (routes::review(reference), "Review by a supervisor"),
        (routes::outcomes(reference), "Outcomes"),
    ];
    places.extend(close);
    places.extend([
        (routes::timeline(reference), "Timeline"),
        (routes::linked(reference), "Linked reports"),
        (routes::access(reference), "Who may see this report"),
    ]);
    places
}
