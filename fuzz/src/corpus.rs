//! What is known to be good, or bad in a known way: the pack, its examples, the packs that must be refused.

use std::fs;
use std::path::{Path, PathBuf};

use guidance::{Pack, Source};

/// Below the root of the repository.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Files of a folder that end so, in the order of their names: name and text.
pub fn files(name: &str, end: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fs::read_dir(folder(name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .filter(|(name, _)| name.ends_with(end))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{name} is empty");
    found
}

/// The files of the guidance.
pub fn guidance() -> Vec<(String, String)> {
    files("guidance/cheshire/v1", ".toml")
}

/// The guidance, read and proved.
pub fn pack() -> Pack {
    let files = guidance();
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    Pack::load(&sources).expect("the guidance is sound")
}

/// The facts of every worked example, as TOML and as the JSON of the same.
pub fn examples() -> Vec<String> {
    let mut found = Vec::new();
    for (_, text) in files("guidance/cheshire/v1/examples", ".toml") {
        let mut table: toml::Table = text.parse().unwrap();
        for told in ["about", "source", "expect"] {
            table.remove(told);
        }
        found.push(toml::to_string(&table).unwrap());
        found.push(serde_json::to_string(&table).unwrap());
    }
    found
}
