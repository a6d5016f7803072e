//! Pages of a force with a million reports against the same pages with a thousand.
//!
//! The demonstration is filled up with reports that are rows of the lists like any other, with an encrypted event and two
//! words to be found by each: in fifty units, nine of ten closed; of the first thousand half in the officer's own unit and half
//! open, so that the lists have full pages in both. Then the pages are fetched over HTTP, one after the other,
//! by an officer of one of the units.
//!
//! Baseline: the same pages of the same program with 1,000 reports.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use store::{
    Append, EventId, Findable, Keys, NewEvent, Operation, ProjectionRow, SqliteStore, Store,
    StreamId, Subject, Ties, UserId,
};
use tokio::runtime::Runtime;

use crate::http::{Line, Officer, serve};
use crate::table::{Goal, Table, time};
use crate::{Failed, Scale, access};

/// What the pages are compared with.
const FEW: usize = 1_000;
/// As many as the goal speaks of.
const MANY: usize = 1_000_000;
/// Each page is fetched this often.
const TIMES: usize = 200;
/// Looking for somebody, by a form.
const FIND: &str = "/find";
/// Who is looked for.
const SOMEBODY: &str = "&why=call&given_names=Alex&family_name=Sample";
/// Appended at the same time, so that they share the disk.
const WRITERS: usize = 64;

/// A page, and its p99 in seconds.
type Pages = Vec<(String, f64)>;

/// Measures with few, fills up, and measures with many.
pub fn measure(binary: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (mut made, _, link) = access::start(binary, folder.path())?;
    made.kill()?;
    made.wait()?;
    let many = MANY / scale.less;
    let runtime = Runtime::new()?;
    runtime.block_on(fill(folder.path(), 0..FEW))?;
    let mut officer = None;
    let few_pages = served(binary, folder.path(), &runtime, &link, &mut officer)?;
    runtime.block_on(fill(folder.path(), FEW..many))?;
    let many_pages = served(binary, folder.path(), &runtime, &link, &mut officer)?;
    let mut worst: Option<(f64, String, f64, f64)> = None;
    for ((page, few), (_, more)) in few_pages.into_iter().zip(many_pages) {
        println!(
            "  {page}: {:.2} ms with {FEW}, {:.2} ms with {many}",
            few * 1e3,
            more * 1e3
        );
        if worst.as_ref().is_none_or(|(ratio, ..)| more / few > *ratio) {
            worst = Some((more / few, page, few, more));
        }
    }
    let (_, page, few, more) = worst.ok_or("no page was measured")?;
    let lasted = |seconds: f64| std::time::Duration::from_secs_f64(seconds);
    table.compare(
        &format!("p99 of a page with {many} reports"),
        Goal::Times(1.5),
        (
            lasted(more),
            format!("{} ({page}, the worst)", time(lasted(more))),
        ),
        (lasted(few), format!("with {FEW} {}", time(lasted(few)))),
    );
    Ok(())
}

fn served(
    binary: &Path,
    folder: &Path,
    runtime: &Runtime,
    link: &str,
    officer: &mut Option<Officer>,
) -> Result<Pages, Failed> {
    let (mut child, address) = serve(binary, folder)?;
    let measured = runtime.block_on(async {
        // The link works once, the session goes on over a restart.
        let signed = match officer.take() {
            Some(officer) => officer.at(&address),
            None => Officer::sign_in(&address, link).await?,
        };
        let pages = all(&signed).await;
        *officer = Some(signed);
        pages
    });
    child.kill()?;
    child.wait()?;
    measured
}

