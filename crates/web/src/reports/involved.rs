//! Who and what is in a report, on one page, each with the way to change it.

use askama::Template;
use guidance::Value;
use guidance::advice::{Class, Truth};
use report::matching::{Details, Party};
use report::{Account, Added, FactName, Thing};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, page};
use crate::shared::record::{self, OnReport, Opened, class_words, report_frame};
use crate::shared::ui::{Cell, Table};
use crate::shared::words::first_upper;

#[derive(Template)]
#[template(path = "reports/involved.html")]
struct Involved {
    frame: Frame,
    reference: String,
    may_add: bool,
    groups: Vec<Group>,
    withdrawn: Vec<String>,
}

struct Group {
    table: Table,
    none: &'static str,
    add: String,
    add_words: &'static str,
    /// What else there is to each.
    more: Vec<(String, String)>,
}

/// Everybody and everything.
pub async fn show(OnReport { frame, signed, reference, opened, .. }: OnReport) -> Answer {
    let may_add = signed.may(Permission::AddToReports);
    let may_withdraw = signed.may(Permission::Withdraw);
    let new = |kind: &str| routes::entry_new(&reference, kind);
    let group = |table, none, kind, add_words| Group { table, none, add: new(kind), add_words, more: Vec::new() };
    let mut groups = vec![
        group(people(&opened, may_add), "Nobody yet.", "people", "Add somebody"),
        group(places(&opened, may_add), "No places yet.", "places", "Add a place"),
        group(devices(&opened, may_add), "No devices yet.", "devices", "Add a device"),
        group(accounts(&opened, may_withdraw), "No accounts yet.", "accounts", "Add an account"),
        group(references(&opened, may_withdraw), "No references yet.", "references", "Add a reference"),
    ];
    let earlier = opened.people().map(|person| {
        let href = routes::earlier(&reference, person.id.as_str());
        (href, format!("Earlier involvement of {}", person.label()))
    });
    let reporter = Details::of_reporter(&opened.report).map(|_| {
        let name = opened.party_name(&Party::Reporter);
        let href = routes::earlier(&reference, record::REPORTER);
        (href, format!("Earlier involvement of {name}, reporting it"))
    });
    if let Some(people) = groups.first_mut() {
        people.more = earlier.chain(reporter).collect();
    }
    let shown =
        Involved { may_add, groups, withdrawn: withdrawn(&opened), frame: report_frame(frame, &opened), reference };
    Ok(page(false, &shown))
}

fn name(opened: &Opened, kind: &str, id: &str, words: String, may_add: bool) -> Cell {
    if may_add { Cell::link(words, routes::entry(opened.reference(), kind, id)) } else { Cell::text(words) }
}

/// Everybody: what they are called, age, part, role, and what the advice says of what they did.
pub fn people(opened: &Opened, may_add: bool) -> Table {
    let mut table = Table::new("People", &["Name", "Age then", "Part", "Role", "Class of own conduct"]);
    for person in opened.people() {
        let fact = |name: &str| {
            let fact = FactName::person(&person.id, name).ok()?;
            let value = opened.report.current(&fact).value?;
            Some(match value {
                Value::Years(years) => years.to_string(),
                value => opened.value_words(&fact, &value),
            })
        };
        let advice = opened.advice().persons.get(person.id.as_str());
        let did = advice.map_or("", |advice| class_words(advice.class));
        let harmed = advice.is_some_and(|advice| advice.harmed == Truth::Yes);
        let roles: Vec<&str> = person.shown_roles().iter().map(|role| role.says()).collect();
        table.row(vec![
            name(opened, "people", person.id.as_str(), person.label(), may_add),
            Cell::text(fact("age").unwrap_or_else(|| "Not asked yet".to_owned())),
            Cell::text(fact("part").unwrap_or_else(|| "Not asked yet".to_owned())),
            Cell::text(first_upper(&roles.join(", "))),
            Cell::text(match advice.map(|advice| advice.class) {
                Some(Class::Experimental) if harmed => "Nothing aggravating. Counts as harmed".to_owned(),
                _ if harmed => format!("{did}. Counts as harmed"),
                _ => did.to_owned(),
            }),
        ]);
    }
    table
}

