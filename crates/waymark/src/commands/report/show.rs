//! `waymark report show`: one report as it stands, without names.
//!
//! Who somebody is stays on the pages, where it is recorded who looked. Here people are A, B, C.

use std::io::{self, Write as _};

use guidance::Pack;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use report::{About, DueTime, Event, TaskState};
use store::SqliteStore;

use super::{events, stream};
use crate::page::layout::Text;
use crate::page::words::due;
use crate::stop::{Done, Stop};

/// Shows one report.
///
/// # Errors
/// A report that is not there, or that this guidance cannot read.
pub async fn run(store: &SqliteStore, pack: &Pack, report: &str) -> Done {
    let stream = stream(store, report).await?;
    let all = events(store, &stream).await?;
    let nameless: Vec<&Event> = all.iter().filter(|event| event.body.about() == About::Report).collect();
    let folded = report::Report::fold(nameless);
    let view = folded.view(pack, Timestamp::now()).map_err(|problems| Stop::problems(report, &problems))?;
    let mut text = Text::for_stdout();
    text.heading(&format!("{}: {}, {}", folded.reference, view.status.says().to_lowercase(), view.advice.class));
    text.para(0, "Without names: they are read on the page of the report, where it is recorded who looked.");
    if !view.gates.is_empty() {
        text.heading("Before it can be closed");
        view.gates.iter().for_each(|gate| text.item(2, "- ", &gate.says));
    }
    text.heading("Tasks");
    for task in &view.tasks {
        let when = match (&task.due, task.state) {
            (_, TaskState::Done | TaskState::Departed) => String::new(),
            (DueTime::Now, _) => ", now".to_owned(),
            (DueTime::At(at), _) => format!(", by {}", moment(*at)),
            (DueTime::Moment(moment), _) => format!(", {}", due(moment)),
        };
        let late = if task.overdue { ", overdue" } else { "" };
        text.item(2, "- ", &format!("{}: {}{when}{late}", task.title, task.state.says().to_lowercase()));
    }
    text.heading("What happened");
    for entry in &view.timeline {
        text.item(2, &format!("{}  ", moment(entry.at)), &format!("{} ({})", entry.says, entry.by));
    }
    let mut out = io::stdout().lock();
    out.write_all(text.finish().as_bytes())?;
    Ok(out.flush()?)
}

fn moment(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string()
}
