//! Outcomes, written out by hand from what each is for: what rules it out, what has to hold, and which duties come first.

use super::conclusions::{Conclusions, Known};
use super::*;

/// What is said of one outcome over all completions. It is ruled out when one thing does so in each of them, so these are kept apart.
#[derive(Clone)]
pub struct Over {
    ruled_out: Vec<Tally>,
    holds: bool,
}

/// An outcome, the duties it waits for, and whether it is answered for the report and for children.
pub struct Outcome {
    pub code: &'static str,
    needs: &'static [&'static str],
    pub report: bool,
    pub child: bool,
}

const fn outcome(code: &'static str, needs: &'static [&'static str], report: bool, child: bool) -> Outcome {
    Outcome { code, needs, report, child }
}

/// What all wait for that are no charge.
const REVIEWED: [&str; 2] = ["crime-record", "supervisor-review"];

/// Outcome 21 waits for every duty there is, and is written out elsewhere.
pub const OUTCOMES: [Outcome; 12] = [
    outcome("1", &["interview-decision"], true, true),
    outcome("2", &["supervisor-review", "interview-decision"], false, true),
    outcome("3", &["supervisor-review"], true, true),
    outcome("8", &REVIEWED, true, true),
    outcome("10", &["evidence-decision", "supervisor-review"], true, true),
    outcome("11", &REVIEWED, true, true),
    outcome("14", &REVIEWED, true, false),
    outcome("15", &REVIEWED, true, true),
    outcome("16", &["crime-record", "supervisor-review", "victim-needs"], true, true),
    outcome("18", &["crime-record", "checks", "welfare-check", "supervisor-review"], true, false),
    outcome("20", &["child-protection-referral", "crime-record", "supervisor-review"], true, true),
    outcome("22", &REVIEWED, true, true),
];

impl Over {
    /// Before any completion was looked at.
    pub const fn start() -> Self {
        Self { ruled_out: Vec::new(), holds: true }
    }

    fn add(&mut self, ruled_out: &[bool], holds: bool) {
        self.ruled_out.resize(ruled_out.len(), Tally::START);
        self.ruled_out.iter_mut().zip(ruled_out).for_each(|(tally, is)| tally.add(u64::from(*is)));
        self.holds &= holds;
    }

    fn state(&self, waits: bool) -> &'static str {
        if self.ruled_out.iter().any(|tally| tally.always(0)) {
            "blocked"
        } else if self.holds && !waits && !self.ruled_out.iter().any(|tally| tally.maybe(0)) {
            "open"
        } else {
            "not-yet"
        }
    }
}

