//! Does a rule hold in an advice? Read from the advice itself, so that nothing is worked out twice.

use guidance::Advice;
use guidance::advice::DutyState;
use guidance::words::RuleWords;

/// Whether the rule is among what the advice says.
pub fn holds(rule: &RuleWords, advice: &Advice) -> bool {
    let ground =
        |grounds: &[guidance::advice::Ground]| grounds.iter().any(|ground| ground.rule == rule.id);
    if ground(&advice.grounds)
        || advice
            .persons
            .values()
            .any(|person| ground(&person.grounds))
    {
        return true;
    }
    if let Some(duty) = rule.id.strip_prefix("duty-") {
        return advice.duties.iter().any(|told| {
            told.duty == duty && told.state != DutyState::NotYetKnown && !told.provisional
        });
    }
    if rule.id.starts_with("device-") {
        return advice
            .devices
            .values()
            .any(|device| device.says == rule.says);
    }
    if let Some((code, blocks)) = outcome(rule) {
        let of_report = rule.scope == "report";
        // A requirement is told while it is missing; once it holds nothing has to be said of it.
        return advice.outcomes.iter().any(|told| {
            told.code == code
                && told.subject.is_none() == of_report
                && told.says.contains(&rule.says) == blocks
        });
    }
    if rule.id.starts_with("crime-") {
        return advice
            .crime
            .classes
            .iter()
            .any(|class| class.act == rule.says);
    }
    advice
        .contradictions
        .iter()
        .any(|told| told.says == rule.says)
}

/// Code of the outcome a condition belongs to, and whether it blocks it.
pub fn outcome(rule: &RuleWords) -> Option<(&str, bool)> {
    let (code, kind) = rule.id.strip_prefix("outcome-")?.split_once('-')?;
    Some((code, kind.starts_with("blocked")))
}
