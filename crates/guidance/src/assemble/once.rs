//! An id is used once, a day is one that the calendar has, and an address is one that a browser opens.

use std::collections::BTreeSet;

use super::twice;
use crate::problem::Problem;
use crate::schema::{FactDef, FactKind, Schema, Scope};
use crate::spec::{At, Spec};

/// Of rules, duties, names and facts, and of what `retention.toml` has, it is told where they are read.
pub(super) fn check_ids(spec: &Spec, problems: &mut Vec<Problem>) {
    once(&spec.sources, "source", |it| &it.id, problems);
    once(&spec.systems, "system", |it| &it.id, problems);
    once(&spec.questions, "question", |it| &it.fact, problems);
    once(&spec.grounds, "ground", |it| &it.id, problems);
    once(&spec.contradictions, "contradiction", |it| &it.id, problems);
    once(&spec.devices, "device", |it| &it.id, problems);
    once(&spec.outcomes, "outcome", |it| &it.code, problems);
    once(&spec.crimes, "crime", |it| &it.id, problems);
    once(&spec.services, "service", |it| &it.id, problems);
    once(&spec.forms, "form", |it| &it.id, problems);
    once(&spec.statements, "statement", |it| &it.id, problems);
    once(&spec.properties, "property", |it| &it.id, problems);
}

fn once<T>(entries: &[At<T>], what: &str, id: impl Fn(&T) -> &String, problems: &mut Vec<Problem>) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for entry in entries {
        if !seen.insert(id(&entry.it)) {
            problems.push(twice(entry, &format!("{what} {}", id(&entry.it))));
        }
    }
}

/// Every day that is no part of the calendar or the schedule, which look at their own.
pub(super) fn check_days(spec: &Spec, problems: &mut Vec<Problem>) {
    if let Some(entry) = &spec.pack {
        day(entry, "pack", "in_force_from", &entry.it.in_force_from, problems);
    }
    if let Some(entry) = &spec.calendar {
        day(entry, "calendar", "checked_on", &entry.it.checked_on, problems);
    }
    for entry in &spec.services {
        day(entry, &format!("service {}", entry.it.id), "checked_on", &entry.it.checked_on, problems);
    }
    for entry in &spec.crimes {
        let about = format!("crime {}", entry.it.id);
        for (key, text) in [("from", &entry.it.from), ("until", &entry.it.until)] {
            text.iter().for_each(|text| day(entry, &about, key, text, problems));
        }
    }
}

fn day<T>(entry: &At<T>, about: &str, key: &str, text: &str, problems: &mut Vec<Problem>) {
    if !crate::day::is_day(text) {
        let says = format!("{key} \"{text}\" is no day");
        problems.push(problem(entry, about, key, says, "write days as \"2026-12-25\": year, month, day"));
    }
}

/// Where a child or an officer is sent to has to open.
pub(super) fn check_addresses(spec: &Spec, problems: &mut Vec<Problem>) {
    for entry in spec.services.iter().filter(|entry| !entry.it.web.is_empty() && !is_address(&entry.it.web)) {
        let says = format!("web \"{}\" is no address of a page", entry.it.web);
        let help = "write it as the browser shows it, such as \"https://www.childline.org.uk\"";
        problems.push(problem(entry, &format!("service {}", entry.it.id), "web", says, help));
    }
}

/// What a service is left out for is a fact of the report that can be answered no.
pub(super) fn check_services(spec: &Spec, schema: &Schema, problems: &mut Vec<Problem>) {
    for entry in spec.services.iter().filter(|entry| !entry.it.unless_no.is_empty()) {
        let name = &entry.it.unless_no;
        let is_one = |fact: &FactDef| fact.scope == Scope::Report && fact.kind == FactKind::YesNo;
        if !schema.is_unread(name) && !schema.get(name).is_some_and(is_one) {
            let says = format!("unless_no \"{name}\" is no fact of the report that is answered with yes or no");
            let about = format!("service {}", entry.it.id);
            problems.push(problem(entry, &about, "unless_no", says, "write the name of one, such as \"imagery\""));
        }
    }
}

/// A leaflet says something, and names services that there are and that are for its reader.
pub(super) fn check_leaflets(spec: &Spec, problems: &mut Vec<Problem>) {
    // Where no service could be read, none of them is missing.
    if let Some(entry) = spec.leaflets.as_ref().filter(|_| !spec.services.is_empty()) {
        for (reader, leaflet) in entry.it.all() {
            let about = format!("leaflet {reader}");
            let is_theirs = |id: &String| {
                let mut all = spec.services.iter().map(|service| &service.it);
                all.any(|service| service.id == *id && service.audience.iter().any(|word| word == reader))
            };
            for id in leaflet.services.iter().filter(|id| !is_theirs(id)) {
                let says = format!("\"{id}\" is no service for this reader");
                let help = "name a [[service]] of this file whose \"for\" has this reader";
                problems.push(problem(entry, &about, reader, says, help));
            }
            if leaflet.says.is_empty() || leaflet.services.is_empty() {
                let says = "says nothing, or names nobody to turn to".to_owned();
                problems.push(problem(entry, &about, reader, says, "give says and services a line each at least"));
            }
        }
    }
}

/// `https://`, the name of a host, and no spaces.
fn is_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    host.contains('.') && host.split('.').all(is_label) && !text.contains(char::is_whitespace)
}

fn problem<T>(entry: &At<T>, about: &str, key: &str, says: String, help: &str) -> Problem {
    let (file, about) = (entry.file.clone(), about.to_owned());
    Problem { file, line: entry.line_of(key), about, says, help: help.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_a_browser_opens() {
        for (text, is) in [
            ("https://www.childline.org.uk", true),
            ("http://example.org/a?b=c#d", true),
            ("https://saferinternet.org.uk/professionals-online-safety-helpline", true),
            ("https://bücher.example", true),
            ("httpx//www.childline.org.uk", false),
            ("httpx://www.childline.org.uk", false),
            ("https:/www.childline.org.uk", false),
            ("www.childline.org.uk", false),
            ("https://", false),
            ("https://childline", false),
            ("https://www..uk", false),
            ("https://www.child line.org.uk", false),
            ("https://www.childline.org.uk/a b", false),
            ("javascript://www.childline.org.uk", false),
            ("https://someone@example.org", false),
            ("", false),
        ] {
            assert_eq!(is_address(text), is, "{text}");
        }
    }
}
