//! Does a rule hold in an advice? Read from the advice itself, so that nothing is worked out twice.

use crate::advice::{Advice, DutyState, Ground};
use crate::rules::ids::{self, NOT_ENTERED};
use crate::words::RuleWords;

impl RuleWords {
    /// Whether the rule is among what an advice says.
    pub fn holds_in(&self, advice: &Advice) -> bool {
        let ground = |grounds: &[Ground]| grounds.iter().any(|ground| ground.rule == self.id);
        if ground(&advice.grounds) || advice.persons.values().any(|person| ground(&person.grounds)) {
            return true;
        }
        if let Some(duty) = self.id.strip_prefix("duty-") {
            return advice
                .duties
                .iter()
                .any(|told| told.duty == duty && told.state != DutyState::NotYetKnown && !told.provisional);
        }
        if self.id.starts_with("due-") {
            return advice.duties.iter().any(|told| told.time == self.id);
        }
        if let Some(crime) = self.id.strip_prefix("unsure-") {
            let rule = ids::crime(crime);
            return advice.crime.classes.iter().any(|class| class.rule == rule && !class.confirm_because.is_empty());
        }
        if self.id.starts_with("device-") {
            return advice.devices.values().any(|device| device.rule == self.id);
        }
        if let Some((code, blocks)) = self.outcome() {
            let of_report = self.scope == "report";
            // A requirement is told while it is missing; once it holds nothing has to be said of it.
            return advice.outcomes.iter().any(|told| {
                told.code == code
                    && told.subject.is_none() == of_report
                    && told.rules.iter().any(|rule| *rule == self.id) == blocks
            });
        }
        if self.id == NOT_ENTERED {
            return !advice.crime.says.is_empty();
        }
        if self.id.starts_with("crime-") {
            return advice.crime.classes.iter().any(|class| class.rule == self.id);
        }
        advice.contradictions.iter().any(|told| told.rule == self.id)
    }

    /// Code of the outcome a condition belongs to, and whether it blocks it; nothing for any other rule.
    pub fn outcome(&self) -> Option<(&str, bool)> {
        let (code, kind) = self.id.strip_prefix("outcome-")?.split_once('-')?;
        Some((code, kind.starts_with("blocked")))
    }
}
