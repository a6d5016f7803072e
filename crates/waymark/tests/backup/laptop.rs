//! A machine that is lost with everything on its disk, and keys that are lost without it: what opens them then, and what
//! does not.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use store::{Keys, SqliteStore};
use tempfile::TempDir;

use super::{TYPED, append, runtime, says};

const PASSPHRASE: &str = "seven made up words nobody else knows";

/// A machine with settings of its own; the passphrase is in nobody's pocket but this struct's.
struct Machine {
    disk: TempDir,
    /// Not on the disk.
    pocket: TempDir,
    passphrase: bool,
}

impl Machine {
    fn new(passphrase: bool) -> Self {
        let machine = Self { disk: TempDir::new().unwrap(), pocket: TempDir::new().unwrap(), passphrase };
        machine.tell("words", PASSPHRASE);
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = port.local_addr().unwrap();
        let settings = format!(
            "database = \"data/waymark.db\"\nkeys = \"keys\"\nlog = \"warn\"\n\
             [web]\naddress = \"{address}\"\npublic_url = \"http://{address}\"\n"
        );
        fs::write(machine.path("waymark.toml"), settings).unwrap();
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.disk.path().join(name)
    }

    fn tell(&self, file: &str, words: &str) {
        fs::write(self.pocket.path().join(file), format!("{words}\n")).unwrap();
    }

    fn command(&self, words: Option<&str>, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
        command.args(arguments).arg("--config").arg(self.path("waymark.toml"));
        if let Some(words) = words {
            let file = self.pocket.path().join(words);
            command.env("WAYMARK_PASSPHRASE_FILE", file);
        }
        command
    }

    /// As whoever runs it by right.
    fn run(&self, arguments: &[&str]) -> Output {
        let words = self.passphrase.then_some("words");
        self.command(words, arguments).output().unwrap()
    }

    /// Starts it for the first time, and stops it: what it printed until there is the link of the first account.
    fn first_start(&self) -> Vec<String> {
        let words = self.passphrase.then_some("words");
        let mut serve = self.command(words, &["serve"]);
        let mut child = Killed(serve.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap());
        let out = BufReader::new(child.0.stdout.take().unwrap());
        let mut said = Vec::new();
        for line in out.lines().map_while(Result::ok) {
            let is_link = line.trim().starts_with("http://");
            said.push(line);
            if is_link {
                break;
            }
        }
        let id = child.0.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.unwrap().success());
        assert!(child.0.wait().unwrap().success());
        said
    }

    /// Something about a child is kept.
    fn work(&self) {
        let mut keys = Keys::at(self.path("keys"));
        if self.passphrase {
            keys = keys.with_passphrase(PASSPHRASE.to_owned());
        }
        let store = SqliteStore::open(self.path("data/waymark.db"), &keys).unwrap();
        runtime().block_on(append(&store, "r", 0));
    }

    fn recover(&self, shares: &[String]) -> Output {
        let mut recover = self.command(None, &["keys", "recover"]);
        let piped = recover.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.stderr(Stdio::piped()).spawn().unwrap();
        let typed = format!("{}\n\n", shares.join("\n"));
        let mut stdin = child.stdin.take().unwrap();
        // It may have said no before the last line.
        let _ = stdin.write_all(typed.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    }
}

/// A program that does not outlive its test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Is this anywhere on the disk?
fn holds(folder: &Path, words: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, words);
        }
        let bytes = fs::read(&path).unwrap();
        bytes.windows(words.len()).any(|found| found == words.as_bytes())
    })
}

const LIST: &[&str] = READING[1];
/// Everything that would show or copy something of a report.
const READING: [&[&str]; 5] = [
    &["keys", "show"],
    &["report", "list", "--reason", "a test"],
    &["report", "replay", "--reason", "a test"],
    &["audit", "export", "--reason", "a test"],
    &["audit", "verify"],
];

#[test]
fn a_lost_laptop_gives_nothing_away() {
    let machine = Machine::new(true);
    machine.first_start();
    machine.work();
    machine.tell("guess", "words that somebody who found it guesses");
    for arguments in READING {
        let found = machine.command(None, arguments).output().unwrap();
        says(&found, 1, "opened with a passphrase, and none was given");
        let guessed = machine.command(Some("guess"), arguments).output().unwrap();
        says(&guessed, 1, "the passphrase does not open the keyring");
        for output in [found, guessed] {
            assert_eq!(output.stdout, b"", "{arguments:?}");
        }
    }
    for words in [TYPED, PASSPHRASE] {
        assert!(!holds(machine.disk.path(), words), "{words} is on the disk");
    }
    // Whoever has the passphrase works on. What was kept here is no event of a report, and cannot be replayed.
    for arguments in READING.iter().filter(|words| words[..2] != ["report", "replay"]) {
        assert!(machine.run(arguments).status.success(), "{arguments:?}");
    }
}

#[test]
fn with_a_key_file_on_it_a_lost_laptop_opens_and_doctor_says_so() {
    let machine = Machine::new(false);
    machine.first_start();
    machine.work();
    says(&machine.run(&["keys", "show"]), 0, "a key file");
    says(&machine.run(&["doctor"]), 1, "look  keys");
    says(&machine.run(&["doctor"]), 1, "whoever takes this disk can read everything");
    let safe = Machine::new(true);
    safe.first_start();
    says(&safe.run(&["doctor"]), 1, "fine  keys");
}

#[test]
fn three_of_the_shares_printed_at_the_first_start_open_it_again() {
    let machine = Machine::new(false);
    let said = machine.first_start();
    let shares: Vec<String> =
        said.iter().map(|line| line.trim().to_owned()).filter(|line| line.starts_with("WM1-")).collect();
    assert_eq!(shares.len(), 5, "{said:#?}");
    machine.work();
    let key = fs::read_dir(machine.path("keys"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|kind| kind == "key"));
    fs::remove_file(key.unwrap()).unwrap();
    says(&machine.run(LIST), 1, "waymark keys recover");

    assert!(!machine.recover(&shares[..2]).status.success());
    let twice = [shares[0].clone(), shares[1].clone(), shares[1].clone()];
    assert!(!machine.recover(&twice).status.success());
    let mut mistyped = shares[2..].to_vec();
    let last = mistyped[0].pop().unwrap();
    mistyped[0].push(if last == '0' { '1' } else { '0' });
    assert!(!machine.recover(&mistyped).status.success());
    says(&machine.run(LIST), 1, "waymark keys recover");

    says(&machine.recover(&shares[1..4]), 0, "opens again");
    assert!(machine.run(LIST).status.success());
    // They are printed once: another start has the link of the first account, and no share.
    let again = machine.first_start();
    assert!(!again.iter().any(|line| line.contains("WM1-")), "{again:#?}");
}
