//! Days as the contract writes them, `2026-11-24`: their order is that of their letters.

/// Is it written so, and a day that the calendar has?
pub(crate) fn is_day(text: &str) -> bool {
    let Some((year, month, day)) = numbers(text) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u16::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    is_written_as_day(text) && year > 0 && (1..=days).contains(&day)
}

pub(crate) fn is_written_as_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
}

/// The day after this one.
pub(crate) fn day_after(day: &str) -> Option<String> {
    let (year, month, day) = numbers(day)?;
    let next = [(year, month, day + 1), (year, month + 1, 1), (year + 1, 1, 1)];
    next.map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}")).into_iter().find(|day| is_day(day))
}

fn numbers(day: &str) -> Option<(u16, u16, u16)> {
    let number = |from: usize, to: usize| day.get(from..to)?.parse::<u16>().ok();
    Some((number(0, 4)?, number(5, 7)?, number(8, 10)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_after_is_the_next_that_there_is() {
        for (day, next) in [
            ("2024-01-30", Some("2024-01-31")),
            ("2024-01-31", Some("2024-02-01")),
            ("2024-02-28", Some("2024-02-29")),
            ("2023-02-28", Some("2023-03-01")),
            ("2023-12-31", Some("2024-01-01")),
            ("soon", None),
        ] {
            assert_eq!(day_after(day).as_deref(), next, "{day}");
        }
    }
}
