//! Duties: what has to be done, first things first.

use super::Advisor;
use crate::advice::{Duty, DutyState};
use crate::decide::DutyStands;
use crate::eval::About;
use crate::rules::Precaution;
use crate::share::Text;

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
        let subject: Option<Text> = match about {
            About::Report => rule.shown.split_once(':').map(|(_, subject)| subject.into()),
            About::Person(at) => Some(self.person_id(at)),
            About::Device(at) => Some(self.case.facts.device.get(at)?.id.as_str().into()),
        };
        let definite = self.reach(rule.when, about).definite();
        let because = if definite { self.because(rule.when, about, true) } else { self.waits_on_all(rule.when, about) };
        // What is due because something is not known yet may fall away with the answer.
        let stays = |due: &Precaution| self.reach(due.stays, about).definite();
        Some(Duty {
            id: rule.id_for(subject.as_deref().unwrap_or_default()),
            duty: rule.id.clone(),
            subject,
            strength: rule.strength,
            state: stands.state,
            due: rule.due.clone(),
            provisional: stands.state != DutyState::NotYetKnown
                && rule.precaution.as_ref().is_some_and(|due| !definite || !stays(due)),
            cites: rule.cites.clone(),
            says: rule.says.clone(),
            because: self.explain.say_once(&because),
            because_more: because.more(),
        })
    }
}
