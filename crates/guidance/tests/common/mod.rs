//! Reads the pack from disk and holds worked examples against the advice.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, dead_code, missing_docs)]

pub mod lang;
pub mod mutate;
pub mod naive;
pub mod random;
pub mod sat;
pub mod shown;
pub mod turn;

use guidance::{Pack, Source};
use std::path::{Path, PathBuf};

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/cheshire/v1")
}

pub fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

pub fn load(files: &[(String, String)]) -> Result<Pack, Vec<guidance::Problem>> {
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    Pack::load(&sources)
}

pub fn cheshire() -> Pack {
    load(&files(&folder())).unwrap_or_else(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("the Cheshire pack is refused:\n{}", all.join("\n"))
    })
}
