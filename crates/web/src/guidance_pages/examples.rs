//! Worked examples: all of them by class, and one with its facts and what the guidance advises in it.

use askama::Template;
use axum::extract::{Path, State};
use guidance::advice::{Class, DutyState, OutcomeState};
use guidance::{Pack, Value};
use report::{DutyId, FactName, FactScope};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::examples::Example;
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Answer, Problem, page};
use crate::shared::record::{class_words, value_words};
use crate::shared::ui::SummaryList;
use crate::shared::visit::Signed;
use crate::shared::would_change::would_change;

/// The outcome whose state is told of every example.
const WITHOUT_FURTHER_ACTION: &str = "21";

#[derive(Template)]
#[template(path = "guidance_pages/examples.html")]
struct All {
    frame: Frame,
    groups: Vec<(&'static str, Vec<Link>)>,
}

#[derive(Template)]
#[template(path = "guidance_pages/example.html")]
struct One {
    frame: Frame,
    title: String,
    particulars: SummaryList,
    grounds: Vec<Link>,
    duties: Vec<Link>,
    /// For those who may see it: what the advice would be, and the smallest changes that would make it so.
    would_change: Vec<(String, Vec<String>)>,
    facts: String,
}

/// A link to an example, in its own words.
pub(super) fn link(example: &Example) -> Link {
    Link { href: routes::example(&example.name), text: example.about.clone() }
}

/// Every example, by the class of its report.
pub async fn show_all(State(app): State<App>, frame: Frame) -> Answer {
    let examples = app.examples.of(&app.pack);
    let groups = [Class::Experimental, Class::Aggravated, Class::Undetermined].map(|class| {
        let of_class = examples.iter().filter(|example| example.advice.class == class);
        (class_words(class), of_class.map(link).collect::<Vec<Link>>())
    });
    let shown = All {
        frame: frame.back_to(routes::GUIDANCE),
        groups: groups.into_iter().filter(|(_, all)| !all.is_empty()).collect(),
    };
    Ok(page(false, &shown))
}

/// One example.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, Path(name): Path<String>) -> Answer {
    let examples = app.examples.of(&app.pack);
    let example = examples.iter().find(|example| example.name == name).ok_or(Problem::NotFound)?;
    let advice = &example.advice;
    let of_report = advice.outcomes.iter().find(|o| o.code == WITHOUT_FURTHER_ACTION && o.subject.is_none());
    let outcome = of_report.map_or("Not answered", |outcome| match outcome.state {
        OutcomeState::Open => "Open",
        OutcomeState::NotYet => "Not yet",
        OutcomeState::Blocked => "Blocked",
    });
    let mut grounds: Vec<Link> = Vec::new();
    for ground in advice.grounds.iter().filter(|ground| !ground.says.is_empty()) {
        let link = Link { href: routes::rule(&ground.rule), text: ground.says.to_string() };
        if !grounds.iter().any(|known| known.text == link.text) {
            grounds.push(link);
        }
    }
    let due = advice.duties.iter().filter(|duty| duty.state == DutyState::Due);
    let shown = One {
        frame: frame.back_to(routes::EXAMPLES),
        title: example.about.clone(),
        particulars: SummaryList::new()
            .row("Class of the report", class_words(advice.class))
            .row("Outcome 21 for the report", outcome)
            .row("Where it comes from", &example.source),
        grounds,
        duties: due.map(|duty| told(&app.pack, &duty.id)).collect(),
        would_change: match signed.may(Permission::SeeWhatWouldChange) {
            true => would_change(advice, |fact, value| answered(&app.pack, fact, value)),
            false => Vec::new(),
        },
        facts: example.text.clone(),
    };
    Ok(page(false, &shown))
}

/// A duty of an example with the rule that raises it.
fn told(pack: &Pack, id: &str) -> Link {
    let words = id.parse::<DutyId>().ok().and_then(|id| {
        let words = report::duty_words(pack, &id)?;
        let subject = id.subject().unwrap_or_default().to_owned();
        let title = words.title.replace("{person}", &format!("person {subject}")).replace("{device}", &subject);
        Some((title, routes::rule(&format!("duty-{}", words.id))))
    });
    let (text, href) = words.unwrap_or_else(|| (id.to_owned(), routes::RULES.to_owned()));
    Link { href, text }
}

/// A question of an example and an answer to it, in the words of the pack.
fn answered(pack: &Pack, fact: &str, value: &Value) -> String {
    let Ok(name) = fact.parse::<FactName>() else {
        return fact.to_owned();
    };
    let (words, options) = pack.fact_words(&name.question());
    let subject = match name.scope() {
        FactScope::Report => String::new(),
        FactScope::Person(id) => format!("person {id}"),
        FactScope::Device(id) => id.to_owned(),
    };
    let asked = match words {
        "" => fact.to_owned(),
        words => words.replace("{person}", &subject).replace("{device}", &subject),
    };
    let answer = value_words(options, &name, value, |id| format!("person {id}"));
    format!("{asked} {answer}")
}
