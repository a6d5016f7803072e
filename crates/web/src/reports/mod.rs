//! Reports: beginning one, its first page, who and what is in it, its questions and answers.

pub mod accounts;
mod already;
pub mod answers;
pub mod anybody;
pub mod authorities;
pub mod changed;
pub mod class;
pub mod concern;
mod control;
pub mod devices;
pub mod end;
pub mod entries;
mod glance;
pub mod home;
mod identity;
pub mod involved;
pub mod linked;
pub mod new;
mod notices;
pub mod person;
pub mod places;
pub mod question;
pub mod references;
pub mod roles;
pub mod safety;
mod source;
pub mod take_back;
mod task_lines;
mod unfit;
pub mod who;
pub mod withdraw;

#[cfg(test)]
pub mod tests;

use guidance::words::Question;

use crate::shared::form::Form;
use crate::shared::record::Opened;

/// Sections of questions, in words for the caption of their pages.
fn section_words(section: &str) -> &'static str {
    match section {
        "person" => "Who is involved",
        "welfare" => "Are they safe?",
        "what" => "What happened",
        "pictured" => "Who is in the image",
        "aggravating" => "Did anything make it worse?",
        "reason" => "Why",
        "adult" => "Somebody who may be an adult",
        "conduct" => "Conduct and ages",
        "circumstances" => "Circumstances",
        "device" => "Devices",
        _ => "Questions",
    }
}

/// The questions that are asked once for everybody: "Did anybody …?"
fn about_anybody(opened: &Opened) -> impl Iterator<Item = &Question> {
    let questions = opened.pack().questions().iter();
    questions.filter(|question| !question.anybody.is_empty())
}

/// The name of a question's fact without its scope: `threatened`.
fn fact_name(question: &Question) -> &str {
    question.fact.rsplit('.').next().unwrap_or_default()
}

/// People of whom the questions about everybody are asked: those who take part, or may.
fn people_asked(opened: &Opened) -> Vec<&report::Person> {
    let takes_part = |person: &&report::Person| {
        opened
            .advice()
            .persons
            .get(person.id.as_str())
            .is_some_and(|advice| advice.class != guidance::advice::Class::NotInvolved)
    };
    opened.people().filter(takes_part).collect()
}

/// A form with what the record holds, to draw a page for the first time as if it had been sent.
fn filled(pairs: &[(&str, &str)]) -> Form {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Form::from_pairs(pairs.collect())
}

#[cfg(test)]
mod section_tests {
    use guidance::words::SECTIONS;

    use super::section_words;

    /// A pack may put its questions into any of them, so each has words of its own.
    #[test]
    fn every_section_that_a_pack_may_use_has_words() {
        let mut words: Vec<&str> = SECTIONS.iter().map(|one| section_words(one)).collect();
        words.push(section_words("no section"));
        words.sort_unstable();
        let all = words.len();
        words.dedup();
        assert_eq!(words.len(), all, "{words:?}");
    }
}
