//! How long reports are kept, and which days are working days, as the guidance has them: to read, not to change.

use axum::extract::State;
use guidance::Pack;
use guidance::retention::{CountedFrom, Hold, HoldEffect, HoldOn, Retention, Review};

use super::words::{Entry, draw, written};
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::Answer;
use crate::shared::time;

/// When a closed report is looked at again, and what stands against erasing it.
pub async fn retention(State(app): State<App>, frame: Frame) -> Answer {
    let title = ("How long reports are kept", "Why, and what is still to be confirmed");
    let Some(kept) = app.pack.retention() else {
        let says = "This guidance has no schedule: no day is proposed, and a supervisor decides about each report.";
        return draw(frame, &app.pack, title, says, Vec::new());
    };
    draw(frame, &app.pack, title, &kept.schedule.says, entries(&app.pack))
}

/// What the page says, one thing after another; nothing where there is no schedule.
pub(super) fn entries(pack: &Pack) -> Vec<Entry> {
    let Some(kept) = pack.retention() else {
        return Vec::new();
    };
    let mut entries = vec![whole(pack, kept)];
    entries.extend(kept.reviews.iter().map(|review| look_again(pack, review)));
    entries.extend(kept.holds.iter().map(hold));
    entries
}

fn whole(pack: &Pack, kept: &Retention) -> Entry {
    let schedule = &kept.schedule;
    let years = schedule.longest_years;
    let mut paragraphs = vec![
        "Nothing is erased or kept on by itself. The first entry below that fits a person is the proposal for them; the latest day of all its people is the day of the report.".to_owned(),
        format!("A decision to keep lasts {years} years at most before somebody looks again."),
    ];
    paragraphs.push(format!("Source: {}. Checked on {}.", source(pack, &schedule.source), day(&schedule.checked_on)));
    Entry {
        id: "schedule".to_owned(),
        title: "What holds for all of it".to_owned(),
        paragraphs,
        folded: to_confirm(&schedule.confirm),
        cites: schedule.cites.clone(),
        ..Entry::default()
    }
}

fn look_again(pack: &Pack, review: &Review) -> Entry {
    let years = match review.years {
        1 => "1 year".to_owned(),
        years => format!("{years} years"),
    };
    let when = match (review.from, review.years) {
        (CountedFrom::Closing, 0) => "When the report is closed".to_owned(),
        (CountedFrom::Closing, _) => format!("{years} after the report was closed"),
        (CountedFrom::EighteenthBirthday, 0) => "On their eighteenth birthday".to_owned(),
        (CountedFrom::EighteenthBirthday, _) => format!("{years} after their eighteenth birthday"),
    };
    let also = if review.optional { ". Shown beside the proposal, and not counted" } else { "" };
    let mut whom = vec![format!("{when}{also}.")];
    if !review.roles.is_empty() {
        let roles: Vec<String> = review.roles.iter().map(|role| role.replace('-', " ")).collect();
        whom.push(format!("For: {}.", roles.join(", ")));
    }
    if !review.outcomes.is_empty() {
        let titles = review.outcomes.iter().map(|code| {
            let known = pack.outcomes().iter().find(|outcome| outcome.code == *code);
            known.map_or_else(|| code.clone(), |outcome| format!("{code} ({})", outcome.title))
        });
        whom.push(format!("Outcomes: {}.", titles.collect::<Vec<_>>().join("; ")));
    }
    let mut folded = written([&review.says]);
    folded.extend(to_confirm(&review.confirm));
    Entry {
        id: review.id.clone(),
        title: review.title.clone(),
        paragraphs: whom,
        folded,
        cites: review.cites.clone(),
        ..Entry::default()
    }
}

fn hold(hold: &Hold) -> Entry {
    let what = match hold.on {
        HoldOn::Outcome => format!("Outcome {}", hold.outcomes.join(", ")),
        HoldOn::Referral => "a referral that has not arrived".to_owned(),
        HoldOn::Concern => "a concern that nobody has answered".to_owned(),
        HoldOn::Emergency => "an emergency opening that nobody has reviewed".to_owned(),
        HoldOn::Linked => "linked reports".to_owned(),
    };
    let effect = match hold.effect {
        HoldEffect::Refuse => "Nothing is erased while this stands.",
        HoldEffect::Confirm => "Whoever decides says that they have seen to it.",
    };
    Entry {
        id: format!("before-erasing-{}", hold.id),
        title: format!("Before erasing: {what}"),
        paragraphs: vec![effect.to_owned()],
        folded: written([&hold.says]),
        cites: hold.cites.clone(),
        ..Entry::default()
    }
}

fn to_confirm(words: &str) -> Vec<String> {
    let some = (!words.is_empty()).then(|| format!("Still to be confirmed by the force: {words}"));
    some.into_iter().collect()
}

/// Which days are no working days, and until when that is known.
pub async fn working_days(State(app): State<App>, frame: Frame) -> Answer {
    let title = ("Working days", "The days");
    let Some(calendar) = app.pack.calendar() else {
        let says = "This guidance has no calendar. It asks for nothing that is counted in working days.";
        return draw(frame, &app.pack, title, says, Vec::new());
    };
    let says = format!(
        "Every Monday to Friday that is no bank holiday. Bank holidays are known from 1 January {} to 31 December {}. \
         Before and after that only weekends are left out, so something may come due early there, and never late.",
        calendar.from_year, calendar.until_year
    );
    let mut entries = vec![Entry {
        id: "source".to_owned(),
        title: "Where the days come from".to_owned(),
        paragraphs: vec![format!(
            "{}. Entered by the rules there, and last gone through on {}. Whoever keeps the guidance compares them with the source every year.",
            source(&app.pack, &calendar.source),
            day(&calendar.checked_on)
        )],
        ..Entry::default()
    }];
    for year in calendar.from_year..=calendar.until_year {
        let begins = format!("{year}-");
        let holidays = calendar.holiday.iter().filter(|one| one.day.starts_with(&begins));
        entries.push(Entry {
            id: format!("year-{year}"),
            title: year.to_string(),
            folded: holidays.map(|one| format!("{}: {}", day(&one.day), one.name)).collect(),
            ..Entry::default()
        });
    }
    draw(frame, &app.pack, title, says, entries)
}

fn source(pack: &Pack, id: &str) -> String {
    let known = pack.sources().iter().find(|source| source.id == id);
    known.map_or_else(
        || id.to_owned(),
        |source| match source.place.is_empty() {
            true => source.title.clone(),
            false => format!("{} ({})", source.title, source.place),
        },
    )
}

fn day(written: &str) -> String {
    time::day_words(written).unwrap_or_else(|| written.to_owned())
}
