//! `waymark report list`: every report, a line each. No personal data is in it.

use std::io::{self, Write as _};

use jiff::tz::TimeZone;
use store::{Order, Record as _, SqliteStore, WorklistFilter, WorklistQuery, limits};

use super::unreadable;
use crate::stop::Done;

/// Lists every report, what changed last first.
///
/// # Errors
/// A database that cannot be read.
pub async fn run(store: &SqliteStore) -> Done {
    let mut out = io::stdout().lock();
    let mut after = None;
    let mut count = 0_usize;
    loop {
        let query = WorklistQuery {
            filter: WorklistFilter::default(),
            order: Order::RecentlyUpdated,
            after,
            limit: limits::PAGE,
        };
        let page = store.worklist(&query).await.map_err(unreadable)?;
        if count == 0 && !page.rows.is_empty() {
            writeln!(
                out,
                "{:16} {:20} {:13} {:18} {:17}",
                "reference", "state", "class", "next due (UTC)", "changed (UTC)"
            )?;
        }
        for row in &page.rows {
            let moment =
                |at: jiff::Timestamp| at.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string();
            let due = match row.next_due_at {
                None => "nothing".to_owned(),
                Some(at) if at == report::Projection::BEFORE_ALL => "immediate concern".to_owned(),
                Some(at) => moment(at),
            };
            // What officers hold it to be instead stands last: columns stay where they are.
            let (class, held) = row.class.split_once(' ').unwrap_or((&row.class, ""));
            let held = match held {
                "" => String::new(),
                held if held.contains(' ') => {
                    format!("  other views: {}", held.replace(' ', ", "))
                }
                held => format!("  other view: {held}"),
            };
            let state = row.state.replace('-', " ");
            writeln!(
                out,
                "{:16} {:20} {:13} {:18} {:17}{held}",
                row.reference,
                state,
                class,
                due,
                moment(row.updated_at)
            )?;
        }
        count += page.rows.len();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    match count {
        0 => writeln!(out, "There are no reports yet.")?,
        1 => writeln!(out, "1 report.")?,
        count => writeln!(out, "{count} reports.")?,
    }
    Ok(out.flush()?)
}
