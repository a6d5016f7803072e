//! The timeline of a report: everything that was recorded, the latest first.

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use report::Entry;

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, page};
use crate::shared::record::{OnReport, report_frame};
use crate::shared::time;
use crate::shared::ui::{Moment, Timeline};

/// Entries of one page: what happened in the last days of a usual report. The rest is a link away.
const ENTRIES: usize = 100;

/// A longer pause than this is told: what comes after it stands by itself.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

#[derive(Template)]
#[template(path = "timeline/timeline.html")]
struct Happened {
    frame: Frame,
    reference: String,
    timeline: Timeline,
    earlier: Option<String>,
    later: bool,
    may_add: bool,
    may_see_looked: bool,
}

/// The page. Pages start before a version, so that what is added meanwhile moves nothing.
pub async fn show(OnReport { frame, signed, reference, opened, .. }: OnReport, InAddress(query): InAddress) -> Answer {
    let before: Option<u64> = query.text("before").parse().ok();
    let wanted = |entry: &&Entry| before.is_none_or(|before| entry.version < before);
    let mut entries: Vec<&Entry> = opened.view.timeline.iter().rev().filter(wanted).collect();
    let more = entries.len() > ENTRIES;
    entries.truncate(ENTRIES);
    let last = entries.last().filter(|_| more);
    let happened = Happened {
        earlier: last.map(|last| format!("{}?before={}", routes::timeline(&reference), last.version)),
        later: before.is_some(),
        timeline: Timeline::new(entries.chunk_by(|later, earlier| in_one_go(later, earlier)).map(moment).collect()),
        may_add: signed.may(Permission::AddToReports),
        may_see_looked: signed.may(Permission::ReadAudit),
        frame: report_frame(frame, &opened),
        reference,
    };
    Ok(page(false, &happened))
}

/// True where one person went on entering things after another, with nobody in between.
fn in_one_go(later: &Entry, earlier: &Entry) -> bool {
    let pause = later.at.duration_since(earlier.at);
    later.by == earlier.by && time::day(later.at) == time::day(earlier.at) && pause <= PAUSE
}

/// What one person entered in one go, such as one question after another, is one moment. Each line keeps its time.
fn moment(entries: &[&Entry]) -> Moment {
    let (last, first) = (entries.first(), entries.last());
    let at = first.map(|entry| entry.at);
    let (title, says, lines) = match entries {
        [one] => (one.says.clone(), one.detail.clone(), Vec::new()),
        many => {
            // What was entered in one go reads as it was entered: an answer, then what the advice became by it.
            let lines = many.iter().rev();
            let lines = lines.map(|entry| (time::hour(entry.at), line(entry)));
            (format!("{} entries", many.len()), String::new(), lines.collect())
        }
    };
    Moment {
        title,
        by: first.map(|entry| entry.by.clone()).unwrap_or_default(),
        at: at.map(|at| at.to_string()).unwrap_or_default(),
        when: at.map(|at| when(at, last.map_or(at, |last| last.at))).unwrap_or_default(),
        says,
        lines,
    }
}

fn line(entry: &Entry) -> String {
    match entry.detail.as_str() {
        "" => entry.says.clone(),
        // What is more than a line stands below what happened.
        detail if detail.contains('\n') => format!("{}\n{detail}", entry.says),
        detail => format!("{}. {detail}", entry.says),
    }
}

fn when(from: Timestamp, to: Timestamp) -> String {
    let (began, ended) = (time::hour(from), time::hour(to));
    if began == ended { time::moment(from) } else { format!("{}, {began} to {ended}", time::day(from)) }
}
