//! What is left at the address of a report that was erased.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use store::Erased;

use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Problem, page};
use crate::shared::time;
use crate::shared::ui::SummaryList;
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "retention/erased.html")]
struct Gone {
    frame: Frame,
    reference: String,
    done: bool,
    what: SummaryList,
    copies: String,
}

/// The page, where the whole report with this reference was erased.
///
/// # Errors
/// What the store says.
pub async fn erased_page(
    app: &App,
    frame: Frame,
    signed: &Signed,
    reference: &str,
) -> Result<Option<Response>, Problem> {
    let all = app.store.erasures(reference).await?;
    let Some(erased) = all.into_iter().find(|erased| erased.subject.is_none()) else {
        return Ok(None);
    };
    let who = app.store.user(&erased.actor).await?;
    let who = who.map_or_else(|| format!("Account {}", erased.actor), |user| format!("{}, {}", user.name, user.unit));
    let conflicts = app.store.conflicts_of(&signed.id).await?;
    let conflict = conflicts.contains(&erased.stream);
    let shown = Gone {
        what: what(signed, &erased, who, conflict),
        copies: copies_gone(app, erased.at),
        done: erased.is_done,
        reference: reference.to_owned(),
        frame,
    };
    Ok(Some((StatusCode::GONE, page(false, &shown)).into_response()))
}

/// Why it was erased is for whoever decides that or checks it: it may say more than others need.
fn what(signed: &Signed, erased: &Erased, who: String, conflict: bool) -> SummaryList {
    let list = SummaryList::new()
        .row("Erased", time::moment(erased.at))
        .row("Decided by", who)
        .row("Entry of the log", erased.leaf.to_string());
    let may_know = !conflict && (signed.may(Permission::Erase) || signed.may(Permission::ReadAudit));
    match &erased.reason {
        Some(reason) if may_know => list.row("Why", reason),
        _ => list,
    }
}

/// When no copy opens any more, in words: as far as somebody has said how long copies are kept.
pub fn copies_gone(app: &App, at: Timestamp) -> String {
    let days = app.config.backups_kept_days;
    if days == 0 {
        return "Older backups still hold it, and can be opened for as long as older copies of the keys are kept. Waymark does not know how long \
                that is: ask whoever looks after Waymark in your force."
            .to_owned();
    }
    let hours = i64::from(days) * 24;
    let gone = at + jiff::SignedDuration::from_hours(hours);
    format!(
        "Backups and copies of the keys are kept for {days} days. The last backup that holds this is due to be deleted on {}. After that it cannot be opened.",
        time::day(gone)
    )
}
