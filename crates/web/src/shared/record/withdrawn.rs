//! What was withdrawn, in words, and the page for whoever comes to withdraw or to change something that a colleague has withdrawn
//! meanwhile.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use report::{Thing, Withdrawal};

use super::{Opened, report_frame};
use crate::routes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Answer, Problem, page};
use crate::shared::time;
use crate::shared::ui::{Asks, SummaryList};
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
    /// Whoever comes here wanted to withdraw it, and to change nothing.
    to_withdraw: bool,
    /// What the officer wrote; nothing where the page was only opened, or nothing was written.
    written: Option<SummaryList>,
    on: Link,
}

/// What somebody came for to an entry that a colleague has withdrawn meanwhile.
pub enum Came<'a> {
    /// To withdraw it, with the form where one was sent.
    ToWithdraw(Option<&'a Form>),
    /// To the page where it is changed.
    ToLook,
    /// With that page filled in: see [`written`].
    ToChange(Option<SummaryList>),
}

impl Came<'_> {
    /// To the page where it is changed, or with what was `sent` from it: see [`written`].
    pub fn to_change(sent: Option<&Form>, held: &Form, fields: &[&dyn Asks]) -> Self {
        sent.map_or(Self::ToLook, |sent| Self::ToChange(written(sent, held, fields)))
    }
}

/// What was written on a page, field by field, of what is not as it was `held` before; nothing where that is all.
pub fn written(sent: &Form, held: &Form, fields: &[&dyn Asks]) -> Option<SummaryList> {
    let mut written = None;
    for field in fields {
        let words = field.words(sent.all(field.name()));
        if !words.trim().is_empty() && words != field.words(held.all(field.name())) {
            let list: SummaryList = written.unwrap_or_default();
            written = Some(list.row(field.label(), words));
        }
    }
    written
}

/// For a page about somebody or something that is not in the report, or not any more: that it was withdrawn meanwhile.
///
/// # Errors
/// It never was there.
pub fn gone(frame: Frame, opened: &Opened, thing: Option<Thing>, came: Came<'_>) -> Answer {
    let thing = thing.ok_or(Problem::NotFound)?;
    let how = opened.report.withdrawal(&thing).ok_or(Problem::NotFound)?;
    let name = match &thing {
        Thing::Person(id) => opened.person_name(id.as_str()),
        Thing::Device(id) => opened.device_name(id.as_str()),
        Thing::Place(id) => {
            let mut places = opened.report.places.iter();
            let place = places.find(|place| place.id == *id);
            place.map(|place| place.address.clone()).unwrap_or_default()
        }
        Thing::Account(_) | Thing::Reference(_) | Thing::Link(_) => return Err(Problem::NotFound),
    };
    let on = Link { href: routes::involved(opened.reference()), text: "Who and what is involved".to_owned() };
    Ok(withdrawn_page(frame, opened, (&name, &how), on, came))
}

/// Like [`gone`], for a page about the person whom an address calls so.
///
/// # Errors
/// They never were there.
pub fn person_gone(frame: Frame, opened: &Opened, id: &str, came: Came<'_>) -> Answer {
    gone(frame, opened, id.parse().ok().map(Thing::Person), came)
}

/// It was withdrawn already: by whom, when and why, and the way on. Nothing is recorded; what was written, if anything was sent, is
/// shown.
pub fn withdrawn_page(
    frame: Frame,
    opened: &Opened,
    (name, how): (&str, &Withdrawal<'_>),
    on: Link,
    came: Came<'_>,
) -> Response {
    let was_sent = matches!(came, Came::ToWithdraw(Some(_)) | Came::ToChange(_));
    let shown = Withdrawn {
        name: name.to_owned(),
        by: by_whom(how),
        reason: how.reason.to_owned(),
        to_withdraw: matches!(came, Came::ToWithdraw(_)),
        written: match came {
            Came::ToWithdraw(Some(sent)) if sent.has("reason") => {
                Some(SummaryList::new().row("Reason", sent.text("reason").trim()))
            }
            Came::ToChange(written) => written,
            Came::ToWithdraw(_) | Came::ToLook => None,
        },
        frame: report_frame(frame.with(Mistakes::new()), opened).back_to(&on.href),
        on,
    };
    match was_sent {
        true => (StatusCode::CONFLICT, page(false, &shown)).into_response(),
        false => page(false, &shown),
    }
}
