//! Emergency openings over all reports: what waits of whom, and for whom where the unit has no supervisor.

use report::Role;
use store::{Order, ProjectionRow, WorklistFilter, WorklistQuery};

use super::access::{self, Permission};
use super::app::App;
use super::colleagues;
use super::page::Problem;
use super::record;
use super::visit::Signed;

/// Reports asked for at once.
const AT_ONCE: u32 = 100;

/// An opening that nobody has reviewed.
#[derive(Debug)]
pub struct Waiting {
    /// Of which report.
    pub reference: String,
    /// It lets them in still.
    pub lasts: bool,
}

/// What somebody opened and nobody has reviewed, in any report: no more than `most`. Nothing of it is shown but the references,
/// which they gave themselves.
///
/// # Errors
/// What the store says.
pub async fn unreviewed_of(app: &App, signed: &Signed, most: usize) -> Result<Vec<Waiting>, Problem> {
    let filter = WorklistFilter { alerts: true, ..WorklistFilter::default() };
    let mut asked = WorklistQuery { filter, order: Order::LongestAlert, after: None, limit: AT_ONCE };
    let (mut found, now) = (Vec::new(), app.now());
    loop {
        let page = app.store.worklist(&asked).await?;
        for row in page.rows {
            let report = match record::folded(app, &row.report_id).await {
                Ok(report) => report,
                // Erased since the list was read.
                Err(Problem::NotFound) => continue,
                Err(problem) => return Err(problem),
            };
            let own = report.access.unreviewed().filter(|opened| opened.by.id.as_str() == signed.id.as_str());
            found.extend(own.map(|opened| Waiting { reference: row.reference.clone(), lasts: opened.lets_in(now) }));
            if found.len() >= most {
                found.truncate(most);
                return Ok(found);
            }
        }
        asked.after = page.next;
        if asked.after.is_none() {
            return Ok(found);
        }
    }
}

/// The row as the policies are asked about it where a supervisor of another unit wants to review an opening that waits: as one that
/// waits too long already, where its unit has no supervisor but whoever opened it.
///
/// # Errors
/// What the store says.
pub async fn as_of_all(app: &App, signed: &Signed, row: &ProjectionRow) -> Result<Option<ProjectionRow>, Problem> {
    if signed.role != Role::Supervisor || row.unit == signed.unit {
        return Ok(None);
    }
    let Some(since) = row.ties.alert_since else {
        return Ok(None);
    };
    let opened = |id: &store::UserId| row.ties.emergencies.iter().any(|(who, _)| who == id);
    let theirs = colleagues::all(app, &row.unit, |user, role| {
        role == Role::Supervisor && user.unit == row.unit && !opened(&user.id)
    });
    if !theirs.await?.is_empty() {
        return Ok(None);
    }
    let mut overdue = row.clone();
    overdue.ties.alert_since = Some(since.min(access::overdue_before(app.now())));
    let may = access::may_on(signed, Permission::ReviewAccess, &overdue, app.now());
    Ok(may.then_some(overdue))
}
