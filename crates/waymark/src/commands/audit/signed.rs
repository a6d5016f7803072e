//! Files of signed heads: as the server writes them elsewhere, and what witnesses have signed. Each note
//! follows a line of four hyphens, which no note has.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use ledger::SignedNote;

use crate::stop::Stop;

/// Stands before each note.
const BETWEEN: &str = "\n----\n";

/// The notes of a file, in their order. What a crash left half-written at the end is passed over.
///
/// # Errors
/// A file that cannot be read, or holds no note.
pub fn read(path: &Path) -> Result<Vec<SignedNote>, Stop> {
    let name = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Stop::input(format!("{name}: cannot be read: {error}")))?;
    let parts: Vec<&str> = text.split(BETWEEN).collect();
    let last = parts.len().saturating_sub(1);
    let mut notes = Vec::new();
    for (place, part) in parts.into_iter().enumerate() {
        // Before the first separator stands nothing, or the one note that the file is.
        if place == 0 && part.trim().is_empty() {
            continue;
        }
        match part.trim_start_matches('\n').parse() {
            Ok(note) => notes.push(note),
            Err(_) if place == last && place > 0 => {}
            Err(why) => {
                let number = notes.len() + 1;
                return Err(Stop::input(format!("{name}: checkpoint {number}: {why}")));
            }
        }
    }
    Ok(notes)
}

/// Adds a note, durably.
///
/// # Errors
/// What the system says.
pub fn add(path: &Path, note: &SignedNote) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(format!("{BETWEEN}{note}").as_bytes())?;
    file.sync_all()
}

/// The notes of a file that need not be there.
///
/// # Errors
/// As [`read`].
pub fn read_if_there(path: &Path) -> Result<Vec<SignedNote>, Stop> {
    if path.exists() {
        read(path)
    } else {
        Ok(Vec::new())
    }
}
