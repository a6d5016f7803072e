//! Verifying an export of the log, and how much memory that takes.
//!
//! Bare baseline: SHA-256 over the bytes of the same file, read in the same way, on one core. Verifying hashes each entry, each node
//! above it and the words it speaks for, compares them with what was kept, and checks signatures. The program reads and hashes entries on
//! a second thread, so the row with the goal is the program itself, its start included; what one core does alone is a row without one.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ledger::export::{
    Block, Blocks, Entry, Header, Kept, Shape, Trust, Verifier, checkpoint_line, end_line, entry_line, header_line,
};
use ledger::{Checkpoint, Frontier, KeyKind, SigningKey, leaf_hash};
use sha2::{Digest, Sha256};

use crate::table::{Goal, Table, rate};

use crate::{Failed, Scale};

/// Entries of the large log; the small one has a tenth.
const ENTRIES: u64 = 1_000_000;

/// Entries between two checkpoints.
const SIGNED_EVERY: u64 = 1_000;

/// Measures verification in this program, and the memory of `waymark audit verify`.
pub fn measure(binary: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let many = ENTRIES / scale.less as u64;
    let folder = tempfile::tempdir()?;
    let (large, small) = (folder.path().join("large.jsonl"), folder.path().join("small.jsonl"));
    write(&large, many)?;
    write(&small, many / 10)?;
    let runs = scale.runs.min(5);
    let (mut program, mut ours, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    // In turns, so that whatever else the machine does meets both.
    for _ in 0..runs {
        if binary.is_file() {
            program.push(timed(|| run(binary, &large))?);
        }
        ours.push(timed(|| verify(&large))?);
        bare.push(timed(|| hash(&large))?);
    }
    let least = |times: Vec<Duration>| times.into_iter().min().unwrap_or_default();
    let (program, ours, bare) = (least(program), least(ours), least(bare));
    let bytes = std::fs::metadata(&large)?.len();
    let speed = (bytes as f64 / 1e6 / bare.as_secs_f64()).round();
    let size = bytes / 1_000_000;
    let mut row = |what: &str, goal, time| {
        table.compare(
            &format!("{what}, {many} entries, {size} MB, streamed"),
            goal,
            (time, rate(many as usize, time)),
            (bare, format!("SHA-256 {speed} MB/s")),
        );
    };
    if binary.is_file() {
        row("verify the log, `waymark audit verify`", Goal::Share(60.0), program);
    }
    row("verify the log, on one core", Goal::None, ours);
    if binary.is_file() {
        let (most, least) = (memory(binary, &large)?, memory(binary, &small)?);
        table.sizes(
            &format!("memory of `waymark audit verify`, {many} entries against {}", many / 10),
            1.1,
            (most as f64 * 1024.0, least as f64 * 1024.0),
        );
    }
    Ok(())
}

/// An export like one of a real log: lines of the usual length, words of every entry hashed.
fn write(path: &Path, many: u64) -> Result<(), Failed> {
    let key = SigningKey::new("waymark/bench", KeyKind::Log, &[1; 32])?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let header = Header { shape: Shape::Whole, size: many, key: key.verifier().clone(), witnesses: Vec::new() };
    writeln!(out, "{}", header_line(&header))?;
    let (mut frontier, mut line) = (Frontier::new(), Vec::new());
    for index in 0..many {
        let digest: [u8; 32] = Sha256::digest(index.to_be_bytes()).into();
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let leaf = format!(
            "{{\"actor\":\"U01hzy3v9k2m4n6p8q0r2s4t6v\",\"at\":{},\"body\":\"{hex}\",\"codec\":2,\"event\":\"{:032x}\",\
             \"key\":\"{hex}\",\"kind\":\"fact-stated\",\"op\":\"collect\",\"stream\":\"R01hzy3v9k2m4n6p8q0r2s4t6v\",\"v\":1,\"version\":{}}}",
            1_764_129_600_000_000_u64 + index,
            index,
            index % 97 + 1
        );
        let hashes: Vec<_> = frontier.append(leaf_hash(leaf.as_bytes())).iter().map(|node| node.hash).collect();
        let entry = Entry { index, leaf: leaf.as_bytes(), hashes: &hashes, kept: Kept::Digest(digest) };
        line.clear();
        entry_line(Shape::Whole, &entry, &mut line);
        line.push(b'\n');
        out.write_all(&line)?;
        let size = index + 1;
        if size % SIGNED_EVERY == 0 || size == many {
            let head = Checkpoint { origin: "waymark/bench".to_owned(), size, root: frontier.root() };
            writeln!(out, "{}", checkpoint_line(&head.sign(&key)?))?;
        }
    }
    writeln!(out, "{}", end_line(many))?;
    Ok(out.flush()?)
}

fn timed(act: impl FnOnce() -> Result<(), Failed>) -> Result<Duration, Failed> {
    let start = Instant::now();
    act()?;
    Ok(start.elapsed())
}

fn verify(path: &Path) -> Result<(), Failed> {
    let mut file = File::open(path)?;
    let (mut verifier, mut blocks) = (Verifier::new(Trust::default()), Blocks::default());
    let mut block = Block::default();
    while blocks.fill(&mut block, |room| file.read(room))? {
        verifier.block(&block)?;
    }
    let verdict = verifier.finish()?;
    if verdict.sound() && verdict.signed == verdict.entries {
        return Ok(());
    }
    Err(format!("the log that was just written does not verify: {:?}", verdict.findings).into())
}

fn hash(path: &Path) -> Result<(), Failed> {
    let mut reader = BufReader::with_capacity(1 << 18, File::open(path)?);
    let mut hash = Sha256::new();
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        hash.update(bytes);
        let length = bytes.len();
        reader.consume(length);
    }
    std::hint::black_box(hash.finalize());
    Ok(())
}

/// The program from its start to its verdict.
fn run(binary: &Path, export: &Path) -> Result<(), Failed> {
    let mut command = Command::new(binary);
    command.args(["audit", "verify"]).arg(export);
    if command.stdout(Stdio::null()).status()?.success() {
        return Ok(());
    }
    Err("waymark audit verify did not find its export sound".into())
}

/// The most memory that the program had while it verified, in KiB. Several runs: the end of a short one may fall between two readings.
fn memory(binary: &Path, export: &Path) -> Result<u64, Failed> {
    let runs: Result<Vec<u64>, Failed> = (0..5).map(|_| memory_once(binary, export)).collect();
    Ok(runs?.into_iter().max().unwrap_or_default())
}

fn memory_once(binary: &Path, export: &Path) -> Result<u64, Failed> {
    let mut child = Command::new(binary).args(["audit", "verify"]).arg(export).stdout(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        // The last reading before the end counts: the system keeps the highest so far.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        most = most.max(number.unwrap_or(0));
        if let Some(ended) = child.try_wait()? {
            if !ended.success() {
                return Err("waymark audit verify did not find its export sound".into());
            }
            return Ok(most);
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}
