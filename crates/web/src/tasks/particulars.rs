//! The particulars of one record, in words.

use report::{Acknowledgement, CheckEntry, CheckResult, CrimeRecord, Decision, Evidence, Ndm, Telling, Then};

use super::kinds::Ask;
use crate::shared::crimes::REGISTRAR;
use crate::shared::time;
use crate::shared::ui::SummaryList;

/// The particulars of one record, as rows.
pub(super) fn list(ask: Ask<'_>, evidence: &Evidence) -> SummaryList {
    let mut rows = Rows(SummaryList::new());
    match evidence {
        Evidence::Welfare { .. }
        | Evidence::Referral { .. }
        | Evidence::SteppedIn { .. }
        | Evidence::Meeting { .. }
        | Evidence::Checks { .. }
        | Evidence::Account { .. } => found_out(ask, &mut rows, evidence),
        Evidence::Told { .. } | Evidence::Signposting { .. } | Evidence::Removal { .. } => {
            helped(ask, &mut rows, evidence)
        }
        Evidence::Decision(decision) => decided(ask, &mut rows, decision),
        Evidence::Form(form) => {
            rows.add("Filed as", &form.reference);
            let names: Vec<String> = form.persons.iter().map(|p| ask.opened.person_name(p.as_str())).collect();
            rows.add("About", &names.join(", "));
            if form.is_passed_on(ask.opened.pack()) {
                rows.add("Received", &arrived(form.received.as_ref()));
                rows.add("Their reference", &form.their_reference);
            }
        }
        Evidence::Crime { record } => crime(ask, &mut rows, record),
        Evidence::Identify { note } => rows.add("What was done", note),
        Evidence::Note { text } => rows.add("What was done", text),
    }
    rows.0
}

/// What keeps somebody safe and what finds out.
fn found_out(ask: Ask<'_>, rows: &mut Rows, evidence: &Evidence) {
    match evidence {
        Evidence::Welfare { finding, children, action } => {
            rows.add("Found", finding);
            for child in children {
                let name = ask.opened.person_name(child.person.as_str());
                rows.add(&format!("{name} said"), &child.voice);
                rows.add(&format!("How {name} seemed"), &child.demeanour);
            }
            rows.add("Done", action);
        }
        Evidence::Referral { to, means, at, reference, acknowledged } => {
            rows.add("Referred to", to);
            rows.add("Sent", &format!("{}, {}", time::moment(*at), means.says()));
            rows.or("Their reference", reference, "None yet: the task stays open until they give one");
            rows.add("Arrived", &arrived(acknowledged.as_ref()));
        }
        Evidence::SteppedIn { what, by, at, words } => {
            let offered = ask.words.step_in.iter().find(|step| step.value == *what);
            rows.add("Stepped in", offered.map_or(what, |step| &step.words));
            rows.add("Done", &format!("{}, by {by}", time::moment(*at)));
            rows.add("More", words);
        }
        Evidence::Meeting { on, with, reference, before_checks_because } => {
            rows.add("Day", &on.strftime("%-d %B %Y").to_string());
            rows.add("With", with);
            rows.add("Minutes", reference);
            rows.add("Why before the checks", before_checks_because);
        }
        Evidence::Checks { entries, no_place } => {
            rows.add("No place is known, because", no_place);
            for entry in entries {
                checked(ask, rows, entry);
            }
        }
        Evidence::Account { taken_by, at, setting, needs_met, body_worn_video, before_checks_because } => {
            rows.add("Taken by", taken_by);
            rows.add("When", &time::moment(*at));
            rows.add("Where, and who was there", setting);
            rows.add("How needs were met", needs_met);
            rows.add("Body-worn video", body_worn_video);
            rows.add("Why before the checks", before_checks_because);
        }
        _ => {}
    }
}

/// What tells and helps.
fn helped(ask: Ask<'_>, rows: &mut Rows, evidence: &Evidence) {
    match evidence {
        Evidence::Told { who, by, telling, before_checks_because } => {
            rows.add("Who", who);
            told(ask, rows, by, telling);
            rows.add("Why before the checks", before_checks_because);
        }
        Evidence::Signposting { who, at, services, declined, leaflet } => {
            rows.add("To", who);
            rows.add("When", &at.map(time::moment).unwrap_or_default());
            rows.or("Offered", &named(ask, services), "None");
            rows.add("Declined", &named(ask, declined));
            rows.add("Leaflet", if *leaflet { "Given" } else { "Not given" });
        }
        Evidence::Removal { service, asked_by, on, reference, result } => {
            rows.add("Asked", service);
            rows.add("By", asked_by);
            rows.add("On", &on.strftime("%-d %B %Y").to_string());
            rows.add("Their reference", reference);
            rows.or("What came of it", result, "Not known yet");
        }
        _ => {}
    }
}

