//! Opening a report and acting on it: the one way in for every page of a report.
//!
//! ```text
//! let opened = record::open(&app, &signed, &reference).await?;            // 404, or recorded who looks
//! match record::act(&app, &signed, opened, command, &form.digest()).await {
//!     Ok(after) => go(&routes::report(after.reference())),
//!     Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &form)),       // everything entered still there
//! }
//! ```
//!
//! Nobody is shown a report before the access log has it. A command is decided on the newest events; when
//! somebody else wrote in between it is decided again on theirs, so two officers never undo each other.

mod act;
mod keep;
mod opened;
mod page;

pub use act::{Acted, act, act_as, begin};
pub use keep::{fresh_id, load, opened_by, read};
pub use opened::{Opened, class_words};
pub use page::{
    CONFLICT_LINE, STANDING_LINE, Summary, conflict_page, grounds_with_why, report_frame,
};

use store::View;

use super::app::App;
use super::page::Problem;
use super::visit::Signed;
use report::Role;

/// Opens a report for somebody, who is in the access log before anything is shown.
///
/// # Errors
/// [`Problem::NotFound`] when no report has this reference; otherwise what the store says.
pub async fn open(app: &App, signed: &Signed, reference: &str) -> Result<Opened, Problem> {
    let opened = opened_by(app, reference).await?;
    let purpose = purpose(signed, &opened);
    look(app, signed, &opened, purpose).await?;
    Ok(opened)
}

/// Like [`open`], for a purpose the page knows better: `"Review"`.
///
/// # Errors
/// As for [`open`].
pub async fn open_for(
    app: &App,
    signed: &Signed,
    reference: &str,
    purpose: &str,
) -> Result<Opened, Problem> {
    let opened = opened_by(app, reference).await?;
    look(app, signed, &opened, purpose).await?;
    Ok(opened)
}

async fn look(app: &App, signed: &Signed, opened: &Opened, purpose: &str) -> Result<(), Problem> {
    let view = View {
        report: opened.stream.clone(),
        user: signed.id.clone(),
        purpose: purpose.to_owned(),
        at: app.now(),
    };
    app.store.record_view(view).await?;
    Ok(())
}

/// Why somebody looks, as far as their role and the report say it.
fn purpose(signed: &Signed, opened: &Opened) -> &'static str {
    let allocated = opened.report.allocation.as_ref();
    let is_theirs = allocated.is_some_and(|to| to.to.as_str() == signed.id.as_str());
    match signed.role {
        Role::Auditor => "Audit",
        _ if is_theirs => "Working on the report",
        Role::Supervisor => "Supervision",
        Role::CallHandler => "Taking the report",
        Role::Officer | Role::Author => "Police work on the report",
    }
}
