//! What a pack decides of a case, without words and reasons: where every duty and every outcome stands.
//!
//! The advice puts the same into words, so the two can not differ.

use smallvec::{SmallVec, smallvec};

use crate::advice::{Class, DutyState, OutcomeState};
use crate::advise::class_of;
use crate::case::Case;
use crate::eval::{About, Env};
use crate::mdd::Reach;
use crate::pack::Pack;
use crate::rules::{Bits, DutyRule, FormulaIx, OutcomeCondition, OutcomeRule, Precaution, has, put};
use crate::schema::Scope;

/// What is decided of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Of the report.
    pub class: Class,
    /// Every duty that is or may be due, or is done, in the pack's order.
    pub duties: Vec<DutyStands>,
    /// Every outcome that is answered: for the report, then for each child.
    pub outcomes: Vec<OutcomeStands>,
}

/// Where one duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyStands {
    /// Its place in [`Pack::duties`].
    pub duty: usize,
    /// Whom it is for.
    pub about: About,
    /// due, not-yet-known or done.
    pub state: DutyState,
}

/// Where one outcome stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutcomeStands {
    /// Its place in [`Pack::outcomes`].
    pub outcome: usize,
    /// The report, or the child it is answered for.
    pub about: About,
    /// open, blocked or not-yet.
    pub state: OutcomeState,
}

impl Pack {
    /// Class, duties and outcomes alone: the same as in [`Pack::advise`], many times as quick. For deciding
    /// many reports again, as under a new pack.
    pub fn decide(&self, case: &Case) -> Decided {
        let env = Env::remembering(&self.compiled, case);
        self.decide_by(case, &|at, about| env.reach(self.formula(at), about))
    }

    /// The same where `reach` says what ends a condition can have.
    pub(crate) fn decide_by(&self, case: &Case, reach: &impl Fn(FormulaIx, About) -> Reach) -> Decided {
        let duties = self.duties_stand(case, reach);
        let waiting = self.must_wait(&duties);
        let open = self.open(&duties, case.masks.persons());
        let mut outcomes = Vec::with_capacity(self.outcome_rules.len() * (1 + case.masks.persons()));
        self.each_outcome(case, reach, |outcome, rule, about| {
            let waits = rule.every_must && waiting || open.any(&rule.needed, about);
            let state = outcome_stands(rule, about, waits, reach);
            outcomes.push(OutcomeStands { outcome, about, state });
        });
        Decided { class: class_of(self, |at| reach(at, About::Report)), duties, outcomes }
    }

    /// Where every duty stands, in the pack's order; one that can not be due is left out.
    pub(crate) fn duties_stand(&self, case: &Case, reach: &impl Fn(FormulaIx, About) -> Reach) -> Vec<DutyStands> {
        let mut all = Vec::with_capacity(self.duty_rules.len() * 2);
        for (duty, rule) in self.duty_rules.iter().enumerate() {
            let mut add = |about: About| {
                let early = |due: &Precaution| due.for_whom.is_none_or(|whom| reach(whom, about).definite());
                let early = || rule.precaution.as_ref().is_some_and(early);
                let state = duty_stands(reach(rule.when, about), early, || case.done.has(duty, about));
                all.extend(state.map(|state| DutyStands { duty, about, state }));
            };
            match rule.scope {
                Scope::Report => add(About::Report),
                Scope::Person => (0..case.masks.persons()).for_each(|at| add(About::Person(at))),
                Scope::Device => (0..case.masks.devices()).for_each(|at| add(About::Device(at))),
            }
        }
        all
    }

    /// Is any duty open that has to be done before every outcome?
    pub(crate) fn must_wait(&self, duties: &[DutyStands]) -> bool {
        duties.iter().any(|duty| duty.state != DutyState::Done && self.is_before_outcomes(duty))
    }

    fn is_before_outcomes(&self, duty: &DutyStands) -> bool {
        self.duty_rules.get(duty.duty).is_some_and(DutyRule::before_every_outcome)
    }

