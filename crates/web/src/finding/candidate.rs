//! Somebody who was found, as pages show them: what agrees and what differs, never a number.

use report::Identity;

use crate::routes;
use crate::shared::record::Candidate;
use crate::shared::time;

/// Somebody who was found.
pub struct Shown {
    /// All their names.
    pub name: String,
    /// `Born 17 April 2011`; empty where that is not known.
    pub born: String,
    /// What they are in that report, as a sentence begins.
    pub roles: String,
    /// Reference of the report.
    pub reference: String,
    /// Address of the report.
    pub href: String,
    /// Who has it and where it stands.
    pub stands: String,
    /// What agrees.
    pub alike: Vec<String>,
    /// What differs.
    pub differ: Vec<String>,
    /// Where it is said whether they are the same; nothing where nobody asks or the reader may not say.
    pub decide: Option<String>,
}

impl Shown {
    /// Nothing where the person was withdrawn meanwhile.
    pub fn new(candidate: &Candidate, decide: Option<String>) -> Option<Self> {
        let opened = &candidate.opened;
        let Some(id) = candidate.who.person() else {
            return Some(Self::reporter(candidate));
        };
        let person = opened.report.person(id.as_str())?;
        let roles: Vec<&str> = person.shown_roles().iter().map(|role| role.says()).collect();
        Some(Self {
            name: full_name(&person.identity).unwrap_or_else(|| person.label()),
            born: person.identity.date_of_birth.map(born).unwrap_or_default(),
            roles: roles.join(", "),
            reference: opened.reference().to_owned(),
            href: routes::report(opened.reference()),
            stands: format!("{}, {}", opened.report.unit, opened.view.status.says()),
            alike: candidate.told.alike.clone(),
            differ: candidate.told.differ.clone(),
            decide,
        })
    }

    /// Whoever reported it. Whether they are somebody else can be said once they are entered as a person.
    fn reporter(candidate: &Candidate) -> Self {
        let opened = &candidate.opened;
        let name = &opened.report.reporter.name;
        Self {
            name: if name.is_empty() { "Somebody whose name is not known".to_owned() } else { name.clone() },
            born: String::new(),
            roles: "the person reporting, who is not entered as a person in it".to_owned(),
            reference: opened.reference().to_owned(),
            href: routes::report(opened.reference()),
            stands: format!("{}, {}", opened.report.unit, opened.view.status.says()),
            alike: candidate.told.alike.clone(),
            differ: candidate.told.differ.clone(),
            decide: None,
        }
    }
}

fn born(day: jiff::civil::Date) -> String {
    let day = day.to_string();
    format!("Born {}", time::day_words(&day).unwrap_or(day))
}

/// Given and family name, and in brackets what they like to be called where that is something else.
pub fn full_name(identity: &Identity) -> Option<String> {
    let full = format!("{} {}", identity.given_names.trim(), identity.family_name.trim());
    let (full, known) = (full.trim(), identity.known_as.trim());
    match (full.is_empty(), known.is_empty() || full == known) {
        (false, true) => Some(full.to_owned()),
        (false, false) => Some(format!("{full} (known as {known})")),
        (true, false) => Some(known.to_owned()),
        (true, true) => None,
    }
}
