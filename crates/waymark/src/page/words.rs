//! The pack's own words for facts, answers and duties, so that nobody reads a name made for programs.

use guidance::advice::{Because, Duty};
use guidance::words::{AnswerWords, Question};
use guidance::{Pack, Value};

use super::layout::{list, sentence};

/// Most answers named as the reason of one thing; more than that nobody reads.
const MAX_REASONS: usize = 6;

/// From this many on, the same answer to questions of one group is counted and not told one by one.
const MANY: usize = 3;

/// Words of one pack.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    pack: &'a Pack,
}

/// The section of the questions about somebody's safety.
const SAFETY: &str = "welfare";

/// `person.A.age` taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FullName<'a> {
    /// `report`, `person`, `device` or `done`.
    pub scope: &'a str,
    /// `A`; empty for the report.
    pub subject: &'a str,
    /// `age`.
    pub name: &'a str,
}

/// Takes a full name of a fact apart.
pub fn full_name(fact: &str) -> FullName<'_> {
    let (scope, rest) = fact.split_once('.').unwrap_or(("report", fact));
    let (subject, name) = match scope {
        "person" | "device" => rest.split_once('.').unwrap_or(("", rest)),
        _ => ("", rest),
    };
    FullName { scope, subject, name }
}

impl<'a> Words<'a> {
    /// Whether a question is about somebody's safety: on a page for people those come before everything.
    pub fn is_about_safety(&self, fact: FullName<'_>) -> bool {
        let name = format!("{}.{}", fact.scope, fact.name);
        self.pack.question(&name).is_some_and(|question| question.section == SAFETY)
    }

    /// The words of `pack`.
    pub const fn new(pack: &'a Pack) -> Self {
        Self { pack }
    }

    /// The question a fact answers.
    pub fn question_of(&self, fact: FullName<'_>) -> Option<&'a Question> {
        self.pack.question(&format!("{}.{}", fact.scope, fact.name))
    }

    /// What the pack says of a fact, and of its answers.
    fn of(&self, fact: FullName<'_>) -> (&'a str, &'a [AnswerWords]) {
        let name = format!("{}.{}", fact.scope, fact.name);
        self.pack.fact_words(&name)
    }

    /// The question in words, about whom it is about.
    pub fn question(&self, fact: FullName<'_>) -> String {
        match self.of(fact).0 {
            // Whatever an outcome needs of people, somebody has to be entered first.
            _ if fact == full_name(guidance::NOBODY) => "Who took part in this?".to_owned(),
            // A pack may say nothing of a fact.
            "" if fact.subject.is_empty() => {
                format!("{}:", sentence(&fact.name.replace('_', " ")))
            }
            "" => format!("{}, {}:", fact.subject, fact.name.replace('_', " ")),
            words => about(words, fact.subject),
        }
    }

    /// An answer in words.
    pub fn answer(&self, fact: FullName<'_>, value: &Value) -> String {
        let options = self.of(fact).1;
        let word = |word: &str| match (options.iter().find(|option| option.value == word), word) {
            (_, "not-asked") => "Not asked yet".to_owned(),
            (Some(option), _) => option.words.clone(),
            (None, "not-known") => "Not known yet".to_owned(),
            (None, "yes") => "Yes".to_owned(),
            (None, "no") => "No".to_owned(),
            (None, word) => word.to_owned(),
        };
        match value {
            Value::Years(years) => years.to_string(),
            Value::Word(one) => word(one),
            Value::Words(all) if all.is_empty() => "nobody and nothing".to_owned(),
            Value::Words(all) if options.is_empty() => list(all),
            Value::Words(all) => all.iter().map(|one| word(one)).collect::<Vec<_>>().join("; "),
        }
    }

    /// A fact as question and answer: `Did B threaten somebody? Yes`.
    pub fn stated(&self, because: &Because) -> String {
        let fact = full_name(&because.fact);
        if fact.scope == "done" {
            let state = if because.value.as_word() == Some("yes") { "done" } else { "not done yet" };
            return format!("{}: {state}", self.duty_of_id(fact.name));
        }
        format!("{} {}", self.question(fact), self.answer(fact, &because.value))
    }

    /// Facts as one line of reasons; long lists are cut and say so.
    pub fn reasons(&self, because: &[Because]) -> String {
        let mut all: Vec<String> = Vec::new();
        let mut counted: Vec<(&str, &str)> = Vec::new();
        for reason in because {
            // Nine times no is one thing to know, not nine.
            match self.group_of_no(reason) {
                Some(group) if counted.contains(&group) => {}
                Some(group) => {
                    let count = because.iter().filter(|other| self.group_of_no(other) == Some(group)).count();
                    if count < MANY {
                        all.push(self.stated(reason));
                    } else {
                        counted.push(group);
                        let (subject, section) = group;
                        all.push(format!("About {subject}: no to {count} questions ({section})"));
                    }
                }
                None => all.push(self.stated(reason)),
            }
        }
        let more = all.len().saturating_sub(MAX_REASONS);
        all.truncate(MAX_REASONS);
        if more > 0 {
            all.push(format!("And {more} more"));
        }
        all.join(". ") + "."
    }

    /// Whom and what a "no" about somebody belongs to.
    fn group_of_no<'f>(&self, because: &'f Because) -> Option<(&'f str, &'a str)> {
        let fact = full_name(&because.fact);
        let no = because.value.as_word() == Some("no") && !fact.subject.is_empty();
        no.then(|| self.question_of(fact)).flatten().map(|question| (fact.subject, question.section.as_str()))
    }

