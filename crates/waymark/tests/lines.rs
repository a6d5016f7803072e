//! Ten thousand lines in, ten thousand out, in their order; and a reader that stops reading.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

fn waymark(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_waymark"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// A report whose only person says which line it is; every seventh line is wrong.
fn line(at: usize) -> String {
    if at % 7 == 3 {
        format!("{{\"person\":[{{\"id\":\"L{at}\",\"age\":999}}]}}")
    } else {
        format!("{{\"person\":[{{\"id\":\"L{at}\",\"age\":14}}]}}")
    }
}

#[test]
fn ten_thousand_lines_keep_their_order_and_bad_ones_their_place() {
    const LINES: usize = 10_000;
    let mut child = waymark(&["advise", "--lines", "-"]);
    let mut stdin = child.stdin.take().unwrap();
    let feed = std::thread::spawn(move || {
        for at in 0..LINES {
            writeln!(stdin, "{}", line(at)).unwrap();
        }
    });
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), LINES);
    for (at, line) in lines.into_iter().enumerate() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        if at % 7 == 3 {
            assert_eq!(json["error"][0]["line"], at + 1);
            assert_eq!(json["error"][0]["about"], format!("person L{at}"));
        } else {
            assert!(json["persons"].get(format!("L{at}")).is_some(), "line {at} is {line}");
        }
    }
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn each_line_is_answered_before_the_next_is_given() {
    let mut child = waymark(&["advise", "--lines", "-"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for at in [0, 3, 5] {
        writeln!(stdin, "{}", line(at)).unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert!(answer.contains(&format!("L{at}")), "{answer}");
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn a_line_without_end_is_refused_and_the_next_is_answered() {
    let mut child = waymark(&["advise", "--lines", "-"]);
    let mut stdin = child.stdin.take().unwrap();
    let feed = std::thread::spawn(move || {
        stdin.write_all(&vec![b'x'; 3 * 1024 * 1024]).unwrap();
        writeln!(stdin, "\n{}", line(0)).unwrap();
    });
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].contains("longer than 1 MB"), "{}", lines[0]);
    assert!(lines[1].contains("\"L0\""));
    assert_eq!(lines.len(), 2);
}

#[test]
fn nobody_is_told_off_for_no_longer_reading() {
    for arguments in [&["advise", "--lines", "-"][..], &["guidance", "tables"], &["guidance", "show", "questions"]] {
        let mut child = waymark(arguments);
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().unwrap();
        let feed = std::thread::spawn(move || {
            for at in 0..2_000 {
                if writeln!(stdin, "{}", line(at)).is_err() {
                    return;
                }
            }
        });
        let output = child.wait_with_output().unwrap();
        feed.join().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

/// What a command found is its exit code, though nobody reads what it says; and no command ends in a panic.
#[test]
fn an_output_that_is_cut_short_or_closed_changes_no_exit_code() {
    let folder = tempfile::TempDir::new().unwrap();
    let wrong = folder.path().join("wrong.json");
    std::fs::write(&wrong, "{\"person\":[{\"id\":\"A\",\"age\":999}]}").unwrap();
    let (wrong, nowhere) = (wrong.to_str().unwrap(), folder.path().join("nowhere"));
    let nowhere = nowhere.to_str().unwrap();
    let commands: &[(&[&str], i32)] = &[
        (&["--help"], 0),
        (&["advise", "--json", wrong], 2),
        (&["advise", wrong], 2),
        (&["config"], 0),
        (&["guidance", "check"], 0),
        (&["guidance", "explain", "nothing-of-the-kind"], 2),
        (&["guidance", "show", "rules"], 0),
        (&["guidance", "tables"], 0),
        (&["doctor", "--dir", nowhere], 1),
        (&["doctor", "--dir", nowhere, "--json"], 1),
        (&["audit", "verify", wrong], 2),
        (&["report", "list", "--dir", nowhere, "--reason", "a test"], 2),
        (&["keys", "show", "--dir", nowhere], 2),
    ];
    for (arguments, code) in commands {
        for shell in
            ["exec \"$0\" \"$@\"", "exec \"$0\" \"$@\" >&-", "exec \"$0\" \"$@\" 2>&-", "exec \"$0\" \"$@\" >&- 2>&-"]
        {
            let mut child = Command::new("sh")
                .args(["-c", shell, env!("CARGO_BIN_EXE_waymark")])
                .args(*arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            // Before it writes a word: whoever reads has gone.
            drop(child.stdout.take());
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(*code), "{arguments:?} {shell}: {said}");
            assert!(!said.contains("panicked"), "{arguments:?} {shell}: {said}");
        }
    }
}

/// A disk that is full is no reader who has gone.
#[cfg(target_os = "linux")]
#[test]
fn what_could_not_be_written_is_said() {
    for arguments in [&["guidance", "tables"][..], &["config"], &["guidance", "show", "rules"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_waymark")).args(arguments).stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("the output could not be written"), "{arguments:?}: {said}");
    }
}
