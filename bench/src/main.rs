//! Measures Waymark, each row as a ratio against something bare in the same run on the same machine.
//!
//! Started as `cargo xtask bench`. `--write` keeps the table in docs/bench.md, `--quick` measures less, `--only=WORDS`
//! measures the rows whose name has these words.

mod access;
mod advice;
mod agree;
mod clone;
mod front;
mod hand;
mod http;
mod keep;
mod ledger;
mod lines;
mod pages;
mod program;
mod redecide;
mod stored;
mod table;
mod time;

use std::path::PathBuf;

use table::Table;

/// Why a row could not be measured.
pub type Failed = Box<dyn std::error::Error>;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Every measurement is made this often.
    pub runs: usize,
    /// What a run does is divided by this.
    pub less: usize,
}

fn main() -> Result<(), Failed> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    if let [option, path] = options.as_slice()
        && option == front::SERVE
    {
        return front::serve(path.as_ref());
    }
    let quick = options.iter().any(|option| option == "--quick");
    let only = options.iter().find_map(|option| option.strip_prefix("--only=")).unwrap_or_default();
    let scale = if quick { Scale { runs: 3, less: 10 } } else { Scale { runs: 7, less: 1 } };
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut table = Table::default();
    // What measures an engine that answers wrongly measures nothing.
    agree::check(&root, scale)?;
    let binary = std::env::current_exe()?.with_file_name("waymark");
    let is_built = binary.is_file();
    let mut rows = |what: &str, measure: &dyn Fn(&mut Table) -> Result<(), Failed>| {
        if !what.contains(only) {
            return;
        }
        // One that fails is told in the table, and the others are measured all the same.
        if let Err(why) = measure(&mut table) {
            table.not_measured(what, &why.to_string());
        }
    };
    rows("the engine", &|table| advice::measure(&root, scale, table));
    rows("deciding again", &|table| redecide::measure(&root, scale, table));
    if is_built {
        rows("`waymark advise --lines`", &|table| lines::measure(&root, &binary, scale, table));
        rows("deciding again from the store", &|table| stored::measure(&root, &binary, scale, table));
    }
    rows("durable steps", &|table| keep::measure(scale, table));
    if is_built {
        rows("durable steps through HTTP", &|table| http::measure(&binary, scale, table));
    }
    rows("verifying the log", &|table| ledger::measure(&binary, scale, table));
    rows("an access decision", &|table| access::decisions(scale, table));
    if is_built {
        rows("the program", &|table| program::measure(&binary, scale, table));
        rows("pages with many reports", &|table| pages::measure(&binary, scale, table));
        rows("pages while sign-ins fail", &|table| access::sign_ins(&binary, scale, table));
    }
    rows("the first page of a fresh clone", &|table| clone::measure(&root, table));
    let (reached, goals) = table.reached();
    println!("\n{}\n{reached} of {goals} goals are reached", table.markdown());
    if only.is_empty() && options.iter().any(|option| option == "--write") {
        let command = if quick { "cargo xtask bench --write --quick" } else { "cargo xtask bench --write" };
        let path = root.join("docs/bench.md");
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(&path, table::page(&table, command, &before))?;
        println!("kept in docs/bench.md");
    }
    Ok(())
}
