//! `cargo xtask bench`: builds and runs what measures, `bench/`.

use std::path::Path;

use crate::run::{cargo, show};

/// Builds with optimisation and measures; the options are those of the bench program.
///
/// # Errors
/// It could not be started.
pub fn run(root: &Path, options: &[&str]) -> Result<bool, String> {
    for option in options {
        if !["--write", "--quick"].contains(option) && !option.starts_with("--only=") {
            return Err(format!("{option} is not known; use --write, --quick or --only=WORDS"));
        }
    }
    println!("    the binary as it would be installed, for start, memory and size");
    if !show(root, &cargo(), &["build", "--release", "--locked", "--bin", "waymark"])?.well {
        return Ok(false);
    }
    let mut all = vec!["run", "--release", "--locked", "--package", "bench", "--"];
    all.extend(options);
    Ok(show(root, &cargo(), &all)?.well)
}
