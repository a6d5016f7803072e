//! Whether the row of a report is what its events say: somebody who can write to the database could let themselves in by a row, and
//! take it out again. Events are encrypted and authenticated, so access is decided by them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use report::{Report, Status};
use store::{ProjectionRow, Ties, UserId};

use super::derived;
use super::keep::fold;
use crate::shared::app::App;
use crate::shared::page::Problem;

/// How the row of a report stands against its events.
#[derive(Debug)]
pub(super) enum Stands {
    /// It is what they say.
    AsSaid,
    /// They say something else: the row as they would have it, where they say anything.
    Otherwise(Option<Box<ProjectionRow>>),
}

/// Holds the row of a report against its events. A step between the two readings looks like a difference: whoever asks reads the
/// row once more before they believe it.
///
/// # Errors
/// The events cannot be read.
pub(super) async fn stands(app: &App, row: &ProjectionRow, at: Timestamp) -> Result<Stands, Problem> {
    match fold(app, &row.report_id).await {
        Ok(folded) => against(row, &folded.report, at),
        Err(Problem::NotFound) => Ok(Stands::Otherwise(None)),
        Err(problem) => Err(problem),
    }
}

/// The same, where the report is at hand.
///
/// # Errors
/// Ours to mend: an id of the report cannot be one of the store.
pub(super) fn against(row: &ProjectionRow, report: &Report, at: Timestamp) -> Result<Stands, Problem> {
    let Some(said) = derived::access(report)? else {
        return Ok(Stands::Otherwise(None));
    };
    let is = row.reference == said.reference
        && row.unit == said.unit
        && row.allocated_to == said.allocated_to
        && is_closed(row) == said.closed
        && same(&row.ties, &said.ties, at);
    if is {
        return Ok(Stands::AsSaid);
    }
    let state = if said.closed { Status::Closed } else { Status::BeingWorkedOn };
    Ok(Stands::Otherwise(Some(Box::new(ProjectionRow {
        reference: said.reference,
        unit: said.unit,
        allocated_to: said.allocated_to,
        state: state.word().to_owned(),
        ties: said.ties,
        ..row.clone()
    }))))
}

fn is_closed(row: &ProjectionRow) -> bool {
    row.state == Status::Closed.word()
}

fn same(row: &Ties, said: &Ties, at: Timestamp) -> bool {
    let all = |users: &[UserId]| users.iter().cloned().collect::<BTreeSet<UserId>>();
    row.started_by == said.started_by
        && row.restricted == said.restricted
        && row.alert_since == said.alert_since
        && all(&row.members) == all(&said.members)
        && all(&row.conflicts) == all(&said.conflicts)
        && lasting(row, at) == lasting(said, at)
}

/// Until when each opening that lasts lets somebody in: whoever opened it twice has one row.
fn lasting(ties: &Ties, at: Timestamp) -> BTreeMap<&UserId, Timestamp> {
    let mut until = BTreeMap::new();
    for (user, end) in ties.emergencies.iter().filter(|(_, end)| *end > at) {
        let last = until.entry(user).or_insert(*end);
        *last = (*last).max(*end);
    }
    until
}
