//! Recording: whether there is a crime to record, its possible classes, and the facts both rest on.

use smallvec::SmallVec;

use super::Advisor;
use super::duties::also;
use super::waits::MAX_OPEN;
use crate::advice::{Because, Crime, CrimeClass, Record};
use crate::day::day_after;
use crate::eval::About;
use crate::reasons::{Reason, Told, Why};
use crate::rules::{CrimeRule, FormulaIx, Unsure};
use crate::share::List;

/// A class that somebody may have done, or did.
struct Possible<'a> {
    rule: &'a CrimeRule,
    about: About,
    definite: bool,
}

type Whys = SmallVec<[Why; 8]>;

impl Advisor<'_> {
    pub(super) fn crime(&self) -> Crime {
        let day = self.case.facts.report.get(ACT_ON).and_then(|value| value.as_word());
        let mut possible: Vec<Possible<'_>> = Vec::new();
        let mut classes: Vec<CrimeClass> = Vec::new();
        for rule in self.pack.crime_rules.iter().filter(|rule| may_be_valid(rule, day)) {
            for about in self.people().map(About::Person) {
                let reach = self.reach(rule.when, about);
                if !reach.possible() {
                    continue;
                }
                possible.push(Possible { rule, about, definite: reach.definite() });
                if reach.definite() {
                    let class = self.crime_class(rule, about, day);
                    if !classes.iter().any(|known| is_same(known, &class)) {
                        classes.push(class);
                    }
                }
            }
        }
        // Where the registrar settles which class it is, it is one all the same.
        let known: Vec<&Possible<'_>> = possible.iter().filter(|one| one.definite).collect();
        let rules: Vec<&CrimeRule> = known.iter().map(|one| one.rule).collect();
        let open = self.reach(self.pack.record.when, About::Report);
        let record = match (is_valid_on_all(&rules, day), open.possible() || !possible.is_empty()) {
            (true, _) => Record::Yes,
            (false, true) => Record::NotYetKnown,
            (false, false) => Record::No,
        };
        let why: Whys = match record {
            Record::Yes => self.why_recorded(&known, day),
            Record::NotYetKnown => self.why_not_settled(&possible, day),
            Record::No => self.why_none(day),
        };
        let (because, because_more) = self.together(&why, MAX_OPEN);
        let is_told = record == Record::NotYetKnown && open.definite();
        let says = is_told.then(|| self.pack.record.says.clone()).into_iter().collect();
        Crime { record, because, because_more, says, cites: self.pack.record.cites.clone(), classes }
    }

    fn crime_class(&self, rule: &CrimeRule, about: About, day: Option<&str>) -> CrimeClass {
        let whose = self.reach(self.pack.core.attribute, about).definite().then(|| self.person_of(about));
        // While it is not ruled out that the source is not sure of this one, it is not.
        let unsure = rule.unsure.as_ref().filter(|unsure| self.reach(unsure.when, about).possible());
        CrimeClass {
            rule: rule.id.clone(),
            act: rule.act.clone(),
            code: rule.code.clone(),
            subject: whose.flatten(),
            from: rule.from.clone(),
            until: rule.until.clone(),
            confirm: unsure.map_or_else(|| rule.confirm.clone(), |unsure| Some(unsure.confirm.clone())),
            confirm_because: unsure.map_or_else(List::default, |unsure| self.why_unsure(unsure, about)),
            cites: unsure.map_or_else(|| rule.cites.clone(), |unsure| also(&rule.cites, &unsure.cites)),
            because: self.together(&self.why_class(rule, about, day), usize::MAX).0,
        }
    }

    fn why_unsure(&self, unsure: &Unsure, about: About) -> List<Because> {
        let why = match self.reach(unsure.when, about).definite() {
            true => self.why(unsure.when, about, true),
            false => self.waits_on_all(unsure.when, about),
        };
        self.together(&[why], MAX_OPEN).0
    }

    /// Not by way of the class of the report, which speaks of who takes part as well and follows from other facts.
    fn why(&self, at: FormulaIx, about: About, want: bool) -> Why {
        self.explain.because(self.formula(at), about, want)
    }

    /// What a class rests on that somebody did, the day of the act among it where that matters.
    fn why_class(&self, rule: &CrimeRule, about: About, day: Option<&str>) -> Whys {
        let on_day = day.filter(|_| is_dated(rule)).and_then(|_| self.day_of_act_told());
        std::iter::once(self.why(rule.when, about, true)).chain(on_day).collect()
    }

    /// The day of the act as a reason, where the pack asks for it.
    fn day_of_act_told(&self) -> Option<Why> {
        Some(Told::new(&[Reason::Fact(self.pack.schema.get(ACT_ON)?.at, About::Report)]))
    }

    /// One class that is valid whatever the day was is enough; where there is none, it takes all of them.
    fn why_recorded(&self, known: &[&Possible<'_>], day: Option<&str>) -> Whys {
        let alone = known.iter().find(|one| is_valid_on_all(&[one.rule], day));
        let enough = alone.map_or(known, std::slice::from_ref);
        enough.iter().flat_map(|one| self.why_class(one.rule, one.about, day)).collect()
    }

    /// What may be a crime, and what could settle whether it is.
    fn why_not_settled(&self, possible: &[Possible<'_>], day: Option<&str>) -> Whys {
        let mut why = Whys::new();
        let open = self.pack.record.when;
        why.push(match self.reach(open, About::Report) {
            reach if reach.definite() => self.why(open, About::Report, true),
            _ => self.waits_on(open, About::Report),
        });
        for one in possible {
            match one.definite {
                true => why.extend(self.why_class(one.rule, one.about, day)),
                false => why.push(self.waits_on(one.rule.when, one.about)),
            }
        }
        why
    }

    /// What keeps every class from being one that somebody did.
    fn why_none(&self, day: Option<&str>) -> Whys {
        let mut why: Whys = std::iter::once(self.why(self.pack.record.when, About::Report, false)).collect();
        for rule in &self.pack.crime_rules {
            if may_be_valid(rule, day) {
                why.extend(self.people().map(|at| self.why(rule.when, About::Person(at), false)));
            } else if self.people().any(|at| self.reach(rule.when, About::Person(at)).possible()) {
                why.extend(self.day_of_act_told());
            }
        }
        why
    }
}

/// The same class of the same person, whatever it rests on: nobody is named twice, nor counted where nobody is named.
fn is_same(one: &CrimeClass, other: &CrimeClass) -> bool {
    let bare = |class: &CrimeClass| {
        let (because, confirm_because) = Default::default();
        CrimeClass { because, confirm_because, ..class.clone() }
    };
    bare(one) == bare(other)
}

/// The fact that says on what day it happened, which only the validity of codes reads.
pub(super) const ACT_ON: &str = "act_on";
const NOT_KNOWN: &str = "not-known";

/// Where the day was never asked, the codes that are valid without an end; where nobody knows it yet, every code.
fn may_be_valid(rule: &CrimeRule, day: Option<&str>) -> bool {
    match day {
        Some(NOT_KNOWN) => true,
        Some(day) => is_valid_on(rule, day),
        None => rule.until.is_none(),
    }
}

const fn is_dated(rule: &CrimeRule) -> bool {
    rule.from.is_some() || rule.until.is_some()
}

fn is_valid_on(rule: &CrimeRule, day: &str) -> bool {
    rule.from.as_deref().is_none_or(|from| from <= day) && rule.until.as_deref().is_none_or(|until| day <= until)
}

/// Is one of these valid, whatever the day was? A change comes only on a day from which one is valid, or after one until
/// which it is.
fn is_valid_on_all(rules: &[&CrimeRule], day: Option<&str>) -> bool {
    if day != Some(NOT_KNOWN) {
        return !rules.is_empty();
    }
    let from = rules.iter().filter_map(|rule| rule.from.as_deref().map(str::to_owned));
    let after = rules.iter().filter_map(|rule| day_after(rule.until.as_deref()?));
    let mut days = from.chain(after).chain([String::new()]);
    days.all(|day| rules.iter().any(|rule| is_valid_on(rule, &day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(from: &str, until: &str) -> CrimeRule {
        let day = |day: &str| (!day.is_empty()).then(|| day.into());
        CrimeRule {
            id: "act".into(),
            act: "act".into(),
            code: Some("1".into()),
            when: 0,
            from: day(from),
            until: day(until),
            confirm: None,
            unsure: None,
            cites: List::default(),
        }
    }

    #[test]
    fn a_day_that_nobody_knows_is_one_of_all_days() {
        for (rules, is) in [
            (&[][..], false),
            (&[("", "")][..], true),
            (&[("2024-01-31", "")][..], false),
            (&[("", "2024-01-30")][..], false),
            (&[("2015-04-13", "2024-01-30"), ("2024-01-31", "")][..], false),
            (&[("", "2024-01-30"), ("2024-01-31", "")][..], true),
            (&[("2024-01-31", ""), ("", "2024-01-30")][..], true),
            // A day between them, also where it is the last of a month, of a year or of February.
            (&[("", "2024-01-30"), ("2024-02-01", "")][..], false),
            (&[("", "2024-01-31"), ("2024-02-01", "")][..], true),
            (&[("", "2023-12-31"), ("2024-01-01", "")][..], true),
            (&[("", "2024-02-28"), ("2024-03-01", "")][..], false),
            (&[("", "2023-02-28"), ("2023-03-01", "")][..], true),
            (&[("", "2024-01-30"), ("2024-01-10", "2024-06-30"), ("2024-07-01", "")][..], true),
            (&[("", "2024-01-30"), ("2024-01-10", "2024-06-30"), ("2024-07-02", "")][..], false),
            // The calendar ends, and with it what a code is valid until.
            (&[("", "9999-12-31")][..], true),
        ] {
            let made: Vec<CrimeRule> = rules.iter().map(|(from, until)| rule(from, until)).collect();
            let all: Vec<&CrimeRule> = made.iter().collect();
            assert_eq!(is_valid_on_all(&all, Some(NOT_KNOWN)), is, "{rules:?}");
            // Where the day is known, or was never asked, rules that are not valid on it were left out before.
            assert_eq!(is_valid_on_all(&all, Some("2024-06-15")), !all.is_empty(), "{rules:?}");
            assert_eq!(is_valid_on_all(&all, None), !all.is_empty(), "{rules:?}");
        }
    }
}
