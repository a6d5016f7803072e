//! The second verifier, in Python, says the same of every export, good and tampered.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use ledger::SignedNote;
use ledger::export::{Trust, checkpoint_line};

use crate::made::{changed, cosigned, log, replaced, signed, some, trust, verify, whole};
use crate::memory::log_key;
use crate::tamperings::tamperings;

type Lines = Vec<Vec<u8>>;

/// An export, and checkpoints that were kept elsewhere.
struct Case {
    name: String,
    lines: Lines,
    notes: Vec<SignedNote>,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: &str, lines: Lines, notes: Vec<SignedNote>| {
        cases.push(Case { name: name.to_owned(), lines, notes });
    };
    let of = |size: u64| whole(&log(size), &[size / 3, size]);
    for size in [0, 1, 2, 3, 7, 8, 21] {
        add(&format!("good {size}"), of(size), vec![signed(&log(30), size, 1)]);
        add(&format!("older {size}"), of(size), vec![signed(&log(30), size + 1, 1)]);
        let wanted: Vec<u64> = (0..size).step_by(2).collect();
        add(&format!("some of {size}"), some(&log(size), &wanted), vec![]);
    }
    add("without checkpoints", whole(&log(5), &[]), vec![]);
    // The last checkpoint left out, and what came after the one before it written anew: nobody who has only the export can tell.
    for (size, signed) in [(9, 3), (9, 8), (21, 16)] {
        let forged = whole(&changed(size, signed), &[signed]);
        add(&format!("{size} with the last after {signed} forged"), forged, vec![]);
    }
    // Words that nobody has are not words that were left out.
    for (line, from) in [(5, "\"kept\":"), (2, "\"bytes\":")] {
        let mut lines = of(9);
        let text = String::from_utf8(lines[line].clone()).unwrap();
        let (before, after) = text.split_once(from).unwrap();
        let (_, after) = after.split_once(",").unwrap();
        lines[line] = format!("{before}{after}").into_bytes();
        add(&format!("without {from}"), lines, vec![]);
    }
    add("another key elsewhere", of(8), vec![signed(&log(8), 8, 2)]);
    let mut lines = of(9);
    let (ours, other) = (log_key(1).verifier().to_string(), log_key(2).verifier().to_string());
    lines[0] = replaced(&lines[0], &ours, &other);
    add("another key", lines.clone(), vec![]);
    let last = lines.len() - 2;
    lines[last] = checkpoint_line(&signed(&log(9), 9, 2)).into_bytes();
    add("signed anew", lines, vec![cosigned(&log(9), 9)]);
    for tampered in tamperings() {
        add(tampered.what, tampered.lines, vec![]);
    }
    for (n, lines) in [(0_usize, of(9)), (1, some(&log(9), &[0, 2, 5, 8]))] {
        for place in 0..lines.len() {
            let mut cut = lines.clone();
            cut.remove(place);
            add(&format!("{n} without line {place}"), cut, vec![]);
            let mut swapped = lines.clone();
            swapped.swap(place, (place + 1) % lines.len());
            add(&format!("{n} swapped at {place}"), swapped, vec![]);
            let mut shorter = lines.clone();
            shorter.truncate(place + 1);
            add(&format!("{n} up to line {place}"), shorter, vec![]);
            // Bytes here and there over the whole line, the same ones on every run.
            for step in 0..12 {
                let mut changed = lines.clone();
                let length = changed[place].len();
                let byte = (place * 131 + step * 977) % length;
                changed[place][byte] ^= [1, 2, 4, 8, 16, 32][step % 6];
                add(&format!("{n} line {place} byte {byte}"), changed, vec![]);
            }
        }
    }
    cases
}

/// Runs the second verifier over many exports in one process: reads names of files, writes after each
/// report a line `= CODE`.
const DRIVER: &str = r#"
import os
import sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import verify
for number in range(int(sys.argv[4])):
    name = f"{sys.argv[2]}/{number}"
    notes = ["--checkpoints", name + ".notes"] if os.path.getsize(name + ".notes") else []
    print("=", verify.main([name + ".jsonl", "--key", sys.argv[3], *notes]))
"#;

/// What the second verifier says of each case: its words, and its exit code.
fn theirs(cases: &[Case]) -> Vec<(String, i32)> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("second");
    std::fs::create_dir_all(&folder).unwrap();
    for (number, case) in cases.iter().enumerate() {
        let mut text = case.lines.join(&b'\n');
        text.push(b'\n');
        std::fs::write(folder.join(format!("{number}.jsonl")), text).unwrap();
        let mut notes = String::new();
        for note in &case.notes {
            write!(notes, "\n----\n{note}").unwrap();
        }
        std::fs::write(folder.join(format!("{number}.notes")), notes).unwrap();
    }
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify");
    let ran = Command::new("python3")
        .args(["-c", DRIVER])
        .args([&tools, &folder])
        .args([log_key(1).verifier().to_string(), cases.len().to_string()])
        .output()
        .expect(
            "python3 is needed for the second verifier: install Python 3.9 or later (Debian: apt-get install python3)",
        );
    let trouble = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{trouble}");
    let said = String::from_utf8(ran.stdout).unwrap();
    let mut answers = Vec::new();
    let mut words = String::new();
    for line in said.lines() {
        match line.strip_prefix("= ") {
            Some(code) => answers.push((std::mem::take(&mut words), code.parse().unwrap())),
            None => writeln!(words, "{line}").unwrap(),
        }
    }
    answers
}

#[test]
fn it_agrees_on_every_export() {
    let cases = cases();
    let theirs = theirs(&cases);
    assert_eq!(theirs.len(), cases.len());
    let mut codes = [0; 4];
    for (case, (said, code)) in cases.into_iter().zip(theirs) {
        // A byte that became an end of line makes two lines of one.
        let whole = case.lines.join(&b'\n');
        let lines: Lines = whole.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        let ours = verify(&lines, Trust { checkpoints: case.notes, ..trust() });
        let (expected, first) = match &ours {
            Ok(verdict) if verdict.sound() && verdict.unsigned() > 0 => (3, None),
            Ok(verdict) if verdict.sound() => (0, None),
            Ok(verdict) => (1, verdict.first_bad()),
            Err(_) => (2, None),
        };
        assert_eq!(code, expected, "{}: {said}\nours: {ours:?}", case.name);
        if code != 2 {
            let first = first.map_or("-".to_owned(), |entry| entry.to_string());
            let ends = format!("first wrong entry: {first}\n");
            assert!(said.ends_with(&ends), "{}: {said}\nours: {ours:?}", case.name);
        }
        codes[code as usize] += 1;
    }
    let [good, tampered, bad, unsigned] = codes;
    assert!(good > 10 && tampered > 80 && bad > 20 && unsigned >= 5, "{codes:?}");
}
