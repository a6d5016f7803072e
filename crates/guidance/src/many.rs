//! Many reports decided at once: the same as deciding each, several times as quick.
//!
//! Sixty-four people are walked through all that is asked of a person together, then the reports, then the devices. Where
//! more than one quantifier is open and both ends can be reached, only what can occur together counts: that one condition
//! is then walked for that one alone, as [`Pack::decide`] does.

mod lanes;

use smallvec::SmallVec;

use self::lanes::{Found, LANES, Lanes, Program};
use crate::case::Case;
use crate::compile::Compiled;
use crate::decide::Decided;
use crate::eval::{About, Env, Own};
use crate::masks::Seen;
use crate::mdd::{NodeId, Reach};
use crate::pack::Pack;
use crate::rules::FormulaIx;
use crate::schema::Scope;

/// Reports that are looked at together: enough to fill the lanes, few enough to stay near.
const TOGETHER: usize = 256;

/// What is asked of each person for the quantifiers, and what is decided of the report, a person and a device.
#[derive(Debug, Default)]
pub(crate) struct Many {
    quantifiers: Program,
    of: [Asked; 3],
}

/// The conditions that are asked of one kind.
#[derive(Debug, Default)]
struct Asked {
    program: Program,
    /// By condition its place among the roots.
    place: Vec<Option<u32>>,
    roots: usize,
}

impl Many {
    fn new(pack: &Pack) -> Self {
        let compiled = &pack.compiled;
        let atoms: Vec<NodeId> = compiled.atoms.iter().take(LANES).map(|atom| atom.node).collect();
        let of = [Scope::Report, Scope::Person, Scope::Device].map(|scope| {
            let mut formulas = asked(pack, scope);
            formulas.sort_unstable();
            formulas.dedup();
            // What rests on a quantifier beyond those that are kept in mind is walked alone.
            formulas.retain(|at| pack.formula(*at).quantifiers.is_some());
            let mut place = vec![None; pack.formulas.len()];
            for (root, formula) in (0_u32..).zip(&formulas) {
                if let Some(slot) = place.get_mut(*formula) {
                    *slot = Some(root);
                }
            }
            let roots: Vec<NodeId> = formulas.iter().map(|at| pack.formula(*at).node).collect();
            Asked { program: Program::new(compiled, &roots), place, roots: roots.len() }
        });
        Self { quantifiers: Program::new(compiled, &atoms), of }
    }
}

/// The conditions that a decision asks of one kind.
fn asked(pack: &Pack, scope: Scope) -> Vec<FormulaIx> {
    let core = &pack.core;
    let mut all: Vec<FormulaIx> = match scope {
        Scope::Report => vec![core.report_aggravated, core.report_experimental],
        Scope::Person => vec![core.answered],
        Scope::Device => Vec::new(),
    };
    all.extend(pack.duty_rules.iter().filter(|duty| duty.scope == scope).map(|duty| duty.when));
    if scope != Scope::Device {
        let conditions = pack.outcome_rules.iter().flat_map(|rule| rule.blocked.iter().chain(&rule.requires));
        all.extend(
            conditions.filter(|one| (one.scope == Scope::Report) == (scope == Scope::Report)).map(|one| one.when),
        );
    }
    all
}

impl Pack {
    /// Decides many reports again, as under a new pack: the same as [`Pack::decide`] of each, in their order.
    pub fn decide_many<'c>(&self, cases: impl IntoIterator<Item = &'c Case>, mut then: impl FnMut(Decided)) {
        let mut cases = cases.into_iter();
        let made = self.many.get_or_init(|| Many::new(self));
        loop {
            let block: Vec<&Case> = cases.by_ref().take(TOGETHER).collect();
            if block.is_empty() {
                return;
            }
            Block::new(self, made, &block).decide(&mut then);
        }
    }
}

/// Some reports, and what was found of them.
struct Block<'a> {
    pack: &'a Pack,
    many: &'a Many,
    /// Each with which quantifiers hold for its people.
    envs: Vec<(&'a Case, Env<'a>)>,
    of: [FoundOf; 3],
}

/// What was found of the reports, of the people or of the devices.
#[derive(Default)]
struct FoundOf {
    /// Where those of each report begin.
    first: Vec<usize>,
    /// For 64 at a time, what ends each condition can have.
    ends: Vec<(Lanes, Lanes)>,
    /// For each of them which quantifiers are open, as it sees them.
    open: Vec<u64>,
}

impl<'a> Block<'a> {
    fn new(pack: &'a Pack, many: &'a Many, cases: &[&'a Case]) -> Self {
        let compiled = &pack.compiled;
        let mut owns = quantifiers(compiled, &many.quantifiers, cases).into_iter();
        let env = |case: &&'a Case| {
            let own = owns.by_ref().take(case.masks.persons()).collect();
            (*case, Env::with(compiled, case, &own))
        };
        let envs = cases.iter().map(env).collect();
        let mut made = Self { pack, many, envs, of: Default::default() };
        for (kind, asked) in many.of.iter().enumerate() {
            let found = made.ask(kind, &asked.program);
            if let Some(slot) = made.of.get_mut(kind) {
                *slot = found;
            }
        }
        made
    }

