//! Tasks of the workspace, started as `cargo xtask TASK`.
//!
//! `test` runs everything that must hold, `tidy` only what can be read off the files, `bench` measures
//! against bare baselines, `torture` and `fuzz` go on for as long as one likes. Each prints what it does, goes on where it can, and fails at the end.

mod bench;
mod browser;
mod count;
mod long;
mod run;
mod supply;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
Tasks of the workspace

  cargo xtask test [--only STEP]… [--list]   everything that must hold
  cargo xtask tidy                           what can be read off the files: layers, lengths, addresses
  cargo xtask bench [--write] [--quick] [--only=WORDS]  measures, each against a bare baseline in the same run
  cargo xtask torture [--minutes N]          a very long log, then faults of disk, power, clock and system, again and again
  cargo xtask fuzz [--minutes N]             odd input to everything that reads input
  cargo xtask supply                         licences, sources and duplicates of what it is built from
  cargo xtask sbom [FILE]                    the list of everything in the program (CycloneDX)
  cargo xtask picture                        makes the picture of the README from a running Waymark
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.split_first() {
        Some((&"test", options)) => test::run(&root(), options),
        Some((&"tidy", [])) => tidy::run(&root()),
        Some((&"bench", options)) => bench::run(&root(), options),
        Some((&"torture", options)) => long::torture(&root(), options),
        Some((&"fuzz", options)) => long::fuzz(&root(), options),
        Some((&"supply", [])) => supply::check(&root()).map(|count| count.failed == 0),
        Some((&"sbom", [])) => supply::sbom(&root(), Path::new("target/waymark.cdx.json")),
        Some((&"sbom", [file])) => supply::sbom(&root(), Path::new(file)),
        Some((&"picture", [])) => browser::picture(&root()),
        None | Some((&("help" | "--help" | "-h"), _)) => {
            print!("{HELP}");
            Ok(true)
        }
        Some(_) => Err(format!("`cargo xtask {}` is not a task.\n\n{HELP}", arguments.join(" "))),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

/// The root of the workspace, wherever the task was started from.
fn root() -> PathBuf {
    let mut here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.pop();
    here
}
