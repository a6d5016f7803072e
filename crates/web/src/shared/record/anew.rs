//! Rows of worklists that were derived by other guidance than that in force, derived again: new guidance may
//! have other times, another class, another day to look again. Reports that nobody writes to would never get them.

use store::{AppendError, Order, WorklistFilter, WorklistQuery};

use super::keep::{append, load_aside};
use crate::shared::app::App;
use crate::shared::page::Problem;

/// Rows asked for at once.
const AT_ONCE: u32 = 100;

/// Derives them, one after the other, beside whatever else is done. Tells how many.
///
/// # Errors
/// What the store says. A report that this guidance cannot be applied to is left as it is, and logged.
pub async fn derive_anew(app: &App) -> Result<u64, Problem> {
    let mut asked = WorklistQuery {
        filter: WorklistFilter {
            not_derived_by: Some(app.pack.reference().digest.clone()),
            ..WorklistFilter::default()
        },
        order: Order::RecentlyUpdated,
        after: None,
        limit: AT_ONCE,
    };
    let mut derived = 0;
    loop {
        let found = app.store.worklist(&asked).await?;
        for row in found.rows {
            match anew(app, &row.report_id).await {
                Ok(is_new) => derived += u64::from(is_new),
                Err(why) => {
                    tracing::error!(report = %row.report_id, %why, "its row could not be derived again");
                }
            }
        }
        asked.after = found.next;
        if asked.after.is_none() {
            return Ok(derived);
        }
    }
}

/// False where somebody wrote to it meanwhile: its row is new then already.
async fn anew(app: &App, report: &store::StreamId) -> Result<bool, Problem> {
    let opened = load_aside(app, report).await?;
    let (row, _) = append(app, &opened.folded, &[], report.clone())?;
    match app.store.append(row, None).await {
        Ok(_) => Ok(true),
        Err(AppendError::Conflict { .. }) => Ok(false),
        Err(why) => Err(why.into()),
    }
}
