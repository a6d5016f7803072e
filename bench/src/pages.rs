//! Pages of a force with a million reports against the same pages with a thousand.
//!
//! The demonstration is filled up with reports that are rows of the lists like any other, with an encrypted event and two
//! words to be found by each: in fifty units, nine of ten closed; of the first thousand half in the officer's own unit and half
//! open, so that the lists have full pages in both. Then the pages are fetched over HTTP by an officer of one of the units.
//!
//! Baseline: the same pages of the same program with 1,000 reports, fetched in turn with the others: the p99 of some hundred
//! pages is the slowest but one or two, and those are slow by whatever else the machine does at that moment.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use store::{
    Append, EventId, Findable, Keys, NewEvent, Operation, ProjectionRow, SqliteStore, Store, StreamId, Subject, Ties,
    UserId,
};
use tokio::runtime::Runtime;

use crate::http::{Line, Officer, serve};
use crate::table::{Goal, Table, time};
use crate::time::middle;
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
/// Stands for the address of a report of whoever asks.
const REPORT: &str = "(report)";
/// What is asked for.
const PAGES: [&str; 11] = [
    "/",
    "/reports",
    "/reports?list=unit",
    "/reports?list=due",
    "/reports?list=nobodys",
    "/reports?list=beyond",
    "/reports?list=closed",
    "/concern",
    FIND,
    REPORT,
    "(report)/timeline",
];

/// A page, and its p99 with few reports and with many.
type Pages = Vec<(String, Duration, Duration)>;

/// Fills one force and another like it, and measures both at the same time.
pub fn measure(binary: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (few, more) = (folder.path().join("few"), folder.path().join("many"));
    std::fs::create_dir(&few)?;
    let (mut made, _, link) = access::start(binary, &few)?;
    made.kill()?;
    made.wait()?;
    let many = MANY / scale.less;
    let runtime = Runtime::new()?;
    runtime.block_on(fill(&few, 0..FEW))?;
    if !Command::new("cp").arg("-a").args([&few, &more]).status()?.success() {
        return Err("the force could not be copied".into());
    }
    runtime.block_on(fill(&more, FEW..many))?;
    let (mut first, here) = serve(binary, &few)?;
    let (mut second, there) = serve(binary, &more)?;
    let pages = runtime.block_on(async {
        // The link works once in each.
        let here = Officer::sign_in(&here, &link).await?;
        let there = Officer::sign_in(&there, &link).await?;
        all(&here, &there, scale.runs).await
    });
    for child in [&mut first, &mut second] {
        child.kill()?;
        child.wait()?;
    }
    let mut worst: Option<(f64, String, Duration, Duration)> = None;
    for (page, few, more) in pages? {
        let ratio = more.div_duration_f64(few);
        println!("  {page}: {} with {FEW}, {} with {many}", time(few), time(more));
        if worst.as_ref().is_none_or(|(most, ..)| ratio > *most) {
            worst = Some((ratio, page, few, more));
        }
    }
    let (_, page, few, more) = worst.ok_or("no page was measured")?;
    table.compare(
        &format!("p99 of a page with {many} reports"),
        Goal::Times(1.5),
        (more, format!("{} ({page}, the worst)", time(more))),
        (few, format!("with {FEW} {}", time(few))),
    );
    Ok(())
}

/// Each page of both in turn, so that whatever else the machine does meets both; of the p99 of each run the middle.
async fn all(few: &Officer, many: &Officer, runs: usize) -> Result<Pages, Failed> {
    let mut few = Asking::of(few).await?;
    let mut many = Asking::of(many).await?;
    let mut all = Vec::new();
    for page in PAGES {
        few.find_form(page).await?;
        many.find_form(page).await?;
        let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let (mut took, mut more) = (Vec::new(), Vec::new());
            for _ in 0..TIMES {
                took.push(few.time(page).await?);
                more.push(many.time(page).await?);
            }
            of_few.push(p99(took));
            of_many.push(p99(more));
        }
        let (few, many) = (middle(of_few.into_iter()), middle(of_many.into_iter()));
        all.push((page.to_owned(), few, many));
    }
    Ok(all)
}

fn p99(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took.get(TIMES * 99 / 100 - 1).copied().unwrap_or_default()
}

/// Somebody who asks for pages of one force.
struct Asking<'a> {
    officer: &'a Officer,
    line: Line,
    /// The page of a report of theirs.
    report: String,
    /// Themselves on the page with the form that looks for somebody.
    searching: Option<Officer>,
}

impl<'a> Asking<'a> {
    async fn of(officer: &'a Officer) -> Result<Self, Failed> {
        let mut line = Line::to(officer.address()).await?;
        let reports = line.get(officer, "/reports").await?;
        let report = reports.split_once("href=\"/reports/WM-");
        let report = report.and_then(|(_, rest)| rest.split('"').next()).ok_or("the officer has no report")?;
        Ok(Self { officer, line, report: format!("/reports/WM-{report}"), searching: None })
    }

    async fn find_form(&mut self, page: &str) -> Result<(), Failed> {
        self.searching = match page {
            FIND => Some(self.officer.on(&mut self.line, FIND).await?),
            _ => None,
        };
        Ok(())
    }

    async fn time(&mut self, page: &str) -> Result<Duration, Failed> {
        let path = page.replace(REPORT, &self.report);
        let start = Instant::now();
        let answer = match &self.searching {
            Some(form) => self.line.post(form, FIND, SOMEBODY).await?,
            None => self.line.get(self.officer, &path).await?,
        };
        let took = start.elapsed();
        if answer.starts_with("HTTP/1.1 200") {
            return Ok(took);
        }
        Err(format!("{path}: {}", answer.lines().next().unwrap_or_default()).into())
    }
}

/// Reports with these numbers.
async fn fill(folder: &Path, numbers: std::ops::Range<usize>) -> Result<(), Failed> {
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(folder.join("demo/waymark.db"), &Keys::at(folder.join("demo/keys")))?);
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
        allocated_to: (!number.is_multiple_of(3)).then(|| UserId::new(format!("U{}", number % 700))).transpose()?,
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
            terms: vec![format!("name:{}", number % 20_000), format!("day:{}", number % 6_000)],
        }],
    })
}
