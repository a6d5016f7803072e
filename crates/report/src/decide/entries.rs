//! People, places, devices and accounts.

use guidance::Value;

use super::start::stated;
use super::{Bodies, lines, required, required_line, settle};
use crate::command::{AddDevice, AddPerson};
use crate::event::{EventBody, Thing};
use crate::fact::SaidBy;
use crate::id::{DeviceId, FactName, PersonId, PlaceId, StatementId};
use crate::people::{Account, Authority, Identity};
use crate::refusal::{Refusal, Wrong};
use crate::state::Report;
use crate::text;
use crate::view::britain;

/// Most people and devices in one report: what the engine proves its advice for.
const MOST: usize = 60;
/// The oldest that the contract takes, in years.
const OLDEST: i16 = 120;
/// Most telephone numbers, addresses or bodies of one person.
const MOST_OF_ONE: usize = 20;

fn known(report: &Report, person: &PersonId, wrongs: &mut Vec<Wrong>) {
    if report.person(person.as_str()).is_none() {
        wrongs.push(Wrong::new("person", "That person is not in this report. Add them first"));
    }
}

pub(super) fn add_person(report: &Report, add: AddPerson) -> Bodies {
    let mut wrongs = Vec::new();
    guard_identity(report, &add.identity, &mut wrongs);
    guard_name(report, None, &add.identity, &mut wrongs);
    if report.people.len() >= MOST {
        wrongs.push(Wrong::new("", format!("A report can hold {MOST} people. Start a linked report for the others")));
    }
    settle(wrongs)?;
    let Some(person) = report.next_person() else {
        return Err(Refusal::not_allowed("No more people can be added to this report. Start a linked report"));
    };
    let mut bodies = vec![EventBody::PersonAdded { person: person.clone(), carried_from: None }];
    if add.identity != Identity::default() {
        bodies.push(EventBody::IdentityStated { person: person.clone(), identity: add.identity });
    }
    let names = add.facts.into_iter().map(|(name, value)| (FactName::person(&person, &name).map_err(|_| name), value));
    bodies.extend(first_answers(report, names)?);
    Ok(bodies)
}

/// Answers given while somebody or something is added, numbered after the statements there are.
fn first_answers(report: &Report, answers: impl Iterator<Item = (Result<FactName, String>, Value)>) -> Bodies {
    let mut bodies = Vec::new();
    let mut wrongs = Vec::new();
    let StatementId(mut number) = report.next_statement();
    for (fact, value) in answers {
        match fact {
            Ok(fact) => {
                bodies.push(stated(StatementId(number), fact, value, SaidBy::Police, String::new()));
                number = number.saturating_add(1);
            }
            Err(name) => {
                wrongs.push(Wrong::new(name, "This question is not in the guidance. Choose one that is asked"))
            }
        }
    }
    settle(wrongs)?;
    Ok(bodies)
}

fn guard_identity(report: &Report, identity: &Identity, wrongs: &mut Vec<Wrong>) {
    let reported_on = report.reported_at.map(|at| at.to_zoned_datetime(britain()).date());
    if let (Some(born), Some(reported_on)) = (identity.date_of_birth, reported_on)
        && (born > reported_on || born.year() < reported_on.year() - OLDEST)
    {
        let says =
            "This date of birth is after the day of the report, or more than 120 years before it. Check the year";
        wrongs.push(Wrong::new("date_of_birth", says));
    }
    let single = [
        ("given_names", &identity.given_names),
        ("family_name", &identity.family_name),
        ("known_as", &identity.known_as),
        ("gender", &identity.gender),
        ("school", &identity.school),
        ("needs", &identity.needs),
        ("ethnicity", &identity.ethnicity),
        ("responsible_adults", &identity.responsible_adults),
    ];
    lines(single, wrongs);
    for (field, many) in
        [("phones", &identity.phones), ("emails", &identity.emails), ("addresses", &identity.addresses)]
    {
        if many.len() > MOST_OF_ONE {
            wrongs.push(Wrong::new(field, format!("Enter {MOST_OF_ONE} at most")));
        }
        lines(many.iter().map(|one| (field, one)), wrongs);
    }
    wrongs.extend(text::check("notes", &identity.notes).err());
    // Neither could ever be found again, nor used.
    if identity.phones.iter().any(|phone| !phone.bytes().any(|b| b.is_ascii_digit())) {
        wrongs.push(Wrong::new("phones", "Enter a telephone number with digits, or put this in the notes"));
    }
    let is_address = |email: &str| email.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty());
    if identity.emails.iter().any(|email| !is_address(email)) {
        wrongs.push(Wrong::new(
            "emails",
            "Enter an email address with an @, like name@example.org. Enter account names under accounts",
        ));
    }
}

