//! Duties: what has to be done, first things first.

use super::Advisor;
use crate::advice::{Duty, DutyState};
use crate::decide::DutyStands;
use crate::due::DueBy;
use crate::eval::About;
use crate::reasons::Why;
use crate::rules::{Asks, DutyRule, Precaution};
use crate::share::{List, Text};

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
        let due_by = self.pack.due_by(rule, about, &|at, about| self.reach(at, about));
        let settled = due_by.as_ref().filter(|due| due.settled).map(|due| due.time);
        let mut says = vec![&rule.says];
        says.extend(settled.map(|time| &time.says).filter(|says| !says.is_empty()));
        let mut why = vec![because];
        // By when it had to be done, and what it asks, matter until it is done.
        if stands.state == DutyState::Due {
            why.extend(due_by.iter().flat_map(|due| self.why_due(rule, due, about)));
            let asks = rule.asks.as_ref().map(|asks| (asks, self.asks(asks)));
            if let Some((asks, open)) = asks.filter(|(_, open)| !open.is_empty()) {
                says.push(&asks.says);
                why.extend(open);
            }
        }
        let (because, because_more) = match why.as_slice() {
            [one] => (self.explain.say_once(one), one.more()),
            all => self.together(all, usize::MAX),
        };
        Some(Duty {
            id: rule.id_for(subject.as_deref().unwrap_or_default()),
            duty: rule.id.clone(),
            subject,
            strength: rule.strength,
            state: stands.state,
            due: due_by.as_ref().map_or(&rule.due, |due| &due.time.due).clone(),
            time: settled.map_or_else(Text::default, |time| time.id.clone()),
            provisional: stands.state != DutyState::NotYetKnown
                && rule.precaution.as_ref().is_some_and(|due| !definite || !stays(due)),
            cites: settled.map_or_else(|| rule.cites.clone(), |time| also(&rule.cites, &time.cites)),
            says: match says.as_slice() {
                [own] => (*own).clone(),
                all => all.iter().map(|words| words.as_str()).collect::<Vec<_>>().join(" ").into(),
            },
            because,
            because_more,
        })
    }

    /// What it rests on that a duty is due by this of its times; while another may turn out to apply, what could settle it.
    fn why_due(&self, rule: &DutyRule, due: &DueBy<'_>, about: About) -> Vec<Why> {
        if due.settled {
            let holds = due.time.when.filter(|when| self.reach(*when, about).definite());
            return vec![self.because(holds.unwrap_or(due.time.applies), about, true)];
        }
        let open = rule.times.iter().filter(|time| self.reach(time.applies, about).both());
        open.map(|time| self.waits_on_all(time.applies, about)).collect()
    }

    /// What a duty of the report asks about everybody, as far as it is open.
    fn asks(&self, asks: &Asks) -> Vec<Why> {
        let people = self.people().map(About::Person);
        let open = people.filter(|about| self.reach(asks.when, *about).both());
        open.map(|about| self.waits_on(asks.when, about)).collect()
    }
}

/// Some sources, and those of others beside them.
pub(super) fn also(cites: &List<String>, more: &List<String>) -> List<String> {
    let new = || more.iter().filter(|cite| !cites.contains(cite));
    if new().next().is_none() { cites.clone() } else { cites.iter().chain(new()).cloned().collect() }
}
