//! Durable steps through the whole program: an answer to a question, sent as a browser sends it, and answered when it is
//! on the disk, with 1 and with 32 clients at the same time, each on a report of its own and on a connection that stays open.
//!
//! Bare baseline: that of `keep.rs`, with the same number of steps. What the program does beside that: it reads the
//! request and the session, asks the policies, notes the look, reads the report back and opens it, decides, and works out
//! what the guidance says for the worklists and for the page that follows. What HTTP alone costs here has rows of its own (`front.rs`).

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use crate::access;
use crate::front;
use crate::keep::{bare_sqlite, tell};
use crate::table::{Goal, Table};
use crate::{Failed, Scale};

/// Steps of each client. Few enough that the report stays one that an officer could have.
const STEPS: usize = 40;
/// A question about the report as a whole.
const QUESTION: &str = "report.uploaded_online";

/// Measures both in turn, so that a slow moment of the disk is shared.
pub fn measure(binary: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (mut made, _, link) = access::start(binary, folder.path())?;
    made.kill()?;
    made.wait()?;
    let (mut child, address) = serve(binary, folder.path())?;
    let runtime = Runtime::new()?;
    let measured = runtime.block_on(async {
        let officer = Officer::sign_in(&address, &link).await?;
        let steps = (STEPS / scale.less.min(2)).max(10);
        for clients in [1, 32] {
            let (mut ours, mut bare, mut front, mut busy) = (Vec::new(), Vec::new(), Vec::new(), Duration::ZERO);
            for run in 0..scale.runs {
                let (took, used) = steps_through(&officer, clients, steps, child.id()).await?;
                ours.push(took);
                busy += used;
                let path = folder.path().join(format!("bare-{clients}-{run}"));
                bare.push(bare_sqlite(&path, clients, steps)?);
                let path = folder.path().join(format!("front-{clients}-{run}"));
                front.push(front::steps_through(&path, clients, steps).await?);
            }
            println!(
                "  {clients} at the same time: {:.0} µs of the processor a step, the client's own not counted",
                busy.as_secs_f64() * 1e6 / (clients * steps * scale.runs) as f64
            );
            let what = (" through HTTP", "client", clients);
            tell(table, what, clients * steps, (ours, Goal::Share(60.0)), bare.clone());
            let what = (" through bare axum", "client", clients);
            tell(table, what, clients * steps, (front, Goal::AnyShare), bare);
        }
        Ok::<(), Failed>(())
    });
    child.kill()?;
    child.wait()?;
    measured
}

