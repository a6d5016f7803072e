//! Files of signed heads: as the server writes them elsewhere, and what witnesses have signed.

use std::fs::OpenOptions;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;

use ledger::{Checkpoint, NOTE_BYTES, NoteFile, NotePart, SignedNote};

use crate::files;
use crate::stop::Stop;

/// Stands before each note.
const BETWEEN: &str = "\n----\n";

/// What a file of signed heads holds.
#[derive(Debug, Default)]
pub struct Notes {
    /// The notes, in their order.
    pub notes: Vec<SignedNote>,
    /// Parts that are no whole checkpoint. A power cut leaves one half-written.
    pub broken: u64,
}

/// The notes of a file.
///
/// # Errors
/// A file that cannot be read.
pub fn read(path: &Path) -> Result<Notes, Stop> {
    let bad = |why: String| Stop::input(format!("{}: {why}", path.display()));
    let mut lines = BufReader::new(files::open(path).map_err(bad)?);
    let (mut found, mut reading, mut piece, mut length) = (Notes::default(), NoteFile::default(), Vec::new(), 0);
    loop {
        piece.clear();
        let read = lines
            .by_ref()
            .take(NOTE_BYTES as u64)
            .read_until(b'\n', &mut piece)
            .map_err(|error| bad(files::why(&error)))?;
        length += read as u64;
        if length > files::CHECKPOINTS {
            return Err(bad(files::too_long(files::CHECKPOINTS)));
        }
        let part = if read == 0 { reading.end() } else { reading.piece(&piece) };
        match part {
            Some(NotePart::Note(note)) if Checkpoint::parse(note.text()).is_ok() => {
                found.notes.push(note);
            }
            Some(_) => found.broken += 1,
            None => {}
        }
        if read == 0 {
            return Ok(found);
        }
    }
}

/// The notes of a file that was named to hold something against.
///
/// # Errors
/// As [`read`], and a file without any note.
pub fn read_some(path: &Path) -> Result<Notes, Stop> {
    let found = read(path)?;
    if found.notes.is_empty() {
        return Err(Stop::input(format!(
            "{}: there is no checkpoint in it that can be read, so nothing was held against it; name the file that is set as \
             checkpoints, or a copy of it",
            path.display()
        )));
    }
    Ok(found)
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
    if path.exists() { Ok(read(path)?.notes) } else { Ok(Vec::new()) }
}
