//! Whether a closed report is still to be kept: when somebody looks again, what they decided, what stands against erasing.
//!
//! Nothing here happens by itself. A date is proposed from the pack's schedule; a supervisor decides.

use guidance::Pack;
use guidance::retention::{CountedFrom, Hold, HoldEffect, HoldOn, Review};
use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::actor::Actor;
use crate::decision::Ndm;
use crate::event::{About, EventBody};
use crate::evidence::Evidence;
use crate::id::{ActorId, PersonId};
use crate::people::Person;
use crate::state::Report;
use crate::view::britain;

/// What a supervisor decided about keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposal {
    /// Kept, and looked at again on this day.
    Keep {
        /// The day of the next review.
        until: Date,
    },
    /// To be erased: who one person is, or the whole report.
    Erase {
        /// Whose identity; nothing for the whole report.
        person: Option<PersonId>,
    },
}

/// A decision about keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionDecision {
    /// What was decided.
    pub what: Disposal,
    /// Why.
    pub reasons: String,
    /// Who decided.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

/// A supervisor wants something erased before the day to look at it again has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureAsked {
    /// Whose identity; nothing for the whole report.
    pub person: Option<PersonId>,
    /// Why, in a line that outlives the report.
    pub reasons: String,
    /// Why in full.
    pub ndm: Ndm,
    /// Who wants it.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

/// A day on which somebody looks again, as the schedule proposes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedReview {
    /// For whom; nothing for a report without people.
    pub person: Option<PersonId>,
    /// Id of the entry of the schedule.
    pub entry: String,
    /// Whom that entry is for, in a few words.
    pub title: String,
    /// The day; nothing where it cannot be known.
    pub on: Option<Date>,
    /// How the day comes about, or what is not known.
    pub because: String,
    /// Why this long, in the words of the pack.
    pub says: String,
    /// What the force has to settle; may be empty.
    pub confirm: String,
    /// Where it comes from.
    pub cites: Vec<String>,
    /// True where it is shown and not counted.
    pub optional: bool,
}

/// Something that stands against erasing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandsAgainst {
    /// Id of the hold in the pack.
    pub id: String,
    /// True where nothing is erased while it holds; otherwise it is confirmed.
    pub refuses: bool,
    /// Why, and what to do; or what is confirmed.
    pub says: String,
    /// Where it comes from.
    pub cites: Vec<String>,
}

/// What is known about keeping a closed report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The day it was closed, by the clock in Britain.
    pub closed_on: Date,
    /// What the schedule proposes, person by person in the order they were added.
    pub proposals: Vec<ProposedReview>,
    /// The decision to keep it that holds.
    pub kept: Option<RetentionDecision>,
    /// The day somebody looks again: of the decision, else the earliest that is proposed.
    pub due_on: Option<Date>,
    /// What stands against erasing it.
    pub against: Vec<StandsAgainst>,
}

impl Report {
    /// What is known about keeping it. Nothing while it is open.
    pub fn retention(&self, pack: &Pack) -> Option<Retention> {
        let closed_on = day(self.closed_at?);
        let proposals = self.proposed_reviews(pack, closed_on);
        let kept = self.kept().cloned();
        let proposed = proposals.iter().filter(|p| !p.optional).filter_map(|p| p.on).min();
        let due_on = match kept.as_ref().map(|kept| &kept.what) {
            Some(Disposal::Keep { until }) => Some(*until),
            _ => proposed,
        };
        let against = pack.retention().map(|words| words.holds.as_slice()).unwrap_or_default();
        let against = against.iter().filter(|hold| self.is_held_by(hold)).map(stands_against).collect();
        Some(Retention { closed_on, proposals, kept, due_on, against })
    }

    /// The last decision to keep it, taken since it was closed. One from before it was opened again counts no more.
    fn kept(&self) -> Option<&RetentionDecision> {
        let closed_at = self.closed_at?;
        let kept = |d: &&RetentionDecision| matches!(d.what, Disposal::Keep { .. }) && d.at >= closed_at;
        self.retention.iter().rev().find(kept)
    }