async fn all(officer: &Officer) -> Result<Pages, Failed> {
    let mut line = Line::to(officer.address()).await?;
    let reports = line.get(officer, "/reports").await?;
    let report = reports.split_once("href=\"/reports/WM-");
    let report = report
        .and_then(|(_, rest)| rest.split('"').next())
        .unwrap_or_default();
    let report = format!("/reports/WM-{report}");
    let mut all = Vec::new();
    for page in [
        "/".to_owned(),
        "/reports".to_owned(),
        "/reports?list=unit".to_owned(),
        "/reports?list=due".to_owned(),
        "/reports?list=nobodys".to_owned(),
        "/reports?list=beyond".to_owned(),
        "/reports?list=closed".to_owned(),
        "/concern".to_owned(),
        FIND.to_owned(),
        report.clone(),
        format!("{report}/timeline"),
    ] {
        let mut took = Vec::new();
        let searching = match page.as_str() {
            FIND => Some(officer.on(&mut line, FIND).await?),
            _ => None,
        };
        for _ in 0..TIMES {
            let start = Instant::now();
            let answer = match &searching {
                Some(form) if page == FIND => line.post(form, FIND, SOMEBODY).await?,
                _ => line.get(officer, &page).await?,
            };
            took.push(start.elapsed().as_secs_f64());
            if !answer.starts_with("HTTP/1.1 200") {
                return Err(
                    format!("{page}: {}", answer.lines().next().unwrap_or_default()).into(),
                );
            }
        }
        took.sort_by(f64::total_cmp);
        all.push((page, took[TIMES * 99 / 100 - 1]));
    }
    Ok(all)
}

/// Reports with these numbers.
async fn fill(folder: &Path, numbers: std::ops::Range<usize>) -> Result<(), Failed> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(
        folder.join("demo/waymark.db"),
        &Keys::at(folder.join("demo/keys")),
    )?);
    let first = store.projection_by_reference("WM-2026-000001").await?;
    let first = first.ok_or("the demonstration has no report")?;
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        let (store, first, numbers) = (Arc::clone(&store), first.clone(), numbers.clone());
        tasks.push(tokio::spawn(async move {
            for number in numbers.skip(writer).step_by(WRITERS) {
                let append = report(number, &first).map_err(|why| why.to_string())?;
                let kept = store.append(append, None).await;
                kept.map_err(|why| why.to_string())?;
            }
            Ok::<(), String>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(())
}

/// A report that only lists and searches know, in the unit of another or in one of many.
fn report(number: usize, like: &ProjectionRow) -> Result<Append, Failed> {
    let at = Timestamp::now() - SignedDuration::from_mins(i64::try_from(number)? * 5);
    // Of the first thousand so many are open in the officer's own unit that every list has a full page: a page with four rows against
    // one with twenty-five would measure the rows.
    let is_first = number < FEW;
    let closed = !number.is_multiple_of(if is_first { 2 } else { 10 });
    let mut id = [0xf0_u8; 16];
    id[8..].copy_from_slice(&(number as u64).to_be_bytes());
    let stream = StreamId::new(format!("filler{number}"))?;
    let unit = match number % 50 {
        0 | 11 => like.unit.clone(),
        _ if is_first && number % 4 < 2 => like.unit.clone(),
        other => format!("Unit {other}"),
    };
    let hours = |hours: i64| at + SignedDuration::from_hours(hours);
    let projection = ProjectionRow {
        report_id: stream.clone(),
        reference: format!("WM-2025-{number:06}"),
        unit,
        allocated_to: (!number.is_multiple_of(3))
            .then(|| UserId::new(format!("U{}", number % 700)))
            .transpose()?,
        state: if closed { "closed" } else { "being-worked-on" }.to_owned(),
        class: "experimental".to_owned(),
        next_due_at: (!closed && number.is_multiple_of(4)).then(|| hours(24)),
        awaiting_review_since: (!closed && number.is_multiple_of(60)).then(|| hours(2)),
        updated_at: at,
        derived_by: like.derived_by.clone(),
        review_at: closed.then(|| hours(24 * 365)),
        ties: Ties::default(),
    };
    Ok(Append {
        stream,
        expected_version: 0,
        events: vec![NewEvent {
            event_id: EventId::from_bytes(id),
            kind: "report-started".to_owned(),
            recorded_at: at,
            actor: "U1".to_owned(),
            subject: Subject::Report,
            operation: Operation::Collect,
            body: vec![b'x'; 300],
        }],
        projection: Some(projection),
        findable: vec![Findable {
            subject: Subject::Report,
            terms: vec![
                format!("name:{}", number % 20_000),
                format!("day:{}", number % 6_000),
            ],
        }],
    })
}
