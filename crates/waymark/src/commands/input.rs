//! Reading what somebody gives: a file or standard input, checked before anything is done with it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::stop::Stop;

/// Largest report that is read, in bytes: a hundred people with every answer given take 200 KB.
const MAX_INPUT: u64 = 4 * 1024 * 1024;

/// How a report is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

/// The name under which problems of an input are told.
pub fn place(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// Opens a file, or standard input for `-`.
///
/// # Errors
/// A file that is not there, cannot be read or is a folder.
pub fn open(path: &Path) -> Result<Box<dyn Read + Send>, Stop> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let cannot = |why: &str| Stop::input(format!("{}: {why}", path.display()));
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => cannot("there is no such file"),
        io::ErrorKind::PermissionDenied => cannot("this file may not be read; ask whoever owns it"),
        _ => cannot(&format!("cannot be opened: {error}")),
    })?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        return Err(cannot("this is a folder; name the file of one report in it"));
    }
    Ok(Box::new(file))
}

/// The whole text, and how it is written: by the file's ending, otherwise by what it is.
///
/// # Errors
/// As for [`open`]; text that is not UTF-8, empty or too long.
pub fn read(path: &Path) -> Result<(String, Format), Stop> {
    let name = place(path);
    let mut bytes = Vec::new();
    open(path)?
        .take(MAX_INPUT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Stop::failed(format!("{name}: cannot be read: {error}")))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_INPUT) {
        return Err(Stop::input(format!("{name}: is longer than 4 MB; one report is a few thousand characters")));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            return Err(Stop::input(format!("{name}: is not UTF-8 text, line {line}; save it as UTF-8 text")));
        }
    };
    // Some editors put a mark at the start that is not part of the text.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Stop::input(format!("{name}: is empty; write at least [report]")));
    }
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Format::Json,
        Some("toml") => Format::Toml,
        _ if text.trim_start().starts_with('{') || is_json(&text) => Format::Json,
        _ => Format::Toml,
    };
    Ok((text, format))
}

/// A list or a word alone is no report in either; whoever wrote it as JSON is told so as JSON.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
