//! What ends a condition could have if one answer were another: for every answer from one pass over its diagram.
//!
//! A way through a reduced diagram tests a variable at most once, and variables in one order. With one variable
//! turned there are the ways that pass it by, on a branch from before it to behind it, which lead where they led; and
//! those that come to it and leave it by the other branch, below which nothing is turned.

use smallvec::{SmallVec, smallvec};

use crate::compile::Compiled;
use crate::masks::Seen;
use crate::mdd::{NodeId, Reach, TRUE, Var};
use crate::rests::{Walk, walk};

/// One condition as one person, one device or the report sees it.
pub(crate) struct Turned<'a> {
    compiled: &'a Compiled,
    seen: Seen<'a>,
    /// Every node a walk comes by, in the order of their variables: whatever leads to one stands before it.
    walked: Walk,
    /// What ends can be reached from each of them.
    reached: SmallVec<[Reach; 32]>,
    vars: SmallVec<[Tested; 16]>,
    now: Reach,
}

/// A variable that a walk comes by.
#[derive(Clone, Copy)]
struct Tested {
    var: Var,
    /// The first of its nodes among those that are walked.
    first: usize,
    /// What ends are reached by branches that pass it by.
    around: Reach,
}

impl<'a> Turned<'a> {
    /// `tops` are where the ways begin, below the quantifiers.
    pub(crate) fn new(compiled: &'a Compiled, seen: Seen<'a>, tops: &[NodeId]) -> Self {
        let mut walked = walk(compiled, seen, tops.iter().copied());
        walked.sort_unstable();
        let mut vars: SmallVec<[Tested; 16]> = SmallVec::new();
        for (first, (var, _)) in walked.iter().enumerate() {
            if vars.last().is_none_or(|last| last.var != *var) {
                vars.push(Tested { var: *var, first, around: Reach::NONE });
            }
        }
        let reached = smallvec![Reach::NONE; walked.len()];
        let mut made = Self { compiled, seen, walked, reached, vars, now: Reach::NONE };
        for level in (0..made.vars.len()).rev() {
            made.nodes_of(level).rev().for_each(|at| made.look_down(level, at));
        }
        for top in tops {
            let found = made.from(*top);
            made.now = made.now.or(found);
            made.passed_by(0, *top, found);
        }
        made
    }

    /// The places of the nodes that test a variable, by its place.
    fn nodes_of(&self, level: usize) -> std::ops::Range<usize> {
        let start = |level: usize| self.vars.get(level).map_or(self.walked.len(), |tested| tested.first);
        start(level)..start(level + 1)
    }

    /// What ends can be reached from a node, once that is known of all below it.
    fn look_down(&mut self, level: usize, at: usize) {
        let Some((var, node)) = self.walked.get(at).copied() else { return };
        let values = self.seen.mask(var);
        let compiled = self.compiled;
        let mut all = Reach::NONE;
        for (value, child) in compiled.diagrams.children(node).iter().enumerate() {
            if values >> value & 1 == 1 {
                let found = self.from(*child);
                all = all.or(found);
                self.passed_by(level + 1, *child, found);
            }
        }
        if let Some(slot) = self.reached.get_mut(at) {
            *slot = all;
        }
    }

    /// A branch leads to a node and passes by what is between, from a level on.
    fn passed_by(&mut self, from: usize, node: NodeId, found: Reach) {
        let var = self.compiled.diagrams.var(node);
        for tested in self.vars.iter_mut().skip(from).take_while(|tested| tested.var < var) {
            tested.around = tested.around.or(found);
        }
    }

    /// What ends can be reached from a node.
    fn from(&self, node: NodeId) -> Reach {
        if node <= TRUE {
            return Reach::end(node);
        }
        let place = self.walked.binary_search(&(self.compiled.diagrams.var(node), node)).ok();
        match place.and_then(|at| self.reached.get(at)) {
            Some(known) => *known,
            // Behind a branch that is not possible as things are.
            None => self.compiled.diagrams.reach(node, &|var| self.seen.mask(var)),
        }
    }

    /// What ends there are as things are.
    pub(crate) const fn now(&self) -> Reach {
        self.now
    }

    /// What ends there would be if the variable had this value.
    pub(crate) fn with(&self, var: Var, value: usize) -> Reach {
        let Ok(level) = self.vars.binary_search_by_key(&var, |tested| tested.var) else { return self.now };
        let mut found = self.vars.get(level).map_or(Reach::NONE, |tested| tested.around);
        for (_, node) in self.walked.get(self.nodes_of(level)).unwrap_or(&[]) {
            found = found.or(self.from(self.compiled.diagrams.child(*node, value)));
        }
        found
    }

    /// The variables a walk comes by, in order.
    pub(crate) fn vars(&self) -> impl Iterator<Item = Var> + '_ {
        self.vars.iter().map(|tested| tested.var)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::Layout;
    use crate::eval::About;
    use crate::masks::Masks;
    use crate::mdd::{Diagrams, FALSE, Mask};

    /// Variables of a condition made at random, each with three values.
    const VARS: usize = 7;

    /// The same numbers every time.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % end
        }
    }

    fn condition(diagrams: &mut Diagrams, dice: &mut Dice) -> NodeId {
        let mut made = FALSE;
        for _ in 0..1 + dice.below(12) {
            let mut all = TRUE;
            for _ in 0..1 + dice.below(3) {
                let test = diagrams.test(dice.below(VARS as u64) as Var, 1 + dice.below(6) as Mask);
                all = diagrams.and(all, test);
            }
            made = if dice.below(3) == 0 { diagrams.without(made, all) } else { diagrams.or(made, all) };
        }
        made
    }

    #[test]
    fn one_pass_finds_for_every_value_what_a_walk_of_its_own_finds() {
        let mut dice = Dice(7);
        for _ in 0..3000 {
            let mut compiled = Compiled { diagrams: Diagrams::new(vec![3; VARS]), ..Compiled::default() };
            let tops: Vec<NodeId> =
                (0..1 + dice.below(3)).map(|_| condition(&mut compiled.diagrams, &mut dice)).collect();
            let layout = Layout {
                person: VARS,
                person_facts: VARS,
                device: VARS,
                device_facts: VARS,
                end: VARS,
                ..Layout::default()
            };
            let mut masks = Masks::new(layout, &[7; VARS], (0, 0));
            for var in 0..VARS {
                masks.set(About::Report, var, if dice.below(2) == 0 { 7 } else { 1 + dice.below(7) as Mask });
            }
            let seen = masks.seen(About::Report);
            let turned = Turned::new(&compiled, seen, &tops);
            let walk_of_its_own = |view: &dyn Fn(Var) -> Mask| {
                tops.iter().fold(Reach::NONE, |found, top| found.or(compiled.diagrams.reach(*top, &view)))
            };
            assert_eq!(turned.now(), walk_of_its_own(&|var| seen.mask(var)));
            for var in 0..VARS as Var {
                for value in 0..3 {
                    let view = |other: Var| if other == var { 1 << value } else { seen.mask(other) };
                    assert_eq!(turned.with(var, value), walk_of_its_own(&view), "{var} {value}");
                }
            }
        }
    }
}
