//! Whether the rows that decide who may do what are what the log says, in words: for `audit verify` and `restore`.

use store::{LogFault, RowsHeld, StoreError};

/// What was held against the log, one line each.
pub fn told(held: &RowsHeld) -> Vec<String> {
    let mut lines = vec![format!(
        "Accounts, ways in, erasures and who may see each of {} fit what the log says",
        reports(held.reports)
    )];
    lines.push("Every session and one-time link that is there was made by Waymark".to_owned());
    if held.listed < held.reports {
        lines.push(format!(
            "Where {} stand in the lists (class, what is due, what waits for a supervisor) was held against nothing: by other guidance, or \
             somebody in them is erased",
            reports(held.reports - held.listed)
        ));
    }
    if held.unreadable > 0 {
        lines.push(format!(
            "{} with events that this version cannot read: who may see them was held against nothing",
            reports(held.unreadable)
        ));
    }
    if !held.findable && held.reports > 0 {
        lines.push(
            "By what people are found was held against nothing: no server of this version has gone through them all yet"
                .to_owned(),
        );
    }
    lines
}

fn reports(count: u64) -> String {
    match count {
        1 => "1 report".to_owned(),
        count => format!("{count} reports"),
    }
}

/// Why they are not, or could not be held against it.
pub fn why_not(error: &StoreError) -> String {
    match error {
        StoreError::Log(fault @ LogFault::Row { .. }) => format!("{fault}. {}", to_do(fault)),
        other => format!("the rows that decide who may do what could not be held against the log: {other}"),
    }
}

fn to_do(fault: &LogFault) -> String {
    let help = fault.help();
    let (first, rest) = help.split_at(help.len().min(1));
    format!("{}{rest}", first.to_uppercase())
}
