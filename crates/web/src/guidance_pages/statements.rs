//! What the guidance asks, statement by statement, and what carries each. Other sources that are cited
//! have a page as well, so that no cite leads nowhere.

use askama::Template;
use axum::extract::{Path, State};
use guidance::words::Statement;

use super::carried::Carried;
use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};

#[derive(Template)]
#[template(path = "guidance_pages/statements.html")]
struct All {
    frame: Frame,
    sections: Vec<(String, Vec<Statement>)>,
}

#[derive(Template)]
#[template(path = "guidance_pages/statement.html")]
struct One {
    frame: Frame,
    title: String,
    section: String,
    says: String,
    carried_by: Vec<String>,
    carried: Carried,
}

/// Every statement, by section.
pub async fn show_all(State(app): State<App>, frame: Frame) -> Answer {
    let mut sections: Vec<(String, Vec<Statement>)> = Vec::new();
    for statement in app.pack.statements() {
        match sections.last_mut() {
            Some((section, all)) if *section == statement.section => all.push(statement.clone()),
            _ => sections.push((statement.section.clone(), vec![statement.clone()])),
        }
    }
    let frame = frame.back_to(routes::GUIDANCE);
    Ok(page(false, &All { frame, sections }))
}

/// One statement, or another source by the words it is cited with.
pub async fn show(State(app): State<App>, frame: Frame, Path(id): Path<String>) -> Answer {
    let carried = Carried::by(&app.pack, &id);
    let frame = frame.back_to(routes::STATEMENTS);
    let statement = app.pack.statements().iter().find(|one| one.id == id);
    let shown = match statement {
        Some(statement) => One {
            frame,
            title: statement.id.clone(),
            section: statement.section.clone(),
            says: statement.says.clone(),
            carried_by: statement.carried_by.clone(),
            carried,
        },
        None if carried.is_empty() => return Err(Problem::NotFound),
        None => One {
            frame,
            says: source_says(&app, &id),
            title: id,
            section: "Another source".to_owned(),
            carried_by: Vec::new(),
            carried,
        },
    };
    Ok(page(false, &shown))
}

/// What the pack says of the source that is cited with these words.
fn source_says(app: &App, cite: &str) -> String {
    let sources = app.pack.sources();
    let named = sources.iter().find(|source| {
        source.title.contains(cite)
            || source.says.contains(cite)
            || cite.starts_with(&source.title)
            || source.title.split([',', ';']).any(|part| {
                let part = part.trim();
                part.len() > 8 && cite.starts_with(part)
            })
    });
    named.map_or_else(
        || "The guidance is put into practice together with this source.".to_owned(),
        |source| format!("{}. {}", source.title, source.says),
    )
}