/// A demonstration that was made for its accounts and links is served like a force's own database, with room for more
/// pages a minute than one person can ask for.
pub fn serve(binary: &Path, folder: &Path) -> Result<(Child, String), Failed> {
    // Asked of the system and given back: the settings have to name a port.
    let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let settings = folder.join("waymark.toml");
    std::fs::write(
        &settings,
        format!(
            "database = \"demo/waymark.db\"\nkeys = \"demo/keys\"\nlog = \"off\"\n[web]\naddress = \"{free}\"\n\
             public_url = \"http://{free}\"\n[web.requests]\nper_account = 100000\n"
        ),
    )?;
    let child = Command::new(binary)
        .args(["serve", "--config"])
        .arg(&settings)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    for _ in 0..200 {
        if std::net::TcpStream::connect(free).is_ok() {
            return Ok((child, free.to_string()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err("the server did not listen within 10 seconds".into())
}

/// Who is signed in, and where.
pub struct Officer {
    address: String,
    cookie: String,
    token: String,
}

impl Officer {
    /// Somebody who is signed in nowhere.
    pub fn nobody(address: &str) -> Self {
        Self { address: address.to_owned(), cookie: String::new(), token: String::new() }
    }

    /// Where they are signed in.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// By their link, which works once.
    pub async fn sign_in(address: &str, link: &str) -> Result<Self, Failed> {
        let mut line = Line::to(address).await?;
        let mut officer = Self::nobody(address);
        let first = line.get(&officer, link).await?;
        officer.take(&first);
        let signed = line.post(&officer, link, "").await?;
        officer.take(&signed);
        Ok(officer)
    }

    /// The same person on a page of their own: every page has another token, and the same form sent twice is kept once.
    pub async fn on(&self, line: &mut Line, page: &str) -> Result<Self, Failed> {
        let mut officer = Self { address: self.address.clone(), cookie: self.cookie.clone(), token: String::new() };
        let shown = line.get(&officer, page).await?;
        officer.take(&shown);
        Ok(officer)
    }

    /// The cookie and the token of forms that an answer gives.
    fn take(&mut self, answer: &str) {
        for (to, from, until) in
            [(&mut self.cookie, "set-cookie: ", ';'), (&mut self.token, "name=\"form_token\" value=\"", '"')]
        {
            // The last one: pages have other forms above their own.
            if let Some((_, rest)) = answer.rsplit_once(from) {
                *to = rest.split(until).next().unwrap_or_default().to_owned();
            }
        }
    }
}

/// The processor's time that a process has had, as Linux counts it: in hundredths of a second.
fn used(process: u32) -> Duration {
    let told = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name of the program may have spaces in it, and is in brackets.
    let numbers = told.rsplit_once(')').map_or("", |(_, rest)| rest);
    let numbers = numbers.split_whitespace().skip(11).take(2);
    let ticks = numbers.filter_map(|ticks| ticks.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Reports are begun first; what is timed is only the steps. Gives how long they took, and how long the server was busy with them.
async fn steps_through(
    officer: &Officer,
    clients: usize,
    steps: usize,
    server: u32,
) -> Result<(Duration, Duration), Failed> {
    let mut lines = Vec::new();
    for _ in 0..clients {
        let mut line = Line::to(&officer.address).await?;
        let beginning = officer.on(&mut line, "/reports/new").await?;
        let begun = line.post(&beginning, "/reports/new", "&in_danger=no&safe_to_talk=yes").await?;
        let reference = begun
            .split_once("location: /reports/")
            .map(|(_, rest)| rest.chars().take_while(|c| *c != '/' && *c != '\r'))
            .ok_or("no report was begun")?
            .collect::<String>();
        let page = format!("/reports/{reference}/questions/{QUESTION}");
        // The page is read once, as whoever answers does.
        let answering = officer.on(&mut line, &page).await?;
        lines.push((line, page, answering));
    }
    let before = used(server);
    let start = Instant::now();
    let tasks: Vec<_> = lines
        .into_iter()
        .map(|(mut line, page, officer)| {
            tokio::spawn(async move {
                for step in 0..steps {
                    // What was said so far, counted: the page carries it, and nothing else was said.
                    let value = ["yes", "no"][step % 2];
                    let body = format!("&seen={step}&{QUESTION}={value}&said_by=police");
                    let answer = line.post(&officer, &page, &body).await.map_err(|why| why.to_string())?;
                    if !answer.starts_with("HTTP/1.1 303") || answer.contains("/answers/") {
                        return Err(format!("step {step} of {page} was not kept: {answer}"));
                    }
                }
                Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok((start.elapsed(), used(server).saturating_sub(before)))
}

/// A connection that stays open.
pub struct Line(TcpStream);

impl Line {
    /// To where the program listens.
    pub async fn to(address: &str) -> Result<Self, Failed> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    /// A page.
    pub async fn get(&mut self, officer: &Officer, path: &str) -> Result<String, Failed> {
        let (host, cookie) = (&officer.address, &officer.cookie);
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n")).await
    }

    /// A form.
    pub async fn post(&mut self, officer: &Officer, path: &str, more: &str) -> Result<String, Failed> {
        let (host, cookie) = (&officer.address, &officer.cookie);
        let body = format!("form_token={}{more}", officer.token);
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
    }

    /// Head and body of the answer; every answer of Waymark says how long it is.
    async fn send(&mut self, request: &str) -> Result<String, Failed> {
        self.0.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        let mut whole = None;
        while whole.is_none_or(|whole| answer.len() < whole) {
            if self.0.read_buf(&mut answer).await? == 0 {
                return Err("the server hung up".into());
            }
            if whole.is_none() {
                whole = whole_length(&answer);
            }
        }
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

fn whole_length(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let words = String::from_utf8_lossy(&answer[..head]);
    let length = words
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .and_then(|length| length.trim().parse::<usize>().ok());
    Some(head + length.unwrap_or(0))
}
