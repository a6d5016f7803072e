//! Duties: what has to be done, first things first.

use super::Advisor;
use crate::advice::Duty;
use crate::decide::DutyStands;
use crate::eval::About;
use crate::schema::Scope;

impl Advisor<'_> {
    /// Due ones first, then those that may be needed, then those that are done; within each in the pack's order.
    pub(super) fn duties_in_order(&self) -> Vec<DutyStands> {
        let mut all = self.pack.duties_stand(self.case, &|at, about| self.reach(at, about));
        all.sort_by_key(|duty| duty.state);
        all
    }

    /// The same in words, with reasons.
    pub(super) fn duties(&self, stands: &[DutyStands]) -> Vec<Duty> {
        stands.iter().filter_map(|stands| self.duty(stands)).collect()
    }

    fn duty(&self, stands: &DutyStands) -> Option<Duty> {
        let rule = self.pack.duty_rules.get(stands.duty)?;
        let about = stands.about;
        let subject = match about {
            About::Report => "",
            About::Person(at) => &self.case.facts.person.get(at)?.id,
            About::Device(at) => &self.case.facts.device.get(at)?.id,
        };
        let definite = self.reach(rule.when, about).definite();
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
            id: rule.id_for(subject),
            duty: rule.id.clone(),
            subject: match rule.scope {
                Scope::Report => rule.shown.split_once(':').map(|(_, subject)| subject.to_owned()),
                _ => Some(subject.to_owned()),
            },
            strength: rule.strength,
            state: stands.state,
            due: rule.due.clone(),
            provisional: rule.precautionary && !definite,
            cites: rule.cites.clone(),
            says: rule.says.clone(),
            because,
        })
    }
}