    /// The decision to erase this, if it was taken since it was closed: whoever finds the words still there can go on with it.
    pub fn erasure_decided(&self, whose: Option<&PersonId>) -> Option<&RetentionDecision> {
        let this = |d: &&RetentionDecision| matches!(&d.what, Disposal::Erase { person } if person.as_ref() == whose);
        let closed_at = self.closed_at?;
        self.retention.iter().rev().find(|d| this(d) && d.at >= closed_at)
    }

    /// The day before which it is early for somebody to erase this: the one that the schedule proposes, for whom it is about where it
    /// proposes one for them. A decision to keep it until a later day counts; one to look earlier counts where somebody else took it,
    /// or one supervisor could choose tomorrow and erase alone.
    pub fn early_until(&self, pack: &Pack, whose: Option<&PersonId>, by: &ActorId, today: Date) -> Option<Date> {
        let retention = self.retention(pack)?;
        let all = || retention.proposals.iter().filter(|proposed| !proposed.optional);
        let theirs = all().filter(|proposed| proposed.person.as_ref() == whose).filter_map(|p| p.on).min();
        let proposed = theirs.or_else(|| all().filter_map(|p| p.on).min());
        let day = match retention.kept {
            Some(RetentionDecision { what: Disposal::Keep { until }, by: other, .. }) if other.id != *by => Some(until),
            Some(RetentionDecision { what: Disposal::Keep { until }, .. }) => proposed.max(Some(until)),
            _ => proposed,
        };
        day.filter(|day| *day > today)
    }

    /// Who asked that this is erased early, where that stands: since it was closed, and nobody decided to keep it after that.
    pub fn erasure_asked(&self, whose: Option<&PersonId>) -> Option<&ErasureAsked> {
        let kept_at = self.kept().map(|kept| kept.at);
        let stands = |asked: &&ErasureAsked| {
            let closed = self.closed_at.is_some_and(|closed_at| asked.at >= closed_at);
            closed && kept_at.is_none_or(|kept_at| asked.at >= kept_at) && asked.person.as_ref() == whose
        };
        self.erasures_asked.iter().rev().find(stands)
    }

    /// Was it erased who this person is?
    pub fn identity_erased(&self, person: &PersonId) -> bool {
        let theirs = |about: &About| matches!(about, About::Person(id) if id == person);
        self.log.iter().any(|event| matches!(&event.body, EventBody::Erased { about } if theirs(about)))
    }

    fn proposed_reviews(&self, pack: &Pack, closed_on: Date) -> Vec<ProposedReview> {
        let Some(schedule) = pack.retention() else { return Vec::new() };
        let people: Vec<&Person> = self.people.iter().filter(|p| p.withdrawn.is_none()).collect();
        if people.is_empty() {
            return self.first_that_fits(&schedule.reviews, None, closed_on);
        }
        people.into_iter().flat_map(|person| self.first_that_fits(&schedule.reviews, Some(person), closed_on)).collect()
    }

    /// The first entry that fits and has a day; those before it that are optional, or whose day is not known, beside it.
    fn first_that_fits(&self, reviews: &[Review], person: Option<&Person>, closed_on: Date) -> Vec<ProposedReview> {
        let mut found = Vec::new();
        let fitting: Vec<&Review> = reviews.iter().filter(|review| self.fits(review, person)).collect();
        for review in &fitting {
            let Some((on, because)) = counted(review, person, closed_on) else { continue };
            let settles = on.is_some() && !review.optional;
            found.push(proposed(review, person, on, because));
            if settles {
                break;
            }
        }
        // What is optional is shown wherever it stands, so that nobody overlooks it.
        let told: Vec<String> = found.iter().map(|p| p.entry.clone()).collect();
        for review in fitting.into_iter().filter(|review| review.optional && !told.contains(&review.id)) {
            if let Some((on, because)) = counted(review, person, closed_on) {
                found.push(proposed(review, person, on, because));
            }
        }
        found
    }

