//! Moments as people in Britain read them.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// `24 November 2026 at 9:30am`, by the clock in Britain.
pub fn moment(at: Timestamp) -> String {
    let here = at.to_zoned_datetime(britain());
    format!("{} at {}", here.strftime("%-d %B %Y"), clock(here.hour(), here.minute()))
}

/// The first and the last of several moments: `24 November 2026 at 9:30am to 9:41am`.
pub fn span(first_at: Timestamp, last_at: Timestamp) -> String {
    let (first, last) = (moment(first_at), moment(last_at));
    if first == last {
        first
    } else if today(first_at) == today(last_at) {
        format!("{first} to {}", hour(last_at))
    } else {
        format!("{first} to {last}")
    }
}

/// `9:30am`, by the clock in Britain.
pub fn hour(at: Timestamp) -> String {
    let here = at.to_zoned_datetime(britain());
    clock(here.hour(), here.minute())
}

/// `24 November 2026`.
pub fn day(at: Timestamp) -> String {
    at.to_zoned_datetime(britain()).strftime("%-d %B %Y").to_string()
}

/// A day as stored, `2026-11-24`, in words; nothing for any other text.
pub fn day_words(text: &str) -> Option<String> {
    let day: Date = text.parse().ok()?;
    Some(day.strftime("%-d %B %Y").to_string())
}

/// The first moment of a day in Britain.
pub fn begins(day: Date) -> Option<Timestamp> {
    let here = britain().to_ambiguous_zoned_datetime(day.to_datetime(Time::midnight()));
    Some(here.compatible().ok()?.timestamp())
}

/// A day in words: `24 November 2026`.
pub fn date(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// The day it is in Britain.
pub fn today(at: Timestamp) -> Date {
    at.to_zoned_datetime(britain()).date()
}

/// The year it is in Britain.
pub fn year(at: Timestamp) -> u16 {
    u16::try_from(at.to_zoned_datetime(britain()).year()).unwrap_or_default()
}

/// A day as typed: `2026-11-24`, as browsers send it, or `24/11/2026`.
pub fn read_day(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let (day, month, year) = day_month_year(text.split(['/', '.', ' ']))?;
        Date::new(year, month, day).ok()
    })
}

/// What to say of a day that is written as one and is in no calendar: `There is no 31 February 2026`.
pub fn no_such_day(text: &str) -> Option<String> {
    let text = text.trim();
    let (day, month, year) = day_month_year(text.split(['/', '.', ' ']))
        .or_else(|| day_month_year(text.rsplit('-')))
        .filter(|(day, ..)| *day > 0)?;
    let first = Date::new(year, month, 1).ok()?;
    let is_one = Date::new(year, month, day).is_ok();
    (!is_one).then(|| format!("There is no {day} {}", first.strftime("%B %Y")))
}

fn day_month_year<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<(i8, i8, i16)> {
    let day = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let year = parts.next()?.parse().ok()?;
    (parts.next().is_none() && year >= 1900).then_some((day, month, year))
}

/// A moment by the clock in Britain, from a day and a time as typed: `9:30`, `09.30`, `0930`, `9:30pm`.
pub fn read_moment(day: &str, clock: &str) -> Option<Timestamp> {
    let time = read_clock(clock)?;
    let here = britain().to_ambiguous_zoned_datetime(read_day(day)?.to_datetime(time));
    Some(here.compatible().ok()?.timestamp())
}

/// A time of day, however it was typed: `9:30`, `9.30 pm`, `21:15`.
pub fn read_clock(text: &str) -> Option<Time> {
    let text = text.trim().to_ascii_lowercase().replace('.', ":");
    let (clock, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(clock), _) => (clock.trim_end(), Some(0)),
        (_, Some(clock)) => (clock.trim_end(), Some(12)),
        (None, None) => (text.as_str(), None),
    };
    let digits = clock.replace(':', "");
    let is_clock = digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= 4;
    let number: i16 = digits.parse().ok().filter(|_| is_clock)?;
    // `9pm` says the hour alone; without am or pm a single number could be anything.
    let (hour, minute) = match (digits.len(), half) {
        (1 | 2, Some(_)) => (number, 0),
        (3 | 4, _) => (number / 100, number % 100),
        _ => return None,
    };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
}

