//! Every answer of a report, in the order of the questions, for reading through.

use guidance::words::Question;
use report::FactName;

use crate::routes;
use crate::shared::record::Opened;
use crate::shared::ui::SummaryList;

/// The answers about the report, one person or one device.
pub struct Section {
    /// `About the report`, or a name.
    pub title: String,
    /// Id of its heading, unique on the page.
    pub id: String,
    /// Question and answer; a link to change it where whoever reads may.
    pub answers: SummaryList,
    /// How many were answered.
    pub count: usize,
    /// What was answered "No", folded away so that the rest stands out.
    pub no: SummaryList,
    /// How many those are.
    pub denied: usize,
}

/// How the answers are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A row each, with a link to change it.
    ToChange,
    /// A row each.
    ToRead,
}

/// Every section that has an answer.
pub fn sections(opened: &Opened, shown: Shown) -> Vec<Section> {
    let report =
        fill(opened, "report", "about-report", "About the report", shown, |name| format!("report.{name}").parse().ok());
    let people = opened.people().map(|person| {
        let roles: Vec<&str> = person.shown_roles().iter().map(|role| role.says()).collect();
        let title = format!("{}, {}", person.label(), roles.join(", "));
        fill(opened, "person", &format!("about-{}", person.id), &title, shown, |name| {
            FactName::person(&person.id, name).ok()
        })
    });
    let devices = opened.devices().map(|device| {
        let title = opened.device_name(device.id.as_str());
        fill(opened, "device", &format!("about-{}", device.id), &title, shown, |name| {
            format!("device.{}.{name}", device.id).parse().ok()
        })
    });
    std::iter::once(report).chain(people).chain(devices).filter(|section| section.count > 0).collect()
}

fn fill(
    opened: &Opened,
    scope: &str,
    id: &str,
    title: &str,
    shown: Shown,
    fact: impl Fn(&str) -> Option<FactName>,
) -> Section {
    let mut answers = SummaryList::new();
    let (mut no, mut denied) = (SummaryList::new(), 0);
    let mut count = 0;
    for question in opened.pack().questions() {
        let Some(fact) = name_in(question, scope).and_then(&fact) else {
            continue;
        };
        let Some(says) = answer(opened, &fact) else {
            continue;
        };
        count += 1;
        let words = opened.question_words(&fact);
        let into = if says == "No" && !opened.stands_out(&fact) {
            denied += 1;
            &mut no
        } else {
            &mut answers
        };
        let list = std::mem::take(into);
        *into = match shown {
            Shown::ToRead => list.row(words, says),
            Shown::ToChange => {
                let place = routes::question(opened.reference(), fact.as_str());
                list.changeable(words, says, place)
            }
        };
    }
    Section { title: title.to_owned(), id: id.to_owned(), answers, count, no, denied }
}

/// The name of the fact a question asks, where it is of this scope.
fn name_in<'a>(question: &'a Question, scope: &str) -> Option<&'a str> {
    let (of, name) = question.fact.split_once('.')?;
    (of == scope).then_some(name)
}

/// The answer that counts, who gave it, and what else was said.
fn answer(opened: &Opened, fact: &FactName) -> Option<String> {
    let current = opened.report.current(fact);
    let value = current.value?;
    let mut lines = Vec::new();
    if current.disputed {
        lines.push("Not settled: the answers conflict and nobody has chosen between them".to_owned());
        for said in &current.standing {
            let who = opened.said_by_words(&said.said_by);
            lines.push(format!("{who}: {}", opened.value_words(fact, &said.value)));
        }
    } else {
        lines.push(opened.value_words(fact, &value));
    }
    let notes = current.standing.iter().filter(|said| !said.note.is_empty());
    lines.extend(notes.map(|said| said.note.clone()));
    Some(lines.join("\n"))
}
