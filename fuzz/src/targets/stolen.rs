//! Lists of stolen passwords, as a force names one in its settings: good ones, and what else such a file can be.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use store::{Keys, SqliteStore};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use web::{App, Config};

use super::{Target, Was};
use crate::corpus;
use crate::mutate::{self, Chance};

/// Lines of a list at most.
const LINES: usize = 40;
/// What is looked up.
const PASSWORD: &str = "correct horse battery";

/// The reader of lists.
pub struct Stolen {
    app: App,
    config: Config,
    runtime: Runtime,
    file: PathBuf,
    chance: Chance,
    _folder: TempDir,
}

impl Stolen {
    pub fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("stolen.txt");
        fs::write(&file, format!("{}:1\n", "0".repeat(40))).unwrap();
        let keys = Keys::at(folder.path().join("keys"));
        let store = SqliteStore::open(folder.path().join("data/waymark.db"), &keys).unwrap();
        let config = Config { stolen_passwords: file.clone(), ..Config::default() };
        Self {
            app: App::new(Arc::new(store), Arc::new(corpus::pack()), config.clone()).unwrap(),
            config,
            runtime: Runtime::new().unwrap(),
            file,
            chance: Chance::new(seed ^ 5),
            _folder: folder,
        }
    }
}

impl Target for Stolen {
    fn name(&self) -> &'static str {
        "stolen lists"
    }

    fn input(&mut self) -> Vec<u8> {
        let chance = &mut self.chance;
        let mut lines: Vec<String> = (0..chance.below(LINES))
            .map(|_| {
                let digit = |_| char::from(*chance.one(b"0123456789ABCDEF"));
                (0..40).map(digit).collect()
            })
            .collect();
        lines.sort();
        let end = *chance.one(&["\n", "\r\n", "\n\n", ""]);
        let counted = lines.iter().map(|line| match chance.below(4) {
            0 => format!("{line}{end}"),
            _ => format!("{line}:{}{end}", chance.below(1_000_000)),
        });
        let mut list = counted.collect::<String>().into_bytes();
        if chance.below(3) > 0 {
            mutate::bytes(&mut list, b"\0\n:\xff0123456789abcdef", chance);
        }
        list
    }

    fn run(&mut self, input: &[u8]) -> Was {
        fs::write(&self.file, input).unwrap();
        let problems = self.config.problems();
        if problems.iter().any(String::is_empty) {
            return Was::Wrong("refused without a reason".to_owned());
        }
        // A list can be exchanged while the program runs: it is asked whatever the start said of it.
        let found = self.runtime.block_on(self.app.stolen.has(PASSWORD));
        match (problems.is_empty(), found) {
            (_, Ok(true)) => Was::Wrong("a password is in a list that has none".to_owned()),
            (true, Ok(false)) => Was::Taken,
            _ => Was::Refused,
        }
    }
}
