//! The demonstration from start to stop, and the record looked into while it runs and after.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod changed;
mod decides;
mod reading;
mod replays;
#[path = "../typed/visitor.rs"]
#[expect(dead_code, reason = "shared with the test of what is typed")]
mod visitor;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use reading::{
    compares, finds_the_calls_that_were_taken, lists, says_what_was_erased, shows_nothing_beside_a_server,
    shows_without_names, takes_the_log,
};
use replays::replays;

fn waymark(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
    command.args(arguments).env("NO_COLOR", "1");
    command
}

/// A demonstration that runs, and what it printed before it was ready.
struct Running {
    child: Child,
    printed: Vec<String>,
}

impl Running {
    #[expect(clippy::zombie_processes, reason = "stopping it, or dropping it, waits")]
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut printed = Vec::new();
        loop {
            let line = lines.next().expect("it ended before it was ready").unwrap();
            let ready = line.starts_with("Ready after");
            printed.push(line);
            if ready {
                return Self { child, printed };
            }
        }
    }

    fn links(&self) -> Vec<&str> {
        self.printed
            .iter()
            .filter_map(|line| line.split_whitespace().find(|word| word.contains("/sign-in/link/")))
            .collect()
    }

    fn stop(&mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Where the test failed before it was stopped; otherwise there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The status line of a page.
fn get(url: &str) -> String {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page.lines().next().unwrap().to_owned()
}

#[test]
fn from_start_to_stop() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("demo");
    let mut running = Running::start(&mut waymark(&["demo", "--dir", folder.to_str().unwrap()]));
    assert_eq!(running.links().len(), 6, "{:#?}", running.printed);
    for link in running.links() {
        assert_eq!(get(link), "HTTP/1.1 200 OK");
    }

    shows_nothing_beside_a_server(&folder);
    let again = waymark(&["demo", "--dir", folder.to_str().unwrap()]).output().unwrap();
    assert_eq!(again.status.code(), Some(1), "two must not write to one database");
    running.stop();

    let list = lists(&folder);
    // Of all there are, so that a new one is shown as well.
    for state in report::Status::ALL {
        let word = state.word().replace('-', " ");
        let is_there = list.lines().any(|line| line.contains(&format!("   {word}  ")));
        assert!(is_there, "no report is {word}:\n{list}");
    }
    for class in ["undetermined", "experimental", "aggravated"] {
        assert!(list.contains(class), "no report is {class}:\n{list}");
    }
    assert!(list.ends_with("16 reports.\n"), "{list}");

    let mut running = Running::start(&mut waymark(&["demo", "--dir", folder.to_str().unwrap()]));
    assert_eq!(running.links().len(), 6);
    running.stop();
    assert!(lists(&folder).ends_with("16 reports.\n"), "nothing is built twice");
    finds_the_calls_that_were_taken(&folder);
    takes_the_log(&folder);
    decides::decides(&folder);

    let shown = shows_without_names(&folder);
    let waits_for_outcome = |text: &String| {
        text.contains("Reviewed: agreed")
            && text.contains("The outcome of the report is not decided")
            && !text.contains("Still to do")
    };
    assert!(shown.iter().any(waits_for_outcome), "no report was agreed and waits for its outcome");
    compares(&folder);
    says_what_was_erased(&folder);
    replays(&folder);
}

#[test]
fn a_folder_of_its_own_is_removed_at_the_end() {
    let parent = tempfile::tempdir().unwrap();
    let folders = || std::fs::read_dir(parent.path()).unwrap().count();
    let mut running = Running::start(waymark(&["demo"]).env("TMPDIR", parent.path()));
    assert_eq!(folders(), 1);
    running.stop();
    assert_eq!(folders(), 0);
}
