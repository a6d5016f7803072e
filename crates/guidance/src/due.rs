//! By when a duty is due, where the pack gives it several times.

use crate::eval::About;
use crate::mdd::Reach;
use crate::pack::Pack;
use crate::rules::{DutyRule, FormulaIx, TimeRule};

/// The time by which a duty is due.
pub(crate) struct DueBy<'a> {
    pub time: &'a TimeRule,
    /// Nothing that is still found out gives it another, or its own condition holds: then what the pack says of it is said.
    pub settled: bool,
}

impl Pack {
    /// Which of its times a duty is due by; nothing where it has one only. What is not known puts nothing off: of the times that may apply
    /// it is the strictest.
    pub(crate) fn due_by<'a>(
        &self,
        rule: &'a DutyRule,
        about: About,
        reach: &impl Fn(FormulaIx, About) -> Reach,
    ) -> Option<DueBy<'a>> {
        let holds = |time: &TimeRule| time.when.is_some_and(|when| reach(when, about).definite());
        let possible = rule.times.iter().filter(|time| reach(time.applies, about).possible());
        let time = possible.min_by_key(|time| (time.rank, !holds(time)))?;
        Some(DueBy { time, settled: holds(time) || reach(time.applies, about).definite() })
    }
}
