//! Emergency openings that a supervisor has to review: at the top of their lists until they have.

use store::{Order, WorklistFilter, WorklistQuery};

use crate::routes;
use crate::shared::access::{self, Permission};
use crate::shared::app::App;
use crate::shared::page::Problem;
use crate::shared::time;
use crate::shared::visit::Signed;

/// Shown at once: more than this have long been a matter for somebody else.
const SHOWN: u32 = 20;

/// One to be reviewed.
pub struct Alert {
    /// Reference of the report.
    pub reference: String,
    /// Since when it waits.
    pub since: String,
    /// Where it is reviewed.
    pub href: String,
}

/// Those of the supervisor's unit, restricted reports among them: reviewing shows nothing of the report.
///
/// # Errors
/// What the store says.
pub async fn alerts(app: &App, signed: &Signed) -> Result<Vec<Alert>, Problem> {
    if !access::may(signed.role, Permission::ReviewAccess) {
        return Ok(Vec::new());
    }
    let now = app.now();
    let asked = WorklistQuery {
        filter: WorklistFilter {
            unit: Some(signed.unit.clone()),
            alerts: true,
            ..WorklistFilter::default()
        },
        order: Order::RecentlyUpdated,
        after: None,
        limit: SHOWN,
    };
    let found = app.store.worklist(&asked).await?;
    let may =
        |row: &&store::ProjectionRow| access::may_on(signed, Permission::ReviewAccess, row, now);
    let rows = found.rows.iter().filter(may);
    Ok(rows
        .map(|row| Alert {
            reference: row.reference.clone(),
            since: row.ties.alert_since.map(time::moment).unwrap_or_default(),
            href: routes::emergencies(&row.reference),
        })
        .collect())
}
