//! The command line as data: each file under `tests/cli` holds commands and what they answer.
//!
//! A file is a list of cases, each:
//!
//! ```text
//! $ advise - --json < name-of-an-input.toml
//! | lines of standard output, only some of them where "..." stands for the others
//! ! lines of standard error
//! = exit code
//! ```
//!
//! Lines before the first `$` say what the file is about. `UPDATE=1 cargo test -p waymark --test commands` writes the
//! output found into the cases that have no `...` in them; read the difference before it is committed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};

#[derive(Default)]
struct Case {
    command: String,
    out: Vec<String>,
    err: Vec<String>,
    exit: i32,
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn main() -> ExitCode {
    let mut files: Vec<PathBuf> =
        fs::read_dir(here().join("cli")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let trials = files.into_iter().map(|path| Trial::test(name(&path), move || check(&path))).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn check(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path).unwrap();
    let (about, cases) = parse(&text);
    let found: Vec<Case> = cases.iter().map(|case| run(&case.command)).collect();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, written(&about, &cases, &found)).unwrap();
        return Ok(());
    }
    let mut wrong = String::new();
    if cases.is_empty() {
        wrong.push_str("no command in this file\n");
    }
    for (case, found) in cases.iter().zip(&found) {
        let mut told = |what: &str, wanted: &[String], found: &[String]| {
            if !matches(wanted, found) {
                writeln!(
                    wrong,
                    "$ {}\n  {what} expected:\n{}\n  found:\n{}",
                    case.command,
                    wanted.join("\n"),
                    found.join("\n")
                )
                .unwrap();
            }
        };
        told("output", &case.out, &found.out);
        told("errors", &case.err, &found.err);
        if case.exit != found.exit {
            writeln!(wrong, "$ {}\n  exit code {} expected, found {}", case.command, case.exit, found.exit).unwrap();
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

fn parse(text: &str) -> (String, Vec<Case>) {
    let mut about = String::new();
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            cases.push(Case { command: command.to_owned(), ..Case::default() });
            continue;
        }
        let Some(case) = cases.last_mut() else {
            about.push_str(line);
            about.push('\n');
            continue;
        };
        let rest = |line: &str| line.get(2..).unwrap_or_default().to_owned();
        match line.chars().next() {
            Some('|') => case.out.push(rest(line)),
            Some('!') => case.err.push(rest(line)),
            Some('=') => case.exit = rest(line).trim().parse().unwrap(),
            None => {}
            Some(other) => panic!("a line starts with {other:?}: {line}"),
        }
    }
    (about, cases)
}

/// Runs one command from the repository's root; `< name` gives a file of `tests/input`, `<<< text` the text itself.
fn run(command: &str) -> Case {
    let (words, input) = match command.split_once(" <<< ") {
        Some((words, text)) => (words, text.replace("\\n", "\n").replace("\\e", "\u{1b}").into_bytes()),
        None => match command.split_once(" < ") {
            Some((words, name)) => (words, fs::read(here().join("input").join(name)).unwrap()),
            None => (command, Vec::new()),
        },
    };
    let mut child = Command::new(env!("CARGO_BIN_EXE_waymark"))
        .args(words.split_whitespace())
        .current_dir(here().join("../../.."))
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feed = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(|line| line.trim_end().to_owned()).collect();
    Case {
        command: command.to_owned(),
        out: lines(&output.stdout),
        err: lines(&output.stderr),
        exit: output.status.code().unwrap_or(-1),
    }
}

/// Line by line; `...` stands for any lines, and at the end of a line for its rest.
fn matches(wanted: &[String], found: &[String]) -> bool {
    match wanted.split_first() {
        None => found.is_empty(),
        Some((any, rest)) if any == "..." => (0..=found.len()).any(|from| matches(rest, &found[from..])),
        Some((line, rest)) => found.split_first().is_some_and(|(first, others)| {
            let same = line.strip_suffix("...").map_or(line == first, |start| first.starts_with(start));
            same && matches(rest, others)
        }),
    }
}

fn written(about: &str, cases: &[Case], found: &[Case]) -> String {
    let mut text = about.trim_end().to_owned();
    for (case, found) in cases.iter().zip(found) {
        writeln!(text, "\n\n$ {}", case.command).unwrap();
        let mut lines = |mark: char, wanted: &[String], found: &[String]| {
            let kept = if wanted.iter().any(|line| line.ends_with("...")) { wanted } else { found };
            for line in kept {
                text.push_str(format!("{mark} {line}").trim_end());
                text.push('\n');
            }
        };
        lines('|', &case.out, &found.out);
        lines('!', &case.err, &found.err);
        write!(text, "= {}", found.exit).unwrap();
    }
    text.push('\n');
    text.trim_start().to_owned()
}