fn places(opened: &Opened, may_add: bool) -> Table {
    let mut table = Table::new("Places", &["Place", "Why it matters"]);
    for place in opened.report.places.iter().filter(|place| place.withdrawn.is_none()) {
        table.row(vec![
            name(opened, "places", place.id.as_str(), place.address.clone(), may_add),
            Cell::text(&place.why),
        ]);
    }
    table
}

fn devices(opened: &Opened, may_add: bool) -> Table {
    let mut table = Table::new("Devices", &["Device", "Where it is", "Used or owned by", "Holds evidence"]);
    for device in opened.devices() {
        let fact = |name: &str| {
            let fact = FactName::device(&device.id, name).ok()?;
            let words = opened.report.current(&fact).value.map(|value| opened.value_words(&fact, &value));
            Some(words.unwrap_or_else(|| "Not asked yet".to_owned()))
        };
        let id = device.id.as_str();
        table.row(vec![
            name(opened, "devices", id, opened.device_name(id), may_add),
            Cell::text(&device.whereabouts),
            Cell::text(fact("used_or_owned_by").unwrap_or_default()),
            Cell::text(fact("holds_evidence").unwrap_or_default()),
        ]);
    }
    table
}

/// What an account is called.
pub fn account_name(account: &Account) -> String {
    format!("{} on {}", account.username, account.platform)
}

fn accounts(opened: &Opened, may_withdraw: bool) -> Table {
    let mut table = added("Accounts", ["Account", "Whose", "Note"], may_withdraw);
    for Added { number, what, .. } in standing(&opened.report.accounts) {
        let whose = what.person.as_ref().map_or_else(|| "Not known".to_owned(), |id| opened.person_name(id.as_str()));
        let mut row = vec![Cell::text(account_name(what)), Cell::text(whose), Cell::text(&what.note)];
        row.extend(may_withdraw.then(|| withdraw(opened, "accounts", *number, &what.username)));
        table.row(row);
    }
    table
}

fn references(opened: &Opened, may_withdraw: bool) -> Table {
    let mut table = added("References", ["Reference", "Kind", "About"], may_withdraw);
    for Added { number, what, .. } in standing(&opened.report.references) {
        let mut row =
            vec![Cell::text(&what.reference), Cell::text(first_upper(what.kind.says())), Cell::text(&what.note)];
        row.extend(may_withdraw.then(|| withdraw(opened, "references", *number, &what.reference)));
        table.row(row);
    }
    table
}

/// A table of what has no page of its own: where it was entered wrongly it is withdrawn from here.
fn added(title: &'static str, heads: [&str; 3], may_withdraw: bool) -> Table {
    let heads = heads.into_iter().chain(may_withdraw.then_some("Entered wrongly"));
    Table::new(title, &heads.collect::<Vec<_>>())
}

fn standing<T>(all: &[Added<T>]) -> impl Iterator<Item = &Added<T>> {
    all.iter().filter(|one| one.withdrawn.is_none())
}

fn withdraw(opened: &Opened, kind: &str, number: u64, name: &str) -> Cell {
    let href = routes::withdraw(opened.reference(), kind, &number.to_string());
    Cell::link(format!("Withdraw {name}"), href)
}

/// Everything withdrawn here, each with why, by whom and when.
fn withdrawn(opened: &Opened) -> Vec<String> {
    let report = &opened.report;
    let people = report.people.iter();
    let people = people.map(|p| (Thing::Person(p.id.clone()), p.label()));
    let places = report.places.iter();
    let places = places.map(|p| (Thing::Place(p.id.clone()), p.address.clone()));
    let devices = report.devices.iter();
    let devices = devices.map(|d| (Thing::Device(d.id.clone()), opened.device_name(d.id.as_str())));
    let accounts = report.accounts.iter();
    let accounts = accounts.map(|a| (Thing::Account(a.number), account_name(&a.what)));
    let references = report.references.iter();
    let references = references.map(|r| (Thing::Reference(r.number), r.what.reference.clone()));
    let all = people.chain(places).chain(devices);
    let all = all.chain(accounts).chain(references);
    all.filter_map(|(thing, name)| {
        let how = report.withdrawal(&thing)?;
        Some(format!("{name}: {}", record::withdrawal_words(&how)))
    })
    .collect()
}
