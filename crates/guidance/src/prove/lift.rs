//! From facts to knowledge: a diagram over what is known, true exactly where a condition is definite.
//!
//! For every fact variable there is a knowledge variable whose values are the states of knowledge the
//! contract can express: each single value, all of them, and for an age also "child" and "adult". What is
//! definite in a state of knowledge is what holds for every value of it.

use rustc_hash::FxHashMap;

use crate::compile::{Compiled, Formula, Settled};
use crate::mdd::{Children, Diagrams, FALSE, Mask, NodeId, TRUE, Var};
use crate::pack::Pack;
use crate::schema::{ADULT, EITHER, FactKind, NO, Scope, YES, low_bits};

/// The states of knowledge of every variable: the possible values of each, as masks.
pub(crate) fn states(pack: &Pack) -> Vec<Vec<Mask>> {
    let layout = pack.compiled.layout;
    let mut all: Vec<Vec<Mask>> = vec![vec![NO, YES]; layout.end];
    for scope in [Scope::Report, Scope::Person, Scope::Device] {
        for fact in pack.schema.in_scope(scope) {
            let states = match &fact.kind {
                FactKind::Age => {
                    let bands = &pack.schema.bands;
                    let child = bands.under(ADULT);
                    let mut states: Vec<Mask> = (0..bands.count()).map(|band| 1 << band).collect();
                    states.extend([child, bands.all() & !child, bands.all()]);
                    states.sort_unstable();
                    states.dedup();
                    states
                }
                FactKind::Choice(values) => {
                    let mut states: Vec<Mask> = (0..values.len()).map(|value| 1 << value).collect();
                    if values.len() > 1 {
                        states.push(low_bits(values.len()));
                    }
                    states.truncate(16);
                    states
                }
                _ => vec![NO, YES, EITHER],
            };
            for offset in 0..fact.width() {
                let var = usize::from(pack.compiled.fact_var(scope, fact.first_var + offset));
                if let Some(slot) = all.get_mut(var) {
                    slot.clone_from(&states);
                }
            }
        }
    }
    all
}

/// Knowledge diagrams of one pack.
pub(crate) struct Lift<'a> {
    pub compiled: &'a Compiled,
    /// Fact level, able to grow.
    pub facts: Diagrams,
    /// Knowledge level.
    pub known: Diagrams,
    pub states: Vec<Vec<Mask>>,
    always: FxHashMap<NodeId, NodeId>,
    /// What each "known (…)" part is in the world at hand.
    knowns: FxHashMap<usize, NodeId>,
}

impl<'a> Lift<'a> {
    pub(crate) fn new(pack: &'a Pack) -> Self {
        let states = states(pack);
        let arity = states.iter().map(|s| u8::try_from(s.len()).unwrap_or(16)).collect();
        Self {
            compiled: &pack.compiled,
            facts: pack.compiled.diagrams.thaw(),
            known: Diagrams::new(arity),
            states,
            always: FxHashMap::default(),
            knowns: FxHashMap::default(),
        }
    }

    /// Another world: "known (…)" parts that rest on other people change their meaning.
    pub(crate) fn enter(&mut self) {
        self.always.clear();
        self.knowns.clear();
    }

    /// Says what a "known (…)" part is in this world.
    pub(crate) fn set_known(&mut self, at: usize, node: NodeId) {
        self.knowns.insert(at, node);
    }

    /// Which "known (…)" part a variable stands for.
    pub(crate) fn known_part(&self, var: Var) -> Option<usize> {
        let layout = self.compiled.layout;
        let at = usize::from(var);
        let (scope, base) = if at < layout.atoms {
            (Scope::Report, 0)
        } else if (layout.person..layout.person_facts).contains(&at) {
            (Scope::Person, layout.person)
        } else if (layout.device..layout.device_facts).contains(&at) {
            (Scope::Device, layout.device)
        } else {
            return None;
        };
        match self.compiled.settled.get(&scope)?.get(at - base)? {
            Settled::Known(known) => Some(*known),
            _ => None,
        }
    }

    /// Knowledge in which the fact diagram is true whatever the facts are.
    pub(crate) fn always(&mut self, node: NodeId) -> NodeId {
        if node <= TRUE {
            return node;
        }
        if let Some(done) = self.always.get(&node) {
            return *done;
        }
        let var = self.facts.var(node);
        let children = Children::from_slice(self.facts.children(node));
        let lifted: Children = children.into_iter().map(|child| self.always(child)).collect();
        let made = if let Some(part) = self.known_part(var) {
            // What is known is the same in every completion: it chooses, it does not range.
            let known = self.knowns.get(&part).copied().unwrap_or(FALSE);
            let not = self.known.not(known);
            let no = self.known.and(not, lifted.first().copied().unwrap_or(FALSE));
            let yes = self.known.and(known, lifted.get(1).copied().unwrap_or(FALSE));
            self.known.or(no, yes)
        } else {
            let states = self.states.get(usize::from(var)).cloned().unwrap_or_default();
            let mut rows = Children::with_capacity(states.len());
            for state in states {
                let mut row = TRUE;
                for (value, child) in lifted.iter().enumerate() {
                    if state >> value & 1 == 1 {
                        row = self.known.and(row, *child);
                    }
                }
                rows.push(row);
            }
            self.known.split(var, rows)
        };
        self.always.insert(node, made);
        made
    }

    /// The fact diagram of a condition once the answers of the quantifiers are given.
    pub(crate) fn given(&mut self, root: NodeId, atoms: &[usize], vector: u32) -> NodeId {
        let base = self.compiled.layout.atoms;
        let value = |var: Var| {
            let bit = atoms.binary_search(&usize::from(var).checked_sub(base)?).ok()?;
            Some((vector >> bit & 1) as usize)
        };
        let Some(last) = atoms.last().and_then(|atom| Var::try_from(base + atom).ok()) else { return root };
        self.facts.put_in(root, &value, last, &mut FxHashMap::default())
    }

    /// All "known (…)" parts a condition rests on, inner ones first.
    pub(crate) fn parts_of(&self, root: NodeId, found: &mut Vec<usize>) {
        for var in self.facts.support(root) {
            if let Some(part) = self.known_part(var)
                && let Some(known) = self.compiled.knowns.get(part)
            {
                self.parts_of(view(&known.formula), found);
                if !found.contains(&part) {
                    found.push(part);
                }
            }
        }
    }
}

/// A condition as one explicit person sees it: the report's with that person's share in it.
pub(crate) const fn view(formula: &Formula) -> NodeId {
    formula.person_view
}