/// How far off a moment is, roughly: `in 5 hours`, `2 days ago`.
pub fn from_now(at: Timestamp, now: Timestamp) -> String {
    let minutes = at.duration_since(now).as_mins();
    let (number, unit) = match minutes.abs() {
        0..=119 => (minutes.abs(), "minute"),
        120..=2879 => (minutes.abs() / 60, "hour"),
        more => (more / 1440, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    if minutes < 0 { format!("{number} {unit}{plural} ago") } else { format!("in {number} {unit}{plural}") }
}

fn clock(hour: i8, minute: i8) -> String {
    let (half, hour) = match hour {
        0 => ("am", 12),
        1..=11 => ("am", hour),
        12 => ("pm", 12),
        _ => ("pm", hour - 12),
    };
    format!("{hour}:{minute:02}{half}")
}

fn britain() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_clock_in_britain() {
        for (at, words) in [
            ("2026-11-24T09:30:00Z", "24 November 2026 at 9:30am"),
            ("2026-07-01T11:05:00Z", "1 July 2026 at 12:05pm"),
            ("2026-07-01T23:00:00Z", "2 July 2026 at 12:00am"),
            ("2026-01-01T13:59:59Z", "1 January 2026 at 1:59pm"),
        ] {
            assert_eq!(moment(at.parse().unwrap()), words);
        }
        assert_eq!(day("2026-07-01T23:00:00Z".parse().unwrap()), "2 July 2026");
    }

    #[test]
    fn what_lasted_says_nothing_twice() {
        for (first, last, words) in [
            ("09:30:00", "09:30:59", "24 November 2026 at 9:30am"),
            ("09:30:00", "12:05:00", "24 November 2026 at 9:30am to 12:05pm"),
            ("00:05:00", "23:55:00", "24 November 2026 at 12:05am to 11:55pm"),
        ] {
            let at = |time| format!("2026-11-24T{time}Z").parse().unwrap();
            assert_eq!(span(at(first), at(last)), words);
        }
        let at = |day: &str| day.parse().unwrap();
        assert_eq!(
            span(at("2026-07-01T22:55:00Z"), at("2026-07-01T23:05:00Z")),
            "1 July 2026 at 11:55pm to 2 July 2026 at 12:05am"
        );
    }

    #[test]
    fn days_and_times_as_people_type_them() {
        for typed in ["2026-11-24", "24/11/2026", "24.11.2026", " 24 11 2026 "] {
            assert_eq!(read_day(typed).unwrap().to_string(), "2026-11-24");
        }
        for wrong in ["", "24/11/26", "31/02/2026", "yesterday", "24/11/2026/1"] {
            assert_eq!(read_day(wrong), None, "{wrong}");
        }
        for (typed, at) in [
            ("9:30", "08:30"),
            ("09.30", "08:30"),
            ("0930", "08:30"),
            ("9:30am", "08:30"),
            ("2:30pm", "13:30"),
            ("2.30 PM", "13:30"),
            ("9pm", "20:00"),
            ("12:15 pm", "11:15"),
            ("12:15am", "2026-06-30T23:15"),
        ] {
            let read = read_moment("1/7/2026", typed).unwrap().to_string();
            assert!(read.contains(&format!("{at}:00Z")), "{typed}: {read}");
        }
        for wrong in ["", "9", "25:00", "12:60", "13:30pm", "0:30am", "noon", "about 9:30", "9:30:00", "-930"] {
            assert_eq!(read_moment("1/7/2026", wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_that_are_in_no_calendar() {
        for (typed, says) in [
            ("31/02/2026", Some("There is no 31 February 2026")),
            ("29/2/2026", Some("There is no 29 February 2026")),
            ("29.2.1900", Some("There is no 29 February 1900")),
            (" 31 4 2026 ", Some("There is no 31 April 2026")),
            ("2026-06-31", Some("There is no 31 June 2026")),
            ("32/01/2026", Some("There is no 32 January 2026")),
            ("29/2/2024", None),
            ("31/12/2026", None),
            ("2026-06-30", None),
            ("1/13/2026", None),
            ("0/1/2026", None),
            ("31/02/26", None),
            ("31 February 2026", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(no_such_day(typed).as_deref(), says, "{typed}");
            assert!(says.is_none() || read_day(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn how_far_off() {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        for (at, words) in [
            ("2026-11-24T12:01:00Z", "in 1 minute"),
            ("2026-11-25T12:00:00Z", "in 24 hours"),
            ("2026-11-22T11:00:00Z", "2 days ago"),
        ] {
            assert_eq!(from_now(at.parse().unwrap(), now), words);
        }
    }
}
