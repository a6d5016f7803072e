//! The door of a report: the policies are asked, and nothing of a page is sent before the look is noted.
//!
//! `shared/guard.rs` stands here for every route that names a report, so no page can forget it; and
//! [`open`](super::open) gives a report only to somebody who came this way.

use std::sync::Arc;

use jiff::Timestamp;
use store::{AccessEntry, AccessKind, Append, AppendError, Appended, Operation, ProjectionRow, StreamId, TokenHash};

use super::keep::load;
use super::opened::Opened;
use super::stands::{Stands, stands};
use crate::shared::access::{self, Permission};
use crate::shared::app::App;
use crate::shared::emergencies;
use crate::shared::page::Problem;
use crate::shared::purpose::{self, Chosen};
use crate::shared::visit::Signed;

/// How often a row is read again that somebody writes to meanwhile.
const READ_AGAIN: u32 = 8;

/// The report that somebody was let in to, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Its row, as the policies were asked with.
    pub row: Arc<ProjectionRow>,
    /// When they were asked.
    pub at: Timestamp,
}

/// Asks the policies, first about the row and then whether the events of the report say the same: a row that was changed in the
/// database lets nobody in. What is not there and what is closed to them look the same to whoever asks.
///
/// # Errors
/// [`Problem::Sealed`], [`Problem::ReportChangedOutside`], [`Problem::Forbidden`] where they may see it but not do this, [`Problem::NotFound`]
/// for what is no reference; otherwise what the store says.
pub async fn admit(app: &App, signed: &Signed, permission: Permission, reference: &str) -> Result<Entered, Problem> {
    let sealed = |offer: bool| Problem::Sealed { reference: reference.to_owned(), offer };
    let mut found = app.store.projection_by_reference(reference).await?;
    for _ in 0..READ_AGAIN {
        let Some(row) = found else {
            return Err(if looks_like_one(reference) {
                sealed(access::may(signed.role, Permission::BreakGlass))
            } else {
                Problem::NotFound
            });
        };
        let at = app.now();
        // An opening that nobody of the unit can review is for every supervisor at once.
        let for_all = match permission {
            Permission::ReviewAccess => emergencies::as_of_all(app, signed, &row).await?,
            _ => None,
        };
        if for_all.is_none() && !access::may_on(signed, permission, &row, at) {
            return Err(refused(signed, permission, &row, at));
        }
        let Stands::Otherwise(said) = stands(app, &row, at).await? else {
            return Ok(Entered { row: Arc::new(for_all.unwrap_or(row)), at });
        };
        // Somebody may have written to it between the two readings.
        found = app.store.projection_by_reference(reference).await?;
        if found.as_ref() == Some(&row) {
            return Err(changed_outside(signed, permission, &row, said.as_deref(), at));
        }
    }
    Err(Problem::internal(format_args!("{reference} is written to faster than it can be read")))
}

fn refused(signed: &Signed, permission: Permission, row: &ProjectionRow, at: Timestamp) -> Problem {
    tracing::warn!(user = %signed.id, report = %row.report_id, action = permission.word(), "refused");
    let may = |permission| access::may_on(signed, permission, row, at);
    if may(access::listed_for(signed.role)) {
        Problem::Forbidden
    } else {
        Problem::Sealed { reference: row.reference.clone(), offer: may(Permission::BreakGlass) }
    }
}

/// The row is not what the events say, and lets nobody in. Whoever runs the program is told; the visitor only where the events
/// would have let them in, because for everybody else there is no such report.
fn changed_outside(
    signed: &Signed,
    permission: Permission,
    row: &ProjectionRow,
    said: Option<&ProjectionRow>,
    at: Timestamp,
) -> Problem {
    tracing::error!(
        user = %signed.id, report = %row.report_id, reference = row.reference, action = permission.word(),
        "the row of a report was changed outside Waymark: it lets nobody in. waymark audit verify --config says what differs"
    );
    let offer = access::may(signed.role, Permission::BreakGlass);
    let Some(said) = said else {
        return Problem::Sealed { reference: row.reference.clone(), offer };
    };
    if access::may_on(signed, permission, said, at) {
        Problem::ReportChangedOutside
    } else {
        refused(signed, permission, &ProjectionRow { reference: row.reference.clone(), ..said.clone() }, at)
    }
}

/// A look at a report that has to be in the log before anything is shown.
#[derive(Debug)]
pub struct Look {
    report: StreamId,
    session: TokenHash,
    access: AccessEntry,
    lasting: Option<Chosen>,
}

/// The look that somebody is about to have. Nothing when nobody knows yet why they look: they have to be asked.
pub fn look(app: &App, signed: &Signed, permission: Permission, entered: &Entered) -> Option<Look> {
    let row = &entered.row;
    let known = purpose::known(signed, permission, row, entered.at);
    let (purpose, reason) = match known {
        Some(purpose) => (purpose, String::new()),
        None => {
            let chosen = app.purposes.of(&signed.session, &row.report_id)?;
            (chosen.purpose.says(), chosen.reason)
        }
    };
    Some(Look { lasting: known.and_then(purpose::lasting), ..look_for(signed, entered, purpose, reason) })
}

