//! The timeline of a report: everything that was recorded, the latest first.

use askama::Template;
use axum::extract::{Path, Query, State};
use report::Entry;

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, page};
use crate::shared::record::{self, report_frame};
use crate::shared::time;
use crate::shared::ui::{Moment, Timeline};
use crate::shared::visit::Signed;

/// Entries of one page: what happened in the last days of a usual report. The rest is a link away.
const ENTRIES: usize = 100;

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
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let before: Option<u64> = Form::from_pairs(query).text("before").parse().ok();
    let wanted = |entry: &&Entry| before.is_none_or(|before| entry.version < before);
    let mut entries: Vec<&Entry> = opened.view.timeline.iter().rev().filter(wanted).collect();
    let more = entries.len() > ENTRIES;
    entries.truncate(ENTRIES);
    let last = entries.last().filter(|_| more);
    let reference = opened.reference().to_owned();
    let happened = Happened {
        earlier: last
            .map(|last| format!("{}?before={}", routes::timeline(&reference), last.version)),
        later: before.is_some(),
        timeline: Timeline::new(
            entries
                .chunk_by(|one, other| one.at == other.at && one.by == other.by)
                .map(moment)
                .collect(),
        ),
        may_add: signed.may(Permission::AddToReports),
        may_see_looked: signed.may(Permission::ReadAudit),
        frame: report_frame(frame, &opened),
        reference,
    };
    Ok(page(false, &happened))
}

/// What one person entered in one step, such as a page of answers, is one moment.
fn moment(entries: &[&Entry]) -> Moment {
    let first = entries.first();
    let at = first.map(|entry| entry.at);
    let (title, says) = match entries {
        [one] => (one.says.clone(), one.detail.clone()),
        many => {
            // The page has the latest first; within one step it reads as it was entered.
            let lines = many.iter().rev().map(|entry| match entry.detail.as_str() {
                "" => entry.says.clone(),
                detail => format!("{}. {detail}", entry.says),
            });
            (
                format!("{} entries at once", many.len()),
                lines.collect::<Vec<_>>().join("\n"),
            )
        }
    };
    Moment {
        title,
        by: first.map(|entry| entry.by.clone()).unwrap_or_default(),
        at: at.map(|at| at.to_string()).unwrap_or_default(),
        when: at.map(time::moment).unwrap_or_default(),
        says,
    }
}
