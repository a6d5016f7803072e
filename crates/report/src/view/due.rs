//! When a duty is due: at once, by a time of the clock, or at a moment that only the record knows.

use guidance::advice::{Duty, DutyState};
use guidance::words::Calendar;
use guidance::{Facts, Pack};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan as _};

use super::DueTime;
use crate::event::EventBody;
use crate::id::DutyId;
use crate::state::Report;

/// Due on the working day after the one on which the duty was raised.
const WORKING_DAY: &str = "one-working-day";
/// No working day is shorter.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// The last minute of a day: what runs out with the day is still in time then.
const END_OF_DAY: Time = Time::constant(23, 59, 0, 0);

/// When a duty is due, and since when that is counted where it is counted from anything but the report. `recorded` is when something
/// was last recorded for it.
pub(super) fn due_time(
    report: &Report,
    pack: &Pack,
    duty: &Duty,
    recorded: Option<Timestamp>,
) -> (DueTime, Option<Timestamp>) {
    let moment = || (DueTime::Moment(duty.due.to_string()), None);
    match duty.due.as_str() {
        "now" => (DueTime::Now, None),
        WORKING_DAY => {
            // What is done has no time left to run: that of what was recorded on the first day cannot even have run out.
            let since = recorded.zip(report.reported_at).map(|(recorded, reported)| recorded.duration_since(reported));
            let may_be_late = duty.state == DutyState::Done && since.is_some_and(|since| since > A_DAY);
            let raised =
                (duty.state == DutyState::Due || may_be_late).then(|| raised_at(report, pack, &duty.id)).flatten();
            raised
                .zip(pack.calendar())
                .and_then(|(raised, calendar)| next_working_day(calendar, raised))
                .map_or_else(moment, |due| (DueTime::At(due), raised))
        }
        period => from_report(period, report.reported_at).map_or_else(moment, |due| (DueTime::At(due), None)),
    }
}

/// An ISO 8601 period from the time of the report.
fn from_report(period: &str, reported_at: Option<Timestamp>) -> Option<Timestamp> {
    let span: Span = period.parse().ok()?;
    let at = reported_at?.to_zoned_datetime(TimeZone::UTC).checked_add(span).ok()?;
    Some(at.timestamp())
}

/// The moment at which the guidance first asked for a duty: when what made it due was entered. The facts are taken as they were
/// after each command, so that an order within one command raises nothing.
fn raised_at(report: &Report, pack: &Pack, duty: &str) -> Option<Timestamp> {
    let mut so_far = Report::default();
    report.log.iter().find_map(|event| {
        so_far.evolve(event);
        let advised = matches!(event.body, EventBody::AdviceGiven { .. });
        (advised && is_asked(&so_far.facts(pack), pack, duty)).then_some(event.recorded_at)
    })
}

/// Since when a duty is done without a break: what was withdrawn and recorded again counts from then.
pub(super) fn done_since(report: &Report, pack: &Pack, duty: &DutyId) -> Option<Timestamp> {
    let mut so_far = Report::default();
    report.log.iter().fold(None, |since, event| {
        so_far.evolve(event);
        so_far.is_complete(pack, duty).then(|| since.unwrap_or(event.recorded_at))
    })
}

/// Whether the guidance asks for a duty on these facts. Only that is wanted, for every advice there was, so no advice is put into words.
fn is_asked(facts: &Facts, pack: &Pack, duty: &str) -> bool {
    let Ok(case) = pack.check(facts) else { return false };
    let decided = pack.decide(&case).duties;
    decided.iter().any(|asked| asked.state != DutyState::NotYetKnown && pack.duty_id(asked, facts) == duty)
}

/// One working day on, by the clock in Britain: the same time on the next working day. What was raised on a day that is none
/// runs out at the end of the next that is one.
fn next_working_day(calendar: &Calendar, raised: Timestamp) -> Option<Timestamp> {
    let raised = raised.to_zoned_datetime(britain());
    let works = |day: Date| is_working_day(calendar, day);
    let starts_at_work = works(raised.date());
    // The longest run of days without work is shorter than a fortnight in any year.
    let day = (1..=14).filter_map(|days: i32| raised.date().checked_add(days.days()).ok()).find(|day| works(*day))?;
    let time = if starts_at_work { raised.time() } else { END_OF_DAY };
    let due = britain().to_ambiguous_zoned_datetime(day.to_datetime(time));
    Some(due.compatible().ok()?.timestamp())
}

/// Monday to Friday without the holidays of the calendar. Outside its years only weekends are known, so nothing comes due later
/// than it should.
fn is_working_day(calendar: &Calendar, day: Date) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let written = day.to_string();
    !weekend && !calendar.holiday.iter().any(|holiday| holiday.day == written)
}

/// The clock that police in England and Wales live by.
pub(crate) fn britain() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use guidance::words::Holiday;

    use super::*;

    #[test]
    fn a_working_day_skips_weekends_and_holidays_and_keeps_the_clock() {
        let holiday = |day: &str| Holiday { day: day.to_owned(), name: "a holiday".to_owned() };
        let calendar = Calendar {
            source: "s".to_owned(),
            checked_on: "2026-11-26".to_owned(),
            from_year: 2026,
            until_year: 2027,
            holiday: ["2026-04-03", "2026-04-06", "2026-12-25", "2026-12-28", "2027-01-01"].map(holiday).to_vec(),
        };
        for (raised, due, why) in [
            ("2026-11-25T15:04:30Z", "2026-11-26T15:04:30Z", "Wednesday to Thursday"),
            ("2026-11-27T15:04:00Z", "2026-11-30T15:04:00Z", "Friday to Monday"),
            ("2026-11-28T10:00:00Z", "2026-11-30T23:59:00Z", "Saturday: all of Monday"),
            ("2026-11-29T23:30:00Z", "2026-11-30T23:59:00Z", "Sunday night: all of Monday"),
            ("2026-04-02T16:00:00Z", "2026-04-07T16:00:00Z", "Thursday before Easter to Tuesday after"),
            ("2026-04-05T16:00:00Z", "2026-04-07T22:59:00Z", "Easter Sunday: all of Tuesday, by summer time"),
            ("2026-12-24T12:00:00Z", "2026-12-29T12:00:00Z", "over Christmas with its substitute day"),
            ("2026-12-31T12:00:00Z", "2027-01-04T12:00:00Z", "over New Year"),
            (
                "2026-10-23T23:30:00Z",
                "2026-10-26T23:59:00Z",
                "Saturday by the clock in Britain, before the clocks change",
            ),
            ("2026-10-23T11:00:00Z", "2026-10-26T12:00:00Z", "the same time by the clock, an hour later by the sun"),
            ("2028-12-22T12:00:00Z", "2028-12-25T12:00:00Z", "beyond the years only weekends are known"),
        ] {
            let due: Timestamp = due.parse().unwrap();
            assert_eq!(next_working_day(&calendar, raised.parse().unwrap()), Some(due), "{why}");
        }
    }
}
