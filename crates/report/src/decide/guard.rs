//! What each kind of evidence needs before it is recorded.

use guidance::Pack;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::{lines, required, required_line};
use crate::actor::Context;
use crate::done::{LOCATION, duty_words};
use crate::evidence::{Acknowledgement, CheckEntry, CheckResult, ChildSeen, CrimeRecord, Evidence, SOMETHING_ELSE};
use crate::id::DutyId;
use crate::refusal::Wrong;
use crate::state::Report;
use crate::telling::{Telling, Then};
use crate::text;
use crate::view::britain;

pub(super) fn guard(
    report: &Report,
    pack: &Pack,
    context: &Context,
    duty: &DutyId,
    evidence: &Evidence,
    wrongs: &mut Vec<Wrong>,
) {
    match evidence {
        Evidence::Welfare { finding, children, action } => {
            required("finding", finding, "Say what you found", wrongs);
            required("action", action, "Say what you did, or that nothing was needed", wrongs);
            children.iter().for_each(|child| guard_seen(report, child, wrongs));
        }
        Evidence::Referral { to, at, reference, acknowledged, .. } => {
            required_line("to", to, "Enter whom it was sent to", wrongs);
            done_at("at", *at, report, context, wrongs);
            guard_their_reference(reference, wrongs);
            if let Some(acknowledged) = acknowledged {
                guard_acknowledgement(report, acknowledged, context, wrongs);
            }
        }
        Evidence::SteppedIn { what, by, at, words } => {
            if !duty_words(pack, duty).is_some_and(|duty| duty.step_in.iter().any(|offered| offered.value == *what)) {
                wrongs.push(Wrong::new("what", "Select what was done, from the list"));
            }
            required_line("by", by, "Enter who did it", wrongs);
            done_at("stepped_at", *at, report, context, wrongs);
            match what.as_str() {
                SOMETHING_ELSE => required("words", words, "Say what was done", wrongs),
                _ => wrongs.extend(text::check("words", words).err()),
            }
        }
        Evidence::Meeting { on, with, reference, .. } => {
            done_on("on", *on, report, wrongs);
            required_line("with", with, "Enter with whom the meeting is or was held", wrongs);
            lines([("reference", reference)], wrongs);
        }
        Evidence::Checks { entries, no_place } => guard_checks(report, pack, duty, (entries, no_place), wrongs),
        Evidence::Account { taken_by, at, setting, needs_met, body_worn_video, .. } => {
            required_line("taken_by", taken_by, "Enter who took the account", wrongs);
            done_at("at", *at, report, context, wrongs);
            required("setting", setting, "Say where it was taken and who was there", wrongs);
            required("needs_met", needs_met, "Say how the child's needs were met", wrongs);
            lines([("body_worn_video", body_worn_video)], wrongs);
        }
        Evidence::Told { who, by, telling, .. } => {
            guard_told(report, (who, by), telling, context, wrongs);
            guard_then(pack, duty, telling, wrongs);
        }
        Evidence::Signposting { who, at, services, declined, leaflet } => {
            required_line("who", who, "Enter to whom it was offered", wrongs);
            match at {
                Some(at) => done_at("at", *at, report, context, wrongs),
                None => wrongs.push(Wrong::new("at", "Say when it was offered")),
            }
            guard_services(pack, services, declined, *leaflet, wrongs);
        }
        Evidence::Removal { service, asked_by, on, reference, result } => {
            done_on("on", *on, report, wrongs);
            required_line("service", service, "Enter the platform or service that is asked", wrongs);
            required_line("asked_by", asked_by, "Enter who asks for the removal", wrongs);
            lines([("reference", reference)], wrongs);
            wrongs.extend(text::check("result", result).err());
        }
        Evidence::Crime { record } => guard_crime(report, record, wrongs),
        Evidence::Identify { note } => required("note", note, "Say what was done to find out who this is", wrongs),
        Evidence::Note { text } => required("text", text, "Say what was done", wrongs),
        Evidence::Decision(_) | Evidence::Form(_) => {}
    }
}