/// Two people under one name make every question about them read alike.
fn guard_name(report: &Report, person: Option<&PersonId>, identity: &Identity, wrongs: &mut Vec<Wrong>) {
    let given = format!("{} {}", identity.given_names, identity.family_name);
    let name = [identity.known_as.trim(), given.trim()].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let name = name.to_lowercase();
    let others = report.people.iter().filter(|other| other.withdrawn.is_none() && Some(&other.id) != person);
    let mut named = others.filter(|other| other.label().to_lowercase() == name);
    if let Some(other) = named.next().filter(|_| !name.is_empty()) {
        let says = format!(
            "Somebody in this report is called {} already. If it is the same person, use that entry. If not, add what tells them apart, such as a letter or the age",
            other.label()
        );
        wrongs.push(Wrong::new("known_as", says));
    }
}

pub(super) fn state_identity(report: &Report, person: PersonId, identity: Identity) -> Bodies {
    let mut wrongs = Vec::new();
    known(report, &person, &mut wrongs);
    guard_identity(report, &identity, &mut wrongs);
    guard_name(report, Some(&person), &identity, &mut wrongs);
    settle(wrongs)?;
    let same = report.person(person.as_str()).is_some_and(|p| p.identity == identity);
    if same { Ok(Vec::new()) } else { Ok(vec![EventBody::IdentityStated { person, identity }]) }
}

pub(super) fn state_authorities(report: &Report, person: PersonId, authorities: Vec<Authority>) -> Bodies {
    let mut wrongs = Vec::new();
    known(report, &person, &mut wrongs);
    if authorities.len() > MOST_OF_ONE {
        wrongs.push(Wrong::new("authorities", format!("Enter {MOST_OF_ONE} at most")));
    }
    for authority in &authorities {
        required_line("authority", &authority.name, "Enter the name of the body", &mut wrongs);
        lines([("authority_reference", &authority.reference)], &mut wrongs);
    }
    settle(wrongs)?;
    let same = report.person(person.as_str()).is_some_and(|p| p.authorities == authorities);
    if same { Ok(Vec::new()) } else { Ok(vec![EventBody::AuthoritiesStated { person, authorities }]) }
}

fn guard_place(address: &str, why: &String, wrongs: &mut Vec<Wrong>) {
    required_line("address", address, "Enter the address, or say in words which place it is", wrongs);
    lines([("why", why)], wrongs);
}

pub(super) fn add_place(report: &Report, address: String, why: String) -> Bodies {
    let mut wrongs = Vec::new();
    guard_place(&address, &why, &mut wrongs);
    if report.places.len() >= MOST {
        wrongs.push(Wrong::new("", format!("A report can hold {MOST} places")));
    }
    settle(wrongs)?;
    let Some(place) = report.next_place() else {
        return Err(Refusal::not_allowed("No more places can be added to this report"));
    };
    Ok(vec![EventBody::PlaceAdded { place: place.clone() }, EventBody::PlaceStated { place, address, why }])
}

pub(super) fn state_place(report: &Report, place: PlaceId, address: String, why: String) -> Bodies {
    let mut wrongs = Vec::new();
    guard_place(&address, &why, &mut wrongs);
    let before = report.place(place.as_str());
    if before.is_none() {
        wrongs.push(Wrong::new("place", "That place is not in this report. Add it first"));
    }
    settle(wrongs)?;
    let same = before.is_some_and(|p| p.address == address && p.why == why);
    if same { Ok(Vec::new()) } else { Ok(vec![EventBody::PlaceStated { place, address, why }]) }
}

