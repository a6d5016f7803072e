//! Saying why one opens a report, before anything of it is shown.

use axum::extract::{Path, State};
use report::Wrong;

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::held::{SendHeld, read_held};
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::purpose::{self, Chosen, LONGEST_REASON, Purpose};
use crate::shared::record::{self, Entered};
use crate::shared::visit::Signed;

/// The page, for a report.
pub async fn show(frame: Frame, signed: Signed, InAddress(query): InAddress) -> Answer {
    draw(frame, &signed, Permission::ReadReports, &query)
}

/// The page, for the log of a report.
pub async fn show_log(frame: Frame, signed: Signed, InAddress(query): InAddress) -> Answer {
    draw(frame, &signed, Permission::ReadAudit, &query)
}

fn draw(frame: Frame, signed: &Signed, permission: Permission, form: &Form) -> Answer {
    let entered = signed.entered.as_ref().ok_or(Problem::Forbidden)?;
    Ok(purpose::ask(frame, signed, &entered.row, permission, form))
}

/// Remembers why, and goes on.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    choose(&app, frame, &signed, Permission::ReadReports, &reference, &form).await
}

/// Remembers why somebody reads the log, and goes on.
pub async fn submit_log(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    choose(&app, frame, &signed, Permission::ReadAudit, &reference, &form).await
}

async fn choose(
    app: &App,
    frame: Frame,
    signed: &Signed,
    permission: Permission,
    reference: &str,
    form: &Form,
) -> Answer {
    let entered = signed.entered.as_ref().ok_or(Problem::Forbidden)?;
    let mut mistakes = Mistakes::new();
    let offered = Purpose::of(signed.role);
    let missing = match permission {
        Permission::ReadAudit => "Select why you look at who opened it",
        _ => "Select why you are opening it",
    };
    let purpose = mistakes
        .choice(form, "purpose", missing, |sent| offered.iter().copied().find(|purpose| purpose.word() == sent));
    let words = purpose == Some(Purpose::Other) || purpose::needs_words(signed, &entered.row);
    let reason = if words {
        mistakes.line(form, "reason", "Say in a line what you need it for")
    } else {
        mistakes.optional_line(form, "reason")
    };
    if reason.chars().count() > LONGEST_REASON && mistakes.about("reason").is_none() {
        mistakes.add("reason", format!("Shorten it to {LONGEST_REASON} characters or fewer"));
    }
    if let Some(purpose) = purpose.filter(|_| mistakes.none())
        && let Err(wrong) = unnamed(app, signed, permission, entered, purpose, &reason).await?
    {
        mistakes.add(&wrong.field, wrong.says);
    }
    let (Some(purpose), true) = (purpose, mistakes.none()) else {
        return draw(frame.with(mistakes), signed, permission, form);
    };
    let chosen = Chosen { purpose, reason };
    app.purposes.choose(&signed.session, &entered.row.report_id, chosen);
    let to = on(reference, permission, form.text("next"));
    match read_held(form.exact("held")) {
        Some(fields) => Ok(page(false, &SendHeld { frame, says: "Why you look is noted.", to, fields })),
        None => go(&to),
    }
}

/// Whether the reason names nobody in the report. Only for whoever may read it, and to be told of a name in it is a look at it: otherwise
/// names could be tried here without a trace.
async fn unnamed(
    app: &App,
    signed: &Signed,
    permission: Permission,
    entered: &Entered,
    purpose: Purpose,
    reason: &str,
) -> Result<Result<(), Wrong>, Problem> {
    if reason.is_empty() || permission != Permission::ReadReports {
        return Ok(Ok(()));
    }
    let opened = record::open(app, signed, &entered.row.reference).await?;
    let unnamed = opened.report.without_names("reason", reason);
    if unnamed.is_err() {
        let look = record::look_for(signed, entered, purpose.says(), String::new());
        record::note(app, look).await?;
    }
    Ok(unnamed)
}

/// A page of this report and nothing else.
fn on(reference: &str, permission: Permission, next: &str) -> String {
    let report = routes::report(reference);
    let below = next.strip_prefix(&report).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let plain = next.len() <= 500 && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if below && plain {
        next.to_owned()
    } else if permission == Permission::ReadAudit {
        routes::looked_at(reference)
    } else {
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        let report = "/reports/WM-2026-000001";
        for (next, to) in [
            ("/reports/WM-2026-000001/answers?x=1", None),
            ("/reports/WM-2026-000001?saved=1", None),
            ("/reports/WM-2026-0000012", Some(report)),
            ("//example.org", Some(report)),
            ("https://example.org/reports/WM-2026-000001", Some(report)),
            ("/reports/WM-2026-000001/\\x", Some(report)),
            ("", Some(report)),
        ] {
            let went = on("WM-2026-000001", Permission::ReadReports, next);
            assert_eq!(went, to.unwrap_or(next), "{next}");
        }
    }
}
