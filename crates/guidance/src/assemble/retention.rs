//! The schedule of reviews covers everybody, and names roles, outcomes, sources and statements that there are.

use std::collections::BTreeSet;

use super::check::looks_like_statement;
use crate::near::nearest;
use crate::problem::Problem;
use crate::retention::{CountedFrom, HoldOn};
use crate::spec::{At, Spec};

/// What somebody can be in a report; the record has the same words.
const ROLES: [&str; 8] =
    ["person-involved", "victim", "witness", "subject", "suspect", "parent-or-carer", "reporter", "professional"];
/// A life: nothing is counted further.
const MOST_YEARS: u16 = 100;

pub(super) fn check(spec: &Spec, problems: &mut Vec<Problem>) {
    let mut checker = Checker { spec, problems };
    checker.schedule();
    checker.reviews();
    checker.holds();
    if let Some(entry) = &spec.own_data {
        checker.cites(entry, "own_data", &entry.it.cites);
        let words = &entry.it;
        let another = [&words.given_to_parent, &words.given_to_representative, &words.given_to_court];
        if words.says.is_empty() || words.given.is_empty() || another.iter().any(|given| given.is_empty()) {
            let help = "give says, given and each given_to a line at least";
            checker.wrong(entry, "own_data", "says nothing to somebody".to_owned(), help);
        }
    }
}

struct Checker<'a> {
    spec: &'a Spec,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn wrong<T>(&mut self, entry: &At<T>, about: &str, says: String, help: &str) {
        self.problems.push(Problem {
            file: entry.file.clone(),
            line: entry.line,
            about: about.to_owned(),
            says,
            help: help.to_owned(),
        });
    }

    fn cites<T>(&mut self, entry: &At<T>, about: &str, cites: &[String]) {
        if cites.is_empty() {
            self.wrong(entry, about, "cites nothing".to_owned(), "say where it comes from");
        }
        let statements: BTreeSet<&str> = self.spec.statements.iter().map(|s| s.it.id.as_str()).collect();
        for cited in cites.iter().filter(|cited| looks_like_statement(cited) && !statements.contains(cited.as_str())) {
            let says = format!("cites {cited}, which statements.toml does not have");
            self.wrong(entry, about, says, "cite a statement that is there, or add it");
        }
    }

    fn schedule(&mut self) {
        let Some(entry) = &self.spec.schedule else { return };
        let schedule = &entry.it;
        if !self.spec.sources.iter().any(|source| source.it.id == schedule.source) {
            let says = format!("source \"{}\" is not in this pack", schedule.source);
            self.wrong(entry, "schedule", says, "name a [[source]] of pack.toml by its id");
        }
        if !crate::day::is_day(&schedule.checked_on) {
            let says = format!("\"{}\" is no day", schedule.checked_on);
            self.wrong(entry, "schedule", says, "write days as \"2026-12-25\"");
        }
        if !(1..=MOST_YEARS).contains(&schedule.longest_years) {
            let says = format!("longest_years is {}", schedule.longest_years);
            self.wrong(entry, "schedule", says, "use 1 to 100");
        }
        self.cites(entry, "schedule", &schedule.cites);
    }

    fn reviews(&mut self) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let last = self.spec.reviews.len().saturating_sub(1);
        for (at, entry) in self.spec.reviews.iter().enumerate() {
            let review = &entry.it;
            let about = format!("review {}", review.id);
            if !seen.insert(&review.id) {
                self.wrong(entry, &about, "is given twice".to_owned(), "an id is used once");
            }
            for role in review.roles.iter().filter(|role| !ROLES.contains(&role.as_str())) {
                let known: Vec<String> = ROLES.iter().map(|role| (*role).to_owned()).collect();
                let says = format!("role \"{role}\" is unknown{}", nearest(role, known.iter()));
                self.wrong(entry, &about, says, &format!("use any of {}", ROLES.join(", ")));
            }
            self.outcomes(entry, &about, &review.outcomes);
            if review.years > MOST_YEARS {
                self.wrong(entry, &about, format!("counts {} years", review.years), "use 0 to 100");
            }
            self.cites(entry, &about, &review.cites);
            let fits_all = review.roles.is_empty()
                && review.outcomes.is_empty()
                && review.from == CountedFrom::Closing
                && !review.optional;
            if fits_all && at < last && entry.whole {
                let says = "fits everybody, so nothing below it is ever reached".to_owned();
                self.wrong(entry, &about, says, "put it last");
            }
            if !fits_all && at == last && entry.whole {
                let says = "is the last and does not fit everybody".to_owned();
                let help = "end with a [[review]] from closing without roles, outcomes and optional";
                self.wrong(entry, &about, says, help);
            }
        }
    }

    fn outcomes<T>(&mut self, entry: &At<T>, about: &str, codes: &[String]) {
        let known: Vec<String> = self.spec.outcomes.iter().map(|outcome| outcome.it.code.clone()).collect();
        for code in codes.iter().filter(|code| !known.contains(code)) {
            let says = format!("outcome \"{code}\" is not in outcomes.toml");
            self.wrong(entry, about, says, &format!("there are {}", known.join(", ")));
        }
    }

    fn holds(&mut self) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for entry in &self.spec.holds {
            let hold = &entry.it;
            let about = format!("hold {}", hold.id);
            if !seen.insert(&hold.id) {
                self.wrong(entry, &about, "is given twice".to_owned(), "an id is used once");
            }
            if entry.whole && (hold.on == HoldOn::Outcome) == hold.outcomes.is_empty() {
                let says = "names outcomes without looking at them, or looks at them and names none".to_owned();
                self.wrong(entry, &about, says, "outcomes belong to on = \"outcome\", and nowhere else");
            }
            self.outcomes(entry, &about, &hold.outcomes);
            self.cites(entry, &about, &hold.cites);
        }
    }
}
