//! A report that was opened: its state, everything derived from it, and words for both.

use std::fmt;
use std::sync::Arc;

use guidance::advice::{Advice, Because, Class, Ground};
use guidance::words::Question;
use guidance::{Pack, Value};
use report::matching::Party;
use report::{
    DueTime, DutyId, Event, EventBody, FactName, FactScope, PersonId, Report, SaidBy, Statement, Task, TaskState,
    class_words, duty_words,
};
use store::StreamId;

use super::look::REPORTER;
use super::recent::Folded;
use super::shown::Shown;
use super::values::value_words;
use crate::shared::app::App;
use crate::shared::page::Problem;
use crate::shared::time;
use crate::shared::words::first_upper;

/// A report, everything derived from it at this moment, and words for what stands in it.
#[derive(Clone)]
pub struct Opened {
    /// The report.
    pub report: Arc<Report>,
    /// How many events it has.
    pub version: u64,
    /// Everything derived: advice, tasks, gates, timeline.
    pub view: Shown,
    /// Where it is kept.
    pub stream: StreamId,
    pub(super) folded: Folded,
    /// As it was before what was just carried out on it.
    pub(super) before: Option<Arc<Report>>,
    pack: Arc<Pack>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("reference", &self.report.reference)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Opened {
    /// For everything that is shown, as of now.
    ///
    /// # Errors
    /// The guidance in force refuses the facts of the report: ours to mend.
    pub(super) fn derive(app: &App, stream: StreamId, folded: Folded) -> Result<Self, Problem> {
        let report = Arc::clone(&folded.report);
        let view = Shown::new(Arc::clone(&report), Arc::clone(&app.pack), app.now());
        let view =
            view.map_err(|problems| Problem::internal(format_args!("facts of {stream} refused: {problems:?}")))?;
        Ok(Self { version: report.version, report, view, stream, folded, before: None, pack: Arc::clone(&app.pack) })
    }

    /// For readers and addresses: `WM-2026-000123`.
    pub fn reference(&self) -> &str {
        &self.report.reference
    }

    /// What the guidance advises now.
    pub fn advice(&self) -> &Advice {
        self.view.advice()
    }

    /// The report as it was after so many of its events.
    pub fn as_of(&self, version: u64) -> Arc<Report> {
        let before = self.before.as_ref();
        let before = before.filter(|before| before.version == version);
        before.map_or_else(|| Arc::new(self.report.as_of(version)), Arc::clone)
    }

    /// The report as the step that began it left it.
    pub fn as_begun(&self) -> Arc<Report> {
        let step = |event: &Event| {
            let (step, _) = event.id.as_str().rsplit_once('-')?;
            Some(step.to_owned())
        };
        let log = &self.report.log;
        let first = log.first().and_then(|event| step(event));
        let begun = log.iter().take_while(|event| step(event) == first).last();
        self.as_of(begun.map_or(0, |last| last.version))
    }

    /// True where the step that was just carried out began it; false where an earlier one did.
    pub fn is_just_begun(&self) -> bool {
        let before = self.before.as_ref();
        before.is_some_and(|before| !before.is_started())
    }

    /// The guidance.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// What somebody is called on pages: a name, else `Person A`.
    pub fn person_name(&self, id: &str) -> String {
        self.report.label(id)
    }

    /// Somebody who can be found, by what an address calls them: the id of a person, or [`REPORTER`].
    pub fn party(&self, id: &str) -> Option<Party> {
        let reporter = (id == REPORTER).then_some(Party::Reporter);
        self.person_id(id).map(Party::Person).or(reporter)
    }

    /// What somebody who can be found is called on pages.
    pub fn party_name(&self, who: &Party) -> String {
        match who {
            Party::Person(id) => self.person_name(id.as_str()),
            Party::Reporter if self.report.reporter.name.is_empty() => "whoever reported it".to_owned(),
            Party::Reporter => self.report.reporter.name.clone(),
        }
    }

    /// What a device is called on pages.
    pub fn device_name(&self, id: &str) -> String {
        self.report.device_label(id)
    }

    /// Everybody who was not withdrawn, in the order they were added.
    pub fn people(&self) -> impl Iterator<Item = &report::Person> {
        self.report.people.iter().filter(|p| p.withdrawn.is_none())
    }

    /// Every device that was not withdrawn, in the order they were added.
    pub fn devices(&self) -> impl Iterator<Item = &report::Device> {
        self.report.devices.iter().filter(|d| d.withdrawn.is_none())
    }

    /// The task of a duty, `vpa:A`.
    pub fn task(&self, duty: &str) -> Option<&Task> {
        self.view.tasks.iter().find(|task| task.id.as_str() == duty)
    }

    /// What holds for each child whose home is told nothing, with their id.
    pub fn away_from_home(&self) -> impl Iterator<Item = (String, String)> {
        let all = self.report.away_from_home(&self.pack, &self.view.tasks);
        all.into_iter()
    }

    /// Has this to be done at once: by the guidance, because it is late, or because a meeting or talk is planned that it comes before?
    pub fn is_due_now(&self, task: &Task) -> bool {
        let is_open = matches!(task.state, TaskState::Due | TaskState::PartDone);
        let comes_first = || self.view.warnings.iter().any(|warning| warning.duties.contains(&task.id));
        is_open && (task.due == DueTime::Now || task.overdue || comes_first())
    }

    /// What counts as the answer to a question now, by its full name: `person.A.age`.
    pub fn answer(&self, fact: &str) -> Option<Value> {
        let name: FactName = fact.parse().ok()?;
        self.report.current(&name).value
    }

    /// The question a fact answers.
    pub fn question(&self, fact: &FactName) -> Option<&Question> {
        self.pack.question(&fact.question())
    }

    /// The question in words, with the names of people and devices in it.
    pub fn question_words(&self, fact: &FactName) -> String {
        match self.pack.fact_words(&fact.question()).0 {
            "" => fact.name().replace('_', " "),
            words => self.named(fact, words),
        }
    }

    /// Words of the pack with the names of the person or device a fact is about.
    pub fn named(&self, fact: &FactName, words: &str) -> String {
        match fact.scope() {
            FactScope::Report => words.to_owned(),
            FactScope::Person(id) => words.replace("{person}", &self.person_name(id)),
            FactScope::Device(id) => words.replace("{device}", &self.device_name(id)),
        }
    }

    /// An answer in words: those of the pack, names of people, `14 years`.
    pub fn value_words(&self, fact: &FactName, value: &Value) -> String {
        let (_, options) = self.pack.fact_words(&fact.question());
        value_words(options, fact, value, |id| self.person_name(id))
    }

    /// A fact something rests on, in words: question and answer.
    pub fn because_words(&self, because: &Because) -> String {
        if let Some(duty) = because.fact.strip_prefix("done.") {
            let done = because.value.as_word() == Some("yes");
            return format!("{}: {}", self.duty_title(duty), if done { "done" } else { "not done yet" });
        }
        match because.fact.parse::<FactName>() {
            // A pack may say nothing of a fact: it has a name only.
            Ok(fact) if self.pack.fact_words(&fact.question()).0.is_empty() => {
                format!("{}: {}", first_upper(&self.question_words(&fact)), self.value_words(&fact, &because.value))
            }
            Ok(fact) => format!("{} {}", self.question_words(&fact), self.value_words(&fact, &because.value)),
            Err(_) if because.fact == guidance::NOBODY => "Nobody who takes part is entered yet".to_owned(),
            Err(_) => because.fact.to_string(),
        }
    }

    /// The title of a duty with its names in it: what a task is called.
    pub fn duty_title(&self, duty: &str) -> String {
        if let Some(task) = self.task(duty) {
            return task.title.clone();
        }
        let Ok(id) = duty.parse::<DutyId>() else {
            return duty.to_owned();
        };
        let title = duty_words(&self.pack, &id).map_or_else(|| id.duty().replace('-', " "), |w| w.title.clone());
        self.for_subject(&title, &id)
    }

    /// What is left to do of a duty that was done and is asked no more; empty for most.
    pub fn left_of(&self, duty: &str) -> String {
        let Ok(id) = duty.parse::<DutyId>() else { return String::new() };
        duty_words(&self.pack, &id).map_or_else(String::new, |words| self.for_subject(&words.done_before, &id))
    }

    /// Words of a duty with the name of the one it is for.
    fn for_subject(&self, words: &str, id: &DutyId) -> String {
        let subject = id.subject().unwrap_or_default();
        // Of all of them there is nobody to name.
        let of = |name: String| {
            if subject.is_empty() { "each of them".to_owned() } else { name }
        };
        words.replace("{person}", &of(self.person_name(subject))).replace("{device}", &of(self.device_name(subject)))
    }

    /// What something still needs, which is the id of a duty or the name of a fact, in words.
    pub fn need_words(&self, need: &str) -> String {
        match need.parse::<FactName>() {
            Ok(fact) if need.contains('.') => self.question_words(&fact),
            _ if need == guidance::NOBODY => "Enter who takes part in this".to_owned(),
            _ => self.duty_title(need),
        }
    }

    /// Who said something, in words.
    pub fn said_by_words(&self, said_by: &SaidBy) -> String {
        match said_by {
            SaidBy::Police => "The police".to_owned(),
            SaidBy::Person(id) => self.person_name(id.as_str()),
            SaidBy::Reporter => "Whoever reported it".to_owned(),
            SaidBy::Other(who) => who.clone(),
        }
    }

    /// When something is due, in words. Empty for a moment without words of its own.
    pub fn due_words(due: &DueTime) -> String {
        match due {
            DueTime::Now => "Now".to_owned(),
            DueTime::At(at) => format!("By {}", time::moment(*at)),
            DueTime::Moment(moment) => match moment.as_str() {
                "before-meeting" => "Before any planned meeting or talk".to_owned(),
                "one-working-day" => "Within one working day of first being known".to_owned(),
                "before-outcome" => "Before the outcome".to_owned(),
                "after-outcome" => "After the outcome".to_owned(),
                other => first_upper(&other.replace('-', " ")),
            },
        }
    }

    /// Does the class of the report or of somebody in it rest on this answer, or does it not fit another? Then it stays in
    /// sight, whatever it is.
    pub fn stands_out(&self, fact: &FactName) -> bool {
        let advice = self.advice();
        let people = advice.persons.values().flat_map(|person| &person.grounds);
        let grounds = advice.grounds.iter().chain(people);
        let mut because = grounds.flat_map(|ground| &ground.because);
        let mut unfit = advice.contradictions.iter().flat_map(|one| &one.facts);
        because.any(|because| because.fact.as_str() == fact.as_str()) || unfit.any(|other| other == fact.as_str())
    }

    /// Words of the record about what a fact is about, with a name in place of the pseudonym: `Person A is now known to be a child`.
    pub fn with_name(&self, words: &str, fact: &FactName) -> String {
        let (said, name) = match fact.scope() {
            FactScope::Report => return words.to_owned(),
            FactScope::Person(id) => (format!("Person {id} "), self.report.label(id)),
            FactScope::Device(id) => (format!("Device {id} "), self.report.device_label(id)),
        };
        words.replace(&said, &format!("{name} "))
    }

    /// The class in words for the page.
    pub fn class_words(&self) -> &'static str {
        class_words(self.advice().class)
    }

