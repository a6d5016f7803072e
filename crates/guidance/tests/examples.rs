//! Every worked example of the pack, each a test of its own name.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::process::ExitCode;

use guidance::expect::{expects, unmet};

fn main() -> ExitCode {
    let pack = common::cheshire();
    let folder = common::folder().join("examples");
    let tests = common::files(&folder)
        .into_iter()
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
