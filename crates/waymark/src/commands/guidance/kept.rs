//! `waymark guidance show keeping` and `working-days`: how long reports are kept, and which days are no working days.

use guidance::Pack;
use guidance::retention::{CountedFrom, HoldEffect};

use crate::page::layout::{Text, cites};

/// When a closed report is looked at again, and what stands against erasing it.
pub fn keeping(text: &mut Text, pack: &Pack) {
    let Some(kept) = pack.retention() else {
        text.para(0, "This guidance has no schedule: no day is proposed.");
        return;
    };
    let schedule = &kept.schedule;
    text.heading("What holds for all of it");
    text.para(2, &format!("{} {}", schedule.says.trim(), cites(&schedule.cites)));
    text.para(
        2,
        &format!(
            "Longest until the next review: {} years. Source: {}, checked on {}.",
            schedule.longest_years, schedule.source, schedule.checked_on
        ),
    );
    confirm(text, &schedule.confirm);
    for review in &kept.reviews {
        text.heading(&review.title);
        let from = match review.from {
            CountedFrom::Closing => "the report was closed",
            CountedFrom::EighteenthBirthday => "their eighteenth birthday",
        };
        let counted = if review.optional { " Shown beside the proposal, not counted." } else { "" };
        text.para(2, &format!("{} years after {from}.{counted}", review.years));
        if !review.roles.is_empty() {
            text.item(2, "For ", &review.roles.join(", "));
        }
        if !review.outcomes.is_empty() {
            text.item(2, "Outcomes ", &review.outcomes.join(", "));
        }
        text.para(2, &format!("{} {}", review.says.trim(), cites(&review.cites)));
        confirm(text, &review.confirm);
    }
    for hold in &kept.holds {
        let effect = match hold.effect {
            HoldEffect::Refuse => "nothing is erased while it stands",
            HoldEffect::Confirm => "whoever decides says that they have seen to it",
        };
        text.heading(&format!("Before erasing, {}: {effect}", hold.id.replace('-', " ")));
        text.para(2, &format!("{} {}", hold.says, cites(&hold.cites)));
    }
}

fn confirm(text: &mut Text, words: &str) {
    if !words.is_empty() {
        text.item(2, "To confirm: ", words.trim());
    }
}

/// Which days are no working days, and until when that is known.
pub fn working_days(text: &mut Text, pack: &Pack) {
    let Some(calendar) = pack.calendar() else {
        text.para(0, "This guidance has no calendar.");
        return;
    };
    text.heading(&format!("Known from 1 January {} to 31 December {}", calendar.from_year, calendar.until_year));
    text.para(2, "Outside of that only weekends are left out, so something may come due early there, and never late.");
    text.para(
        2,
        &format!(
            "Source: {}; entered by the rules there, and last gone through on {}. Compare them with it every year.",
            calendar.source, calendar.checked_on
        ),
    );
    for holiday in &calendar.holiday {
        text.item(2, &format!("{}  ", holiday.day), &holiday.name);
    }
}
