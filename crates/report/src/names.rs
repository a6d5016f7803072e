//! Names in words that must do without them: auditors, who see nothing of a report, read these, and they are there when it is erased.

use std::collections::HashSet;

use crate::people::Identity;
use crate::refusal::Wrong;
use crate::state::Report;

/// Every word that is part of a name, in small letters.
#[derive(Debug, Clone, Default)]
pub struct Names(HashSet<String>);

impl Names {
    /// Those of people.
    pub fn of<'a>(people: impl IntoIterator<Item = &'a Identity>) -> Self {
        let names = people.into_iter().flat_map(|who| {
            // Somebody known by an account alone is called `account …`: the word is nobody's name.
            let known_as = who.known_as.trim();
            [who.given_names.as_str(), &who.family_name, known_as.strip_prefix("account ").unwrap_or(known_as)]
        });
        Self(names.flat_map(words_of).map(str::to_lowercase).collect())
    }

    /// The first word of a text, as it was typed, that is one of them, in capital or small letters.
    pub fn found_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        words_of(text).find(|word| self.0.contains(&word.to_lowercase()))
    }
}

impl Report {
    /// Refuses words for the log that name somebody in the report, or whoever reported it.
    ///
    /// # Errors
    /// The name, and what to do.
    pub fn without_names(&self, field: &str, text: &str) -> Result<(), Wrong> {
        let mut names = Names::of(self.people.iter().map(|person| &person.identity));
        // Who reported it is often put as "a teacher of the school".
        let capital = |word: &&str| word.starts_with(char::is_uppercase);
        names.0.extend(words_of(&self.reporter.name).filter(capital).map(str::to_lowercase));
        names.found_in(text).map_or(Ok(()), |name| {
            let says = format!(
                "“{name}” is a name of somebody in the report. Auditors read this, and it outlives the report: say it without names"
            );
            Err(Wrong::new(field, says))
        })
    }
}

/// Words without what stands between them; a letter by itself names nobody.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_written_and_other_words_are_not() {
        let who = |given: &str, family: &str, known_as: &str| Identity {
            given_names: given.to_owned(),
            family_name: family.to_owned(),
            known_as: known_as.to_owned(),
            ..Identity::default()
        };
        let names = Names::of(&[who("Ann-Marie", "O'Example", "Annie"), who("", "", "account sample_1")]);
        for (text, found) in [
            ("asked by ann", Some("ann")),
            ("MARIE's file", Some("MARIE")),
            ("Annie", Some("Annie")),
            ("an example", Some("example")),
            ("o' course", None),
            ("Anna, annexe", None),
            ("the account was closed", None),
            ("for sample", Some("sample")),
            ("", None),
        ] {
            assert_eq!(names.found_in(text), found, "{text}");
        }
    }

    #[test]
    fn whoever_reported_it_is_named_by_words_that_begin_with_a_capital() {
        let mut report = Report::default();
        report.reporter.name = "Tess Ellis, a teacher of the school".to_owned();
        assert!(report.without_names("to", "rung by a teacher of the school").is_ok());
        let wrong = report.without_names("to", "ellis rang").unwrap_err();
        assert!(wrong.field == "to" && wrong.says.starts_with("“ellis” is a name"), "{wrong:?}");
    }
}
