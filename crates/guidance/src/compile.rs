//! From conditions to diagrams: one order of variables for the whole pack, one diagram a condition.
//!
//! The order: what is done and known of the report, "any person" and "any owner" answers, facts of the
//! report, what is done and known of a person, facts of a person, and the same for a device. So a
//! condition about one person is walked from what all share down to what is theirs.

use std::collections::BTreeMap;

use crate::cond::Cond;
use crate::expr::Who;
use crate::group::Group;
use crate::mdd::{Diagrams, FALSE, NodeId, TRUE, Var};
use crate::schema::{Schema, Scope, YES};

/// Most "any person" parts one condition may rest on together.
pub(crate) const MAX_ATOMS: usize = 16;

/// Most nodes of all diagrams that are walked together, beside their own.
const MAX_JOINED: usize = 100_000;

/// Most variables of a pack: facts, one for each word of a set, and what is done or known of them.
pub(crate) const MAX_VARS: usize = 1024;

/// A compiled condition.
#[derive(Debug, Clone)]
pub(crate) struct Formula {
    pub cond: Cond,
    pub node: NodeId,
    /// The same seen from one person, for asking which of that person's facts matter to it.
    pub person_view: NodeId,
    /// Quantifiers it rests on, by number, sorted.
    pub atoms: Vec<usize>,
    /// The same as bits, where the numbers of all are below 64.
    pub quantifiers: Option<u64>,
    /// Index of this set of quantifiers in [`Compiled::groups`].
    pub group: usize,
    /// Variables the person's view tests.
    pub support: Vec<Var>,
    /// Which of the different diagrams of the pack's conditions this is; many conditions say the same.
    pub slot: Option<usize>,
}

/// Something that is settled before a condition is looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Settled {
    Done(String),
    AllDone(String),
    /// Index into [`Compiled::knowns`].
    Known(usize),
}

/// A "known (…)" part.
#[derive(Debug, Clone)]
pub(crate) struct KnownPart {
    pub scope: Scope,
    /// The variable that says whether it is known.
    pub var: usize,
    pub formula: Formula,
}

/// A quantifier: over whom, and the diagram of its condition about one person.
#[derive(Debug, Clone)]
pub(crate) struct Atom {
    pub who: Who,
    pub body: Cond,
    pub node: NodeId,
}

/// Where each kind of variable begins.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Layout {
    pub atoms: usize,
    pub report_facts: usize,
    pub person: usize,
    pub person_facts: usize,
    pub device: usize,
    pub device_facts: usize,
    pub end: usize,
}

/// Everything compiled.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    pub diagrams: Diagrams,
    pub layout: Layout,
    pub atoms: Vec<Atom>,
    pub knowns: Vec<KnownPart>,
    pub settled: BTreeMap<Scope, Vec<Settled>>,
    /// The different sets of quantifiers that conditions rest on.
    pub groups: Vec<Group>,
    /// Quantifiers over the users of a device, one bit each, of the first 64.
    pub of_owners: u64,
    /// How many different diagrams the conditions of the pack have.
    pub slots: usize,
    /// No report is both aggravated and experimental.
    pub classes_apart: bool,
    /// What a variable may be when nothing is known of it.
    pub full: Vec<crate::mdd::Mask>,
}

/// Quantifiers as bits, where the numbers of all are below 64.
pub(crate) fn bits_of(atoms: &[usize]) -> Option<u64> {
    let bit = |atom: &usize| 1_u64.checked_shl(u32::try_from(*atom).ok()?);
    atoms.iter().try_fold(0, |bits, atom| Some(bits | bit(atom)?))
}

/// Scope a condition really needs: does it name facts of a person or device outside a quantifier?
pub(crate) fn own_scope(cond: &Cond) -> Scope {
    match cond {
        Cond::Const(_) | Cond::AllDone(_) => Scope::Report,
        Cond::Fact(scope, ..) | Cond::Done(scope, _) => *scope,
        Cond::Not(inner) | Cond::Known(inner) => own_scope(inner),
        Cond::And(parts) | Cond::Or(parts) => parts.iter().map(own_scope).max().unwrap_or(Scope::Report),
        Cond::Any(Who::Person, _) => Scope::Report,
        Cond::Any(Who::Owner, _) => Scope::Device,
    }
}

#[derive(Default)]
struct Collect {
    atoms: Vec<(Who, Cond)>,
    knowns: Vec<(Scope, Cond)>,
    settled: BTreeMap<Scope, Vec<Settled>>,
}

