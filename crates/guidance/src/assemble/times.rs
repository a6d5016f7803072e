//! By when a duty is due: the moments there are, which is the stricter, and the further times that a condition gives.
//!
//! What is not known puts nothing off: of the times that may apply the strictest does. So a duty's own time, which holds while nothing
//! is known, is the strictest of all.

use super::builder::Builder;
use crate::near::nearest;
use crate::pack::Place;
use crate::problem::Problem;
use crate::rules::{Asks, TimeRule, ids};
use crate::schema::Scope;
use crate::spec::{At, DutyEntry, Spec};

/// The moments a duty may be due at, beside a period from the report such as `PT24H`: the stricter first.
const MOMENTS: &[&str] =
    &["now", WORKING_DAY, "before-meeting", "as-soon-as-possible", "before-outcome", AFTER_OUTCOME];
/// The moment that needs a calendar of working days.
const WORKING_DAY: &str = "one-working-day";
/// The moment that no outcome waits for.
pub(crate) const AFTER_OUTCOME: &str = "after-outcome";

/// How soon a moment is: the stricter, the less. Nothing where it is no moment that a duty may be due at.
pub(super) fn rank(due: &str) -> Option<u32> {
    let hours = due.strip_prefix("PT").and_then(|rest| rest.strip_suffix('H')).and_then(|h| h.parse::<u16>().ok());
    // A period of hours comes after "now" and before every other.
    let longest = u32::from(u16::MAX) + 1;
    match (hours, MOMENTS.iter().position(|moment| *moment == due)) {
        (Some(hours), _) => Some(1 + u32::from(hours)),
        (None, Some(0)) => Some(0),
        (None, at) => at.and_then(|at| u32::try_from(at).ok()).map(|at| longest + at),
    }
}

impl Builder<'_> {
    /// The times of a duty, where it has more than one: each applies where its condition holds and none of those before it.
    pub(super) fn times(&mut self, scope: Scope, entry: &At<DutyEntry>) -> Vec<TimeRule> {
        let duty = &entry.it;
        if duty.due_when.is_empty() {
            return Vec::new();
        }
        let lines = entry.inner_lines.get("due_when").map_or(&[][..], Vec::as_slice);
        let (mut times, mut before) = (Vec::new(), Vec::new());
        for (time, line) in duty.due_when.iter().zip(lines) {
            let place = Place { file: &entry.file, line: *line, about: format!("duty {}", duty.id) };
            let when = self.conditions.text(scope, &time.when, &place, self.problems);
            times.push(TimeRule {
                id: ids::time(&duty.id, times.len()).into(),
                when: Some(when),
                applies: self.conditions.without(scope, Some(when), &before),
                due: time.due.as_ref().unwrap_or(&duty.due).as_str().into(),
                rank: rank(time.due.as_ref().unwrap_or(&duty.due)).unwrap_or(u32::MAX),
                says: time.says.as_str().into(),
                cites: time.cites.clone().into(),
            });
            before.push(when);
        }
        times.push(TimeRule {
            id: "".into(),
            when: None,
            applies: self.conditions.without(scope, None, &before),
            due: duty.due.as_str().into(),
            rank: rank(&duty.due).unwrap_or(u32::MAX),
            says: "".into(),
            cites: Default::default(),
        });
        times
    }

    /// What a duty asks about everybody.
    pub(super) fn asks(&mut self, entry: &At<DutyEntry>) -> Option<Asks> {
        let asks = entry.it.asks.as_ref()?;
        let line = entry.inner_lines.get("asks").and_then(|lines| lines.first()).copied().unwrap_or(entry.line);
        let place = Place { file: &entry.file, line, about: format!("duty {}", entry.it.id) };
        let when = self.conditions.text(Scope::Person, &asks.when, &place, self.problems);
        Some(Asks { when, says: asks.says.as_str().into() })
    }
}

