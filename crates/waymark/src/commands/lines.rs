//! `waymark advise --lines`: one JSON report a line in, one advice a line out, in the same order.
//!
//! Memory stays bounded however long the input is: lines travel in chunks, and only a few chunks are under way.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use guidance::{Facts, Pack, Problem};
use serde::Serialize;

use crate::commands::input;
use crate::pack;
use crate::stop::{Done, Stop};

/// Lines handed over at once: enough that handing over costs nothing, few enough that advice appears soon.
const CHUNK: usize = 64;
/// Bytes read at once: what a pipe holds, several times over.
const BUFFER: usize = 256 * 1024;
/// Chunks that may wait for one thread or for the output.
const WAITING: usize = 2;
/// More threads than this only wait for the output.
const MAX_THREADS: usize = 8;
/// Longest line, in bytes. A hundred people with every answer given take 200 KB.
const MAX_LINE: usize = 1024 * 1024;

/// Lines, from which line of the input on.
struct Lines {
    first: u32,
    texts: Vec<Vec<u8>>,
}

/// What stands in the place of an advice. A type of its own, so that the order of its parts is always the same.
#[derive(Serialize)]
pub struct Refused {
    /// Every problem.
    pub error: Vec<Problem>,
}

/// What the lines gave.
struct Answers {
    text: Vec<u8>,
    wrong: bool,
}

/// Advises on every line.
///
/// # Errors
/// Input that cannot be opened; [`Stop::InputTold`] after the last line when one was wrong.
pub fn run(path: &Path, folder: Option<&Path>) -> Done {
    let source = input::open(path)?;
    let pack = pack::load(folder)?;
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    thread::scope(|scope| {
        let mut to: Vec<SyncSender<Lines>> = Vec::new();
        let mut from: Vec<Receiver<Answers>> = Vec::new();
        for _ in 0..threads {
            let (send_lines, lines) = sync_channel::<Lines>(WAITING);
            let (send_answers, answers) = sync_channel::<Answers>(WAITING);
            let pack = &pack;
            scope.spawn(move || {
                for lines in lines {
                    if send_answers.send(advise(pack, &lines)).is_err() {
                        return;
                    }
                }
            });
            to.push(send_lines);
            from.push(answers);
        }
        let reader = scope.spawn(move || read(BufReader::with_capacity(BUFFER, source), &to));
        // Chunks go round the threads in turn, so taking them back in the same turn keeps the order.
        let wrong = write(io::stdout().lock(), &from)?;
        drop(from);
        let read = reader.join().map_err(|_| Stop::failed("reading the input failed"))?;
        read.map_err(|error| Stop::failed(format!("{}: cannot be read: {error}", input::place(path))))?;
        if wrong { Err(Stop::InputTold) } else { Ok(()) }
    })
}

fn read(mut source: BufReader<Box<dyn Read + Send>>, to: &[SyncSender<Lines>]) -> io::Result<()> {
    let mut next = 1_u32;
    for thread in to.iter().cycle() {
        let mut texts = Vec::with_capacity(CHUNK);
        let mut end = false;
        while texts.len() < CHUNK {
            let Some(text) = line(&mut source)? else {
                end = true;
                break;
            };
            texts.push(text);
            // A program that waits for each answer before it asks again is answered at once.
            if source.buffer().is_empty() {
                break;
            }
        }
        let count = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        if (count > 0 && thread.send(Lines { first: next, texts }).is_err()) || end {
            break;
        }
        next = next.saturating_add(count);
    }
    Ok(())
}

/// The next line without its end; of one that is too long only so much that it is seen to be.
fn line(source: &mut BufReader<Box<dyn Read + Send>>) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut any = false;
    loop {
        let available = source.fill_buf()?;
        if available.is_empty() {
            return Ok(any.then_some(line));
        }
        any = true;
        let end = available.iter().position(|byte| *byte == b'\n');
        let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
        let room = (MAX_LINE + 1).saturating_sub(line.len()).min(part.len());
        line.extend_from_slice(part.get(..room).unwrap_or_default());
        let used = part.len() + usize::from(end.is_some());
        source.consume(used);
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

fn advise(pack: &Pack, lines: &Lines) -> Answers {
    let mut answers = Answers { text: Vec::new(), wrong: false };
    for (at, bytes) in (lines.first..).zip(&lines.texts) {
        let start = answers.text.len();
        let written = match facts(pack, bytes) {
            Ok(facts) => pack
                .advise(&pack.case(facts))
                .write_json(&mut answers.text)
                .map_err(|error| vec![problem(&error.to_string(), "")]),
            Err(problems) => Err(problems),
        };
        if let Err(mut problems) = written {
            answers.wrong = true;
            answers.text.truncate(start);
            // Every report is on line 1 of itself; what helps is its line in the input.
            problems.iter_mut().for_each(|problem| problem.line = at);
            let refused = serde_json::to_vec(&Refused { error: problems });
            answers.text.extend(refused.unwrap_or_default());
        }
        answers.text.push(b'\n');
    }
    answers
}

fn facts(pack: &Pack, bytes: &[u8]) -> Result<Facts, Vec<Problem>> {
    if bytes.len() > MAX_LINE {
        return Err(vec![problem("the line is longer than 1 MB", "one report is a few thousand characters")]);
    }
    let text =
        std::str::from_utf8(bytes).map_err(|_| vec![problem("the line is not UTF-8 text", "write it as UTF-8")])?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(vec![problem("the line is empty", "write one report a line, at least {\"report\":{}}")]);
    }
    pack.read_json(text)
}

fn problem(says: &str, help: &str) -> Problem {
    Problem { says: says.to_owned(), help: help.to_owned(), ..Problem::default() }
}

/// Writes what the threads give, in turn, until the first of them has no more. Tells whether a line was wrong.
fn write(mut out: impl Write, from: &[Receiver<Answers>]) -> io::Result<bool> {
    let mut wrong = false;
    for thread in from.iter().cycle() {
        let Ok(answers) = thread.recv() else { break };
        wrong |= answers.wrong;
        out.write_all(&answers.text)?;
        out.flush()?;
    }
    Ok(wrong)
}
