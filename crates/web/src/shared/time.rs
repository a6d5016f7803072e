//! Moments as people in Britain read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `24 November 2026 at 9:30am`, by the clock in Britain.
pub fn moment(at: Timestamp) -> String {
    let here = at.to_zoned_datetime(britain());
    format!(
        "{} at {}",
        here.strftime("%-d %B %Y"),
        clock(here.hour(), here.minute())
    )
}

/// `24 November 2026`.
pub fn day(at: Timestamp) -> String {
    at.to_zoned_datetime(britain())
        .strftime("%-d %B %Y")
        .to_string()
}

/// The year it is in Britain.
pub fn year(at: Timestamp) -> u16 {
    u16::try_from(at.to_zoned_datetime(britain()).year()).unwrap_or_default()
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
}