    /// The questions behind facts, without their answers; the same question about several is told once.
    pub fn questions<'f>(&self, facts: impl IntoIterator<Item = &'f str>) -> Vec<String> {
        let mut grouped: Vec<(FullName<'f>, Vec<&'f str>)> = Vec::new();
        for fact in facts.into_iter().map(full_name) {
            match grouped.iter_mut().find(|(known, _)| known.scope == fact.scope && known.name == fact.name) {
                Some((known, others)) if known.subject != fact.subject && !others.contains(&fact.subject) => {
                    others.push(fact.subject)
                }
                Some(_) => {}
                None => grouped.push((fact, Vec::new())),
            }
        }
        let words = |fact: FullName<'_>| match self.question(fact) {
            named if named.ends_with(':') => named.replace(':', "?"),
            asked => asked,
        };
        grouped.into_iter().map(|(fact, others)| also(&words(fact), &others)).collect()
    }

    /// The title of a duty for one person or device.
    pub fn duty(&self, duty: &str, subject: &str) -> String {
        self.pack
            .duties()
            .iter()
            .find(|words| words.id == duty)
            .map_or_else(|| duty.to_owned(), |words| about(&words.title, subject))
    }

    /// The title of a duty by its id with whom it is for, `vpa:A` or `checks:location`.
    pub fn duty_of_id(&self, id: &str) -> String {
        let (duty, subject) = id.split_once(':').unwrap_or((id, ""));
        let known = |id: &str| self.pack.duties().iter().any(|words| words.id == id);
        match id.replace(':', "-") {
            // A duty of the report may be shown with a colon of its own.
            whole if known(&whole) => self.duty(&whole, ""),
            _ => self.duty(duty, subject),
        }
    }

    /// Duties of one kind as one title: `Submit a VPA for A. The same for B.`
    pub fn duties(&self, duties: &[&Duty]) -> String {
        let subjects: Vec<&str> = duties.iter().map(|duty| duty.subject.as_deref().unwrap_or_default()).collect();
        match (duties.first(), subjects.split_first()) {
            (Some(duty), Some((first, others))) => also(&self.duty(&duty.duty, first), others),
            _ => String::new(),
        }
    }
}

/// Whom a text of the pack is about.
fn about(words: &str, subject: &str) -> String {
    let subject = if subject.is_empty() { "each of them" } else { subject };
    words.replace("{person}", subject).replace("{device}", subject)
}

fn also(words: &str, others: &[&str]) -> String {
    if others.is_empty() { words.to_owned() } else { format!("{words} (the same for {})", list(others)) }
}

/// When something is due, in words: `PT24H` is "within 24 hours".
pub fn due(due: &str) -> String {
    let number = |rest: &str, unit: &str| {
        rest.strip_suffix(unit).filter(|n| n.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned)
    };
    if let Some(hours) = due.strip_prefix("PT").and_then(|rest| number(rest, "H")) {
        return format!("within {hours} hours");
    }
    if let Some(days) = due.strip_prefix('P').and_then(|rest| number(rest, "D")) {
        return format!("within {days} days");
    }
    let words = due.replace('-', " ");
    match words.split_once(' ') {
        Some((when @ ("before" | "after"), what)) => {
            let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            format!("{when} {article} {what}")
        }
        Some(("one", _)) => format!("within {words}"),
        _ => words,
    }
}
