//! Who may see what, and what it costs everybody when somebody tries passwords.
//!
//! - An access decision, from the row of a report to yes or no. Bare baseline: Cedar answering the same
//!   questions, put to it as entities and request like ours, with the same policies and nothing around it.
//! - The 99th percentile of pages while 100 clients, each from an address of its own, fail to sign in without
//!   pause. Bare baseline: the same pages of the same server without them. The worst page counts.

use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cedar_policy::{Authorizer, Decision, PolicySet};
use jiff::{SignedDuration, Timestamp};
use store::{ProjectionRow, StreamId, Ties, UserId};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;
use web::shared::access::{Permission, Policies, Role, Subject, What};

use crate::program::demo;
use crate::table::{Goal, Table, time};
use crate::time::middle;
use crate::{Failed, Scale};

const DECISIONS: usize = 20_000;
const CLIENTS: u8 = 100;
const PAGES: usize = 100;

fn row(number: usize, now: Timestamp) -> Result<ProjectionRow, Failed> {
    let user = |number: usize| UserId::new(format!("U{number}"));
    Ok(ProjectionRow {
        review_at: None,
        report_id: StreamId::new(format!("R{number}"))?,
        reference: format!("WM-2026-{number:06}"),
        unit: ["north", "south"][number % 2].to_owned(),
        allocated_to: Some(user(number % 7)?),
        state: "being-worked-on".to_owned(),
        class: "undetermined".to_owned(),
        next_due_at: None,
        awaiting_review_since: None,
        updated_at: now,
        derived_by: String::new(),
        ties: Ties {
            started_by: Some(user(number % 5)?),
            restricted: number.is_multiple_of(4),
            members: vec![user(number % 3)?, user(8)?],
            conflicts: if number.is_multiple_of(11) { vec![user(1)?] } else { Vec::new() },
            emergencies: vec![(user(number % 13)?, now + SignedDuration::from_hours(1))],
            alert_since: None,
        },
    })
}

/// An access decision against the engine alone.
pub fn decisions(scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let policies = web::shared::access::in_force().map_err(|why| why.to_string())?;
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/web/policies/waymark.cedar"))?;
    let set: PolicySet = text.parse()?;
    let now = Timestamp::UNIX_EPOCH;
    let rows = (0..64).map(|number| row(number, now)).collect::<Result<Vec<_>, _>>()?;
    let who = Subject { id: "U1", role: Role::Officer, unit: "north" };
    let count = (DECISIONS / scale.less).max(1_000);
    let (mut ours, mut bare, mut warm) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..scale.runs {
        let (took, yes) =
            timed(count, &rows, |row| policies.allow(who, Permission::ReadReports, What::Report(row, now)));
        ours.push(took);
        let (took, same) = timed(count, &rows, |row| asked(policies, &set, who, row, now));
        bare.push(took);
        if yes != same {
            return Err(format!("{yes} against {same} of the engine").into());
        }
        warm.push(evaluated(count, policies, &set, who, &rows, now)?);
    }
    let of = |all: Vec<Duration>| middle(all.into_iter()) / u32::try_from(count).unwrap_or(1);
    let (ours, bare, warm) = (of(ours), of(bare), of(warm));
    table.compare(
        "an access decision, from the row of a report to yes or no",
        Goal::Times(1.5),
        (ours, time(ours)),
        (bare, format!("Cedar {} (of which evaluating {})", time(bare), time(warm))),
    );
    Ok(())
}

fn timed(count: usize, rows: &[ProjectionRow], ask: impl Fn(&ProjectionRow) -> bool) -> (Duration, usize) {
    let start = Instant::now();
    let yes = rows.iter().cycle().take(count).filter(|row| ask(row)).count();
    (start.elapsed(), yes)
}

/// The engine alone: entities, request, answer.
fn asked(policies: &Policies, set: &PolicySet, who: Subject<'_>, row: &ProjectionRow, now: Timestamp) -> bool {
    let question = policies.question(who, Permission::ReadReports, What::Report(row, now));
    question.is_ok_and(|(request, entities)| {
        Authorizer::new().is_authorized(&request, set, &entities).decision() == Decision::Allow
    })
}

