//! Days and times as officers enter them, by the clock in Britain. "Just now" is an answer somebody gives, never one that is assumed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::shared::blocks::{Block, Sheet};
use crate::shared::form::{Form, Mistakes};
use crate::shared::time;
use crate::shared::ui::{Choices, Input};

// Typed, as everywhere else: what a browser draws for a date goes by its own country, and differs from one to the next.
const LIKE_DAY: &str = "Like 24/11/2026.";

/// When something was done: just now, or on a day at a time. `name` is the field of the record.
pub(super) fn fields(sheet: &Sheet<'_>, name: &str, legend: &str) -> Vec<Block> {
    let when = Choices::radios(name, legend)
        .option("now", "Just now", "")
        .option("then", "Earlier, on the day and at the time below", "")
        .small();
    vec![
        sheet.choose(when),
        Block::Row(vec![
            sheet.line(Input::new(format!("{name}.day"), "Day").hint(LIKE_DAY).width("10")),
            sheet.line(Input::new(format!("{name}.time"), "Time").hint("Like 9:30 or 21:15.").width("5")),
        ]),
    ]
}

/// Reads what [`fields`] asked. Whatever is wrong becomes a mistake, and the time is then now.
pub(super) fn read(form: &Form, mistakes: &mut Mistakes, name: &str, now: Timestamp) -> Timestamp {
    let (day, at) = (format!("{name}.day"), format!("{name}.time"));
    match form.text(name) {
        "now" => {
            if !form.text(&day).is_empty() || !form.text(&at).is_empty() {
                mistakes.add(
                    &day,
                    "You said just now and entered a day or a time as well. Select earlier, or leave them empty",
                );
            }
            return now;
        }
        "then" => {}
        _ => {
            mistakes.add(name, "Say when: just now, or earlier");
            return now;
        }
    }
    let read = time::read_moment(form.text(&day), form.text(&at));
    if read.is_none() {
        if time::read_day(form.text(&day)).is_none() {
            mistakes.no_day(&day, form.text(&day), "Enter the day, such as 24/11/2026");
        } else {
            mistakes.add(&at, "Enter the time, such as 14:30");
        }
    }
    read.unwrap_or(now)
}

/// A day.
pub(super) fn day_field(sheet: &Sheet<'_>, name: &str, label: &str) -> Block {
    sheet.line(Input::new(name, label).hint(LIKE_DAY).width("10"))
}

/// Reads a day. When it is none, a mistake, and the day of `now`.
pub(super) fn read_day(form: &Form, mistakes: &mut Mistakes, name: &str, now: Timestamp) -> Date {
    time::read_day(form.text(name)).unwrap_or_else(|| {
        mistakes.no_day(name, form.text(name), "Enter the day, such as 24/11/2026");
        now.to_zoned_datetime(TimeZone::UTC).date()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_clock_in_britain() {
        let now: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
        for (sent, at, wrong) in [
            (&[("at", "now")][..], "2026-11-24T09:00:00Z", None),
            (&[("at", "then"), ("at.day", "2026-07-01"), ("at.time", "14:30")], "2026-07-01T13:30:00Z", None),
            (&[("at", "then"), ("at.day", "2026-01-31"), ("at.time", "00:00")], "2026-01-31T00:00:00Z", None),
            (&[("at", "then"), ("at.day", "31 January"), ("at.time", "00:00")], "2026-11-24T09:00:00Z", Some("at.day")),
            (&[("at", "then"), ("at.day", "2026-01-31"), ("at.time", "noon")], "2026-11-24T09:00:00Z", Some("at.time")),
            (&[("at", "now"), ("at.day", "2026-01-31")], "2026-11-24T09:00:00Z", Some("at.day")),
            (&[], "2026-11-24T09:00:00Z", Some("at")),
        ] {
            let pairs = sent.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
            let form = Form::from_pairs(pairs.collect());
            let mut mistakes = Mistakes::new();
            let read = read(&form, &mut mistakes, "at", now);
            assert_eq!(read.to_string(), at, "{sent:?}");
            assert_eq!(mistakes.list().first().map(|m| m.field.as_str()), wrong, "{sent:?}");
        }
    }
}
