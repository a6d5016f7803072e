//! Withdrawing somebody or something entered by mistake. It is kept, and shown as withdrawn.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::{Added, Command, Link, Thing};

use super::involved::account_name;
use super::linked::{other, words};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Acted, Opened, report_frame};
use crate::shared::ui::Textarea;
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "reports/withdraw.html")]
struct Withdraw {
    frame: Frame,
    name: String,
    reason: Textarea,
}

/// The thing and what it is called, if it is in the report.
fn find(opened: &Opened, kind: &str, id: &str) -> Result<(Thing, String), Problem> {
    let report = &opened.report;
    let found = match kind {
        "people" => report
            .person(id)
            .map(|person| (Thing::Person(person.id.clone()), person.label())),
        "places" => report
            .place(id)
            .map(|place| (Thing::Place(place.id.clone()), place.address.clone())),
        "devices" => report
            .device(id)
            .map(|device| (Thing::Device(device.id.clone()), opened.device_name(id))),
        "accounts" => standing(&report.accounts, id)
            .map(|(number, account)| (Thing::Account(number), account_name(account))),
        "references" => standing(&report.references, id)
            .map(|(number, other)| (Thing::Reference(number), other.reference.clone())),
        "links" => standing(&report.links, id)
            .map(|(number, link)| (Thing::Link(number), format!("the link, {}", words(link)))),
        _ => None,
    };
    found.ok_or(Problem::NotFound)
}

/// One that was not withdrawn yet, by its number.
fn standing<'a, T>(all: &'a [Added<T>], number: &str) -> Option<(u64, &'a T)> {
    let number = number.parse().ok()?;
    let mut standing = all.iter().filter(|one| one.withdrawn.is_none());
    let found = standing.find(|one| one.number == number)?;
    Some((number, &found.what))
}

fn draw(frame: Frame, opened: &Opened, name: String, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let shown = Withdraw {
        name,
        reason: Textarea::new("reason", "Why is it withdrawn?")
            .hint("Such as: entered twice.")
            .rows(3)
            .sent(form, &mistakes),
        frame: report_frame(frame, opened).back_to(routes::involved(opened.reference())),
    };
    page(!mistakes.none(), &shown)
}

/// Asks why.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, kind, id)): Path<(String, String, String)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let (_, name) = find(&opened, &kind, &id)?;
    Ok(draw(frame, &opened, name, &Form::default()))
}

/// Withdraws it.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, kind, id)): Path<(String, String, String)>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let (what, name) = find(&opened, &kind, &id)?;
    let reason = form.text("reason").to_owned();
    let shown = opened.clone();
    if let Thing::Link(link) = what {
        let mut mistakes = Mistakes::new();
        let withdrawn = unlink(&app, &signed, opened, link, &form, &mut mistakes).await?;
        return match withdrawn {
            Some(Ok(())) => go(&routes::linked(&reference)),
            Some(Err(acted)) => Ok(draw(frame.with(acted.mistakes()?), &shown, name, &form)),
            None => Ok(draw(frame.with(mistakes), &shown, name, &form)),
        };
    }
    let command = Command::WithdrawEntry { what, reason };
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(after) => super::changed::on(&after, shown.version, &routes::involved(&reference)),
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &shown, name, &form)),
    }
}

/// Withdraws a link in both of the reports that it joins, or in neither. Nothing where the other one is not open to this officer:
/// it would go on saying that the two belong together.
async fn unlink(
    app: &App,
    signed: &Signed,
    opened: Opened,
    number: u64,
    form: &Form,
    mistakes: &mut Mistakes,
) -> Result<Option<Result<(), Acted>>, Problem> {
    let mut links = opened.report.links.iter();
    let link = links.find(|link| link.number == number);
    let link = link
        .map(|link| link.what.clone())
        .ok_or(Problem::NotFound)?;
    let Some(other) = other(app, signed, ("reason", &link.reference), mistakes).await? else {
        return Ok(None);
    };
    let reason = form.text("reason");
    let withdraw = |number| Command::WithdrawEntry {
        what: Thing::Link(number),
        reason: reason.to_owned(),
    };
    let (key, here) = (form.digest(), withdraw(number));
    let withdrawn = match back(&other, &opened, &link) {
        Some(there) => {
            let there = (other, withdraw(there));
            record::act_on_both(app, &signed.actor()?, (opened, here), there, &key).await
        }
        None => record::act(app, signed, opened, here, &key).await,
    };
    Ok(Some(withdrawn.map(drop)))
}

/// The number in the other report of what it says of this one.
fn back(other: &Opened, here: &Opened, link: &Link) -> Option<u64> {
    let mut links = other.report.links.iter();
    let says_so = links.find(|there| {
        let is_this = Some(&there.what.report) == here.report.id.as_ref();
        is_this && there.what.kind == link.kind && there.withdrawn.is_none()
    });
    says_so.map(|there| there.number)
}
