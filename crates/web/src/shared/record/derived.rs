//! What the rows of a report have to be, from its events alone: for whoever holds a database against its log.
//!
//! Nothing here asks the guidance: who may see a report does not hang on it.

use jiff::Timestamp;
use report::{Report, matching};
use store::{Derived, DerivedAccess, Deriving, StoredEvent, StreamId, Ties, UserId};

use super::findable;
use super::keep::{findable, read, ties};
use crate::shared::page::Problem;

/// Works out the rows of any report, as they have to be now.
#[must_use]
pub fn deriving(now: Timestamp) -> Deriving {
    Deriving {
        derive: |stream, events| derive(stream, events).map_err(|why| why.to_string()),
        findable_when: findable::everybody_is(),
        now,
    }
}

fn derive(stream: &StreamId, events: &[StoredEvent]) -> Result<Derived, Problem> {
    let mut report = Report::default();
    for kept in events {
        report.evolve(&read(stream, kept)?);
    }
    Ok(Derived {
        access: access(&report)?,
        findable: findable(matching::everybody(&report))?,
    })
}

fn access(report: &Report) -> Result<Option<DerivedAccess>, Problem> {
    if report.id.is_none() || report.reported_at.is_none() {
        return Ok(None);
    }
    let worker = report.allocation.as_ref();
    let worker = worker.map(|given| UserId::new(given.to.as_str()));
    Ok(Some(DerivedAccess {
        reference: report.reference.clone(),
        unit: report.unit.clone(),
        allocated_to: worker.transpose().map_err(Problem::internal)?,
        closed: report.is_closed(),
        // At a moment before all others every opening lasts.
        ties: as_kept(ties(report.access_projection(Timestamp::MIN))?),
    }))
}

/// Moments as rows have them: an event has more digits of a second.
fn as_kept(mut ties: Ties) -> Ties {
    let cut = |at: Timestamp| Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at);
    for (_, until) in &mut ties.emergencies {
        *until = cut(*until);
    }
    ties.alert_since = ties.alert_since.map(cut);
    ties
}
