//! The guidance in force: what it is, where it comes from, and the ways into it.

use askama::Template;
use axum::extract::State;

use crate::shared::access::Role;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, page};
use crate::shared::time;
use crate::shared::ui::SummaryList;

#[derive(Template)]
#[template(path = "guidance_pages/index.html")]
struct Index {
    frame: Frame,
    is_author: bool,
    title: String,
    says: String,
    about: SummaryList,
    sources: Vec<Source>,
}

struct Source {
    title: String,
    says: String,
    /// A web address, where it has one.
    href: Option<String>,
    place: String,
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame) -> Answer {
    let pack = &app.pack;
    let reference = pack.reference();
    let words = pack.about();
    let count = |many: usize, what: &str| format!("{many} {what}");
    let about = SummaryList::new()
        .row("Version", &reference.version)
        .row("For", &words.jurisdiction)
        .row("In force from", time::day_words(&words.in_force_from).unwrap_or_else(|| words.in_force_from.clone()))
        .row("Statements", count(pack.statements().len(), "of the guidance"))
        .row("Rules", count(pack.rules().len(), "put it into practice"))
        .row("Properties", count(pack.proofs().len(), "proved over all possible answers"))
        .row("Fingerprint", &reference.digest);
    let sources = pack.sources().iter().map(|source| Source {
        title: source.title.clone(),
        says: source.says.clone(),
        href: source.place.starts_with("https://").then(|| source.place.clone()),
        place: source.place.clone(),
    });
    let who = frame.who.as_ref();
    let shown = Index {
        is_author: who.is_some_and(|who| who.role == Role::Author),
        title: pack.title().to_owned(),
        says: words.says.clone(),
        about,
        sources: sources.collect(),
        frame,
    };
    Ok(page(false, &shown))
}
