//! What a newcomer waits for: from a fresh clone with nothing built to the first page, by the command of the README.
//!
//! Packages that were fetched from their registries before are not fetched again. There is no bare baseline: nearly all of it is
//! compiling what others wrote.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Failed;
use crate::program::{address, begin, first_page, stop};
use crate::table::{Goal, Table};

/// Clones, builds, starts the demonstration and asks for its first page.
pub fn measure(root: &Path, table: &mut Table) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let clone = folder.path().join("waymark");
    let begun = Instant::now();
    let cloned = Command::new("git").args(["clone", "--quiet"]).arg(root).arg(&clone).status()?;
    if !cloned.success() {
        return Err("it could not be cloned".into());
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--"]).current_dir(&clone);
    // What cargo says to the program that it runs is not for another cargo, and a folder that is set is not a fresh one.
    for (name, _) in std::env::vars() {
        let ours = name.starts_with("CARGO") && name != "CARGO_HOME";
        if ours || name == "RUSTFLAGS" {
            cargo.env_remove(name);
        }
    }
    let (mut child, address) = begin(cargo, folder.path(), address)?;
    first_page(&address)?;
    let took = begun.elapsed();
    stop(&mut child)?;
    table.alone("first page of a fresh clone, `cargo run -- demo`", Goal::Within(Duration::from_secs(360)), took);
    Ok(())
}
