//! Questions, duties, outcomes, services and proofs of the guidance, a page each.

use askama::Template;
use axum::extract::State;
use guidance::Pack;

use super::carried::{anchor, plain};
use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Answer, page};
use crate::shared::time;
use crate::shared::words::cited;

/// A page of entries of one kind.
#[derive(Template)]
#[template(path = "guidance_pages/entries.html")]
struct Entries<'a> {
    frame: Frame,
    pack: &'a Pack,
    title: &'static str,
    says: String,
    /// What is folded away of each.
    more: &'static str,
    entries: Vec<Entry>,
}

impl Entries<'_> {
    fn cited(&self, entry: &Entry) -> Vec<Link> {
        cited(self.pack, &entry.cites)
    }
}

/// One thing of the guidance.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) paragraphs: Vec<String>,
    /// Paragraphs that are folded away with the rest.
    pub(super) folded: Vec<String>,
    pub(super) steps: Vec<String>,
    pub(super) cites: Vec<String>,
    /// Telephone and web address, where it has them.
    pub(super) phone: String,
    pub(super) web: String,
    /// A rule that says when it holds.
    pub(super) rules: Vec<(String, String)>,
}

impl Entry {
    /// Is there more than its first paragraphs?
    fn is_long(&self) -> bool {
        !(self.folded.is_empty() && self.steps.is_empty() && self.rules.is_empty() && self.cites.is_empty())
    }
}

pub(super) fn draw(
    frame: Frame,
    pack: &Pack,
    (title, more): (&'static str, &'static str),
    says: impl Into<String>,
    entries: Vec<Entry>,
) -> Answer {
    let frame = frame.back_to(routes::GUIDANCE);
    let shown = Entries { more, frame, pack, title, says: says.into(), entries };
    Ok(page(false, &shown))
}

/// Every question, in the order they are asked.
pub async fn questions(State(app): State<App>, frame: Frame) -> Answer {
    let entry = |question: &guidance::words::Question| Entry {
        id: anchor(&question.fact),
        title: plain(&question.words),
        folded: written([&question.hint, &question.why]),
        cites: question.cites.clone(),
        ..Entry::default()
    };
    let entries = app.pack.questions().iter().map(entry).collect();
    let says = "In the order they are asked. A question is asked only while its answer can still matter, and can always be answered \"not known yet\".";
    draw(frame, &app.pack, ("Questions", "Why it is asked"), says, entries)
}

/// Every duty, in the order they are shown.
pub async fn duties(State(app): State<App>, frame: Frame) -> Answer {
    let entry = |duty: &guidance::words::DutyWords| Entry {
        id: duty.id.clone(),
        title: plain(&duty.title),
        paragraphs: vec![format!("{}, {}, by {}.", strength(&duty.strength), due(&duty.due), duty.who)],
        folded: vec![plain(&duty.says)],
        steps: duty.how.iter().map(|step| plain(step)).collect(),
        cites: duty.cites.clone(),
        rules: vec![("When it is to be done".to_owned(), routes::rule(&format!("duty-{}", duty.id)))],
        ..Entry::default()
    };
    let entries = app.pack.duties().iter().map(entry).collect();
    draw(frame, &app.pack, ("What is to be done", "What it is for, and how it is done"), "First things first.", entries)
}

fn strength(word: &str) -> &'static str {
    match word {
        "must" => "Required",
        "should" => "Expected; leaving it is a recorded decision",
        _ => "Offered",
    }
}

/// When something is due, in words: `PT24H` is a period from the time of the report.
fn due(word: &str) -> String {
    match word.strip_prefix("PT").and_then(|rest| rest.strip_suffix('H')) {
        Some(hours) => format!("within {hours} hours of the report"),
        None if word == "one-working-day" => "within one working day of first being known".to_owned(),
        None => word.replace('-', " "),
    }
}