/// A child who was seen is in the report, and has been heard.
fn guard_seen(report: &Report, child: &ChildSeen, wrongs: &mut Vec<Wrong>) {
    let person = &child.person;
    if report.person(person.as_str()).is_none() {
        wrongs.push(Wrong::new("children", format!("Person {person} is not in this report. Add them first")));
    }
    let label = report.label(person.as_str());
    let said = format!("Say what {label} said and wants, in their words");
    required(&format!("voice.{person}"), &child.voice, &said, wrongs);
    let seemed = format!("Say how {label} seemed");
    required(&format!("demeanour.{person}"), &child.demeanour, &seemed, wrongs);
}

/// How many days before a report came in something may have been done for it. Somebody acts and reports it days later; what lies further
/// back was done for something else.
const DAYS_BEFORE_REPORT: i64 = 7;

/// Something is not done yet, or was done too long ago to have been done for this report.
fn done_at(field: &str, at: Timestamp, report: &Report, context: &Context, wrongs: &mut Vec<Wrong>) {
    if at > context.at {
        wrongs.push(Wrong::new(field, "This time is in the future. Enter when it was done"));
    }
    done_on(field, at.to_zoned_datetime(britain()).date(), report, wrongs);
}

fn done_on(field: &str, day: Date, report: &Report, wrongs: &mut Vec<Wrong>) {
    let earliest = report
        .reported_at
        .and_then(|reported| reported.to_zoned_datetime(britain()).date().checked_sub(DAYS_BEFORE_REPORT.days()).ok());
    if earliest.is_some_and(|earliest| day < earliest) {
        let says = format!(
            "This is more than {DAYS_BEFORE_REPORT} days before the report came in, so it does not show that it was done for this \
             report. If it is still true, check it again, enter when you checked, and write down the earlier day too"
        );
        wrongs.push(Wrong::new(field, says));
    }
}

/// What is written where a number was asked for and there is none, without spaces and signs.
const NO_NUMBER: &[&str] = &[
    "none",
    "no",
    "nil",
    "na",
    "notapplicable",
    "noreference",
    "nonegiven",
    "notgiven",
    "notyet",
    "notknown",
    "unknown",
    "tbc",
    "tba",
    "pending",
    "awaited",
];

/// Words that say that there is no number. They would count for one.
fn says_none(reference: &str) -> bool {
    let letters = reference.chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    !reference.trim().is_empty() && (plain.is_empty() || NO_NUMBER.contains(&plain.as_str()))
}

/// The reference that whoever took a referral gave, or nothing.
pub(super) fn guard_their_reference(reference: &str, wrongs: &mut Vec<Wrong>) {
    wrongs.extend(text::line("reference", reference).err());
    if says_none(reference) {
        let says = "This is not a reference. Leave it empty until they give you one; the task stays open until then";
        wrongs.push(Wrong::new("reference", says));
    }
}

fn guard_checks(
    report: &Report,
    pack: &Pack,
    duty: &DutyId,
    (entries, no_place): (&[CheckEntry], &str),
    wrongs: &mut Vec<Wrong>,
) {
    let knows_none = duty.subject() == Some(LOCATION) && report.places.iter().all(|p| p.withdrawn.is_some());
    if knows_none {
        required("no_place", no_place, "Add the places that matter first. If none is known yet, say why", wrongs);
    } else if !no_place.trim().is_empty() {
        wrongs.push(Wrong::new("no_place", "There is a place in this report. Check it, and leave this empty"));
    }
    if entries.is_empty() && !knows_none {
        wrongs.push(Wrong::new("", "Enter at least one system, with its reference or why it cannot be checked"));
    }
    let fields = report.matrix(pack, duty);
    for entry in entries {
        let place = entry.place.as_ref().map(|p| format!(".{p}")).unwrap_or_default();
        let name = format!("{}{place}", entry.system);
        if !fields.iter().any(|f| f.system == entry.system && f.place == entry.place) {
            wrongs.push(Wrong::new(
                &name,
                "This system is not checked for this person or place. Choose one from the list",
            ));
        }
        let system = pack.systems().iter().find(|s| s.id == entry.system).map_or(entry.system.as_str(), |s| &s.name);
        match &entry.result {
            CheckResult::Done { reference, found } => {
                let says = format!("{system}: enter the reference of the search, or why it cannot be done");
                required_line(&name, reference, &says, wrongs);
                if says_none(reference) {
                    let says = format!(
                        "{system}: this is not a reference. Enter who searched and when, or why it cannot be done"
                    );
                    wrongs.push(Wrong::new(&name, says));
                }
                wrongs.extend(text::check(&format!("{name}.found"), found).err());
            }
            CheckResult::Cannot { because } => {
                let says = format!("{system}: say why it cannot be checked");
                required_line(&name, because, &says, wrongs);
            }
        }
    }
}

