//! Every worked example of the pack, each a test of its own name; and those that somebody wrote from the contract alone, without
//! having seen the pack.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::path::Path;
use std::process::ExitCode;

use guidance::expect::{expects, unmet};

fn main() -> ExitCode {
    let pack = common::cheshire();
    let examined = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examined");
    let tests = [common::folder().join("examples"), examined]
        .into_iter()
        .flat_map(|folder| common::files(&folder))
        .map(|(name, text)| {
            let facts =
                pack.read_toml(&text).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>());
            let unmet = match facts {
                Ok(_) if !expects(&text) => vec!["nothing is expected".to_owned()],
                Ok(facts) => unmet(&text, &pack.advise(&pack.case(facts))).unwrap_or_else(|says| vec![says]),
                Err(problems) => problems,
            };
            libtest_mimic::Trial::test(name.trim_end_matches(".toml").to_owned(), move || {
                if unmet.is_empty() { Ok(()) } else { Err(unmet.join("\n").into()) }
            })
        })
        .collect();
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), tests).exit_code()
}
