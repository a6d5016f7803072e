//! What a report holds about one person, for that person: by what is let through and never by what is taken out.
//!
//! Let through are this person's own particulars, and what was chosen from lists that the pack or the record has. Whatever somebody
//! typed may name others: it is listed, without a word of it, for somebody to read before it is given.

use guidance::{Pack, Value};
use jiff::Timestamp;
use serde::Serialize;

use crate::addressed::{PERSON, first_upper, to_them};
use crate::done::duty_words;
use crate::event::EventBody;
use crate::evidence::{CheckEntry, CheckResult, CrimeRecord, Evidence, Filed};
use crate::fact::{SaidBy, Standing, Statement};
use crate::id::{DutyId, FactName, FactScope, PersonId};
use crate::own_answer::listed;
use crate::people::{Account, Person};
use crate::retention::{day, words};
use crate::state::Report;
use crate::telling::Telling;

/// What is held about one person, and what a person has to read before more is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnData {
    /// Reference of the report.
    pub reference: String,
    /// What they are called.
    pub person: String,
    /// What can be given.
    pub sections: Vec<OwnSection>,
    /// What is held beside it and was not let through.
    pub held: Vec<HeldBack>,
}

/// One part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnSection {
    /// Heading.
    pub title: String,
    /// Lines, in order.
    pub lines: Vec<OwnLine>,
}

/// One thing that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnLine {
    /// What it is.
    pub what: String,
    /// What is held.
    pub says: String,
    /// When it was entered, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entered: Option<Timestamp>,
}

/// Words that may name others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldBack {
    /// Where they stand.
    pub what: String,
    /// When they were entered, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entered: Option<Timestamp>,
}

/// What is being put together.
struct Copy<'a> {
    report: &'a Report,
    pack: &'a Pack,
    person: &'a Person,
    /// What they are called, where it is somebody else who reads it.
    name: Option<String>,
    held: Vec<HeldBack>,
}

/// Who reads what is held about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBy {
    /// They themselves: it says "you".
    Them,
    /// A parent, a solicitor, a court: it says whom it is about, and "you" to nobody.
    Another,
}

impl Report {
    /// What is held about somebody in it. Nothing for whoever is not.
    pub fn own_data(&self, pack: &Pack, person: &PersonId, read_by: ReadBy) -> Option<OwnData> {
        let person = self.people.iter().find(|there| there.id == *person)?;
        let name = (read_by == ReadBy::Another).then(|| person.label());
        let mut copy = Copy { report: self, pack, person, name, held: Vec::new() };
        let sections = [
            ("Who {person} is", copy.identity()),
            ("What {person} is in this report", copy.place_in_it()),
            ("What was answered about {person}", copy.answers()),
            ("What the police were to do about {person}, and what came of it", copy.done()),
            ("Outcome, and how long it is kept", copy.outcome()),
        ];
        let sections = sections.into_iter().filter(|(_, lines)| !lines.is_empty());
        Some(OwnData {
            reference: self.reference.clone(),
            person: person.label(),
            sections: sections.map(|(title, lines)| OwnSection { title: copy.say(title), lines }).collect(),
            held: copy.held,
        })
    }
}

fn line(what: impl Into<String>, says: impl Into<String>) -> OwnLine {
    OwnLine { what: what.into(), says: says.into(), entered: None }
}

