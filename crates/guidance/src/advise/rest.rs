//! Devices, outcomes and contradictions.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::Advisor;
use super::waits::MAX_OPEN;
use crate::advice::{Contradiction, DeviceAdvice, DeviceOutcome, Duty, Outcome, OutcomeState};
use crate::decide::DutyStands;
use crate::eval::About;
use crate::expr::Who;
use crate::reasons::{Reason, Reasons, Told, Why, left_out};
use crate::rules::{FormulaIx, OutcomeCondition, OutcomeRule};
use crate::schema::{FactKind, Scope};
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
                    let mut because = self.with_users(rule.when, about, self.because(rule.when, about, true));
                    // "Otherwise" rests on what shut out the rule before it.
                    if because.is_empty()
                        && let Some(before) = at.checked_sub(1).and_then(|before| rules.get(before))
                        && !self.reach(before.when, about).possible()
                    {
                        because = self.because(before.when, about, false);
                    }
                    DeviceOutcome {
                        rule: rule.id.clone(),
                        advice: rule.advice,
                        cites: rule.cites.clone(),
                        says: rule.says.clone(),
                        because: self.explain.say_once(&because),
                    }
                }
                // INVARIANT (devices end with "always"): checked when the pack is put together.
                None => DeviceOutcome {
                    rule: Text::default(),
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

    /// What rests on somebody who uses or owns a device rests on their doing so.
    fn with_users(&self, when: FormulaIx, about: About, why: Why) -> Why {
        let of_owner = |atom: &usize| self.env.compiled.atoms.get(*atom).is_some_and(|atom| atom.who == Who::Owner);
        let of_somebody = |reason: &Reason| matches!(reason, Reason::Fact(_, About::Person(_)));
        let mut facts = self.pack.schema.in_scope(Scope::Device);
        match facts.find(|fact| fact.kind == FactKind::People) {
            Some(fact) if self.formula(when).atoms.iter().any(of_owner) && why.iter().any(of_somebody) => {
                let all: Vec<Reason> = why.iter().copied().chain([Reason::Fact(fact.at, about)]).collect();
                Told::new(&all)
            }
            _ => why,
        }
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
        // What no answer can bring about any more rests on what shuts it out; nothing is missing for it.
        let is_open = |condition: &&OutcomeCondition| self.reach(condition.when, about).possible();
        let why = |condition: &&OutcomeCondition| match is_open(condition) {
            true => self.waits_on_all(condition.when, about),
            false => self.because(condition.when, about, false),
        };
        let of_missing: Whys = missing.iter().map(why).collect();
        // A decision that nobody is asked for is not what is missing, where something else is.
        let is_asked = |reason: &Reason| match reason {
            Reason::Done(duty, whose) => stands.iter().any(|asked| asked.duty == *duty && asked.about == *whose),
            _ => true,
        };
        let of_asked = |why: &Why| why.iter().all(is_asked);
        let only_asked = of_missing.iter().any(of_asked);
        let kept = missing.into_iter().zip(of_missing).filter(|(_, why)| !only_asked || of_asked(why));
        let (missing, of_missing): (Conditions<'_>, Whys) = kept.unzip();
        // Whatever else is missing, somebody has to be entered first.
        let is_of_nobody = || !self.reach(self.pack.core.report_takes_part, About::Report).possible();
        let nobody = (about == About::Report && is_of_nobody()).then(|| Told::new(&[Reason::Nobody]));
        let why: Whys = nobody.iter().chain(&of_missing).cloned().collect();
        let mut outcome = self.told(rule, about, &missing, OutcomeState::Open, (&why, MAX_OPEN));
        let of_open = missing.iter().zip(of_missing).filter(|(condition, _)| is_open(condition)).map(|(_, why)| why);
        let waits: Whys = nobody.into_iter().chain(of_open).collect();
        let waits_for = |(stands, _): &(&DutyStands, &Duty)| self.pack.waits_for(rule, about, stands);
        outcome.needs.extend(stands.iter().zip(duties).filter(waits_for).map(|(_, duty)| duty.id.clone()));
        let mut facts = Reasons::default();
        waits.iter().flat_map(|why| why.iter()).for_each(|reason| facts.add(*reason));
        // A condition that may yet block keeps it from being open, even where no requirement says so.
        let may_block: Conditions<'_> = rule.blocked.iter().filter(mine).filter(|c| is_open(c)).collect();
        for condition in &may_block {
            self.explain.open_why(self.formula(condition.when), about).iter().for_each(|reason| facts.add(*reason));
        }
        if facts.list.is_empty() {
            let others = may_block.iter().map(|condition| self.waits_on_all(condition.when, about));
            others.for_each(|why| why.iter().for_each(|reason| facts.add(*reason)));
        }
        let is_not_yet = !missing.is_empty() || !outcome.needs.is_empty() || !may_block.is_empty();
        outcome.needs_more = left_out(&waits, &facts.list);
        outcome.needs.extend(facts.list.iter().map(|reason| self.explain.fact_name(*reason)));
        if is_not_yet {
            outcome.state = OutcomeState::NotYet;
        }
        if is_not_yet && outcome.because.is_empty() {
            if facts.list.is_empty() {
                let waiting = stands.iter().filter(|duty| self.pack.waits_for(rule, about, duty));
                waiting.for_each(|duty| facts.add(Reason::Done(duty.duty, duty.about)));
            }
            let why = Told::first(&facts.list, MAX_OPEN);
            (outcome.because, outcome.because_more) = (self.explain.say_once(&why), why.more());
        }
        // What shuts it out is what it needs to be otherwise, where nothing else is missing.
        if is_not_yet && outcome.needs.is_empty() {
            outcome.needs.extend(outcome.because.iter().map(|because| because.fact.clone()));
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
        let (because, because_more) = self.together(why, most);
        let says = conditions.iter().map(|condition| condition.says.clone());
        // What no question asks is for whoever decides it; where it is blocked there is nothing to decide.
        let confirm = rule.confirm.clone().filter(|_| state != OutcomeState::Blocked);
        Outcome {
            rules: conditions.iter().map(|condition| condition.id.clone()).collect(),
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

    pub(super) fn contradictions(&self) -> Vec<Contradiction> {
        let mut all = Vec::new();
        for rule in &self.pack.contradictions {
            let mut tell = |about: About, subject: Option<&str>| {
                if !self.reach(rule.when, about).definite() {
                    return;
                }
                // The facts that the pack names, and whatever else it comes about by this time: of whom, too.
                let why = self.explain.because(self.formula(rule.when), about, true);
                let mut facts: Vec<String> = rule.facts.iter().map(|fact| with_subject(fact, subject)).collect();
                let rests = why.iter().map(|reason| String::from(self.explain.fact_name(*reason)));
                facts.extend(rests.filter(|rest| !rule.facts.iter().any(|fact| with_subject(fact, subject) == *rest)));
                all.push(Contradiction { rule: rule.id.clone(), facts, says: rule.says.clone() });
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

fn with_subject(fact: &str, subject: Option<&str>) -> String {
    match (fact.split_once('.'), subject) {
        (Some((scope, name)), Some(id)) if scope != "report" => format!("{scope}.{id}.{name}"),
        _ => fact.to_owned(),
    }
}