    fn ask(&self, kind: usize, program: &Program) -> FoundOf {
        let compiled = &self.pack.compiled;
        let (mut made, mut all) = (FoundOf::default(), Vec::new());
        for (case, env) in &self.envs {
            made.first.push(all.len());
            match kind {
                0 => all.push((env, About::Report)),
                1 => all.extend((0..case.masks.persons()).map(|at| (env, About::Person(at)))),
                _ => all.extend((0..case.masks.devices()).map(|at| (env, About::Device(at)))),
            }
        }
        let mut found = Found::default();
        for lanes in all.chunks(LANES) {
            let (mut no, mut yes) = ([0; LANES], [0; LANES]);
            for ((env, about), (no, yes)) in lanes.iter().zip(no.iter_mut().zip(&mut yes)) {
                let (hold, open) = env.of_all(*about);
                (*no, *yes) = (!hold, hold | open);
                made.open.push(open);
            }
            transpose(&mut no);
            transpose(&mut yes);
            let either: SmallVec<[(Lanes, Lanes); LANES]> = no.into_iter().zip(yes).collect();
            let seen: SmallVec<[Seen<'_>; LANES]> = lanes.iter().map(|(env, about)| env.seen(*about)).collect();
            program.run(compiled, &seen, Some(&either), &mut found);
            made.ends.extend(program.ends(&found));
        }
        made
    }

    fn decide(&self, then: &mut impl FnMut(Decided)) {
        for (at, (case, env)) in self.envs.iter().enumerate() {
            let reach = |formula: FormulaIx, about: About| {
                self.found(at, formula, about).unwrap_or_else(|| env.reach(self.pack.formula(formula), about))
            };
            then(self.pack.decide_by(case, &reach));
        }
    }

    /// What ends a condition can have, where that was found with the others.
    fn found(&self, case: usize, formula: FormulaIx, about: About) -> Option<Reach> {
        let (kind, one) = match about {
            About::Report => (0, 0),
            About::Person(at) => (1, at),
            About::Device(at) => (2, at),
        };
        let (of, asked) = (self.of.get(kind)?, self.many.of.get(kind)?);
        let at = of.first.get(case)? + one;
        let root = (*asked.place.get(formula)?)? as usize;
        let (yes, no) = of.ends.get(at / LANES * asked.roots + root)?;
        let is = |lanes: &Lanes| lanes >> (at % LANES) & 1 == 1;
        let reach = Reach { can_be_true: is(yes), can_be_false: is(no) };
        if reach.both() {
            // One alone does go both ways; several only as the others let them.
            let open = of.open.get(at)? & self.pack.formula(formula).quantifiers?;
            if open & open.wrapping_sub(1) != 0 {
                return None;
            }
        }
        Some(reach)
    }
}

/// Which quantifiers hold for each person of these reports, and which are open.
fn quantifiers(compiled: &Compiled, program: &Program, cases: &[&Case]) -> Vec<Own> {
    let people = |case: &&'_ Case| 0..case.masks.persons();
    let all: Vec<Seen<'_>> =
        cases.iter().flat_map(|case| people(case).map(|at| case.masks.seen(About::Person(at)))).collect();
    let mut owns = Vec::with_capacity(all.len());
    let mut found = Found::default();
    for lanes in all.chunks(LANES) {
        program.run(compiled, lanes, None, &mut found);
        let (mut hold, mut open) = ([0; LANES], [0; LANES]);
        for ((yes, no), (hold, open)) in program.ends(&found).zip(hold.iter_mut().zip(&mut open)) {
            (*hold, *open) = (yes & !no, yes & no);
        }
        transpose(&mut hold);
        transpose(&mut open);
        owns.extend(hold.into_iter().zip(open).take(lanes.len()).map(|(hold, open)| Own::told(hold, open)));
    }
    owns
}

/// Rows become columns.
fn transpose(rows: &mut [u64; LANES]) {
    let (mut width, mut mask) = (LANES / 2, u64::from(u32::MAX));
    while width > 0 {
        for pair in rows.chunks_exact_mut(2 * width) {
            let (upper, lower) = pair.split_at_mut(width);
            for (one, other) in upper.iter_mut().zip(lower) {
                let swapped = (*one >> width ^ *other) & mask;
                *other ^= swapped;
                *one ^= swapped << width;
            }
        }
        width /= 2;
        mask ^= mask << width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns() {
        let mut state = 7_u64;
        let mut rows = [0; LANES];
        for row in &mut rows {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *row = state;
        }
        let before = rows;
        transpose(&mut rows);
        for (at, row) in rows.iter().enumerate() {
            for (column, was) in before.iter().enumerate() {
                assert_eq!(row >> column & 1, was >> at & 1, "{at} {column}");
            }
        }
    }
}
