//! A file of signed notes, as checkpoints are kept elsewhere: read the same way by everything that reads one.
//!
//! A line of four hyphens stands before each note; a file may also be one note alone. Empty lines around a note count for
//! nothing. What is no whole note is passed over and counted: a power cut leaves one half-written, and the next is written
//! after it. The second verifier (`tools/verify/verify.py`) reads by the same rules.

use crate::note::{NOTE_BYTES, SignedNote};

/// The line between two notes. No note has such a line: one begins with the name of a log, a number, base64 or a long dash.
const BETWEEN: &[u8] = b"----";

/// What stood between two lines of hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotePart {
    /// A note.
    Note(SignedNote),
    /// Something that is no whole note.
    Broken,
}

/// Takes a file of notes piece by piece. Keeps no more than two notes' length.
#[derive(Debug, Default)]
pub struct NoteFile {
    /// The lines since the last line of hyphens.
    part: Vec<u8>,
    /// The line that was not ended yet.
    line: Vec<u8>,
    /// What came is more than any note, and was not kept.
    too_long: bool,
}

impl NoteFile {
    /// Takes a line with its end, or a piece of one; gives what it closed.
    pub fn piece(&mut self, piece: &[u8]) -> Option<NotePart> {
        // A byte more than a note may have is kept of a line, so that it is none whatever its end.
        let room = (NOTE_BYTES + 1).saturating_sub(self.line.len());
        self.too_long |= piece.len() > room;
        self.line.extend(piece.iter().take(room));
        if !piece.ends_with(b"\n") {
            return None;
        }
        let line = std::mem::take(&mut self.line);
        if line.strip_suffix(b"\n") == Some(BETWEEN) {
            return self.close();
        }
        self.keep(&line);
        None
    }

    /// What the file ends with.
    pub fn end(&mut self) -> Option<NotePart> {
        let line = std::mem::take(&mut self.line);
        // The next line of hyphens may have been begun. Of anything else the end was not written, so nor may the rest have been.
        if !BETWEEN.starts_with(&line) {
            self.keep(&line);
            self.too_long = true;
        }
        self.close()
    }

    fn keep(&mut self, line: &[u8]) {
        if self.part.len() + line.len() > 2 * NOTE_BYTES {
            self.too_long = true;
        } else if !(self.part.is_empty() && line == b"\n") {
            self.part.extend_from_slice(line);
        }
    }

    fn close(&mut self) -> Option<NotePart> {
        let part = std::mem::take(&mut self.part);
        let too_long = std::mem::take(&mut self.too_long);
        let part = without_empty_lines(&part);
        if part.is_empty() && !too_long {
            return None;
        }
        let note = std::str::from_utf8(part).ok().filter(|_| !too_long);
        let note = note.and_then(|note| format!("{note}\n").parse().ok());
        Some(note.map_or(NotePart::Broken, NotePart::Note))
    }
}

/// Bytes without the empty lines around them.
fn without_empty_lines(mut bytes: &[u8]) -> &[u8] {
    while let Some(rest) = bytes.strip_prefix(b"\n") {
        bytes = rest;
    }
    while let Some(rest) = bytes.strip_suffix(b"\n") {
        bytes = rest;
    }
    bytes
}