    fn fits(&self, review: &Review, person: Option<&Person>) -> bool {
        let roles = person.map(Person::shown_roles).unwrap_or_default();
        let has_role =
            review.roles.is_empty() || roles.iter().any(|role| review.roles.iter().any(|r| r == role.word()));
        let own = person.and_then(|person| self.outcome(Some(&person.id)));
        let outcome = own.or_else(|| self.outcome(None));
        let has_outcome =
            review.outcomes.is_empty() || outcome.is_some_and(|decided| review.outcomes.contains(&decided.code));
        has_role && has_outcome
    }

    fn is_held_by(&self, hold: &Hold) -> bool {
        match hold.on {
            HoldOn::Outcome => {
                let people = self.people.iter().filter(|p| p.withdrawn.is_none()).map(|p| Some(&p.id));
                let mut decided = std::iter::once(None).chain(people).filter_map(|whose| self.outcome(whose));
                decided.any(|decided| hold.outcomes.contains(&decided.code))
            }
            HoldOn::Referral => self
                .evidence
                .values()
                .flatten()
                .filter(|filed| filed.withdrawn.is_none())
                .any(|filed| matches!(&filed.evidence, Evidence::Referral { acknowledged: None, .. })),
            HoldOn::Concern => self.open_concerns().next().is_some(),
            HoldOn::Emergency => self.access.emergencies.iter().any(|emergency| emergency.review.is_none()),
            HoldOn::Linked => self.standing_links().next().is_some(),
        }
    }
}

fn stands_against(hold: &Hold) -> StandsAgainst {
    StandsAgainst {
        id: hold.id.clone(),
        refuses: hold.effect == HoldEffect::Refuse,
        says: hold.says.clone(),
        cites: hold.cites.clone(),
    }
}

fn proposed(review: &Review, person: Option<&Person>, on: Option<Date>, because: String) -> ProposedReview {
    ProposedReview {
        person: person.map(|person| person.id.clone()),
        entry: review.id.clone(),
        title: review.title.clone(),
        on,
        because,
        says: review.says.clone(),
        confirm: review.confirm.clone(),
        cites: review.cites.clone(),
        optional: review.optional,
    }
}

/// The day and how it comes about. Nothing where the entry is about a day that was past when the report was closed.
fn counted(review: &Review, person: Option<&Person>, closed_on: Date) -> Option<(Option<Date>, String)> {
    let years = i16::try_from(review.years).unwrap_or(i16::MAX);
    match review.from {
        CountedFrom::Closing => {
            let on = after_years(closed_on, years);
            Some((on, format!("{} after it was closed on {}", in_years(review.years), words(closed_on))))
        }
        CountedFrom::EighteenthBirthday => {
            let Some(born) = person.and_then(|person| person.identity.date_of_birth) else {
                let because = "the date of birth is not known, so neither is this day".to_owned();
                return Some((None, because));
            };
            let adult = after_years(born, i16::from(guidance::ADULT))?;
            let on = after_years(adult, years);
            let because = match review.years {
                0 => "they become eighteen on this day".to_owned(),
                years => format!("{} after they become eighteen on {}", in_years(years), words(adult)),
            };
            (on? > closed_on).then_some((on, because))
        }
    }
}

fn in_years(years: u16) -> String {
    if years == 1 { "1 year".to_owned() } else { format!("{years} years") }
}

/// The same day some years on. For 29 February in a year without one that is 1 March: no birthday and no clear period is reached sooner.
pub(crate) fn after_years(from: Date, years: i16) -> Option<Date> {
    let year = from.year().checked_add(years).filter(|year| *year <= 9999)?;
    Some(Date::new(year, from.month(), from.day()).unwrap_or_else(|_| date(year, 3, 1)))
}

/// The day it is in Britain.
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned_datetime(britain()).date()
}

/// `3 May 2030`.
pub(crate) fn words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}