/// Every outcome.
pub async fn outcomes(State(app): State<App>, frame: Frame) -> Answer {
    let entry = |outcome: &guidance::words::OutcomeWords| {
        let of = |kind: &str| format!("outcome-{}-{kind}-", outcome.code);
        let rules = app.pack.rules().iter().filter_map(|rule| {
            let kind = if rule.id.starts_with(&of("blocked")) {
                "Blocked"
            } else if rule.id.starts_with(&of("requires")) {
                "Needs"
            } else {
                return None;
            };
            Some((format!("{kind}: {}", plain(&rule.says)), routes::rule(&rule.id)))
        });
        Entry {
            id: format!("outcome-{}", outcome.code),
            title: format!("Outcome {}: {}", outcome.code, outcome.title),
            paragraphs: written([
                &outcome.says,
                &match outcome.intrusive {
                    true => "It stays with somebody: deciding it takes the full record of the National Decision Model."
                        .to_owned(),
                    false => String::new(),
                },
            ]),
            cites: outcome.cites.clone(),
            rules: rules.collect(),
            ..Entry::default()
        }
    };
    let entries = app.pack.outcomes().iter().map(entry).collect();
    let says = "What each means here, what rules it out and what it needs. None of them says anything about guilt unless a court or an admission does.";
    draw(frame, &app.pack, ("Outcomes", "What rules it out, and what it needs"), says, entries)
}

/// Every service.
pub async fn services(State(app): State<App>, frame: Frame) -> Answer {
    let entry = |service: &guidance::words::Service| {
        let whom: Vec<String> = service.audience.iter().map(|word| word.replace('-', " ")).collect();
        Entry {
            id: service.id.clone(),
            title: service.name.clone(),
            paragraphs: vec![
                service.says.clone(),
                format!(
                    "For: {}. Entered on {}.",
                    whom.join(", "),
                    time::day_words(&service.checked_on).unwrap_or_else(|| service.checked_on.clone())
                ),
            ],
            phone: service.phone.clone(),
            web: service.web.clone(),
            ..Entry::default()
        }
    };
    let mut entries: Vec<Entry> = app.pack.services().iter().map(entry).collect();
    entries.extend(app.pack.leaflets().map(leaflets));
    let says = "Services that can help. What the force still has to confirm is shown with each leaflet.";
    draw(frame, &app.pack, ("Services", "The leaflets"), says, entries)
}

/// The sheets to print, each a page of its own.
fn leaflets(all: &guidance::words::Leaflets) -> Entry {
    let link = |(reader, leaflet): (&str, &guidance::words::Leaflet)| {
        let whom = match reader {
            "child" => "For a child",
            _ => "For a parent or carer",
        };
        (format!("{whom}: {}", leaflet.title), routes::leaflet(reader))
    };
    Entry {
        id: "leaflets".to_owned(),
        title: "Leaflets to print and leave with them".to_owned(),
        paragraphs: vec!["Nothing of any report is on them.".to_owned()],
        rules: all.all().into_iter().map(link).collect(),
        ..Entry::default()
    }
}

/// What was proved when the guidance was loaded.
pub async fn proofs(State(app): State<App>, frame: Frame) -> Answer {
    let entry = |proof: &guidance::Proof| Entry {
        id: proof.id.clone(),
        title: plain(&proof.says),
        paragraphs: vec![match proof.situations {
            0 => "Holds. No answer has any bearing on it.".to_owned(),
            1 => "Holds. All answers come down to one situation, which was checked.".to_owned(),
            many => format!("Holds. {many} different situations were told apart, and every one was checked."),
        }],
        ..Entry::default()
    };
    let entries = app.pack.proofs().iter().map(entry).collect();
    let says = "These hold for every possible set of answers, known or not, and for any number of people and devices. Guidance that breaks one is refused before anybody can use it.";
    draw(frame, &app.pack, ("What was proved", ""), says, entries)
}

/// Paragraphs without those that are empty.
pub(super) fn written<const N: usize>(all: [&String; N]) -> Vec<String> {
    let some = all.into_iter().filter(|text| !text.is_empty());
    some.map(|text| plain(text)).collect()
}