/// Only its evaluating, of questions that were made before.
fn evaluated(
    count: usize,
    policies: &Policies,
    set: &PolicySet,
    who: Subject<'_>,
    rows: &[ProjectionRow],
    now: Timestamp,
) -> Result<Duration, Failed> {
    let questions = rows
        .iter()
        .map(|row| policies.question(who, Permission::ReadReports, What::Report(row, now)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|why| why.to_string())?;
    let authorizer = Authorizer::new();
    let start = Instant::now();
    for (request, entities) in questions.iter().cycle().take(count) {
        std::hint::black_box(authorizer.is_authorized(request, set, entities));
    }
    Ok(start.elapsed())
}

/// Pages of a demonstration, with and without 100 clients that fail to sign in.
pub fn sign_ins(binary: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (mut child, address, link) = start(binary, folder.path())?;
    let measured = Runtime::new()?.block_on(measure(&address, &link, PAGES / scale.less.min(3)));
    child.kill()?;
    child.wait()?;
    let (page, alone, beset, tries) = measured?;
    table.compare(
        "p99 of a page while 100 clients fail to sign in",
        Goal::Times(3.0),
        (beset, format!("{} ({page}, the worst; {tries} failures meanwhile)", time(beset))),
        (alone, format!("without them {}", time(alone))),
    );
    Ok(())
}

/// The server, its address, and the path of an officer's link.
pub fn start(binary: &Path, folder: &Path) -> Result<(Child, String, String), Failed> {
    let (child, link) = demo(binary, folder, |line| {
        let (_, link) = line.split_once("http://")?;
        line.contains("Officer Example One").then(|| link.trim().to_owned())
    })?;
    let (address, path) = link.split_once('/').ok_or("the link has no path")?;
    Ok((child, address.to_owned(), format!("/{path}")))
}

/// One request on a connection of its own, from a loopback address of the client's own: head and body.
async fn send(from: [u8; 2], address: &str, request: &str) -> Result<String, Failed> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(std::net::SocketAddr::from(([127, 0, from[0], from[1]], 0)))?;
    let mut stream = socket.connect(address.replace("localhost", "127.0.0.1").parse()?).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn get(address: &str, path: &str, cookie: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n")
}

fn post(address: &str, path: &str, cookie: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn between<'a>(text: &'a str, from: &str, to: char) -> &'a str {
    text.split_once(from).map_or("", |(_, rest)| rest.split(to).next().unwrap_or_default())
}

fn cookie(answer: &str) -> String {
    between(answer, "set-cookie: ", ';').to_owned()
}

/// The page, its p99 alone and beset, and how many sign-ins failed meanwhile.
async fn measure(address: &str, link: &str, pages: usize) -> Result<(String, Duration, Duration, usize), Failed> {
    let me = [0, 1];
    let first = send(me, address, &get(address, link, "")).await?;
    let token = between(&first, "name=\"form_token\" value=\"", '"');
    let body = format!("form_token={token}");
    let signed = send(me, address, &post(address, link, &cookie(&first), &body)).await?;
    let cookie = cookie(&signed);
    let reports = send(me, address, &get(address, "/reports", &cookie)).await?;
    let report = format!("/reports/{}", between(&reports, "href=\"/reports/WM-", '"'));
    let report = report.replace("/reports/", "/reports/WM-");
    let mut all = Vec::new();
    for page in ["/reports".to_owned(), format!("{report}/timeline"), report, "/guidance".to_owned()] {
        // A report may first ask why it is opened: that is another page, and not this measurement's.
        let answer = send(me, address, &get(address, &page, &cookie)).await?;
        if answer.starts_with("HTTP/1.1 200") {
            all.push(page);
        }
    }
    let mut alone = Vec::new();
    for page in &all {
        alone.push(p99(address, page, &cookie, pages).await?);
    }
    let (stop, failures) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut clients = Vec::new();
    for client in 1..=CLIENTS {
        let (address, stop, failures) = (address.to_owned(), Arc::clone(&stop), Arc::clone(&failures));
        clients.push(tokio::spawn(async move {
            fail(client, &address, &stop, &failures).await.map_err(|why| why.to_string())
        }));
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut worst: Option<(f64, String, Duration, Duration)> = None;
    for (page, alone) in all.iter().zip(alone) {
        let beset = p99(address, page, &cookie, pages).await?;
        let ratio = beset.as_secs_f64() / alone.as_secs_f64();
        println!("  {page}: {} alone, {} beset", time(alone), time(beset));
        if worst.as_ref().is_none_or(|(had, ..)| ratio > *had) {
            worst = Some((ratio, page.clone(), alone, beset));
        }
    }
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await??;
    }
    let (_, page, alone, beset) = worst.ok_or("no page was measured")?;
    let page = page.rsplit('/').next().unwrap_or_default().to_owned();
    Ok((page, alone, beset, failures.load(Ordering::Relaxed)))
}

async fn p99(address: &str, page: &str, cookie: &str, pages: usize) -> Result<Duration, Failed> {
    let mut took = Vec::new();
    let request = get(address, page, cookie);
    for _ in 0..pages {
        // An account may ask for 300 pages a minute, far more than anybody reads: measured at less than that.
        tokio::time::sleep(Duration::from_millis(205)).await;
        let start = Instant::now();
        let answer = send([0, 1], address, &request).await?;
        took.push(start.elapsed());
        if !answer.starts_with("HTTP/1.1 200") {
            return Err(format!("{page}: {}", answer.lines().next().unwrap_or_default()).into());
        }
    }
    took.sort();
    Ok(took[(took.len() * 99).div_ceil(100).saturating_sub(1)])
}

/// Tries one made-up account after the other.
async fn fail(client: u8, address: &str, stop: &AtomicBool, failures: &AtomicUsize) -> Result<(), Failed> {
    // After 50 failures an address has to wait: a client goes on from another.
    for number in 0_usize.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let from = [1 + u8::try_from(number / 40 % 200)?, client];
        let page = send(from, address, &get(address, "/sign-in", "")).await?;
        let token = between(&page, "name=\"form_token\" value=\"", '"');
        let body = format!("form_token={token}&name=nobody-{client}-{number}&password=not+the+right+one");
        let answer = send(from, address, &post(address, "/sign-in", &cookie(&page), &body)).await?;
        failures.fetch_add(usize::from(answer.starts_with("HTTP/1.1 422")), Ordering::Relaxed);
    }
    Ok(())
}