/// Rows that are left out when there is nothing in them.
struct Rows(SummaryList);

impl Rows {
    fn add(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.0 = std::mem::take(&mut self.0).row(key, value);
        }
    }
    fn or(&mut self, key: &str, value: &str, otherwise: &str) {
        self.add(key, if value.is_empty() { otherwise } else { value });
    }
}

/// By whom it was received.
pub(super) fn arrived(acknowledged: Option<&Acknowledgement>) -> String {
    acknowledged.map_or_else(
        || "Nobody has said yet that it arrived".to_owned(),
        |by| format!("{}, {}", by.by, time::moment(by.at)),
    )
}

/// The system, and the place where it is one, by their names.
pub(super) fn system(ask: Ask<'_>, entry: &CheckEntry) -> String {
    let systems = ask.opened.pack().systems();
    let system = systems.iter().find(|s| s.id == entry.system).map_or(entry.system.as_str(), |s| s.name.as_str());
    let place = entry.place.as_ref().and_then(|id| ask.opened.report.place(id.as_str()));
    place.map_or_else(|| system.to_owned(), |place| format!("{system}: {}", place.address))
}

fn checked(ask: Ask<'_>, rows: &mut Rows, entry: &CheckEntry) {
    let key = system(ask, entry);
    let value = match &entry.result {
        CheckResult::Done { reference, found } if found.is_empty() => {
            format!("Looked up, {reference}")
        }
        CheckResult::Done { reference, found } => format!("Looked up, {reference}\n{found}"),
        CheckResult::Cannot { because } => format!("Could not be looked up: {because}"),
    };
    rows.add(&key, &value);
}

fn decided(ask: Ask<'_>, rows: &mut Rows, decision: &Decision) {
    let words = ask.words.choices.iter().find(|choice| choice.value == decision.choice.word());
    rows.add("Decided", words.map_or_else(|| decision.choice.says(), |choice| choice.words.as_str()));
    rows.add("Why", &decision.reason);
    rows.add("Consulted", &decision.consulted);
    ndm_rows(rows, &decision.ndm);
    if let Some(intrusion) = &decision.intrusion {
        rows.add("Power", intrusion.power.map_or("", |power| power.says()));
        rows.add("Why it is necessary", &intrusion.necessity);
        rows.add("Why it is proportionate", &intrusion.proportionality);
        rows.add("Smaller steps considered", &intrusion.lesser_means);
        rows.add("Exhibit", &intrusion.exhibit);
    }
}

fn ndm_rows(rows: &mut Rows, ndm: &Ndm) {
    let labels = ["Information", "Threat and risk", "Powers and policy", "Options", "Action and review"];
    for (label, (.., words)) in labels.into_iter().zip(ndm.fields()) {
        rows.add(label, words);
    }
}

/// A full record of a decision with its line of reason.
pub(super) fn full_record(reason: &str, ndm: &Ndm) -> SummaryList {
    let mut rows = Rows(SummaryList::new());
    rows.add("Why", reason);
    ndm_rows(&mut rows, ndm);
    rows.0
}

fn told(ask: Ask<'_>, rows: &mut Rows, by: &str, telling: &Telling) {
    match telling {
        Telling::Told { at, means, asked, then } => {
            rows.add("Done", &format!("{}, {}, by {by}", time::moment(*at), means.says()));
            rows.or("Asked and answered", asked, "No questions were noted");
            let own = ask.words.telling.as_ref();
            let asks = own.map_or("What came of it, by what they say", |own| &own.then);
            rows.add(asks, &then.as_ref().map(Then::says).unwrap_or_default());
        }
        Telling::NotTold { because } => rows.add("Not yet", because),
    }
}

fn named(ask: Ask<'_>, ids: &[String]) -> String {
    let services = ask.opened.pack().services();
    let name = |id: &String| services.iter().find(|s| s.id == *id).map_or_else(|| id.clone(), |s| s.name.clone());
    ids.iter().map(name).collect::<Vec<_>>().join("\n")
}

fn crime(ask: Ask<'_>, rows: &mut Rows, record: &CrimeRecord) {
    match record {
        CrimeRecord::Recorded { reference, code, persons } => {
            rows.add("Crime number", reference);
            let names: Vec<String> = persons.iter().map(|one| ask.opened.person_name(one.as_str())).collect();
            rows.or("For", &names.join(", "), "Not said");
            rows.add("Class", if code == REGISTRAR { "The crime registrar is asked" } else { code });
        }
        CrimeRecord::NotRecorded { reason, victim_told, ndm } => {
            rows.add("No crime recorded, because", reason);
            rows.add("Told that none is recorded", victim_told.says());
            ndm_rows(rows, ndm);
        }
    }
}