/// The look that somebody has for a purpose they just gave.
pub fn look_for(signed: &Signed, entered: &Entered, purpose: &str, reason: String) -> Look {
    let row = &entered.row;
    let has_reason = !reason.is_empty();
    Look {
        report: row.report_id.clone(),
        session: signed.session,
        lasting: None,
        access: AccessEntry {
            kind: AccessKind::ReportOpened.word().to_owned(),
            op: Operation::Consult,
            stream: Some(row.report_id.clone()),
            actor: signed.id.clone(),
            purpose: purpose.to_owned(),
            // What somebody typed is encrypted, and never part of the purpose.
            reason: has_reason.then_some(reason),
            at: entered.at,
            repeats: !has_reason,
        },
    }
}

/// Notes a look. When this fails, nothing may be shown.
///
/// # Errors
/// What the store says.
pub async fn note(app: &App, look: Look) -> Result<(), Problem> {
    app.store.note_access(look.access.clone()).await?;
    remember(app, look);
    Ok(())
}

/// Notes a look, and appends in the same commit.
///
/// # Errors
/// What the store says of the look: then nothing may be shown.
pub(super) async fn note_and_append(
    app: &App,
    look: Look,
    together: Vec<Append>,
    key: Option<String>,
) -> Result<Result<Vec<Appended>, AppendError>, Problem> {
    let access = look.access.clone();
    let (_, appended) = app.store.append_all_noting(access, together, key).await?;
    remember(app, look);
    Ok(appended)
}

/// What a look that is in the log now changes about those to come.
fn remember(app: &App, look: Look) {
    let has_reason = look.access.reason.is_some();
    if let Some(lasting) = look.lasting {
        app.purposes.choose(&look.session, &look.report, lasting);
    }
    if has_reason {
        app.purposes.noted(&look.session, &look.report);
    }
}

/// Notes that somebody was refused a page of a report, also where there is none of that reference: it
/// takes as long, and whoever tries one after the other is seen.
///
/// # Errors
/// What the store says.
pub async fn note_refused(app: &App, signed: &Signed, reference: &str, why: &'static str) -> Result<(), Problem> {
    let row = app.store.projection_by_reference(reference).await?;
    let access = AccessEntry {
        kind: AccessKind::ReportRefused.word().to_owned(),
        op: Operation::Consult,
        stream: row.map(|row| row.report_id),
        actor: signed.id.clone(),
        purpose: why.to_owned(),
        reason: None,
        at: app.now(),
        repeats: true,
    };
    app.store.note_access(access).await?;
    Ok(())
}

/// Why somebody is refused, as the log has it; nothing where it is something else that went wrong.
pub fn why_refused(problem: &Problem) -> Option<&'static str> {
    match problem {
        Problem::Sealed { .. } => Some("Refused: it is not open to them"),
        Problem::Forbidden => Some("Refused: it is not theirs to do"),
        Problem::ReportChangedOutside => Some("Refused: its row was changed outside Waymark"),
        _ => None,
    }
}

/// [`admit`] for what is no door of a route; a refusal is noted as it is there.
///
/// # Errors
/// As for [`admit`].
pub(super) async fn admit_or_note(
    app: &App,
    signed: &Signed,
    permission: Permission,
    reference: &str,
) -> Result<Entered, Problem> {
    let admitted = admit(app, signed, permission, reference).await;
    if let Some(why) = admitted.as_ref().err().and_then(why_refused) {
        note_refused(app, signed, reference, why).await?;
    }
    admitted
}

/// Another report than the one of the page, for a purpose the page knows.
///
/// # Errors
/// As for [`admit`]; a refusal is in the log.
pub async fn open_other(
    app: &App,
    signed: &Signed,
    permission: Permission,
    reference: &str,
    purpose: &str,
) -> Result<Opened, Problem> {
    open_other_if(app, signed, permission, (reference, purpose), |_| true).await
}

/// The same, where there is something in it that the page may show; else it is as if it were not there, and nobody has looked
/// at it.
///
/// # Errors
/// As for [`open_other`].
pub async fn open_other_if(
    app: &App,
    signed: &Signed,
    permission: Permission,
    (reference, purpose): (&str, &str),
    shows: impl FnOnce(&Opened) -> bool,
) -> Result<Opened, Problem> {
    let entered = admit_or_note(app, signed, permission, reference).await?;
    let opened = load(app, &entered.row.report_id).await?;
    if !shows(&opened) {
        return Err(Problem::NotFound);
    }
    app.store.note_access(look_for(signed, &entered, purpose, String::new()).access).await?;
    Ok(opened)
}

/// `WM-2026-000123`.
pub fn looks_like_one(reference: &str) -> bool {
    let mut parts = reference.split('-');
    let digits = |part: Option<&str>, count: usize| {
        part.is_some_and(|part| part.len() >= count && part.len() <= 12 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    parts.next() == Some("WM") && digits(parts.next(), 4) && digits(parts.next(), 6) && parts.next().is_none()
}
