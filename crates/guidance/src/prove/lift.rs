//! From facts to knowledge: a diagram over what is known, true exactly where a condition is definite.
//!
//! For every fact variable there is a knowledge variable whose values are the states of knowledge the
//! contract can express: each single value, all of them, and for an age also "child" and "adult". What is
//! definite in a state of knowledge is what holds for every value of it.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::compile::{Compiled, Formula};
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
    /// By node and world; a node that rests on no "known (…)" part is the same in all of them.
    always: FxHashMap<(NodeId, u32), NodeId>,
    /// What each "known (…)" part is in the world at hand.
    knowns: FxHashMap<usize, NodeId>,
    /// The world at hand: what was said of "known (…)" parts so far. The first is the one where nothing was said.
    world: u32,
    worlds: FxHashMap<(u32, usize, NodeId), u32>,
    /// For each variable which "known (…)" part it stands for.
    parts: Vec<Option<usize>>,
    /// For each node of the facts whether it rests on a "known (…)" part, once it was asked.
    rests: Vec<Option<bool>>,
    parts_of: FxHashMap<NodeId, Rc<[usize]>>,
    supports: FxHashMap<NodeId, Rc<[Var]>>,
    given: FxHashMap<(NodeId, u32, u32), NodeId>,
    /// Sets of quantifiers, by number.
    groups: FxHashMap<Vec<usize>, u32>,
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
            world: 0,
            worlds: FxHashMap::default(),
            parts: known_parts(&pack.compiled),
            rests: Vec::new(),
            parts_of: FxHashMap::default(),
            supports: FxHashMap::default(),
            given: FxHashMap::default(),
            groups: FxHashMap::default(),
        }
    }

    /// Another world: "known (…)" parts that rest on other people change their meaning.
    pub(crate) fn enter(&mut self) {
        self.knowns.clear();
        self.world = 0;
    }

    /// Says what a "known (…)" part is in this world.
    pub(crate) fn set_known(&mut self, at: usize, node: NodeId) {
        self.knowns.insert(at, node);
        let next = u32::try_from(self.worlds.len() + 1).unwrap_or(u32::MAX);
        self.world = *self.worlds.entry((self.world, at, node)).or_insert(next);
    }

    /// Does anything from this node on stand for a "known (…)" part?
    fn rests_on_known(&mut self, node: NodeId) -> bool {
        if node <= TRUE {
            return false;
        }
        if let Some(Some(done)) = self.rests.get(node as usize) {
            return *done;
        }
        let var = usize::from(self.facts.var(node));
        let rests = self.parts.get(var).is_some_and(Option::is_some)
            || Children::from_slice(self.facts.children(node)).into_iter().any(|child| self.rests_on_known(child));
        if self.rests.len() <= node as usize {
            self.rests.resize(self.facts.node_count(), None);
        }
        if let Some(slot) = self.rests.get_mut(node as usize) {
            *slot = Some(rests);
        }
        rests
    }

    /// Knowledge in which the fact diagram is true whatever the facts are.
    pub(crate) fn always(&mut self, node: NodeId) -> NodeId {
        if node <= TRUE {
            return node;
        }
        let key = (node, if self.rests_on_known(node) { self.world } else { 0 });
        if let Some(done) = self.always.get(&key) {
            return *done;
        }
        let var = self.facts.var(node);
        let children = Children::from_slice(self.facts.children(node));
        let lifted: Children = children.into_iter().map(|child| self.always(child)).collect();
        let made = if let Some(part) = self.part(var) {
            // What is known is the same in every completion: it chooses, it does not range.
            let known = self.knowns.get(&part).copied().unwrap_or(FALSE);
            let not = self.known.not(known);
            let no = self.known.and(not, lifted.first().copied().unwrap_or(FALSE));
            let yes = self.known.and(known, lifted.get(1).copied().unwrap_or(FALSE));
            self.known.or(no, yes)
        } else {
            let states = self.states.get(usize::from(var)).map_or(&[][..], Vec::as_slice);
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
        self.always.insert(key, made);
        made
    }

    /// The fact diagram of a condition once the answers of the quantifiers are given.
    pub(crate) fn given(&mut self, root: NodeId, atoms: &[usize], vector: u32) -> NodeId {
        let base = self.compiled.layout.atoms;
        let Some(last) = atoms.last().and_then(|atom| Var::try_from(base + atom).ok()) else { return root };
        let group = match self.groups.get(atoms) {
            Some(known) => *known,
            None => {
                let next = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
                *self.groups.entry(atoms.to_vec()).or_insert(next)
            }
        };
        let key = (root, group, vector);
        if let Some(known) = self.given.get(&key) {
            return *known;
        }
        let value = |var: Var| {
            let bit = atoms.binary_search(&usize::from(var).checked_sub(base)?).ok()?;
            Some((vector >> bit & 1) as usize)
        };
        let made = self.facts.put_in(root, &value, last, &mut FxHashMap::default());
        self.given.insert(key, made);
        made
    }

    fn part(&self, var: Var) -> Option<usize> {
        self.parts.get(usize::from(var)).copied().flatten()
    }

    /// Variables that a condition looks at.
    pub(crate) fn support(&mut self, root: NodeId) -> Rc<[Var]> {
        let facts = &self.facts;
        self.supports.entry(root).or_insert_with(|| facts.support(root).into()).clone()
    }

    /// All "known (…)" parts some conditions rest on, inner ones first.
    pub(crate) fn parts(&mut self, roots: &[NodeId]) -> Vec<usize> {
        let mut found = Vec::new();
        for root in roots {
            let parts = self.parts_of(*root);
            parts.iter().for_each(|part| add(&mut found, *part));
        }
        found
    }

    fn parts_of(&mut self, root: NodeId) -> Rc<[usize]> {
        if let Some(known) = self.parts_of.get(&root) {
            return known.clone();
        }
        let mut found = Vec::new();
        for var in self.support(root).iter() {
            if let Some(part) = self.part(*var)
                && let Some(known) = self.compiled.knowns.get(part)
            {
                let inner = self.parts_of(view(&known.formula));
                inner.iter().for_each(|part| add(&mut found, *part));
                add(&mut found, part);
            }
        }
        let found: Rc<[usize]> = found.into();
        self.parts_of.insert(root, found.clone());
        found
    }
}

fn add(found: &mut Vec<usize>, part: usize) {
    if !found.contains(&part) {
        found.push(part);
    }
}

/// For each variable which "known (…)" part it stands for.
fn known_parts(compiled: &Compiled) -> Vec<Option<usize>> {
    let mut parts = vec![None; compiled.layout.end];
    for (at, known) in compiled.knowns.iter().enumerate() {
        if let Some(slot) = parts.get_mut(known.var) {
            *slot = Some(at);
        }
    }
    parts
}

/// A condition as one explicit person sees it: the report's with that person's share in it.
pub(crate) const fn view(formula: &Formula) -> NodeId {
    formula.person_view
}
