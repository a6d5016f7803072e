//! Words of the guidance that are said only where something is known, and what it tells to do at once: which of them hold now.

use guidance::Value;
use guidance::advice::Truth;
use guidance::words::{DoNow, HARMED, Question, Said};
use report::{FactName, NOT_KNOWN};

use super::record::Opened;

/// Beside the answer of each after a yes to "Did anybody …?", until it is said who it was.
pub const SAID_YES: &str = "Somebody did. Who it was is not entered yet.";

impl Opened {
    /// What of this is said: of one person where there is one, else of anybody.
    pub fn said<'a>(&self, all: &'a [Said], person: Option<&str>) -> Vec<&'a str> {
        let said = all.iter().filter(|said| self.is_said(said, person));
        said.flat_map(|said| &said.says).map(String::as_str).collect()
    }

    /// Is one of the answers there with which this is said?
    pub fn is_said(&self, said: &Said, person: Option<&str>) -> bool {
        let is_one = |fact: &str| match self.answer(fact) {
            Some(Value::Word(word)) => said.is.contains(&word),
            Some(Value::Words(words)) => words.iter().any(|word| said.is.contains(word)),
            _ => false,
        };
        let harmed = |id: &str| self.advice().persons.get(id).map(|advice| advice.harmed);
        let is_so = |id: &str| match said.fact.as_str() {
            HARMED => harmed(id).is_some_and(|harmed| match harmed {
                Truth::Yes => said.is.iter().any(|word| word == "yes"),
                Truth::No => said.is.iter().any(|word| word == "no"),
                Truth::Undetermined => false,
            }),
            fact => is_one(&fact.replacen("person.", &format!("person.{id}."), 1)),
        };
        match (said.fact.split_once('.'), person) {
            (Some(("person", _)), Some(id)) => is_so(id),
            (Some(("person", _)), None) => self.people().any(|person| is_so(person.id.as_str())),
            (Some(("device", name)), _) => {
                self.devices().any(|device| is_one(&format!("device.{}.{name}", device.id.as_str())))
            }
            _ => is_one(&said.fact),
        }
    }

    /// What has to be done at once by the answers there are, also where it is not entered yet of whom a yes was said. Nothing in a report
    /// that is closed.
    pub fn do_now(&self) -> Vec<&DoNow> {
        if self.report.is_closed() {
            return Vec::new();
        }
        let questions = self.pack().questions().iter();
        questions.filter(|question| self.is_yes(question)).filter_map(|question| question.do_now.as_ref()).collect()
    }

    /// Is a question that tells what to do at once answered with yes: of the report, or of anybody?
    fn is_yes(&self, question: &Question) -> bool {
        let mut facts = self.report.facts_of(question).into_iter().map(|(fact, _)| fact);
        let says_yes = |fact: FactName| {
            let current = self.report.current(&fact);
            let word = current.value.as_ref().and_then(Value::as_word);
            let awaits_who = || current.standing.iter().any(|said| said.note == SAID_YES);
            word == Some("yes") || (word == Some(NOT_KNOWN) && awaits_who())
        };
        question.do_now.is_some() && facts.any(says_yes)
    }
}
