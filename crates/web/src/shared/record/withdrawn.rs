//! What was withdrawn, in words, and the page for whoever comes to withdraw something that a colleague has withdrawn meanwhile.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use report::Withdrawal;

use super::{Opened, report_frame};
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::{Frame, Link};
use crate::shared::page::page;
use crate::shared::time;
use crate::shared::visit::Signed;

/// Why, by whom and when, in a line.
pub fn withdrawal_words(how: &Withdrawal<'_>) -> String {
    format!("{} ({})", how.reason, by_whom(how))
}

fn by_whom(how: &Withdrawal<'_>) -> String {
    let when = time::moment(how.at);
    format!("withdrawn by {}, {when}", how.by.name)
}

/// Is it this very form, sent a second time by whoever has withdrawn it with it?
pub fn withdrawn_by_this(how: &Withdrawal<'_>, signed: &Signed, sent: &Form) -> bool {
    how.by.id.as_str() == signed.id.as_str() && how.reason == sent.text("reason").trim()
}

#[derive(Template)]
#[template(path = "reports/withdrawn.html")]
struct Withdrawn {
    frame: Frame,
    /// What it is called.
    name: String,
    /// By whom and when.
    by: String,
    reason: String,
    /// What the officer wrote; empty where the page was only opened.
    written: String,
    on: Link,
}

/// It was withdrawn already: by whom, when and why, and the way on. Nothing is recorded a second time; what was written, if
/// anything was `sent`, is shown.
pub fn withdrawn_page(
    frame: Frame,
    opened: &Opened,
    (name, how): (&str, &Withdrawal<'_>),
    on: Link,
    sent: Option<&Form>,
) -> Response {
    let shown = Withdrawn {
        name: name.to_owned(),
        by: by_whom(how),
        reason: how.reason.to_owned(),
        written: sent.map_or_else(String::new, |sent| sent.text("reason").trim().to_owned()),
        frame: report_frame(frame.with(Mistakes::new()), opened).back_to(&on.href),
        on,
    };
    match sent {
        Some(_) => (StatusCode::CONFLICT, page(false, &shown)).into_response(),
        None => page(false, &shown),
    }
}
