//! What the naive evaluator says beside the conclusions of the contract page: by when the checks are due, and which classes have to be
//! confirmed.

use super::conclusions::Conclusions;
use super::*;

impl Naive<'_> {
    /// Before a meeting or a talk that is planned, unless safety cannot wait; where that is not known, the stricter of the two.
    pub(super) fn due_says(&self, all: &mut Conclusions) {
        let ways = |name: &str| match answer(&self.facts.report, name) {
            Answer::Yes => vec![true],
            Answer::No => vec![false],
            Answer::Open => vec![true, false],
        };
        let mut comes_before = false;
        for meeting in ways("multi_agency_meeting_planned") {
            for talk in ways("discussion_with_family_planned") {
                for cannot_wait in ways("safeguarding_cannot_wait") {
                    comes_before |= (meeting || talk) && !cannot_wait;
                }
            }
        }
        let due = if comes_before { "before-meeting" } else { "as-soon-as-possible" };
        let checks: Vec<String> = all.keys().filter(|id| id.starts_with("checks:")).cloned().collect();
        all.extend(checks.into_iter().map(|id| (format!("due {id}"), due.to_owned())));
    }

    /// A partner of somebody of 16 or 17 who is pictured: an adult while nobody has ruled it out, a child where somebody said so.
    pub(super) fn confirm_says(&self, crimes: &[Tally], people: &[Tally], all: &mut Conclusions) {
        let partner = |who: usize| answer(&self.facts.person[who].facts, "living_as_partners");
        let mut may_be = vec![false; self.people.len()];
        self.each_world(|world| {
            let of_sixteen = world.people.iter().any(|being| being.any_part(PICTURED) && (16..18).contains(&being.age));
            for (who, being) in world.people.iter().enumerate() {
                let is_one = match partner(who) {
                    Answer::Yes => true,
                    Answer::No => false,
                    Answer::Open => being.age >= 18,
                };
                may_be[who] |= of_sixteen && is_one;
            }
        });
        for (bit, code) in [(0, "86/2"), (1, "86/10")] {
            for (who, _) in crimes.iter().enumerate().filter(|(who, tally)| tally.always(bit) && may_be[*who]) {
                let whose = if people[who].always(25) { self.people[who].id.as_str() } else { "nobody" };
                all.insert(format!("confirm {code} for {whose}"), "yes".to_owned());
            }
        }
    }
}
