//! Devices, outcomes, recording and contradictions.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::Advisor;
use super::waits::MAX_OPEN;
use crate::advice::{
    Contradiction, Crime, CrimeClass, DeviceAdvice, DeviceOutcome, Duty, Outcome, OutcomeState, Record,
};
use crate::day::day_after;
use crate::decide::DutyStands;
use crate::eval::About;
use crate::reasons::{Reasons, Why, left_out};
use crate::rules::{CrimeRule, OutcomeCondition, OutcomeRule};
use crate::schema::Scope;
use crate::share::{List, Text};

type Conditions<'a> = SmallVec<[&'a OutcomeCondition; 8]>;
type Whys = SmallVec<[Why; 8]>;

impl Advisor<'_> {
    pub(super) fn devices(&self) -> BTreeMap<String, DeviceOutcome> {
        let mut all = BTreeMap::new();
        for (at, device) in self.case.facts.device.iter().enumerate() {
            let about = About::Device(at);
            let rules = &self.pack.device_rules;
            let found = rules.iter().position(|rule| self.reach(rule.when, about).definite());
            let advice = match found.and_then(|at| Some((at, rules.get(at)?))) {
                Some((at, rule)) => {
                    let mut because = self.because(rule.when, about, true);
                    // "Otherwise" rests on what shut out the rule before it.
                    if because.is_empty()
                        && let Some(before) = at.checked_sub(1).and_then(|before| rules.get(before))
                        && !self.reach(before.when, about).possible()
                    {
                        because = self.because(before.when, about, false);
                    }
                    DeviceOutcome {
                        advice: rule.advice,
                        cites: rule.cites.clone(),
                        says: rule.says.clone(),
                        because: self.explain.say_once(&because),
                    }
                }
                // INVARIANT (devices end with "always"): checked when the pack is put together.
                None => DeviceOutcome {
                    advice: DeviceAdvice::Preserve,
                    cites: List::default(),
                    says: Text::default(),
                    because: List::default(),
                },
            };
            all.insert(device.id.clone(), advice);
        }
        all
    }

    pub(super) fn outcomes(&self, stands: &[DutyStands], duties: &[Duty]) -> Vec<Outcome> {
        let mut all = Vec::new();
        let reach = |at, about| self.reach(at, about);
        self.pack.each_outcome(self.case, &reach, |_, rule, about| {
            all.push(self.outcome(rule, about, stands, duties));
        });
        all
    }

    fn outcome(&self, rule: &OutcomeRule, about: About, stands: &[DutyStands], duties: &[Duty]) -> Outcome {
        let mine = |condition: &&OutcomeCondition| condition.is_for(about);
        let blocking: Conditions<'_> =
            rule.blocked.iter().filter(mine).filter(|c| self.reach(c.when, about).definite()).collect();
        if !blocking.is_empty() {
            let why: Whys = blocking.iter().map(|condition| self.because(condition.when, about, true)).collect();
            return self.told(rule, about, &blocking, OutcomeState::Blocked, (&why, usize::MAX));
        }
        let missing: Conditions<'_> =
            rule.requires.iter().filter(mine).filter(|c| !self.reach(c.when, about).definite()).collect();
        let why: Whys = missing.iter().map(|condition| self.waits_on(condition.when, about)).collect();
        let mut outcome = self.told(rule, about, &missing, OutcomeState::Open, (&why, MAX_OPEN));
        let waits_for = |(stands, _): &(&DutyStands, &Duty)| self.pack.waits_for(rule, about, stands);
        outcome.needs.extend(stands.iter().zip(duties).filter(waits_for).map(|(_, duty)| duty.id.clone()));
        let mut open = !missing.is_empty() || !outcome.needs.is_empty();
        let mut facts = Reasons::default();
        why.iter().flat_map(|why| why.iter()).for_each(|reason| facts.add(*reason));
        // A condition that may yet block keeps it from being open, even where no requirement says so.
        for condition in rule.blocked.iter().filter(mine).filter(|c| self.reach(c.when, about).possible()) {
            open = true;
            self.explain.open_why(self.formula(condition.when), about).iter().for_each(|reason| facts.add(*reason));
        }
        outcome.needs_more = left_out(&why, &facts.list);
        outcome.needs.extend(facts.list.iter().map(|reason| self.explain.fact_name(*reason)));
        if open {
            outcome.state = OutcomeState::NotYet;
        }
        outcome
    }

    /// An outcome with the words, cites and reasons of some of its conditions, `most` reasons at most.
    fn told(
        &self,
        rule: &OutcomeRule,
        about: About,
        conditions: &[&OutcomeCondition],
        state: OutcomeState,
        (why, most): (&[Why], usize),
    ) -> Outcome {
        let more = || conditions.iter().flat_map(|c| c.cites.iter()).filter(|cite| !rule.cites.contains(cite));
        let cites = match more().next() {
            None => rule.cites.clone(),
            Some(_) => rule.cites.iter().chain(more()).cloned().collect(),
        };
        let mut because = Reasons::default();
        why.iter().flat_map(|why| why.iter()).for_each(|reason| because.add(*reason));
        let because_more = left_out(why, &because.list) + because.list.len().saturating_sub(most);
        because.list.truncate(most);
        let because = match why {
            // Most often one condition is all there is to tell.
            [one] if one.len() == because.list.len() => self.explain.say_once(one),
            _ => self.explain.say(&because.list),
        };
        let says = conditions.iter().map(|condition| condition.says.clone());
        // What no question asks is for whoever decides it; where it is blocked there is nothing to decide.
        let confirm = rule.confirm.clone().filter(|_| state != OutcomeState::Blocked);
        Outcome {
            code: rule.code.clone(),
            subject: self.person_of(about),
            state,
            because,
            because_more,
            needs: Vec::new(),
            needs_more: 0,
            cites,
            says: says.chain(confirm).collect(),
        }
    }

    pub(super) fn crime(&self) -> Crime {
        let mut classes: Vec<CrimeClass> = Vec::new();
        let mut possible = false;
        let day = self.case.facts.report.get(ACT_ON).and_then(|value| value.as_word());
        let mut definite: Vec<&CrimeRule> = Vec::new();
        for rule in self.pack.crime_rules.iter().filter(|rule| may_be_valid(rule, day)) {
            for at in self.people() {
                let about = About::Person(at);
                let reach = self.reach(rule.when, about);
                possible |= reach.possible();
                if !reach.definite() {
                    continue;
                }
                definite.extend(rule.code.is_some().then_some(rule));
                let whose = self.reach(self.pack.core.attribute, about).definite().then(|| self.person_id(at));
                let class = CrimeClass {
                    act: rule.act.clone(),
                    code: rule.code.clone(),
                    subject: whose,
                    from: rule.from.clone(),
                    until: rule.until.clone(),
                    confirm: rule.confirm.clone(),
                    cites: rule.cites.clone(),
                };
                if !classes.contains(&class) {
                    classes.push(class);
                }
            }
        }
        let record = match (is_valid_on_all(&definite, day), possible) {
            (true, _) => Record::Yes,
            (false, true) => Record::NotYetKnown,
            (false, false) => Record::No,
        };
        Crime { record, classes }
    }

    pub(super) fn contradictions(&self) -> Vec<Contradiction> {
        let mut all = Vec::new();
        for rule in &self.pack.contradictions {
            let mut tell = |about: About, subject: Option<&str>| {
                if self.reach(rule.when, about).definite() {
                    let facts = rule.facts.iter().map(|fact| with_subject(fact, subject)).collect();
                    all.push(Contradiction { facts, says: rule.says.clone() });
                }
            };
            match rule.scope {
                Scope::Report => tell(About::Report, None),
                Scope::Person => {
                    for at in self.people() {
                        let id = self.person_id(at);
                        tell(About::Person(at), Some(&id));
                    }
                }
                Scope::Device => {
                    for (at, device) in self.case.facts.device.iter().enumerate() {
                        tell(About::Device(at), Some(&device.id));
                    }
                }
            }
        }
        all
    }
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

fn with_subject(fact: &str, subject: Option<&str>) -> String {
    match (fact.split_once('.'), subject) {
        (Some((scope, name)), Some(id)) if scope != "report" => format!("{scope}.{id}.{name}"),
        _ => fact.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(from: &str, until: &str) -> CrimeRule {
        let day = |day: &str| (!day.is_empty()).then(|| day.into());
        CrimeRule {
            act: "act".into(),
            code: Some("1".into()),
            when: 0,
            from: day(from),
            until: day(until),
            confirm: None,
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