fn guard_told(report: &Report, (who, by): (&str, &str), telling: &Telling, context: &Context, wrongs: &mut Vec<Wrong>) {
    required_line("who", who, "Enter who is told", wrongs);
    match telling {
        Telling::Told { at, asked, .. } => {
            required_line("by", by, "Enter who told them", wrongs);
            done_at("at", *at, report, context, wrongs);
            wrongs.extend(text::check("asked", asked).err());
        }
        Telling::NotTold { because } => {
            wrongs.extend(text::line("by", by).err());
            required("because", because, "Say why they are not told yet", wrongs);
        }
    }
}

/// Does the pack ask what came of it?
pub(super) fn asks_then(pack: &Pack, duty: &DutyId) -> bool {
    let telling = duty_words(pack, duty).and_then(|words| words.telling.as_ref());
    telling.is_some_and(|telling| !telling.then.is_empty())
}

fn guard_then(pack: &Pack, duty: &DutyId, telling: &Telling, wrongs: &mut Vec<Wrong>) {
    let Telling::Told { then: Some(then), .. } = telling else { return };
    if !asks_then(pack, duty) {
        wrongs.push(Wrong::new("came_of_it", "What came of it is not asked here. Leave it out"));
    }
    if let Then::Later { when } = then {
        required_line("came_of_it_when", when, "Enter when it will be done, as far as they say", wrongs);
    }
}

fn guard_services(pack: &Pack, services: &[String], declined: &[String], leaflet: bool, wrongs: &mut Vec<Wrong>) {
    if services.is_empty() && !leaflet {
        wrongs.push(Wrong::new("services", "Select the services you offered, or that you gave the leaflet"));
    }
    if services.iter().any(|id| !pack.services().iter().any(|s| s.id == *id)) {
        wrongs.push(Wrong::new("services", "Select services from the list"));
    }
    if declined.iter().any(|id| !services.contains(id)) {
        wrongs.push(Wrong::new("declined", "Only a service that was offered can be declined"));
    }
}

fn guard_crime(report: &Report, record: &CrimeRecord, wrongs: &mut Vec<Wrong>) {
    match record {
        CrimeRecord::Recorded { reference, code, persons } => {
            if persons.iter().any(|person| report.person(person.as_str()).is_none()) {
                wrongs.push(Wrong::new("persons", "Select whose part it is about from the list"));
            }
            required_line("reference", reference, "Enter the crime number", wrongs);
            if !reference.trim().is_empty() && !reference.chars().any(|c| c.is_ascii_digit()) {
                wrongs.push(Wrong::new(
                    "reference",
                    "A crime number has digits. Enter it as the crime system shows it, or say why no crime is recorded",
                ));
            }
            required_line("code", code, "Enter the class, or that the registrar is asked", wrongs);
        }
        CrimeRecord::NotRecorded { reason, .. } => {
            required("reason", reason, "Say why no crime is recorded", wrongs);
        }
    }
}

pub(super) fn guard_acknowledgement(
    report: &Report,
    acknowledged: &Acknowledgement,
    context: &Context,
    wrongs: &mut Vec<Wrong>,
) {
    required_line("acknowledged_by", &acknowledged.by, "Enter who said that it arrived", wrongs);
    done_at("acknowledged_at", acknowledged.at, report, context, wrongs);
}
