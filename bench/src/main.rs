//! Measures Waymark, each row as a ratio against something bare in the same run on the same machine.
//!
//! Started as `cargo xtask bench`. `--write` keeps the table in docs/bench.md, `--quick` measures less.

mod advice;
mod agree;
mod hand;
mod keep;
mod ledger;
mod lines;
mod program;
mod redecide;
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
    let quick = options.iter().any(|option| option == "--quick");
    let scale = if quick {
        Scale { runs: 3, less: 10 }
    } else {
        Scale { runs: 7, less: 1 }
    };
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut table = Table::default();
    agree::check(&root, scale)?;
    advice::measure(&root, scale, &mut table)?;
    redecide::measure(&root, scale, &mut table)?;
    let binary = std::env::current_exe()?.with_file_name("waymark");
    if binary.is_file() {
        lines::measure(&root, &binary, scale, &mut table)?;
    }
    keep::measure(scale, &mut table)?;
    ledger::measure(&binary, scale, &mut table)?;
    if binary.is_file() {
        program::measure(&binary, scale, &mut table)?;
    }
    let text = table.markdown();
    println!("\n{text}");
    if options.iter().any(|option| option == "--write") {
        let command = if quick {
            "cargo xtask bench --write --quick"
        } else {
            "cargo xtask bench --write"
        };
        let page = table::page(&text, command);
        std::fs::write(root.join("docs/bench.md"), page)?;
        println!("kept in docs/bench.md");
    }
    Ok(())
}