    /// The colour of the class's tag.
    pub fn class_colour(&self) -> &'static str {
        match self.advice().class {
            Class::Aggravated => "red",
            Class::Experimental => "green",
            Class::Undetermined | Class::NotInvolved => "yellow",
        }
    }

    /// Why the report has its class, or what holds it up, first reasons first.
    pub fn grounds(&self) -> impl Iterator<Item = &Ground> {
        self.advice().grounds.iter()
    }

    /// Answers set aside by what happened after this version, each with why.
    pub fn set_aside_since(&self, version: u64) -> Vec<(&Statement, &str)> {
        let mut found = Vec::new();
        for event in self.report.log.iter().filter(|event| event.version > version) {
            if let EventBody::AnswerSetAside { statements, because, .. } = &event.body {
                found.extend(statements.iter().filter_map(|id| Some((self.report.statement(*id)?, because.as_str()))));
            }
        }
        found
    }

    /// Who asked for a review that nobody has given yet, what for, and by when, a line each; nothing of what was not said.
    pub fn asked_for_review(&self) -> Vec<String> {
        let events = self.report.log.iter().rev().take_while(|event| event.version > self.report.last_review);
        let asked = self.report.review_asked.map(|(_, asked)| asked);
        let said = events.filter(|event| Some(event.version) == asked).find_map(|event| match &event.body {
            EventBody::ReviewAsked { note, by_when } => Some((&event.actor.name, note, by_when)),
            _ => None,
        });
        let Some((who, note, by_when)) = said else { return Vec::new() };
        let note = (!note.is_empty()).then(|| format!("{who} asks: {note}"));
        let by_when = (!by_when.is_empty()).then(|| format!("Needed by: {by_when}"));
        note.into_iter().chain(by_when).collect()
    }

    /// The child or other person with this id, as an id.
    pub fn person_id(&self, id: &str) -> Option<PersonId> {
        self.report.person(id).map(|person| person.id.clone())
    }
}