/// Every time of every duty is one that there is, and none of a duty is stricter than its own.
pub(super) fn check(spec: &Spec, problems: &mut Vec<Problem>) {
    for entry in &spec.duties {
        let duty = &entry.it;
        let mut wrong = |line: u32, says: String, help: String| {
            problems.push(Problem { file: entry.file.clone(), line, about: format!("duty {}", duty.id), says, help });
        };
        let unknown = |due: &String| {
            let known: Vec<String> = MOMENTS.iter().map(|moment| (*moment).to_owned()).collect();
            let says = format!("due \"{due}\" is unknown{}", nearest(due, known.iter()));
            (says, format!("use one of {}", MOMENTS.join(", ")))
        };
        let own = rank(&duty.due);
        if own.is_none() {
            let (says, help) = unknown(&duty.due);
            wrong(entry.line_of("due"), says, help);
        }
        let lines = entry.inner_lines.get("due_when").map_or(&[][..], Vec::as_slice);
        for (time, line) in duty.due_when.iter().zip(lines) {
            let due = time.due.as_ref().unwrap_or(&duty.due);
            match (rank(due), own) {
                (None, None) => {}
                (None, Some(_)) => {
                    let (says, help) = unknown(due);
                    wrong(*line, says, help);
                }
                (Some(rank), Some(own)) if rank < own => {
                    let says = format!("due_when gives \"{due}\", which is stricter than due \"{}\"", duty.due);
                    let help = "give the strictest time as the duty's own due: it holds while not known leaves it open";
                    wrong(*line, says, help.to_owned());
                }
                _ if due == AFTER_OUTCOME && duty.due != AFTER_OUTCOME => {
                    let says = format!("due_when gives \"{AFTER_OUTCOME}\": outcomes wait for the duty or do not");
                    wrong(*line, says, "write two duties, or a time before the outcome".to_owned());
                }
                _ => {}
            }
            if time.due.is_none() && time.says.is_empty() {
                let says = "due_when gives neither another due nor anything to say".to_owned();
                wrong(*line, says, "give one of them, or take it out".to_owned());
            }
            if time.when.trim() == "always" {
                let says = "due_when always holds, so the duty's own due is never reached".to_owned();
                wrong(*line, says, "write it as the duty's own due".to_owned());
            }
        }
        if duty.asks.is_some() && duty.scope != Scope::Report.word() {
            let says = "asks is about everybody, and the duty is for one of them".to_owned();
            wrong(entry.line_of("asks"), says, "take asks out, or write scope = \"report\"".to_owned());
        }
        if duty.at_once && duty.due_when.iter().any(|time| time.due.is_some()) {
            let says = "due_when gives another time to what keeps somebody from harm now".to_owned();
            wrong(entry.line_of("due_when"), says, "take due_when out, or at_once".to_owned());
        }
        if spec.calendar.is_none()
            && duty.due_when.iter().filter_map(|time| time.due.as_ref()).chain([&duty.due]).any(in_days)
        {
            let says = "is due in working days, and the pack has no calendar".to_owned();
            let help = "add [calendar] to pack.toml, with the bank holidays of the years it covers".to_owned();
            wrong(entry.line, says, help);
        }
    }
}

fn in_days(due: &String) -> bool {
    due == WORKING_DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_time_comes_first() {
        let order = [
            "now",
            "PT1H",
            "PT24H",
            "PT65535H",
            "one-working-day",
            "before-meeting",
            "as-soon-as-possible",
            "before-outcome",
            "after-outcome",
        ];
        let ranks: Vec<u32> =
            order.iter().map(|due| rank(due).unwrap_or_else(|| panic!("{due} is a moment"))).collect();
        assert!(ranks.is_sorted_by(|stricter, other| stricter < other), "{ranks:?}");
        for due in ["", "soon", "PT", "PTH", "PT1D", "PT65536H", "PT-1H", "24H"] {
            assert_eq!(rank(due), None, "{due}");
        }
    }
}
