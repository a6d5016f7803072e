//! The properties of a pack, proved over all facts when it is loaded.
//!
//! Every property is a question about two levels: what is the case (a full answer to everything) and what
//! is known of it (a partial one). [`lift`] turns the first into the second exactly; [`world`] covers any
//! number of other people by the finitely many ways in which they can matter. A property that fails gives
//! the case that breaks it, in words.

mod kinds;
mod laws;
mod lift;
mod losses;
mod names;
mod sight;
mod tell;
mod world;

use rustc_hash::FxHashMap;

use crate::mdd::{FALSE, NodeId, TRUE, Var};
use crate::pack::Pack;
use crate::problem::Problem;
use crate::rules::{FormulaIx, PropertyRule};
use crate::schema::Scope;
use lift::Lift;
use sight::{Sight, Sights};

/// One property and what came of it.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Id of the property.
    pub id: String,
    /// The file of the pack it is written in.
    pub file: String,
    /// Its line there, counted from 1.
    pub line: u32,
    /// What it says.
    pub says: String,
    /// The case that breaks it, in words; empty when it holds.
    pub breaks: String,
    /// How many different situations were distinguished and checked.
    pub situations: usize,
}

impl Proof {
    pub(crate) fn problem(&self) -> Option<Problem> {
        (!self.breaks.is_empty()).then(|| Problem {
            file: self.file.clone(),
            line: self.line,
            about: format!("property {}", self.id),
            says: format!("does not hold: {}", self.breaks),
            help: self.says.clone(),
        })
    }
}

/// Proves every property of a pack.
pub(crate) fn prove(pack: &Pack) -> Vec<Proof> {
    let mut prover =
        Prover { pack, lift: Lift::new(pack), sights: Sights::default(), turned: FxHashMap::default(), situations: 0 };
    pack.properties
        .iter()
        .map(|property| {
            prover.situations = 0;
            let breaks = match prover.check(property) {
                Ok(None) => String::new(),
                Ok(Some(case)) => case + &prover.written(property),
                Err(says) => format!("it cannot be decided, because {says}"),
            };
            let (file, line) = property.place.clone();
            let (id, says) = (property.id.clone(), property.says.clone());
            Proof { id, file, line, says, breaks, situations: prover.situations }
        })
        .collect()
}

/// Whether the condition always holds or may hold, or the opposite of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Stand {
    pub formula: FormulaIx,
    pub possible: bool,
    pub negated: bool,
}

/// Pairs of numbers, shared.
type Pairs = std::rc::Rc<Vec<(usize, usize)>>;

pub(crate) struct Prover<'a> {
    pub pack: &'a Pack,
    pub lift: Lift<'a>,
    sights: Sights,
    /// Which kinds of person turn into which by the changes of the property at hand: by quantifiers and exception.
    turned: FxHashMap<(Vec<usize>, Option<FormulaIx>), Pairs>,
    pub situations: usize,
}

