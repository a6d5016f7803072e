//! What the rows of a report have to be, from its events alone: for whoever holds a database against its log.
//!
//! Who may see a report does not hang on the guidance; where it stands in the lists does.

use std::sync::Arc;

use guidance::Pack;
use jiff::Timestamp;
use report::{Report, matching};
use store::{Derived, DerivedAccess, Deriving, Listed, StoredEvent, StreamId, Ties, UserId};

use super::findable;
use super::keep::{findable, plain, read, ties};
use crate::shared::page::Problem;
use crate::shared::purpose;

/// Works out the rows of any report, as they have to be now. Where it stands in the lists is worked out by this guidance, and
/// not at all without any.
#[must_use]
pub fn deriving(pack: Option<Arc<Pack>>, now: Timestamp) -> Deriving {
    let derive = move |stream: &StreamId, events: &[StoredEvent]| {
        derive(stream, events, pack.as_deref()).map_err(|why| why.to_string())
    };
    Deriving { derive: Arc::new(derive), findable_when: findable::everybody_is(), emergency: purpose::EMERGENCY, now }
}

fn derive(stream: &StreamId, events: &[StoredEvent], pack: Option<&Pack>) -> Result<Derived, Problem> {
    let mut report = Report::default();
    for kept in events {
        report.evolve(&read(stream, kept)?);
    }
    // The row was written when the words of whoever is erased were there still.
    let whole = events.iter().all(|kept| kept.erased.is_none());
    Ok(Derived {
        access: access(&report)?,
        listed: pack.filter(|_| whole).and_then(|pack| listed(&report, pack)),
        findable: findable(matching::everybody(&report))?,
        openings: openings(&report)?,
    })
}

fn openings(report: &Report) -> Result<Vec<(UserId, Timestamp, Timestamp)>, Problem> {
    let all = report.access.emergencies.iter();
    let one = |opened: &report::Emergency| {
        let who = UserId::new(opened.by.id.as_str()).map_err(Problem::internal)?;
        Ok((who, opened.at, opened.until))
    };
    all.map(one).collect()
}

/// Nothing for facts that this guidance does not know.
fn listed(report: &Report, pack: &Pack) -> Option<Listed> {
    // Of all that depends on the moment nothing is in a list.
    let row = report.projection(pack, Timestamp::MIN).ok()??;
    let row = plain(report, row).ok()?;
    Some(Listed {
        derived_by: row.derived_by,
        state: row.state,
        class: row.class,
        next_due_at: row.next_due_at.map(cut),
        awaiting_review_since: row.awaiting_review_since.map(cut),
        updated_at: cut(row.updated_at),
        review_at: row.review_at.map(cut),
    })
}

/// What decides who may see it; nothing before it is begun.
///
/// # Errors
/// Ours to mend: an id of the report cannot be one of the store.
pub(super) fn access(report: &Report) -> Result<Option<DerivedAccess>, Problem> {
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

/// A moment as rows have it: an event has more digits of a second.
fn cut(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

fn as_kept(mut ties: Ties) -> Ties {
    for (_, until) in &mut ties.emergencies {
        *until = cut(*until);
    }
    ties.alert_since = ties.alert_since.map(cut);
    ties
}
