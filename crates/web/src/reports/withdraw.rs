//! Withdrawing somebody or something entered by mistake. It is kept, and shown as withdrawn.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::{Added, Command, Link as Linked, Thing};

use super::involved::account_name;
use super::linked::{other, words};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Acted, Came, OnReport, Opened, report_frame, withdrawn_by_this, withdrawn_page};
use crate::shared::ui::Textarea;
use crate::shared::visit::Signed;
use crate::shared::words::first_upper;

#[derive(Template)]
#[template(path = "reports/withdraw.html")]
struct Withdraw {
    frame: Frame,
    name: String,
    reason: Textarea,
}

/// The thing and what it is called, if it is in the report, withdrawn or not.
fn find(opened: &Opened, kind: &str, id: &str) -> Result<(Thing, String), Problem> {
    let report = &opened.report;
    let found = match kind {
        "people" => {
            let person = report.people.iter().find(|one| one.id.as_str() == id);
            person.map(|person| (Thing::Person(person.id.clone()), person.label()))
        }
        "places" => {
            let place = report.places.iter().find(|one| one.id.as_str() == id);
            place.map(|place| (Thing::Place(place.id.clone()), place.address.clone()))
        }
        "devices" => {
            let device = report.devices.iter().find(|one| one.id.as_str() == id);
            device.map(|device| (Thing::Device(device.id.clone()), opened.device_name(id)))
        }
        "accounts" => {
            numbered(&report.accounts, id).map(|(number, account)| (Thing::Account(number), account_name(account)))
        }
        "references" => {
            numbered(&report.references, id).map(|(number, other)| (Thing::Reference(number), other.reference.clone()))
        }
        "links" => numbered(&report.links, id)
            .map(|(number, link)| (Thing::Link(number), format!("the link, {}", words(link)))),
        _ => None,
    };
    found.ok_or(Problem::NotFound)
}

/// One by its number.
fn numbered<'a, T>(all: &'a [Added<T>], number: &str) -> Option<(u64, &'a T)> {
    let number = number.parse().ok()?;
    let found = all.iter().find(|one| one.number == number)?;
    Some((number, &found.what))
}

/// The page that lists such things, and what is left of those withdrawn.
fn list(reference: &str, kind: &str) -> Link {
    let (href, text) = match kind {
        "links" => (routes::linked(reference), "Linked reports"),
        _ => (routes::involved(reference), "Who and what is involved"),
    };
    Link { href, text: text.to_owned() }
}

/// That it was withdrawn meanwhile, where it was.
fn withdrawn(
    frame: &Frame,
    opened: &Opened,
    (kind, thing, name): (&str, &Thing, &str),
    came: Came<'_>,
) -> Option<Response> {
    let how = opened.report.withdrawal(thing)?;
    // A user name or a reference is written as it is.
    let name = match thing {
        Thing::Link(_) => first_upper(name),
        _ => name.to_owned(),
    };
    let on = list(opened.reference(), kind);
    Some(withdrawn_page(frame.clone(), opened, (&name, &how), on, came))
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
    OnReport { frame, opened, .. }: OnReport,
    Path((_, kind, id)): Path<(String, String, String)>,
) -> Answer {
    let (thing, name) = find(&opened, &kind, &id)?;
    let already = withdrawn(&frame, &opened, (&kind, &thing, &name), Came::ToWithdraw(None));
    Ok(already.unwrap_or_else(|| draw(frame, &opened, name, &Form::default())))
}

/// Withdraws it.
pub async fn submit(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, kind, id)): Path<(String, String, String)>,
    form: Form,
) -> Answer {
    let (what, name) = find(&opened, &kind, &id)?;
    let how = opened.report.withdrawal(&what);
    if how.is_some_and(|how| withdrawn_by_this(&how, &signed, &form)) {
        return go(&list(&reference, &kind).href);
    }
    let came = || Came::ToWithdraw(Some(&form));
    if let Some(already) = withdrawn(&frame, &opened, (&kind, &what, &name), came()) {
        return Ok(already);
    }
    let shown = opened.clone();
    let mut mistakes = Mistakes::new();
    let done = match &what {
        Thing::Link(link) => unlink(&app, &signed, opened, *link, &form, &mut mistakes).await?,
        _ => {
            let reason = form.text("reason").to_owned();
            let what = what.clone();
            let command = Command::WithdrawEntry { what, reason };
            Some(record::act(&app, &signed, opened, command, &form.digest()).await)
        }
    };
    match done {
        Some(Ok(_)) if kind == "links" => go(&routes::linked(&reference)),
        Some(Ok(after)) => super::changed::on(&after, shown.version, &routes::involved(&reference)),
        Some(Err(acted)) => {
            // A colleague may have been quicker by less than the time it takes to send a form.
            let now = record::load(&app, &shown.stream).await?;
            let already = withdrawn(&frame, &now, (&kind, &what, &name), came());
            let mistakes = acted.mistakes()?;
            Ok(already.unwrap_or_else(|| draw(frame.with(mistakes), &shown, name, &form)))
        }
        None => Ok(draw(frame.with(mistakes), &shown, name, &form)),
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
) -> Result<Option<Result<Opened, Acted>>, Problem> {
    let mut links = opened.report.links.iter();
    let link = links.find(|link| link.number == number);
    let link = link.map(|link| link.what.clone()).ok_or(Problem::NotFound)?;
    let may = Permission::Withdraw;
    let Some(other) = other(app, signed, may, ("reason", &link.reference), mistakes).await? else {
        return Ok(None);
    };
    let reason = form.text("reason");
    let withdraw = |number| Command::WithdrawEntry { what: Thing::Link(number), reason: reason.to_owned() };
    let (key, here) = (form.digest(), withdraw(number));
    let withdrawn = match back(&other, &opened, &link) {
        Some(there) => {
            let there = (other, withdraw(there));
            record::act_on_both(app, &signed.actor()?, (opened, here), there, &key).await
        }
        None => record::act(app, signed, opened, here, &key).await,
    };
    Ok(Some(withdrawn))
}

/// The number in the other report of what it says of this one.
fn back(other: &Opened, here: &Opened, link: &Linked) -> Option<u64> {
    let mut links = other.report.links.iter();
    let says_so = links.find(|there| {
        let is_this = Some(&there.what.report) == here.report.id.as_ref();
        is_this && there.what.kind == link.kind && there.withdrawn.is_none()
    });
    says_so.map(|there| there.number)
}
