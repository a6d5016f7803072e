//! Days as the contract writes them, `2026-11-24`: their order is that of their letters.

use jiff::civil::Date;

/// Is it written so, and a day that the calendar has?
pub(crate) fn is_day(text: &str) -> bool {
    date(text).is_some()
}

pub(crate) fn is_written_as_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
}

/// The day after this one.
pub(crate) fn day_after(day: &str) -> Option<String> {
    date(day)?.tomorrow().ok().map(|next| next.to_string())
}

/// The calendar reads more ways of writing a day, and has a year 0.
fn date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|date: &Date| is_written_as_day(text) && date.year() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way_and_is_in_the_calendar() {
        for (text, is) in [
            ("2024-02-29", true),
            ("2000-02-29", true),
            ("0001-01-01", true),
            ("9999-12-31", true),
            ("2023-02-29", false),
            ("1900-02-29", false),
            ("2024-04-31", false),
            ("2024-00-10", false),
            ("2024-13-01", false),
            ("2024-01-00", false),
            ("0000-01-01", false),
            ("20240101", false),
            ("2024-W01-1", false),
            ("2024-1-1", false),
            ("+002024-01-01", false),
            ("-000001-01-01", false),
            ("2024-01-01T00:00", false),
            ("2024-01-01 ", false),
            ("２０２４-01-01", false),
            ("soon", false),
            ("", false),
        ] {
            assert_eq!(is_day(text), is, "{text}");
        }
    }

    #[test]
    fn the_day_after_is_the_next_that_there_is() {
        for (day, next) in [
            ("2024-01-30", Some("2024-01-31")),
            ("2024-01-31", Some("2024-02-01")),
            ("2024-02-28", Some("2024-02-29")),
            ("2023-02-28", Some("2023-03-01")),
            ("2023-12-31", Some("2024-01-01")),
            ("0999-12-31", Some("1000-01-01")),
            ("9999-12-31", None),
            ("soon", None),
        ] {
            assert_eq!(day_after(day).as_deref(), next, "{day}");
        }
    }
}