pub(super) fn add_device(report: &Report, add: AddDevice) -> Bodies {
    let mut wrongs = Vec::new();
    required_line(
        "label",
        &add.label,
        "Say what the device is, such as: black phone with a cracked screen",
        &mut wrongs,
    );
    lines([("whereabouts", &add.whereabouts)], &mut wrongs);
    if report.devices.len() >= MOST {
        wrongs.push(Wrong::new("", format!("A report can hold {MOST} devices")));
    }
    for person in &add.used_or_owned_by {
        if report.person(person.as_str()).is_none() {
            wrongs
                .push(Wrong::new("used_or_owned_by", format!("Person {person} is not in this report. Add them first")));
        }
    }
    settle(wrongs)?;
    let Some(device) = report.next_device() else {
        return Err(Refusal::not_allowed("No more devices can be added to this report"));
    };
    let users = Value::Words(add.used_or_owned_by.iter().map(|p| p.as_str().to_owned()).collect());
    let answers = std::iter::once(("used_or_owned_by".to_owned(), users)).chain(add.facts);
    let named = answers.map(|(name, value)| (FactName::device(&device, &name).map_err(|_| name), value));
    let mut bodies = vec![
        EventBody::DeviceAdded { device: device.clone() },
        EventBody::DeviceStated { device: device.clone(), label: add.label, whereabouts: add.whereabouts },
    ];
    bodies.extend(first_answers(report, named)?);
    Ok(bodies)
}

pub(super) fn state_device(report: &Report, device: DeviceId, label: String, whereabouts: String) -> Bodies {
    let mut wrongs = Vec::new();
    required_line("label", &label, "Say what the device is, such as: black phone with a cracked screen", &mut wrongs);
    lines([("whereabouts", &whereabouts)], &mut wrongs);
    let before = report.device(device.as_str());
    if before.is_none() {
        wrongs.push(Wrong::new("device", "That device is not in this report. Add it first"));
    }
    settle(wrongs)?;
    let same = before.is_some_and(|d| d.label == label && d.whereabouts == whereabouts);
    if same { Ok(Vec::new()) } else { Ok(vec![EventBody::DeviceStated { device, label, whereabouts }]) }
}

pub(super) fn add_account(report: &Report, account: Account) -> Bodies {
    let mut wrongs = Vec::new();
    required_line("platform", &account.platform, "Enter the platform or app", &mut wrongs);
    required_line(
        "username",
        &account.username,
        "Enter the user name, or say what is known of the account",
        &mut wrongs,
    );
    wrongs.extend(text::check("note", &account.note).err());
    if let Some(person) = &account.person {
        known(report, person, &mut wrongs);
    }
    settle(wrongs)?;
    Ok(vec![EventBody::AccountAdded { account }])
}

pub(super) fn withdraw(report: &Report, what: Thing, reason: String) -> Bodies {
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why it is withdrawn. The entry is kept and shown as withdrawn", &mut wrongs);
    let here = match &what {
        Thing::Person(id) => report.person(id.as_str()).is_some(),
        Thing::Place(id) => report.place(id.as_str()).is_some(),
        Thing::Device(id) => report.device(id.as_str()).is_some(),
        Thing::Account(number) => report.accounts.iter().any(|a| a.number == *number && a.withdrawn.is_none()),
        Thing::Reference(number) => report.references.iter().any(|r| r.number == *number && r.withdrawn.is_none()),
        Thing::Link(number) => {
            let link = report.links.iter().find(|l| l.number == *number && l.withdrawn.is_none());
            if link.is_some_and(|link| report.ends_for(&link.what)) {
                return Err(Refusal::not_allowed(
                    "One of the two is to be ended, or was, because both have the same incident. Open it again or have that sent back first, then withdraw the link",
                ));
            }
            link.is_some()
        }
    };
    if !here {
        wrongs.push(Wrong::new("", "That entry is not in this report, or it is withdrawn already"));
    }
    settle(wrongs)?;
    Ok(vec![EventBody::EntryWithdrawn { what, reason }])
}
