//! What Waymark is built from: licences, sources, duplicates, and the list of all of it.
//!
//! The rules are in `deny.toml`, in the form that cargo-deny reads: whoever has it runs `cargo deny check` and gets the
//! known weaknesses too. This check needs nothing but cargo, so that everybody runs it every time
//! (docs/decisions/0022).

mod graph;
mod licence;
mod rules;
mod sbom;

use std::path::Path;

use crate::count::Count;

pub use sbom::write as sbom;

/// The rules, at the root.
const RULES: &str = "deny.toml";

/// Checks every package that anything here is built from, and prints what is found.
///
/// # Errors
/// The rules or the packages could not be read.
pub fn check(root: &Path) -> Result<Count, String> {
    let text = std::fs::read_to_string(root.join(RULES)).map_err(|why| format!("{RULES} could not be read: {why}"))?;
    let rules = rules::Rules::read(&text)?;
    let mut packages = graph::read(root, None)?.packages;
    packages.retain(|package| package.source.is_some());
    packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    let mut total = Count::default();
    for (name, problems) in [
        ("licences are among those allowed", rules.licences(&packages)),
        ("every package comes from crates.io", rules.sources(&packages)),
        ("packages are there once, or it is said why not", rules.duplicates(&packages)),
    ] {
        println!("{} {name}", if problems.is_empty() { "ok    " } else { "FAILED" });
        for problem in &problems {
            println!("         {problem}");
        }
        total = total.and(Count::one(problems.is_empty()));
    }
    println!("{} packages looked at", packages.len());
    Ok(total)
}
