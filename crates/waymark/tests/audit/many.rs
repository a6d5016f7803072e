//! A log of very many entries: verified in the memory that a small one takes, and the bar that says how far it has come.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;

use ledger::export::{Entry, Header, Kept, Shape, checkpoint_line, end_line, entry_line, header_line};
use ledger::{Checkpoint, Frontier, KeyKind, SigningKey, leaf_hash};
use tempfile::TempDir;

use crate::site::run;

/// A million where somebody has the time: `cargo xtask torture`.
fn many() -> u64 {
    match std::env::var_os("WAYMARK_FAULTS_LONG") {
        Some(_) => 1_000_000,
        None => 40_000,
    }
}

/// Entries between two checkpoints.
const SIGNED_EVERY: u64 = 1_000;
/// How much more memory ten times as many entries may take: what one run differs from the next by.
const MORE: f64 = 1.2;

/// An export of so many entries, of the length that real ones have. Of one of them, the number in the entry is not the one that
/// was hashed.
fn write(path: &Path, many: u64, changed: Option<u64>) {
    let key = SigningKey::new("waymark/many", KeyKind::Log, &[1; 32]).unwrap();
    let mut out = BufWriter::new(File::create(path).unwrap());
    let header = Header { shape: Shape::Whole, size: many, key: key.verifier().clone(), witnesses: Vec::new() };
    writeln!(out, "{}", header_line(&header)).unwrap();
    let (mut tree, mut line, mut hex) = (Frontier::new(), Vec::new(), String::new());
    for index in 0..many {
        let mut digest = [7; 32];
        digest[..8].copy_from_slice(&index.to_be_bytes());
        hex.clear();
        for byte in digest {
            write!(hex, "{byte:02x}").unwrap();
        }
        let leaf = |at: u64| {
            format!(
                "{{\"actor\":\"U01hzy3v9k2m4n6p8q0r2s4t6v\",\"at\":{at},\"body\":\"{hex}\",\"codec\":2,\"event\":\"{index:032x}\",\
                 \"key\":\"{hex}\",\"kind\":\"fact-stated\",\"op\":\"collect\",\"stream\":\"R01hzy3v9k2m4n6p8q0r2s4t6v\",\"v\":1,\"version\":1}}"
            )
        };
        let hashed = leaf(1_764_129_600_000_000 + index);
        let nodes = tree.append(leaf_hash(hashed.as_bytes()));
        let hashes: Vec<_> = nodes.iter().map(|node| node.hash).collect();
        let stands = match changed == Some(index) {
            true => leaf(1),
            false => hashed,
        };
        let entry = Entry { index, leaf: stands.as_bytes(), hashes: &hashes, kept: Kept::Digest(digest) };
        line.clear();
        entry_line(Shape::Whole, &entry, &mut line);
        line.push(b'\n');
        out.write_all(&line).unwrap();
        let size = index + 1;
        if size.is_multiple_of(SIGNED_EVERY) || size == many {
            let head = Checkpoint { origin: "waymark/many".to_owned(), size, root: tree.root() };
            let note = head.sign(&key).unwrap();
            writeln!(out, "{}", checkpoint_line(&note)).unwrap();
        }
    }
    writeln!(out, "{}", end_line(many)).unwrap();
    out.flush().unwrap();
}

fn python(script: &str, arguments: &[&str]) -> String {
    let ran = Command::new("python3").args(["-c", script, env!("CARGO_BIN_EXE_waymark")]).args(arguments).output();
    let ran = ran.expect("python3 is needed: install Python 3.9 or later (Debian: apt-get install python3)");
    let trouble = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{trouble}");
    String::from_utf8(ran.stdout).unwrap()
}

/// Verifies an export; says what came of it, and the most memory that took, in KiB.
const MEASURED: &str = r#"
import resource, subprocess, sys
ran = subprocess.run([sys.argv[1], "audit", "verify", sys.argv[2]], stdout=subprocess.PIPE)
print(ran.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"#;

fn memory(export: &Path) -> f64 {
    let said = python(MEASURED, &[export.to_str().unwrap()]);
    let (code, most) = said.trim().split_once(' ').unwrap();
    assert_eq!(code, "0", "{said}");
    most.parse().unwrap()
}

#[test]
fn memory_does_not_grow_with_the_log() {
    let folder = TempDir::new().unwrap();
    let (large, small) = (folder.path().join("large"), folder.path().join("small"));
    write(&small, many() / 10, None);
    write(&large, many(), None);
    let (most, least) = (memory(&large), memory(&small));
    println!(
        "{} entries, {} MB: {most} KiB; {} entries: {least} KiB",
        many(),
        std::fs::metadata(&large).unwrap().len() / 1_000_000,
        many() / 10
    );
    assert!(most <= least * MORE, "{most} KiB against {least} KiB");
    // And the entry is still named, wherever it stands.
    let changed = many() - many() / 3;
    write(&large, many(), Some(changed));
    let ran = run(&["verify", large.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    let plain: String = ran.err.chars().filter(|letter| *letter != ',').collect();
    let named = format!("the first entry that is wrong is {changed}\n");
    assert!(plain.ends_with(&named), "{plain}");
}

/// Verifies an export that comes slowly, its second half after a while, on a terminal. Says what stood on the terminal.
const WATCHED: &str = r#"
import os, pty, subprocess, sys, time
ours, theirs = pty.openpty()
ran = subprocess.Popen([sys.argv[1], "audit", "verify", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs)
os.close(theirs)
lines = open(sys.argv[2], "rb").read().splitlines(keepends=True)
half = len(lines) // 2
ran.stdin.write(b"".join(lines[:half]))
ran.stdin.flush()
time.sleep(0.5)
ran.stdin.write(b"".join(lines[half:]))
ran.stdin.close()
said, shown = ran.stdout.read(), b""
while True:
    try:
        part = os.read(ours, 65536)
    except OSError:
        break
    if not part:
        break
    shown += part
assert ran.wait() == 0, said
assert said.endswith(b"Everything is as it was signed.\n"), said
sys.stdout.buffer.write(shown)
"#;

#[test]
fn whoever_watches_sees_how_far_it_has_come() {
    let folder = TempDir::new().unwrap();
    let export = folder.path().join("export");
    write(&export, 12_000, None);
    let shown = python(WATCHED, &[export.to_str().unwrap()]);
    let bars: Vec<&str> = shown.split('\r').filter(|part| part.starts_with('[')).collect();
    // The last one came after the pause, on however slow a machine.
    let (bar, rest) = bars.last().expect("a bar").split_at(32);
    let done: usize = rest
        .strip_suffix(" of 12,000 entries")
        .and_then(|words| words.trim().replace(',', "").parse().ok())
        .unwrap_or_else(|| panic!("{shown:?}"));
    assert!((6_000..=12_000).contains(&done), "{done}");
    let full = done * 30 / 12_000;
    let expected = format!("[{}{}]", "#".repeat(full), "-".repeat(30 - full));
    assert_eq!(bar, expected);
    // It is taken away at the end.
    assert!(shown.ends_with(&format!("\r{}\r", " ".repeat(80))), "{shown:?}");

    // No bar where nobody watches: a file that the words go to has none in it.
    let ran = run(&["verify", export.to_str().unwrap()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}
