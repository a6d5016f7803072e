//! The program as it is installed: start to first page, memory, size.
//!
//! Bare baseline: starting `true`, which does nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::table::{Goal, Table, time};
use crate::time::{each, middle};
use crate::{Failed, Scale};

/// Measures the demonstration: data are made at the first start, so the second start is timed.
pub fn measure(binary: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (mut first, ..) = start(binary, folder.path())?;
    stop(&mut first)?;
    let mut starts = Vec::new();
    let mut memory = 0;
    for _ in 0..scale.runs {
        let (mut child, took, kibibytes) = start(binary, folder.path())?;
        starts.push(took);
        memory = memory.max(kibibytes);
        stop(&mut child)?;
    }
    let nothing = each(scale.runs, 10, || Command::new("true").status().is_ok());
    let took = middle(starts.into_iter());
    table.compare(
        "start to first page",
        Goal::Within(Duration::from_millis(300)),
        (took, time(took)),
        (nothing, format!("starting `true` {}", time(nothing))),
    );
    let used = memory as f64 * 1024.0;
    table.size("memory in use after the first page", Goal::Megabytes(64.0), used);
    let size = std::fs::metadata(binary)?.len();
    table.size("size of the binary", Goal::Megabytes(40.0), size as f64);
    Ok(())
}

/// Starts the demonstration in a folder, and reads what it prints until one line has what is looked for.
pub fn demo<T>(binary: &Path, folder: &Path, find: impl Fn(&str) -> Option<T>) -> Result<(Child, T), Failed> {
    begin(Command::new(binary), folder, find)
}

/// The same with whatever command runs the program.
pub fn begin<T>(mut program: Command, folder: &Path, find: impl Fn(&str) -> Option<T>) -> Result<(Child, T), Failed> {
    let mut child = program
        .args(["demo", "--port", "0", "--dir"])
        .arg(folder.join("demo"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let out = child.stdout.take().ok_or("the program says nothing")?;
    let mut lines = BufReader::new(out).lines();
    let found = loop {
        let line = lines.next().ok_or("the program ended before it said where it is")??;
        if let Some(found) = find(&line) {
            break found;
        }
    };
    // Whatever else it prints is read away, so that it never waits for us.
    std::thread::spawn(move || lines.for_each(drop));
    Ok((child, found))
}

fn start(binary: &Path, folder: &Path) -> Result<(Child, Duration, u64), Failed> {
    let begun = Instant::now();
    let (child, address) = demo(binary, folder, address)?;
    first_page(&address)?;
    let took = begun.elapsed();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let kibibytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok())
        .unwrap_or(0);
    Ok((child, took, kibibytes))
}

/// Where it listens, as a line of what it prints says.
pub fn address(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("http://")?;
    Some(rest.split(['/', ' ']).next().unwrap_or_default().to_owned())
}

/// Waits for the page that everybody sees first.
pub fn first_page(address: &str) -> Result<(), Failed> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(format!("GET /sign-in HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut page = String::new();
    stream.read_to_string(&mut page)?;
    if !page.starts_with("HTTP/1.1 200") {
        return Err(format!("the first page was {}", page.lines().next().unwrap_or_default()).into());
    }
    Ok(())
}

pub fn stop(child: &mut Child) -> Result<(), Failed> {
    child.kill()?;
    child.wait()?;
    Ok(())
}