    /// Does this outcome wait for this duty?
    pub(crate) fn waits_for(&self, rule: &OutcomeRule, about: About, duty: &DutyStands) -> bool {
        duty.state != DutyState::Done
            && (has(&rule.needed, duty.duty) && is_open_for(duty, about)
                || rule.every_must && self.is_before_outcomes(duty))
    }

    /// Duties that are not done.
    fn open(&self, duties: &[DutyStands], persons: usize) -> OpenDuties {
        let none: Bits = smallvec![0; self.duty_rules.len().div_ceil(64)];
        let mut open = OpenDuties { of_people: smallvec![none.clone(); persons], of_report: none.clone(), all: none };
        for duty in duties.iter().filter(|duty| duty.state != DutyState::Done) {
            put(&mut open.all, duty.duty);
            match duty.about {
                About::Report => put(&mut open.of_report, duty.duty),
                About::Person(at) => open.of_people.get_mut(at).into_iter().for_each(|own| put(own, duty.duty)),
                About::Device(_) => {}
            }
        }
        open
    }

    /// Calls `then` for every outcome that is answered: for the report, then for each child.
    pub(crate) fn each_outcome<'a>(
        &'a self,
        case: &Case,
        reach: &impl Fn(FormulaIx, About) -> Reach,
        mut then: impl FnMut(usize, &'a OutcomeRule, About),
    ) {
        let rules = || self.outcome_rules.iter().enumerate();
        rules().filter(|(_, rule)| rule.for_report).for_each(|(at, rule)| then(at, rule, About::Report));
        for child in (0..case.masks.persons()).map(About::Person) {
            if reach(self.core.answered, child).possible() {
                rules().filter(|(_, rule)| rule.for_child).for_each(|(at, rule)| then(at, rule, child));
            }
        }
    }
}

/// Duties that are not done, by whom they are for.
struct OpenDuties {
    all: Bits,
    of_report: Bits,
    of_people: SmallVec<[Bits; 4]>,
}

impl OpenDuties {
    /// Is one of these among those that an outcome for this one can wait for?
    fn any(&self, needed: &Bits, about: About) -> bool {
        let among = |open: &Bits| needed.iter().zip(open).any(|(needed, open)| needed & open != 0);
        match about {
            About::Person(at) => among(&self.of_report) || self.of_people.get(at).is_some_and(among),
            _ => among(&self.all),
        }
    }
}

/// Is it a duty that is not done, and that an outcome for this one can wait for?
fn is_open_for(duty: &DutyStands, about: About) -> bool {
    duty.state != DutyState::Done && (about == About::Report || duty.about == about || duty.about == About::Report)
}

/// Where an outcome stands; `waits` says whether it waits for a duty.
fn outcome_stands(
    rule: &OutcomeRule,
    about: About,
    waits: bool,
    reach: &impl Fn(FormulaIx, About) -> Reach,
) -> OutcomeState {
    let mut may_block = false;
    for condition in rule.blocked.iter().filter(|condition| condition.is_for(about)) {
        let reach = reach(condition.when, about);
        if reach.definite() {
            return OutcomeState::Blocked;
        }
        may_block |= reach.possible();
    }
    let open = |condition: &OutcomeCondition| condition.is_for(about) && !reach(condition.when, about).definite();
    if may_block || waits || rule.requires.iter().any(open) { OutcomeState::NotYet } else { OutcomeState::Open }
}

/// Where a duty stands; `early` says whether it is due as a precaution, as soon as it may be.
fn duty_stands(reach: Reach, early: impl Fn() -> bool, done: impl Fn() -> bool) -> Option<DutyState> {
    if !reach.possible() {
        None
    } else if done() {
        Some(DutyState::Done)
    } else if reach.definite() || early() {
        Some(DutyState::Due)
    } else {
        Some(DutyState::NotYetKnown)
    }
}