impl Naive<'_> {
    /// One completion of the report as a whole, outcome by outcome.
    pub(super) fn outcomes_of_report(&self, world: &World, classes: &Classes, known: &Known, all: &mut [Over]) {
        let people: Vec<(Being, bool, bool)> = (0..world.people.len())
            .map(|who| (world.people[who], classes.takes_part[who], classes.aggravated[who]))
            .collect();
        let any = |what: &dyn Fn(Being, bool, bool) -> bool| people.iter().any(|(b, t, a)| what(*b, *t, *a));
        let every = |what: &dyn Fn(Being, bool, bool) -> bool| people.iter().all(|(b, t, a)| what(*b, *t, *a));
        let does = |being: Being| being.any_part(DOES);
        let did = |being: Being, takes: bool| does(being) || takes && being.yes & 0x1ff != 0;
        let somebody = any(&|_, takes, _| takes);
        let enough = world.is(SUFFICIENT);
        let nothing_grave = somebody && !known.may_be_aggravated;
        // Whoever did something aggravating; where nobody did, whoever did something and was not pictured against their will.
        let acted = |being: Being, _: bool, grave: bool| {
            grave && (being.any_part(MADE | SENT | FORWARDED | REQUESTED) || being.yes & 0x1ff != 0)
        };
        let somebody_acted = any(&acted);
        let did_it = |being: Being, takes: bool, grave: bool| {
            if somebody_acted { acted(being, takes, grave) } else { does(being) && !being.badly_pictured() }
        };
        let somebody_did = any(&did_it);
        let young = any(&|b, t, a| did_it(b, t, a) && b.age < 10);
        let all_young = every(&|b, t, a| !did_it(b, t, a) || b.age < 10);
        let unknown = any(&|b, t, a| did_it(b, t, a) && !b.is(IDENTIFIED));
        let known_and_ten = every(&|b, t, a| !did_it(b, t, a) || b.is(IDENTIFIED) && b.age >= 10);
        let somebody_known = any(&|b, t, a| did_it(b, t, a) && b.is(IDENTIFIED));
        let nobody_known = somebody_did && every(&|b, t, a| !did_it(b, t, a) || !b.is(IDENTIFIED));
        let grave_and_known =
            classes.report_aggravated && any(&|b, t, a| did_it(b, t, a) && b.is(IDENTIFIED) && b.age >= 10);
        let none_of = |who: &dyn Fn(usize) -> bool| (0..people.len()).all(|at| !who(at));
        let may_be_grave = |at: usize| known.may_be_aggravated_each[at];
        let may_be_adult = |at: usize| people[at].1 && self.people[at].ages.iter().any(|age| *age >= 18);
        let identified = |at: usize| people[at].0.is(IDENTIFIED);
        let nobody_grave = somebody && none_of(&may_be_grave);
        let did_at = |at: usize| did(people[at].0, people[at].1);
        let grave_unknown =
            any(&|b, t, a| a && did(b, t)) && none_of(&|at| may_be_grave(at) && did_at(at) && identified(at));
        let grave_all_young = any(&|b, t, a| a && did(b, t)) && every(&|b, t, a| !(a && did(b, t)) || b.age < 10);
        let no_adult = somebody && none_of(&may_be_adult);
        let adult_unknown =
            any(&|b, t, _| did(b, t) && b.age >= 18) && none_of(&|at| may_be_adult(at) && did_at(at) && identified(at));
        for (outcome, over) in OUTCOMES.iter().zip(all) {
            let (out, holds): (&[bool], bool) = match outcome.code {
                "1" => (
                    &[nobody_grave, grave_unknown, grave_all_young],
                    enough && any(&|b, t, a| a && did(b, t) && b.age >= 10 && b.is(IDENTIFIED)),
                ),
                "3" => {
                    (&[no_adult, adult_unknown], enough && any(&|b, t, _| did(b, t) && b.age >= 18 && b.is(IDENTIFIED)))
                }
                "8" => (&[young, unknown], known_and_ten && somebody_did),
                "10" => (&[young, unknown, somebody && !enough], enough && known_and_ten && somebody_did),
                "11" => (&[any(&|b, t, a| did_it(b, t, a) && b.age >= 10)], young && all_young),
                "14" | "18" => (&[somebody_known], nobody_known),
                "15" => (
                    &[nothing_grave, somebody_did && all_young, nobody_known, somebody && enough],
                    grave_and_known && !enough,
                ),
                "16" => (&[nothing_grave, somebody_did && all_young, nobody_known], grave_and_known),
                "20" => (&[], somebody),
                "22" => (
                    &[any(&|b, t, a| did_it(b, t, a) && !b.is(ACTIVITY))],
                    somebody_did && every(&|b, t, a| !did_it(b, t, a) || b.is(ACTIVITY)),
                ),
                _ => continue,
            };
            over.add(out, holds);
        }
    }

    /// One completion of one child, outcome by outcome.
    pub(super) fn outcomes_of_child(
        &self,
        world: &World,
        classes: &Classes,
        known: &Known,
        who: usize,
        all: &mut [Over],
    ) {
        let (being, grave) = (world.people[who], classes.aggravated[who]);
        let (enough, is_known) = (world.is(SUFFICIENT), being.is(IDENTIFIED));
        let (young, nothing_grave) = (being.age < 10, !known.may_be_aggravated_each[who]);
        for (outcome, over) in OUTCOMES.iter().zip(all) {
            let (out, holds): (&[bool], bool) = match outcome.code {
                "1" => (&[young, nothing_grave, !is_known], enough && grave && !young && is_known),
                "2" => (&[young, nothing_grave, !is_known], enough && grave && !young && being.age < 18 && is_known),
                "3" => (&[being.age < 18, !is_known], being.age >= 18 && is_known),
                "8" => (&[young, !is_known], is_known && !young),
                "10" => (&[young, !is_known, !enough], enough && is_known && !young),
                "11" => (&[!young], young),
                "15" => (&[nothing_grave, young, enough, !is_known], grave && is_known && !young && !enough),
                "16" => (&[nothing_grave, young, !is_known], grave && is_known && !young),
                "20" => (&[], true),
                "22" => (&[!being.is(ACTIVITY), young], being.is(ACTIVITY)),
                _ => continue,
            };
            over.add(out, holds);
        }
    }

    /// What comes of it, once it is known which duties are not done: those of anybody for the report, for a child that child's own.
    pub(super) fn outcomes_say(&self, report: &[Over], children: &[(usize, &[Over])], all: &mut Conclusions) {
        let waiting: BTreeSet<String> = all
            .iter()
            .filter(|(_, state)| matches!(state.as_str(), "due" | "not-yet-known"))
            .map(|(id, _)| id.clone())
            .collect();
        let waits = |outcome: &Outcome, whom: Option<&str>| {
            waiting.iter().any(|id| match (id.split_once(':'), whom) {
                (None, _) => outcome.needs.contains(&id.as_str()),
                // The places are checked for the report; the people of a report are not what Outcome 18 waits for.
                (Some(("checks", place)), _) => place == "location" && outcome.needs.contains(&"checks"),
                (Some((duty, _)), None) => outcome.needs.contains(&duty),
                (Some((duty, subject)), Some(child)) => subject == child && outcome.needs.contains(&duty),
            })
        };
        let mut said = Conclusions::new();
        for (outcome, over) in OUTCOMES.iter().zip(report).filter(|(outcome, _)| outcome.report) {
            said.insert(format!("outcome {}", outcome.code), over.state(waits(outcome, None)).to_owned());
        }
        for (who, overs) in children {
            let id = self.people[*who].id.as_str();
            for (outcome, over) in OUTCOMES.iter().zip(*overs).filter(|(outcome, _)| outcome.child) {
                said.insert(format!("outcome {} {id}", outcome.code), over.state(waits(outcome, Some(id))).to_owned());
            }
        }
        all.extend(said);
    }
}
