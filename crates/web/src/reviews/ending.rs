//! What a supervisor has to know before a report is ended without an outcome: why, where its matter goes on, what stands in
//! the way. What was begun twice goes on in one of the two, and never in none.

use report::{Answer, LinkKind};

use crate::shared::access::{Permission, listed_for};
use crate::shared::app::App;
use crate::shared::ending::{Hinders, gone_too, hinders, people};
use crate::shared::page::Problem;
use crate::shared::record::{self, Opened};
use crate::shared::visit::Signed;

/// In the log, beside the look at the other report.
const PURPOSE: &str = "Ending a report that another one has the incident of";

/// What is asked, with all that belongs to it.
pub struct Ending {
    /// Who asks, and why, in a sentence.
    pub says: String,
    /// In the words of whoever asks.
    pub reason: String,
    /// The reports with the same incident.
    pub others: Vec<Other>,
    /// Who is in this one; empty where it is nobody.
    pub people: String,
    /// Nobody knows yet whether anybody is in immediate danger.
    pub danger_not_known: bool,
    /// What stands in the way.
    pub hinders: Vec<Hinders>,
}

/// A report with the same incident.
pub struct Other {
    /// For readers and addresses.
    pub reference: String,
    /// Where it stands, and who is in it; that it is not open to whoever reads.
    pub says: String,
    /// Why this report cannot be ended beside it; empty where it can.
    pub stops: String,
}

/// What is asked of a supervisor; nothing where nobody asked to end it. The other reports are looked at for whoever may review.
pub async fn asked(app: &App, signed: &Signed, opened: &Opened) -> Result<Option<Ending>, Problem> {
    let Some(ending) = opened.report.asked_to_end() else {
        return Ok(None);
    };
    let mut references: Vec<&str> = ending.same_as.as_deref().into_iter().collect();
    for link in opened.report.standing_links() {
        if link.kind == LinkKind::SameIncident && !references.contains(&link.reference.as_str()) {
            references.push(&link.reference);
        }
    }
    let mut others = Vec::new();
    for reference in references {
        others.push(other(app, signed, opened, reference).await?);
    }
    let in_danger = opened.report.safety.in_danger;
    Ok(Some(Ending {
        says: format!("{} asks to end this report: {}.", ending.by.name, ending.says()),
        reason: ending.reason.clone(),
        others,
        people: people(opened),
        danger_not_known: !matches!(in_danger, Some(Answer::Yes | Answer::No)),
        hinders: hinders(opened, false)?,
    }))
}

async fn other(app: &App, signed: &Signed, opened: &Opened, reference: &str) -> Result<Other, Problem> {
    let shown = |says: String, stops: String| Other { reference: reference.to_owned(), says, stops };
    if !signed.may(Permission::Review) {
        return Ok(shown(String::new(), String::new()));
    }
    let read = listed_for(signed.role);
    let there = match record::open_other(app, signed, read, reference, PURPOSE).await {
        Err(Problem::NotFound | Problem::Forbidden | Problem::Sealed { .. }) => {
            let says = "not open to you. Ask somebody who may see it whether it goes on";
            return Ok(shown(says.to_owned(), String::new()));
        }
        there => there?,
    };
    let state = match (there.report.ended(), there.report.asked_to_end()) {
        (Some(ended), _) => format!("ended without an outcome, {}", ended.says()),
        (_, Some(asked)) => format!("asked to end, {}", asked.says()),
        _ => there.view.status.says().to_lowercase(),
    };
    let people = match people(&there) {
        nobody if nobody.is_empty() => "Nobody is entered in it".to_owned(),
        people => format!("In it: {people}"),
    };
    let rests_on_this =
        there.report.ending.as_ref().is_some_and(|other| other.same_as.as_deref() == Some(opened.reference()));
    let is_named = opened.report.asked_to_end().is_some_and(|ending| ending.same_as.as_deref() == Some(reference));
    let stops = gone_too(&there).filter(|_| is_named || rests_on_this);
    Ok(shown(format!("{state}. {people}."), stops.unwrap_or_default()))
}
