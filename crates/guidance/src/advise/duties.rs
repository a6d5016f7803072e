//! Duties: what has to be done, first things first.

use super::Advisor;
use crate::advice::{Duty, DutyState};
use crate::eval::About;
use crate::rules::DutyRule;
use crate::schema::Scope;

impl Advisor<'_> {
    /// Due ones first, then those that may be needed, then those that are done; within each in the pack's order.
    pub(super) fn duties(&self) -> Vec<Duty> {
        let mut all = Vec::new();
        for rule in &self.pack.duty_rules {
            match rule.scope {
                Scope::Report => all.extend(self.duty(rule, About::Report, "")),
                Scope::Person => {
                    for (at, person) in self.env.case.facts.person.iter().enumerate() {
                        all.extend(self.duty(rule, About::Person(at), &person.id));
                    }
                }
                Scope::Device => {
                    for (at, device) in self.env.case.facts.device.iter().enumerate() {
                        all.extend(self.duty(rule, About::Device(at), &device.id));
                    }
                }
            }
        }
        all.sort_by_key(|duty: &Duty| duty.state);
        all
    }

    fn duty(&self, rule: &DutyRule, about: About, subject: &str) -> Option<Duty> {
        let reach = self.reach(rule.when, about);
        if !reach.possible() {
            return None;
        }
        let id = rule.id_for(subject);
        let definite = reach.definite();
        let raised = definite || rule.precautionary;
        let state = if self.env.case.facts.done.contains(&id) {
            DutyState::Done
        } else if raised {
            DutyState::Due
        } else {
            DutyState::NotYetKnown
        };
        let because = if definite {
            self.because(rule.when, about, true)
        } else {
            let mut open = self.explain.open_because(self.formula(rule.when), about);
            if open.is_empty() {
                open = self.open_class_facts();
            }
            open
        };
        Some(Duty {
            id,
            duty: rule.id.clone(),
            subject: match rule.scope {
                Scope::Report => rule.shown.split_once(':').map(|(_, subject)| subject.to_owned()),
                _ => Some(subject.to_owned()),
            },
            strength: rule.strength,
            state,
            due: rule.due.clone(),
            provisional: raised && !definite,
            cites: rule.cites.clone(),
            says: rule.says.clone(),
            because,
        })
    }
}
