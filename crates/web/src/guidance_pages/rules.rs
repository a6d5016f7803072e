//! Rules: the condition of each, what follows, what it rests on and where it is written.

use askama::Template;
use axum::extract::{Path, State};
use guidance::words::RuleWords;

use super::carried::plain;
use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::ui::SummaryList;

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
    says: String,
    particulars: SummaryList,
    cites: Vec<String>,
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

/// `crime.toml` as a heading: `Crime`.
fn heading(file: &str) -> String {
    let name = file.trim_end_matches(".toml");
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
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
        says: plain(&rule.says),
        particulars: SummaryList::new()
            .row("Asked of", scope)
            .row("When", &rule.when)
            .row("Then", plain(&rule.then))
            .row("Name", &rule.id)
            .row(
                "Where it stands",
                format!("{}, line {}", rule.file, rule.line),
            ),
        cites: rule.cites.clone(),
    };
    Ok(page(false, &shown))
}