impl Prover<'_> {
    fn check(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        match property.kind.as_str() {
            "exactly-one-class" => self.one_class(),
            "never" => self.never(property),
            "duty-for" => self.duty_for(property),
            "outcome-needs-duties" => self.outcome_needs(property),
            "first" => Ok(self.first(property)),
            "never-lowers" | "never-turns-round" => self.law(property),
            other => Err(format!("\"{other}\" is no kind of property")),
        }
    }

    /// Where the duty or outcome is written that a property is about, as far as it names one: that is where to put it right.
    fn written(&self, property: &PropertyRule) -> String {
        let named = match (property.kind.as_str(), &property.duty, &property.outcome) {
            ("first", ..) => self.pack.duty_rules.first().map(|duty| format!("duty-{}", duty.id)),
            (_, Some(duty), _) => Some(format!("duty-{duty}")),
            (_, None, Some(outcome)) => Some(format!("outcome-{outcome}-")),
            _ => None,
        };
        let mut rules = self.pack.rules().iter();
        let is_it = |id: &str, named: &str| id == named || named.ends_with('-') && id.starts_with(named);
        let rule = named.and_then(|named| rules.find(|rule| is_it(&rule.id, &named)));
        rule.map_or_else(String::new, |rule| format!(" (see {}:{})", rule.file, rule.line))
    }

    /// The node of a condition as one explicit person, the report or a device sees it.
    pub(crate) fn root(&self, formula: FormulaIx) -> NodeId {
        self.pack.formula(formula).person_view
    }

    /// In every way the others can matter, no knowledge makes all of these stand together.
    fn never_together(&mut self, stands: &[Stand]) -> Result<Option<String>, String> {
        let formulas: Vec<FormulaIx> = stands.iter().map(|stand| stand.formula).collect();
        let sight = self.sight(&formulas)?;
        for set in &sight.effects {
            self.situations += 1;
            self.enter(&sight, *set, stands);
            let mut all = TRUE;
            for stand in stands {
                let node = self.stand(&sight, *set, *stand);
                all = self.lift.known.and(all, node);
            }
            if all != FALSE {
                return Ok(Some(self.tell(&sight, *set, all)));
            }
        }
        Ok(None)
    }

    fn one_class(&mut self) -> Result<Option<String>, String> {
        let core = &self.pack.core;
        let (aggravated, takes_part) = (core.aggravated, core.takes_part);
        let (report_aggravated, report_experimental) = (core.report_aggravated, core.report_experimental);
        let report_takes_part = core.report_takes_part;
        let is = |formula, possible, negated| Stand { formula, possible, negated };
        // Conflict: two classes definite at once. Gap: somebody takes part, everything is known, no class.
        for (stands, says) in [
            (
                vec![is(aggravated, false, false), is(takes_part, true, true)],
                "somebody who takes no part would be aggravated",
            ),
            (
                vec![is(report_aggravated, false, false), is(report_experimental, false, false)],
                "a report would be both",
            ),
            (
                vec![is(report_aggravated, false, false), is(report_takes_part, true, true)],
                "a report in which nobody takes part would be aggravated",
            ),
            (
                vec![
                    is(report_aggravated, true, true),
                    is(report_experimental, false, true),
                    is(report_takes_part, false, false),
                ],
                "a report would have no class although nothing can aggravate it any more",
            ),
        ] {
            if let Some(case) = self.never_together(&stands)? {
                return Ok(Some(format!("{says}: {case}")));
            }
        }
        Ok(None)
    }

    fn never(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        let formula = property.when.ok_or("it has no condition in \"never\"")?;
        self.never_together(&[Stand { formula, possible: false, negated: false }])
    }

    fn duty_for(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        let whom = property.when.ok_or("it does not say for whom, in \"never\"")?;
        let duty = self.duty(property)?;
        let raised = Stand {
            formula: duty.when,
            possible: duty.precaution.as_ref().is_some_and(|due| due.for_whom.is_none()),
            negated: true,
        };
        self.never_together(&[Stand { formula: whom, possible: false, negated: false }, raised])
    }

    fn duty(&self, property: &PropertyRule) -> Result<&crate::rules::DutyRule, String> {
        let id = property.duty.as_deref().unwrap_or("");
        self.pack.duty_rules.iter().find(|duty| duty.id == id).ok_or_else(|| format!("there is no duty \"{id}\""))
    }

    fn first(&self, property: &PropertyRule) -> Option<String> {
        let wanted = property.duty.as_deref().unwrap_or("");
        let first = self.pack.duty_rules.first().map_or("", |duty| duty.id.as_str());
        (first != wanted).then(|| format!("\"{first}\" stands before \"{wanted}\" in duties.toml"))
    }

    /// Either the outcome names the duty among its needs, or the duty cannot even be possible where
    /// everything the outcome requires is definite. If something is definite it also holds in the one full
    /// answer in which the duty arises, so the question can be asked of full answers.
    fn outcome_needs(&mut self, property: &PropertyRule) -> Result<Option<String>, String> {
        let code = property.outcome.as_deref().unwrap_or("");
        let Some(outcome) = self.pack.outcome_rules.iter().find(|outcome| outcome.code == code) else {
            return Err(format!("there is no outcome \"{code}\""));
        };
        for (at, duty) in self.pack.duty_rules.iter().enumerate().filter(|(_, duty)| duty.before_every_outcome()) {
            self.situations += 1;
            if outcome.every_must || outcome.needs.contains(&at) {
                continue;
            }
            let mut together = self.root(duty.when);
            for condition in outcome.requires.iter().filter(|condition| condition.scope == Scope::Report) {
                let requires = self.root(condition.when);
                together = self.lift.facts.and(together, requires);
            }
            if together != FALSE {
                return Ok(Some(format!("outcome {code} could be open while \"{}\" is due or may be due", duty.id)));
            }
        }
        Ok(None)
    }

    /// Every variable of the facts, for changes of knowledge.
    pub(crate) fn fact_vars(&self) -> Vec<Var> {
        let layout = self.pack.compiled.layout;
        (layout.report_facts..layout.person)
            .chain(layout.person_facts..layout.device)
            .chain(layout.device_facts..layout.end)
            .filter_map(|var| Var::try_from(var).ok())
            .collect()
    }
}
