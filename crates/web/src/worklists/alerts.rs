//! What stands above every list until somebody has seen to it: emergency openings that a supervisor has to review, and
//! immediate concerns that nobody has answered.

use jiff::SignedDuration;
use report::Projection;
use store::{Order, ProjectionRow, WorklistFilter, WorklistQuery};

use super::List;
use super::rows::allowed;

use crate::routes;
use crate::shared::access::{self, Permission, Role};
use crate::shared::app::App;
use crate::shared::emergencies;
use crate::shared::page::Problem;
use crate::shared::time;
use crate::shared::visit::Signed;

/// Shown at once of the unit, and of others: more than this have long been a matter for somebody else.
const SHOWN: u32 = 20;
/// Reports asked for at once.
const AT_ONCE: u32 = 100;

/// One to be reviewed.
pub struct Alert {
    /// Reference of the report.
    pub reference: String,
    /// Since when it waits.
    pub since: String,
    /// Where it is reviewed.
    pub href: String,
}

/// Those of the supervisor's unit, those of a unit that has no supervisor but whoever opened it, and, once they have waited a day, of
/// any. Restricted reports are among them: reviewing shows nothing of the report.
///
/// # Errors
/// What the store says.
pub async fn alerts(app: &App, signed: &Signed) -> Result<Vec<Alert>, Problem> {
    if !access::may(signed.role, Permission::ReviewAccess) {
        return Ok(Vec::new());
    }
    let now = app.now();
    let own = WorklistFilter { unit: Some(signed.unit.clone()), alerts: true, ..WorklistFilter::default() };
    let overdue = WorklistFilter { alert_until: Some(access::overdue_before(now)), ..WorklistFilter::default() };
    let mut found = Vec::new();
    for (filter, of_unit) in [(own, true), (overdue, false)] {
        let asked = WorklistQuery { filter, order: Order::LongestAlert, after: None, limit: SHOWN };
        let rows = app.store.worklist(&asked).await?.rows.into_iter();
        found.extend(rows.filter(|row| (row.unit == signed.unit) == of_unit));
    }
    found.retain(|row| access::may_on(signed, Permission::ReviewAccess, row, now));
    found.extend(for_all(app, signed).await?);
    Ok(found
        .iter()
        .map(|row| Alert {
            reference: row.reference.clone(),
            since: row.ties.alert_since.map(time::moment).unwrap_or_default(),
            href: routes::emergencies(&row.reference),
        })
        .collect())
}

/// Those that wait for less than a day, of units in which nobody can review them.
async fn for_all(app: &App, signed: &Signed) -> Result<Vec<ProjectionRow>, Problem> {
    let filter = WorklistFilter { alerts: true, ..WorklistFilter::default() };
    let mut asked = WorklistQuery { filter, order: Order::LongestAlert, after: None, limit: AT_ONCE };
    let (mut found, overdue) = (Vec::new(), access::overdue_before(app.now()));
    while found.len() < SHOWN as usize {
        let page = app.store.worklist(&asked).await?;
        let waits = |row: &ProjectionRow| row.ties.alert_since.is_some_and(|since| since > overdue);
        for row in page.rows.into_iter().filter(waits) {
            if emergencies::as_of_all(app, signed, &row).await?.is_some() {
                found.push(row);
            }
        }
        asked.after = page.next;
        if asked.after.is_none() {
            break;
        }
    }
    found.truncate(SHOWN as usize);
    Ok(found)
}

/// An immediate concern that nobody has answered yet.
pub struct Urgent {
    /// Reference of the report.
    pub reference: String,
    /// True while nobody works on the report.
    pub is_nobodys: bool,
    /// Where it is acted on.
    pub href: String,
}

/// Those of the unit, and those of their own elsewhere. They are in no list that every role opens first, and must not wait
/// until somebody looks into another one.
///
/// # Errors
/// What the store says.
pub async fn urgent(app: &App, signed: &Signed) -> Result<Vec<Urgent>, Problem> {
    let lists: &[List] = match signed.role {
        Role::CallHandler | Role::Officer | Role::Supervisor => &[List::Unit, List::Mine],
        Role::Auditor | Role::Author => &[],
    };
    let mut found: Vec<Urgent> = Vec::new();
    for list in lists {
        let asked = WorklistQuery {
            filter: WorklistFilter {
                due_before: Some(Projection::BEFORE_ALL + SignedDuration::from_secs(1)),
                ..list.filter(signed, app.now())
            },
            order: Order::SoonestDue,
            after: None,
            limit: SHOWN,
        };
        let rows = app.store.worklist(&asked).await?.rows;
        for row in allowed(app, signed, rows) {
            if !found.iter().any(|known| known.reference == row.reference) {
                found.push(Urgent {
                    href: routes::report(&row.reference),
                    is_nobodys: row.allocated_to.is_none(),
                    reference: row.reference,
                });
            }
        }
    }
    Ok(found)
}
