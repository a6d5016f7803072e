//! The second half of the naive evaluator: from completions to conclusions.

use super::outcomes::{OUTCOMES, Over};
use super::*;

/// Conclusions by name, in one flat list that is easy to compare: `class`, `A class`, `vpa:A` …
pub type Conclusions = BTreeMap<String, String>;

/// What is known of somebody now, in every completion; and what may be so, in one of them.
pub(super) struct Known {
    aggravated: Vec<bool>,
    badly_pictured: Vec<bool>,
    report_aggravated: bool,
    pub(super) may_be_aggravated: bool,
    pub(super) may_be_aggravated_each: Vec<bool>,
}

impl Naive<'_> {
    fn known(&self) -> Known {
        let mut known = Known {
            aggravated: vec![true; self.people.len()],
            badly_pictured: vec![true; self.people.len()],
            report_aggravated: true,
            may_be_aggravated: false,
            may_be_aggravated_each: vec![false; self.people.len()],
        };
        self.each_world(|world| {
            let classes = self.classes(world);
            known.report_aggravated &= classes.report_aggravated;
            known.aggravated.iter_mut().zip(&classes.aggravated).for_each(|(known, now)| *known &= now);
            known.badly_pictured.iter_mut().zip(&world.people).for_each(|(known, now)| *known &= now.badly_pictured());
            known.may_be_aggravated |= classes.report_aggravated;
            known.may_be_aggravated_each.iter_mut().zip(&classes.aggravated).for_each(|(may, now)| *may |= now);
        });
        known
    }

    fn unidentified(&self, who: usize) -> bool {
        self.people[who].answers[IDENTIFIED] == Answer::No
    }

    fn under_ten(&self, who: usize) -> bool {
        self.people[who].ages.iter().all(|age| *age < 10)
    }

    fn known_under_18(&self, who: usize) -> bool {
        self.people[who].ages.iter().all(|age| *age < 18)
    }

    /// May take part, or is known to be a child: whoever only reports and whose age nobody has said is asked it first.
    fn is_early(&self, who: usize) -> bool {
        let person = &self.people[who];
        person.did_one || person.part.is_none_or(|part| part & ACTIVE != 0) || self.known_under_18(who)
    }

    pub fn conclude(&self) -> Conclusions {
        let known = self.known();
        let mut report = Tally::START;
        let mut people = vec![Tally::START; self.people.len()];
        let mut devices = vec![Tally::START; self.facts.device.len()];
        let mut crimes = vec![Tally::START; self.people.len()];
        let start = || vec![Over::start(); OUTCOMES.len()];
        let (mut of_report, mut of_each) = (start(), vec![start(); self.people.len()]);
        self.each_world(|world| {
            let classes = self.classes(world);
            report.add(self.of_report(world, &classes, &known));
            for who in 0..people.len() {
                people[who].add(self.of_person(world, &classes, &known, who));
                crimes[who].add(self.crimes_of(world, &classes, who));
                self.outcomes_of_child(world, &classes, &known, who, &mut of_each[who]);
            }
            self.outcomes_of_report(world, &classes, &known, &mut of_report);
            for (tally, device) in devices.iter_mut().zip(&self.facts.device) {
                let owned = |id: &str| matches!(device.facts.get("used_or_owned_by"), Some(Value::Words(ids)) if ids.iter().any(|owner| owner == id));
                let by_aggravated = self.people.iter().zip(&classes.aggravated).any(|(person, aggravated)| *aggravated && owned(&person.id));
                tally.add(bits(&[classes.report_experimental, classes.report_aggravated && by_aggravated]));
            }
        });
        let mut all = Conclusions::new();
        self.report_says(report, &mut all);
        for (who, tally) in people.iter().enumerate() {
            self.person_says(who, *tally, &mut all);
        }
        for (device, tally) in self.facts.device.iter().zip(&devices) {
            let advice = if tally.always(0) {
                "leave"
            } else if tally.always(1) {
                "seize-where-possible"
            } else if answer(&device.facts, "holds_evidence") == Answer::No {
                "leave"
            } else {
                "preserve"
            };
            all.insert(format!("device {}", device.id), advice.to_owned());
            self.duty("device-decision", &device.id, (true, true), &mut all);
        }
        self.crime_says(&crimes, &people, report.maybe(10), &mut all);
        self.confirm_says(&crimes, &people, &mut all);
        self.due_says(&mut all);
        self.outcome_21_says(report, &people, &mut all);
        let children: Vec<(usize, &[Over])> = people
            .iter()
            .enumerate()
            .filter(|(_, tally)| Self::answered(tally))
            .map(|(who, _)| (who, &of_each[who][..]))
            .collect();
        self.outcomes_say(&of_report, &children, &mut all);
        all
    }

    /// Somebody who did something and may be a child; not one who was harmed, unless they are known to have done something
    /// aggravating as well.
    fn answered(tally: &Tally) -> bool {
        tally.maybe(26) && (tally.always(1) || !tally.always(2))
    }

    fn of_report(&self, world: &World, classes: &Classes, known: &Known) -> u64 {
        let people = || world.people.iter().enumerate().map(|(who, being)| (who, *being, self.is_child(*being, who)));
        let does = || world.people.iter().filter(|being| being.any_part(DOES));
        let reason_of_their_own =
            people().any(|(_, being, child)| child && (being.is(IN_CARE) || being.is(PLAN) || being.is(UNSAFE)));
        let at_risk = world.is(RISK) && people().any(|(.., child)| child);
        let by_nature = Self::serious(world, classes)
            && people().any(|(who, being, child)| child && (classes.takes_part[who] || being.any_part(REPORTING)));
        let family = classes.report_aggravated && world.people.iter().any(|being| being.is(FAMILY));
        let not_persistent = people().all(|(who, being, _)| {
            !classes.takes_part[who] || !being.is(PERSISTENT) || self.done("persistence-decision", &self.people[who].id)
        });
        bits(&[
            classes.report_aggravated,
            classes.report_experimental,
            reason_of_their_own || at_risk || by_nature || family,
            world.is(UPLOADED),
            world.is(SUFFICIENT) && !known.report_aggravated,
            does().any(|being| being.age < 10),
            does().any(|being| !being.is(IDENTIFIED)),
            not_persistent,
            !world.is(SUFFICIENT) || self.done.contains("evidence-decision"),
            !world.is(IMAGERY) && world.people.iter().any(|being| denies_imagery(world, *being)),
            Self::somebody_is_missing(world, classes),
        ])
    }

    /// Something happened that somebody did to somebody, and one of the two is not among these people.
    fn somebody_is_missing(world: &World, classes: &Classes) -> bool {
        let nobody = |parts: u8| !world.people.iter().any(|being| being.any_part(parts));
        let missing = |is: usize, doer: u8, whom: u8| world.is(is) && (nobody(doer) || nobody(whom));
        let mut people = world.people.iter().zip(&classes.takes_part);
        let did_something = people.any(|(being, takes)| being.any_part(DOES) || (*takes && being.yes & 0x1ff != 0));
        missing(IMAGERY, MADE | SENT | FORWARDED, PICTURED)
            || missing(REQUEST, REQUESTED, PICTURED | TARGETED)
            || missing(MESSAGES, SENT | REQUESTED, RECEIVED | TARGETED)
            || (!nobody(TARGETED) && !did_something)
    }

    fn is_child(&self, being: Being, who: usize) -> bool {
        if self.takes_part(being, who) { self.maybe_child(who) } else { being.age < 18 }
    }

    fn of_person(&self, world: &World, classes: &Classes, known: &Known, who: usize) -> u64 {
        let being = world.people[who];
        let (takes, aggravated) = (classes.takes_part[who], classes.aggravated[who]);
        let child = self.is_child(being, who);
        let near = takes || being.any_part(REPORTING);
        let badly_pictured = being.badly_pictured();
        let harmed = (child && badly_pictured) || (classes.report_aggravated && child && near && !aggravated);
        let harmed_only = classes.report_aggravated && harmed && !aggravated;
        let named = child && takes && !self.unidentified(who);
        let concern = being.is(SELF_HARM) || being.is(CONCERN) || being.is(MISSING);
        let referral = (child && (being.is(IN_CARE) || being.is(PLAN) || being.is(UNSAFE) || world.is(RISK)))
            || (takes && being.age < 13)
            || (child && near && Self::serious(world, classes));
        let did_it = |being: &&Being| being.any_part(DOES);
        let shut = |being: &Being| being.age < 10 || !being.is(IDENTIFIED);
        let nobody_left =
            world.people.iter().any(|being| being.any_part(DOES)) && world.people.iter().filter(did_it).all(shut);
        let may_follow = self.report[DECIDED_21] == Answer::Yes || !nobody_left;
        let devices_decided = self.facts.device.iter().all(|device| self.done("device-decision", &device.id));
        bits(&[
            takes,
            aggravated,
            harmed,
            !takes || being.age < 10 || harmed_only,
            takes && being.age >= 10 && (aggravated || !known.badly_pictured[who]),
            child && concern,
            being.age >= 18 && concern,
            referral,
            takes && being.age >= 18 && being.is(WORKS),
            takes && !being.is(IDENTIFIED),
            takes && !self.unidentified(who),
            named && (!known.aggravated[who] || being.age < 10),
            named && NINE.into_iter().any(|at| being.is(at)) && !self.under_ten(who),
            classes.report_aggravated
                && ((child && badly_pictured)
                    || (!known.aggravated[who] && ((takes && child) || (being.any_part(REPORTING) && being.age < 18)))),
            named,
            named && being.is(UNSAFE),
            named && self.people[who].answers[UNSAFE] != Answer::Yes,
            named || (!takes && being.age < 18),
            child && takes && being.is(PERSISTENT) && !known.report_aggravated,
            named && classes.report_experimental && world.is(DECIDED_21) && devices_decided && may_follow,
            // Outcome 21 for this child.
            harmed_only,
            being.age < 10,
            !being.is(IDENTIFIED),
            classes.report_experimental && child && takes && !aggravated,
            !being.is(PERSISTENT) || self.done("persistence-decision", &self.people[who].id),
            being.age >= 10 && !harmed,
            being.any_part(DOES) && child,
        ])
    }

    /// Possible crime classes: those with a sure code first, then those the registrar is asked about.
    fn crimes_of(&self, world: &World, classes: &Classes, who: usize) -> u64 {
        let being = world.people[who];
        let takes = classes.takes_part[who];
        let picture_of_child =
            world.is(IMAGERY) && world.people.iter().any(|other| other.any_part(PICTURED) && other.age < 18);
        let under_16 = world.people.iter().zip(&classes.takes_part).any(|(other, takes)| *takes && other.age < 16);
        let shown_to_under_16 = world.people.iter().any(|other| other.any_part(RECEIVED | TARGETED) && other.age < 16);
        bits(&[
            picture_of_child && being.any_part(MADE | SENT | FORWARDED),
            picture_of_child && being.any_part(RECEIVED),
            being.age >= 18
                && (((being.any_part(REQUESTED) || (world.is(MESSAGES) && being.any_part(SENT | REQUESTED)))
                    && under_16)
                    || (world.is(IMAGERY) && being.any_part(SENT | FORWARDED) && shown_to_under_16)),
            world.is(IMAGERY) && being.any_part(SENT | FORWARDED) && being.is(NO_CONSENT),
            takes && being.is(EXTORTED),
            being.any_part(REQUESTED) && under_16,
            takes && being.is(ABUSE),
            takes && (being.is(GROOMED) || being.is(INCITED) || being.is(PROFIT)),
            takes && (being.is(THREATENED) || being.is(MALICIOUS)),
        ])
    }

    /// A duty that holds (always, maybe), unless it is done.
    fn duty(&self, duty: &str, who: &str, (always, maybe): (bool, bool), all: &mut Conclusions) {
        if !maybe {
            return;
        }
        let id = if who.is_empty() { duty.to_owned() } else { format!("{duty}:{who}") };
        let state = if self.done.contains(id.as_str()) {
            "done"
        } else if always {
            "due"
        } else {
            "not-yet-known"
        };
        all.insert(id, state.to_owned());
    }

    fn report_says(&self, tally: Tally, all: &mut Conclusions) {
        let class = if tally.always(0) {
            "aggravated"
        } else if tally.always(1) {
            "experimental"
        } else {
            "undetermined"
        };
        all.insert("class".to_owned(), class.to_owned());
        for duty in ["welfare-check", "checks:location", "crime-record", "supervisor-review"] {
            self.duty(duty, "", (true, true), all);
        }
        for (bit, duty) in [(2, "strategy-meeting"), (3, "removal-online"), (4, "evidence-decision")] {
            self.duty(duty, "", (tally.always(bit), tally.maybe(bit)), all);
        }
        if tally.always(9) {
            all.insert("contradiction imagery".to_owned(), "yes".to_owned());
        }
    }

    fn person_says(&self, who: usize, tally: Tally, all: &mut Conclusions) {
        let id = &self.people[who].id;
        let class = if !tally.maybe(0) {
            "not-involved"
        } else if tally.always(1) {
            "aggravated"
        } else if tally.always(0) && !tally.maybe(1) {
            "experimental"
        } else {
            "undetermined"
        };
        all.insert(format!("{id} class"), class.to_owned());
        let harmed = if tally.always(2) {
            "yes"
        } else if tally.maybe(2) {
            "undetermined"
        } else {
            "no"
        };
        all.insert(format!("{id} harmed"), harmed.to_owned());
        let role = if tally.always(3) {
            "never"
        } else if tally.always(4) {
            "possible"
        } else {
            "not-yet-known"
        };
        all.insert(format!("{id} suspect"), role.to_owned());
        const DUTIES: [(usize, &str); 20] = [
            (2, "victim-needs"),
            (5, "immediate-referral"),
            (6, "adult-welfare"),
            (7, "child-protection-referral"),
            (8, "lado-referral"),
            (9, "identify"),
            (10, "checks"),
            (11, "initial-account"),
            (12, "interview-decision"),
            (13, "abe-decision"),
            (14, "vpa"),
            (14, "cse-screening"),
            (14, "next-steps-child"),
            (14, "questions-answered"),
            (14, "outcome-explained"),
            (15, "parent-not-told-decision"),
            (16, "next-steps-parent"),
            (17, "signposting"),
            (18, "persistence-decision"),
            (19, "deletion-advice"),
        ];
        for (bit, duty) in DUTIES {
            // The decision about an interview to help the child is a precaution: due as soon as it is possible.
            let always = tally.always(bit) || (duty == "abe-decision" && tally.maybe(bit) && self.is_early(who));
            self.duty(duty, id, (always, tally.maybe(bit)), all);
        }
    }

    fn crime_says(&self, crimes: &[Tally], people: &[Tally], may_be_missing: bool, all: &mut Conclusions) {
        let definite = crimes.iter().any(|tally| (0..9).any(|bit| tally.always(bit)));
        let possible = may_be_missing || crimes.iter().any(|tally| tally.any != 0);
        let record = match (definite, possible) {
            (true, _) => "yes",
            (_, true) => "not-yet-known",
            _ => "no",
        };
        all.insert("crime".to_owned(), record.to_owned());
        for (bit, code) in [(0, "86/2"), (1, "86/10"), (2, "71/17")] {
            for (who, tally) in crimes.iter().enumerate().filter(|(_, tally)| tally.always(bit)) {
                let whose = if people[who].always(25) { self.people[who].id.as_str() } else { "nobody" };
                debug_assert!(tally.maybe(bit));
                all.insert(format!("code {code} for {whose}"), "yes".to_owned());
            }
        }
    }

    fn outcome_21_says(&self, report: Tally, people: &[Tally], all: &mut Conclusions) {
        // What is not due before an outcome, or is not a "must".
        const LATER: [&str; 6] = [
            "strategy-meeting",
            "removal-online",
            "outcome-explained",
            "deletion-advice",
            "adult-welfare",
            "victim-needs",
        ];
        let waiting = all.iter().any(|(id, state)| {
            let duty = id.split(':').next().unwrap_or(id);
            matches!(state.as_str(), "due" | "not-yet-known")
                && !LATER.contains(&duty)
                && !id.contains(' ')
                && id != "crime"
        });
        let state = |blocked: bool, open: bool| {
            if blocked {
                "blocked"
            } else if open && !waiting {
                "open"
            } else {
                "not-yet"
            }
        };
        let open = report.always(1) && !report.maybe(5) && !report.maybe(6) && report.always(7) && report.always(8);
        all.insert(
            "outcome 21".to_owned(),
            state(report.always(0) || report.always(5) || report.always(6), open).to_owned(),
        );
        for (who, tally) in people.iter().enumerate().filter(|(_, tally)| Self::answered(tally)) {
            let open = tally.always(23) && !tally.maybe(21) && !tally.maybe(22) && tally.always(24) && report.always(8);
            let blocked = tally.always(1) || tally.always(21) || tally.always(22);
            all.insert(format!("outcome 21 {}", self.people[who].id), state(blocked, open).to_owned());
        }
    }
}

/// Does what this one is said to have done need an image that there is said not to be?
fn denies_imagery(world: &World, being: Being) -> bool {
    let nothing_else = !world.is(MESSAGES) && !world.is(REQUEST);
    being.any_part(PICTURED | MADE)
        || being.is(NO_CONSENT)
        || (nothing_else && being.any_part(SENT | RECEIVED | FORWARDED))
}
