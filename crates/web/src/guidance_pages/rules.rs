//! Rules: the condition of each, what follows, what it rests on and where it is written.

use askama::Template;
use axum::extract::{Path, State};
use guidance::Pack;
use guidance::words::{NameWords, RuleWords};

use super::carried::plain;
use super::examples;
use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Answer, Problem, page};
use crate::shared::ui::SummaryList;
use crate::shared::words::cited;
use crate::shared::words::first_upper;

#[derive(Template)]
#[template(path = "guidance_pages/rules.html")]
struct All {
    frame: Frame,
    groups: Vec<(String, Vec<RuleWords>)>,
}

#[derive(Template)]
#[template(path = "guidance_pages/rule.html")]
struct One {
    frame: Frame,
    title: String,
    says: String,
    particulars: SummaryList,
    names: Vec<NameWords>,
    cites: Vec<Link>,
    /// It is asked of each person or device, and not once of the report.
    each: bool,
    examples: Vec<Link>,
}

/// Every rule, by the file of the pack it stands in.
pub async fn show_all(State(app): State<App>, frame: Frame) -> Answer {
    let mut groups: Vec<(String, Vec<RuleWords>)> = Vec::new();
    for rule in app.pack.rules() {
        let mut rule = rule.clone();
        rule.says = plain(&rule.says);
        match groups.iter_mut().find(|(file, _)| *file == rule.file) {
            Some((_, all)) => all.push(rule),
            None => groups.push((rule.file.clone(), vec![rule])),
        }
    }
    for (file, _) in &mut groups {
        *file = heading(file);
    }
    let frame = frame.back_to(routes::GUIDANCE);
    Ok(page(false, &All { frame, groups }))
}

/// The names that a condition uses, and those that their own conditions use, in the order met.
fn names_in(pack: &Pack, when: &str) -> Vec<NameWords> {
    let mut found: Vec<NameWords> = Vec::new();
    let mut open = vec![when.to_owned()];
    while let Some(condition) = open.pop() {
        let words = condition.split(|c: char| !c.is_alphanumeric() && c != '_');
        for word in words {
            let is_new = !found.iter().any(|name| name.id == word);
            if let Some(name) = pack.names().iter().find(|name| is_new && name.id == word) {
                found.push(name.clone());
                open.push(name.when.clone());
            }
        }
    }
    found
}

/// `crime.toml` as a heading: `Crime`.
fn heading(file: &str) -> String {
    first_upper(file.trim_end_matches(".toml"))
}

/// One rule.
pub async fn show(State(app): State<App>, frame: Frame, Path(id): Path<String>) -> Answer {
    let rule = app.pack.rules().iter().find(|rule| rule.id == id);
    let rule = rule.ok_or(Problem::NotFound)?;
    let scope = match rule.scope.as_str() {
        "person" => "Each person",
        "device" => "Each device",
        _ => "The report",
    };
    let shown = One {
        frame: frame.back_to(routes::RULES),
        title: heading(&rule.id.replace('-', " ")),
        says: plain(&rule.says),
        names: names_in(&app.pack, &rule.when),
        particulars: SummaryList::new()
            .row("Asked of", scope)
            .row("When", &rule.when)
            .row("Then", plain(&rule.then))
            .row("Name", &rule.id)
            .row("Where it stands", format!("{}, line {}", rule.file, rule.line)),
        cites: cited(&app.pack, &rule.cites),
        each: rule.scope != "report",
        examples: app.examples.holding(&app.pack, rule).map(examples::link).collect(),
    };
    Ok(page(false, &shown))
}