impl Copy<'_> {
    /// Words with `{person}` in them, to whoever reads it.
    fn say(&self, words: &str) -> String {
        first_upper(&self.mid(words))
    }

    /// The same in the middle of a sentence.
    fn mid(&self, words: &str) -> String {
        match &self.name {
            Some(name) => words.replace(PERSON, name),
            None => to_them(words),
        }
    }

    /// Lists words that are not let through; empty ones are not there.
    fn hold(&mut self, what: impl Into<String>, entered: Option<Timestamp>, typed: &str) {
        if !typed.trim().is_empty() {
            self.held.push(HeldBack { what: what.into(), entered });
        }
    }

    fn is_theirs(&self, person: Option<&PersonId>) -> bool {
        person == Some(&self.person.id)
    }

    /// What a device is called: not what somebody typed to know it by, which may name others.
    fn device_words(&self, device: &str) -> String {
        let own = |id: &str| self.users(id) == [self.person.id.as_str()];
        let all = self.report.devices.iter().map(|device| device.id.as_str()).filter(|id| own(id));
        let number = all.clone().position(|id| id == device).map_or(0, |before| before + 1);
        match all.clone().count() {
            0 | 1 => self.mid("the device {person} uses"),
            count => self.mid(&format!("device {number} of the {count} that only {{person}} uses")),
        }
    }

    fn identity(&mut self) -> Vec<OwnLine> {
        let who = &self.person.identity;
        let lists = [("Telephone", &who.phones), ("Email", &who.emails), ("Address", &who.addresses)];
        let texts = [
            ("Given names", &who.given_names),
            ("Family name", &who.family_name),
            ("Known as", &who.known_as),
            ("Gender", &who.gender),
            ("Ethnicity", &who.ethnicity),
            ("School or college", &who.school),
        ];
        let mut lines: Vec<OwnLine> = texts.iter().map(|(what, says)| line(*what, says.as_str())).collect();
        lines.extend(who.date_of_birth.map(|born| line("Date of birth", words(born))));
        lines.extend(lists.iter().flat_map(|(what, all)| all.iter().map(|says| line(*what, says.as_str()))));
        lines.retain(|line| !line.says.trim().is_empty());
        let accounts = self.report.standing_accounts().filter(|a| a.person.as_ref() == Some(&self.person.id));
        lines.extend(accounts.map(|a| line(format!("Account on {}", a.platform), a.username.as_str())));
        self.hold(self.say("What {person} needs or what helps {person}"), None, &who.needs);
        self.hold(self.say("Adults who are responsible for {person}"), None, &who.responsible_adults);
        self.hold(self.say("Notes about who {person} is"), None, &who.notes);
        let report = self.report;
        for account in report.accounts.iter().filter(|a| a.what.person.as_ref() == Some(&self.person.id)) {
            let Account { platform, username, note, .. } = &account.what;
            if account.withdrawn.is_some() {
                // It may be somebody else's: that is why it was withdrawn.
                let says = format!("{username} on {platform}");
                self.hold(self.say("An account that was entered for {person} by mistake, and withdrawn"), None, &says);
            }
            self.hold(self.say("A note about an account of {person}"), None, note);
        }
        lines
    }

    fn place_in_it(&mut self) -> Vec<OwnLine> {
        let roles: Vec<&str> = self.person.shown_roles().iter().map(|role| role.says()).collect();
        let mut lines = vec![line("Role", roles.join(", "))];
        for authority in &self.person.authorities {
            let reference = if authority.reference.is_empty() { "" } else { ", reference " };
            let says = format!("{}{reference}{}", authority.name, authority.reference);
            lines.push(line(self.say(&format!("Responsible for {{person}}: {}", authority.kind.says())), says));
        }
        let report = self.report;
        if report.reporter.person.as_ref() == Some(&self.person.id) {
            lines.push(line(self.say("{person} reported it"), ""));
            let told = [&report.reporter.relation, &report.reporter.when_safe].map(String::as_str).concat();
            self.hold(self.say("What {person} said when {person} reported it"), None, &told);
        }
        let from = self.person.carried_from.as_ref();
        let links = report.links.iter().map(|link| &link.what);
        let linked = links.clone().find(|link| from.is_some_and(|(from, _)| link.report == *from));
        lines.extend(linked.map(|link| line(self.say("{person} is also in report"), link.reference.as_str())));
        lines
    }

    fn answers(&mut self) -> Vec<OwnLine> {
        let mut lines = Vec::new();
        let report = self.report;
        for statement in report.statements.iter().filter(|s| s.standing == Standing::Stands) {
            match statement.fact.scope() {
                FactScope::Person(id) if id == self.person.id.as_str() => lines.extend(self.answer(statement)),
                FactScope::Device(device) if self.uses(device) => lines.extend(self.device_answer(statement, device)),
                _ => {}
            }
        }
        lines
    }

    fn answer(&mut self, statement: &Statement) -> Option<OwnLine> {
        let question = self.pack.question(&statement.fact.question());
        let asked = question.map_or_else(|| "A question".to_owned(), |question| self.say(&question.words));
        self.hold(format!("A note on: {asked}"), Some(statement.entered_at), &statement.note);
        let Some(says) = listed(self.pack, &statement.fact, &statement.value) else {
            self.hold(format!("What was answered to: {asked}"), Some(statement.entered_at), "typed");
            return None;
        };
        let by = match &statement.said_by {
            SaidBy::Police => "noted by the police",
            SaidBy::Person(id) if *id == self.person.id => &self.mid("said by {person}"),
            SaidBy::Person(_) | SaidBy::Reporter | SaidBy::Other(_) => "said by somebody else",
        };
        Some(OwnLine { what: asked, says: format!("{says} ({by})"), entered: Some(statement.entered_at) })
    }

    fn users(&self, device: &str) -> Vec<String> {
        let fact = format!("device.{device}.used_or_owned_by").parse::<FactName>();
        match fact.ok().and_then(|fact| self.report.current(&fact).value) {
            Some(Value::Words(users)) => users,
            _ => Vec::new(),
        }
    }

    fn uses(&self, device: &str) -> bool {
        self.users(device).iter().any(|user| user == self.person.id.as_str())
    }

    /// A device that others use as well is theirs too.
    fn device_answer(&mut self, statement: &Statement, device: &str) -> Option<OwnLine> {
        if statement.fact.name() == "used_or_owned_by" {
            return None;
        }
        if self.users(device).len() > 1 {
            self.hold("About a device that others use too", Some(statement.entered_at), "shared");
            return None;
        }
        let mut answer = self.answer(statement)?;
        answer.what = answer.what.replace("{device}", &self.device_words(device));
        Some(answer)
    }

    fn done(&mut self) -> Vec<OwnLine> {
        let mut lines = Vec::new();
        let report = self.report;
        for (duty, all) in &report.evidence {
            let subject = duty.subject();
            let theirs = subject == Some(self.person.id.as_str());
            let sole = subject.is_some_and(|device| self.uses(device) && self.users(device).len() == 1);
            for filed in all.iter().filter(|filed| filed.withdrawn.is_none()) {
                if theirs || sole {
                    lines.extend(self.evidence(duty, filed));
                } else if names_them(&filed.evidence, &self.person.id) {
                    self.hold(self.title(duty), Some(filed.at), "about several people");
                }
            }
        }
        for departure in report.departures.iter().filter(|d| d.duty.subject() == Some(self.person.id.as_str())) {
            let title = self.title(&departure.duty);
            lines.push(OwnLine {
                what: title.clone(),
                says: "Not done, with reasons".to_owned(),
                entered: Some(departure.at),
            });
            self.hold(format!("Why this was not done: {title}"), Some(departure.at), &departure.reason);
        }
        // Whose doing it is about nobody knows but whoever reads it.
        for event in &report.log {
            let (what, typed) = match &event.body {
                EventBody::ClassHeld { reason, .. } => {
                    ("Why an officer disagrees with the class of the report", reason)
                }
                EventBody::ClassHeldNoLonger { reason } => ("Why an officer no longer disagrees with it", reason),
                _ => continue,
            };
            self.hold(what, Some(event.recorded_at), typed);
        }
        for concern in report.concerns.iter().filter(|c| c.person.as_ref() == Some(&self.person.id)) {
            let says = format!("An immediate concern: {}", concern.kind.says());
            lines.push(OwnLine { what: self.say("Concern for {person}"), says, entered: Some(concern.at) });
            self.hold(self.say("What was said and done about a concern for {person}"), Some(concern.at), "typed");
        }
        lines
    }

    fn title(&self, duty: &DutyId) -> String {
        let title = duty_words(self.pack, duty).map_or("A task", |words| words.title.as_str());
        let device = duty.subject().map_or_else(String::new, |subject| self.device_words(subject));
        // A pack tells officers what to do. Nobody who reads what is held about them is given orders.
        let mut letters = title.chars();
        let first = letters.next().map_or_else(String::new, |first| first.to_lowercase().collect());
        let title = format!("The police were to {first}{}", letters.as_str());
        self.say(&title).replace("{device}", &device)
    }

    fn evidence(&mut self, duty: &DutyId, filed: &Filed) -> Vec<OwnLine> {
        let title = self.title(duty);
        let at = Some(filed.at);
        self.hold(format!("{title}: what was typed"), at, "typed");
        let all = match &filed.evidence {
            Evidence::Referral { means, at, acknowledged, .. } => {
                let arrived = if acknowledged.is_some() { "; it arrived" } else { "" };
                vec![format!("Passed on {} on {}{arrived}", means.says(), words(day(*at)))]
            }
            Evidence::SteppedIn { at, .. } => vec![format!("Somebody stepped in on {}", words(day(*at)))],
            Evidence::Meeting { on, .. } => vec![format!("A meeting on {}", words(*on))],
            Evidence::Checks { entries, .. } => entries.iter().map(|entry| self.checked(entry)).collect(),
            Evidence::Account { at, .. } => vec![format!("An account was taken on {}", words(day(*at)))],
            Evidence::Decision(decision) => vec![format!("Decided: {}", decision.choice.says())],
            Evidence::Form(form) if form.persons.len() == 1 => vec![format!("A form was filed, {}", form.reference)],
            Evidence::Form(_) => vec!["A form was filed that is about others too".to_owned()],
            Evidence::Told { telling: Telling::Told { at, means, .. }, .. } => {
                vec![format!("Told {} on {}", means.says(), words(day(*at)))]
            }
            Evidence::Told { telling: Telling::NotTold { .. }, .. } => vec!["Not told so far".to_owned()],
            Evidence::Signposting { services, at, .. } => {
                let known = self.pack.services().iter().filter(|service| services.contains(&service.id));
                let when = at.map(|at| format!(" on {}", words(day(at)))).unwrap_or_default();
                known.map(|service| format!("Pointed to {}{when}", service.name)).collect()
            }
            Evidence::Removal { on, .. } => vec![format!("A platform or service was asked on {}", words(*on))],
            _ => vec!["Done".to_owned()],
        };
        all.into_iter().map(|says| OwnLine { what: title.clone(), says, entered: at }).collect()
    }

    fn checked(&self, entry: &CheckEntry) -> String {
        let system = self.pack.systems().iter().find(|system| system.id == entry.system);
        let system = system.map_or_else(
            || "A police system".to_owned(),
            |system| match system.explained.as_str() {
                "" => system.name.clone(),
                explained => format!("{}, {explained}", system.name),
            },
        );
        match entry.result {
            CheckResult::Done { .. } => format!("{system}: looked up"),
            CheckResult::Cannot { .. } => format!("{system}: could not be looked up"),
        }
    }

    fn outcome(&mut self) -> Vec<OwnLine> {
        let own = self.report.outcome(Some(&self.person.id));
        let mut lines = Vec::new();
        if let Some(decided) = own.or_else(|| self.report.outcome(None)) {
            let whose =
                if self.is_theirs(decided.person.as_ref()) { "Outcome for {person}" } else { "Outcome of the report" };
            let known = self.pack.outcomes().iter().find(|outcome| outcome.code == decided.code);
            let says = known.map_or_else(
                || "An outcome that this guidance does not have".to_owned(),
                |outcome| format!("Outcome {}, {}", outcome.code, outcome.title),
            );
            lines.push(OwnLine { what: self.say(whose), says, entered: Some(decided.at) });
            self.hold("Why this outcome was decided", Some(decided.at), &decided.reason);
        }
        if let Some(retention) = self.report.retention(self.pack) {
            lines.push(line("Report closed", words(retention.closed_on)));
            lines.extend(retention.due_on.map(|on| line("The police look again at whether it is kept", words(on))));
        }
        lines
    }
}

/// Does evidence for the report or for another name this person as well?
fn names_them(evidence: &Evidence, person: &PersonId) -> bool {
    match evidence {
        Evidence::Welfare { children, .. } => children.iter().any(|child| child.person == *person),
        Evidence::Form(form) => form.persons.contains(person),
        Evidence::Crime { record: CrimeRecord::Recorded { persons, .. } } => persons.contains(person),
        _ => false,
    }
}