impl Collect {
    fn visit(&mut self, cond: &Cond) {
        match cond {
            Cond::Const(_) | Cond::Fact(..) => {}
            Cond::Done(scope, duty) => self.settle(*scope, Settled::Done(duty.clone())),
            Cond::AllDone(duty) => self.settle(Scope::Report, Settled::AllDone(duty.clone())),
            Cond::Not(inner) => self.visit(inner),
            Cond::And(parts) | Cond::Or(parts) => parts.iter().for_each(|part| self.visit(part)),
            Cond::Any(who, body) => {
                self.visit(body);
                let atom = (*who, (**body).clone());
                if !self.atoms.contains(&atom) {
                    self.atoms.push(atom);
                }
            }
            Cond::Known(inner) => {
                self.visit(inner);
                let scope = own_scope(inner);
                let known = (scope, (**inner).clone());
                if !self.knowns.contains(&known) {
                    self.knowns.push(known);
                    let at = self.knowns.len() - 1;
                    self.settle(scope, Settled::Known(at));
                }
            }
        }
    }
    fn settle(&mut self, scope: Scope, what: Settled) {
        let list = self.settled.entry(scope).or_default();
        if !list.contains(&what) {
            list.push(what);
        }
    }
}

impl Compiled {
    /// Compiles all conditions of a pack together.
    pub(crate) fn new(schema: &Schema, conds: &[(Scope, Cond)]) -> Result<(Self, Vec<Formula>), String> {
        let mut collect = Collect::default();
        conds.iter().for_each(|(_, cond)| collect.visit(cond));
        let mut made = Self { settled: collect.settled, ..Self::default() };
        made.lay_out(schema, collect.atoms.len());
        if made.layout.end > MAX_VARS {
            return Err(format!("the pack needs {} variables; at most {MAX_VARS} can be followed", made.layout.end));
        }
        for (at, (who, body)) in collect.atoms.iter().enumerate() {
            if *who == Who::Owner && at < 64 {
                made.of_owners |= 1 << at;
            }
            made.atoms.push(Atom { who: *who, body: body.clone(), node: FALSE });
        }
        // Inner parts were collected before outer ones, so each finds what it needs.
        let mut knowns = collect.knowns.into_iter();
        for _ in 0..knowns.len() {
            if let Some((scope, inner)) = knowns.next() {
                // Placeholder numbering: the position in the list is the number used by `settled`.
                let var = made.settled_var(scope, &Settled::Known(made.knowns.len()));
                made.knowns.push(KnownPart {
                    scope,
                    var,
                    formula: Formula {
                        cond: inner,
                        node: FALSE,
                        person_view: FALSE,
                        atoms: Vec::new(),
                        quantifiers: None,
                        group: 0,
                        support: Vec::new(),
                        slot: None,
                    },
                });
            }
        }
        for at in 0..made.atoms.len() {
            let Some(body) = made.atoms.get(at).map(|atom| atom.body.clone()) else { continue };
            let node = made.node(Scope::Person, &body)?;
            if let Some(atom) = made.atoms.get_mut(at) {
                atom.node = node;
            }
        }
        for at in 0..made.knowns.len() {
            let Some((scope, cond)) = made.knowns.get(at).map(|k| (k.scope, k.formula.cond.clone())) else { continue };
            let formula = made.formula(scope, cond)?;
            if let Some(known) = made.knowns.get_mut(at) {
                known.formula = formula;
            }
        }
        let mut formulas = Vec::with_capacity(conds.len());
        for (scope, cond) in conds {
            formulas.push(made.formula(*scope, cond.clone())?);
        }
        made.keep_what_is_used(&mut formulas);
        let mut slots = rustc_hash::FxHashMap::default();
        for formula in &mut formulas {
            let next = slots.len();
            formula.slot = Some(*slots.entry(formula.node).or_insert(next));
        }
        made.slots = slots.len();
        let mut room = MAX_JOINED;
        let mut groups = std::mem::take(&mut made.groups);
        groups.iter_mut().for_each(|group| group.join(&made, &mut room));
        made.groups = groups;
        made.diagrams.finish();
        Ok((made, formulas))
    }

    /// Lets go of the diagrams that were only steps on the way.
    fn keep_what_is_used(&mut self, formulas: &mut [Formula]) {
        let of = |formula: &Formula| [formula.node, formula.person_view];
        let used = formulas.iter().flat_map(of).chain(self.knowns.iter().flat_map(|known| of(&known.formula)));
        let used: Vec<NodeId> = used.chain(self.atoms.iter().map(|atom| atom.node)).collect();
        let numbers = self.diagrams.keep(used);
        let number = |node: &mut NodeId| *node = numbers.get(node).copied().unwrap_or(FALSE);
        self.atoms.iter_mut().for_each(|atom| number(&mut atom.node));
        for formula in formulas.iter_mut().chain(self.knowns.iter_mut().map(|known| &mut known.formula)) {
            number(&mut formula.node);
            number(&mut formula.person_view);
        }
    }

    fn lay_out(&mut self, schema: &Schema, atoms: usize) {
        let settled = |scope: Scope| self.settled.get(&scope).map_or(0, Vec::len);
        let mut arity = vec![2_u8; settled(Scope::Report)];
        let mut layout = Layout { atoms: arity.len(), ..Layout::default() };
        arity.extend(vec![2; atoms]);
        layout.report_facts = arity.len();
        arity.extend(schema.arities(Scope::Report));
        layout.person = arity.len();
        arity.extend(vec![2; settled(Scope::Person)]);
        layout.person_facts = arity.len();
        arity.extend(schema.arities(Scope::Person));
        layout.device = arity.len();
        arity.extend(vec![2; settled(Scope::Device)]);
        layout.device_facts = arity.len();
        arity.extend(schema.arities(Scope::Device));
        layout.end = arity.len();
        self.layout = layout;
        self.full = arity.iter().map(|count| crate::schema::low_bits(usize::from(*count))).collect();
        self.diagrams = Diagrams::new(arity);
    }

