//! A case that breaks a property, in words.

use super::{Prover, Sight};
use crate::compile::Settled;
use crate::mdd::{Mask, NodeId, Var};
use crate::schema::{FactKind, Scope};

impl Prover<'_> {
    /// One way into a knowledge diagram, with the other people who make up the set.
    pub(super) fn tell(&self, sight: &Sight, set: usize, node: NodeId) -> String {
        let mut says: Vec<String> = self
            .lift
            .known
            .one_way(node)
            .into_iter()
            .filter_map(|(var, state)| self.state(var, state, self.who(var)))
            .collect();
        if says.is_empty() {
            says.push("whatever is known".to_owned());
        }
        for (at, kind) in sight.world.people_of(set).into_iter().enumerate() {
            let Some(kind) = sight.world.kinds.list.get(kind) else { continue };
            let who = format!("other person {}", at + 1);
            let facts: Vec<String> = self
                .lift
                .known
                .one_way(kind.known)
                .into_iter()
                .filter_map(|(var, state)| self.state(var, state, &who))
                .collect();
            says.push(if facts.is_empty() { format!("{who}: nothing known") } else { facts.join(", ") });
        }
        says.join(", ")
    }

    fn who(&self, var: Var) -> &'static str {
        match self.scope_of(var) {
            Scope::Report => "the report",
            Scope::Person => "this person",
            Scope::Device => "the device",
        }
    }

    /// What a change makes of a fact.
    pub(super) fn change(&self, var: Var, to: usize) -> String {
        self.state(var, to, self.who(var)).unwrap_or_default()
    }

    fn state(&self, var: Var, state: usize, who: &str) -> Option<String> {
        let layout = self.pack.compiled.layout;
        let at = usize::from(var);
        let scope = self.scope_of(var);
        let (first, facts) = match scope {
            Scope::Report => (0, layout.report_facts),
            Scope::Person => (layout.person, layout.person_facts),
            Scope::Device => (layout.device, layout.device_facts),
        };
        if at < facts {
            let what = self.pack.compiled.settled.get(&scope)?.get(at - first)?;
            return match what {
                Settled::Done(duty) | Settled::AllDone(duty) => {
                    Some(format!("duty {duty} {}", if state == 1 { "is done" } else { "is not done" }))
                }
                Settled::Known(_) => None,
            };
        }
        let fact = self.pack.schema.fact_of(scope, at - facts)?;
        let mask = *self.lift.states.get(at)?.get(state)?;
        let value = match &fact.kind {
            FactKind::Age => age_words(&self.pack.schema.bands.0, mask),
            FactKind::Choice(values) => choice_words(values, mask),
            FactKind::Set(values) => {
                let word = values.get(at - facts - fact.first_var)?;
                return Some(format!(
                    "{who}: {} {} {word}",
                    fact.name,
                    ["has not", "has", "may have"].get(state).unwrap_or(&"?")
                ));
            }
            _ => (*["no", "yes", "not known"].get(state).unwrap_or(&"?")).to_owned(),
        };
        Some(format!("{who}: {} {value}", fact.name))
    }
}

fn age_words(starts: &[u8], mask: Mask) -> String {
    let bands: Vec<usize> = (0..=starts.len()).filter(|band| mask >> band & 1 == 1).collect();
    let (Some(low), Some(high)) = (bands.first(), bands.last()) else { return "impossible".to_owned() };
    if bands.len() > starts.len() {
        return "not known".to_owned();
    }
    let from = if *low == 0 { 0 } else { starts.get(low - 1).copied().unwrap_or(0) };
    match starts.get(*high) {
        Some(next) => format!("{from} to {}", next - 1),
        None => format!("{from} or over"),
    }
}

fn choice_words(values: &[String], mask: Mask) -> String {
    let words: Vec<&str> =
        values.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1).map(|(_, v)| v.as_str()).collect();
    if words.len() == values.len() { "not known".to_owned() } else { words.join(" or ") }
}