    fn formula(&mut self, scope: Scope, cond: Cond) -> Result<Formula, String> {
        let node = self.node(scope, &cond)?;
        let person_view = if scope == Scope::Report { self.node(Scope::Person, &cond)? } else { node };
        let range = self.layout.atoms..self.layout.report_facts;
        let mut vars = self.diagrams.support(node);
        let support = self.diagrams.support(person_view);
        vars.extend(support.iter().copied());
        let mut atoms: Vec<usize> =
            vars.into_iter().map(usize::from).filter(|var| range.contains(var)).map(|var| var - range.start).collect();
        atoms.sort_unstable();
        atoms.dedup();
        if atoms.len() > MAX_ATOMS {
            return Err(format!(
                "it rests on {} different \"any person (…)\" parts; at most {MAX_ATOMS} can be followed exactly",
                atoms.len()
            ));
        }
        let group = self.groups.iter().position(|group| group.atoms == atoms).unwrap_or_else(|| {
            self.groups.push(Group::new(atoms.clone()));
            self.groups.len() - 1
        });
        let quantifiers = bits_of(&atoms);
        Ok(Formula { cond, node, person_view, atoms, quantifiers, group, support, slot: None })
    }

    /// The "known (…)" parts a condition rests on, inner ones first.
    pub(crate) fn knowns_of(&self, cond: &Cond) -> Vec<usize> {
        let mut collect = Collect::default();
        collect.visit(cond);
        let place = |(scope, inner): &(Scope, Cond)| {
            self.knowns.iter().position(|known| known.scope == *scope && known.formula.cond == *inner)
        };
        collect.knowns.iter().filter_map(place).collect()
    }

    pub(crate) fn fact_var(&self, scope: Scope, at: usize) -> Var {
        let base = match scope {
            Scope::Report => self.layout.report_facts,
            Scope::Person => self.layout.person_facts,
            Scope::Device => self.layout.device_facts,
        };
        Var::try_from(base + at).unwrap_or(Var::MAX)
    }

    fn settled_var(&self, scope: Scope, what: &Settled) -> usize {
        let base = match scope {
            Scope::Report => 0,
            Scope::Person => self.layout.person,
            Scope::Device => self.layout.device,
        };
        base + self.settled.get(&scope).and_then(|list| list.iter().position(|s| s == what)).unwrap_or(0)
    }

    fn settled_node(&mut self, scope: Scope, what: &Settled) -> NodeId {
        let var = self.settled_var(scope, what);
        self.diagrams.test(Var::try_from(var).unwrap_or(Var::MAX), YES)
    }

    fn node(&mut self, scope: Scope, cond: &Cond) -> Result<NodeId, String> {
        /// Most nodes all diagrams of a pack may have together.
        const MAX_NODES: usize = 400_000;
        if self.diagrams.node_count() > MAX_NODES {
            return Err(format!("the diagrams of this pack need more than {MAX_NODES} nodes"));
        }
        Ok(match cond {
            Cond::Const(value) => NodeId::from(*value),
            Cond::Fact(fact_scope, at, mask) => {
                let var = self.fact_var(*fact_scope, *at);
                self.diagrams.test(var, *mask)
            }
            Cond::Not(inner) => {
                let inner = self.node(scope, inner)?;
                self.diagrams.not(inner)
            }
            Cond::And(parts) => {
                let mut made = TRUE;
                for part in parts {
                    let part = self.node(scope, part)?;
                    made = self.diagrams.and(made, part);
                }
                made
            }
            Cond::Or(parts) => {
                let mut made = FALSE;
                for part in parts {
                    let part = self.node(scope, part)?;
                    made = self.diagrams.or(made, part);
                }
                made
            }
            Cond::Done(done_scope, duty) => self.settled_node(*done_scope, &Settled::Done(duty.clone())),
            Cond::AllDone(duty) => self.settled_node(Scope::Report, &Settled::AllDone(duty.clone())),
            Cond::Known(inner) => {
                let known_scope = own_scope(inner);
                let at = self.knowns.iter().position(|k| k.scope == known_scope && k.formula.cond == **inner);
                self.settled_node(known_scope, &Settled::Known(at.unwrap_or(usize::MAX)))
            }
            Cond::Any(who, body) => {
                let at = self.atoms.iter().position(|atom| atom.who == *who && atom.body == **body).unwrap_or(0);
                let var = Var::try_from(self.layout.atoms + at).unwrap_or(Var::MAX);
                let others = self.diagrams.test(var, YES);
                if scope == Scope::Person && *who == Who::Person {
                    // Seen from one person: any of the others, or this one.
                    let own = self.node(Scope::Person, body)?;
                    self.diagrams.or(others, own)
                } else {
                    others
                }
            }
        })
    }
}
