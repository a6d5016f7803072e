//! Signed heads in a file elsewhere, that whoever can change the database cannot change with it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use ledger::{NOTE_BYTES, NoteFile, NotePart, SignedNote, VerifierKey};
use rusqlite::Connection;

use super::{check_note, size, verifier};
use crate::keys::Keyring;
use crate::{Against, KeptCheckpoint, LogFault};

/// Stands before every note in the file. No note has such a line: one begins with the name of a log, a
/// number, base64 or a long dash.
const BETWEEN: &str = "\n----\n";

/// The file of checkpoints outside the database: signed notes, each after a line of four hyphens. Only
/// ever added to.
pub(in super::super) struct Outside {
    path: PathBuf,
    file: File,
    /// Entries that the last note in it speaks for.
    reached: u64,
}

impl Outside {
    /// Opens the file for adding, making it when it is missing.
    pub(in super::super) fn open(path: &Path) -> Result<Self, LogFault> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| fault(path, &error))?;
        sync_folder(path)?;
        Ok(Self { path: path.into(), file, reached: 0 })
    }

    /// The last whole note of the file. What a crash left half-written after it is passed over: it was
    /// never relied on, and the next note begins with the separator.
    fn last(&mut self) -> Result<Option<String>, LogFault> {
        let fault = |error| fault(&self.path, &error);
        let length = self.file.metadata().map_err(fault)?.len();
        let mut bytes = Vec::new();
        self.file
            .seek(SeekFrom::Start(length.saturating_sub(3 * NOTE_BYTES as u64)))
            .and_then(|_| self.file.read_to_end(&mut bytes))
            .map_err(fault)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut notes = text.rsplit(BETWEEN).map(|note| note.trim_start_matches('\n'));
        match notes.find(|note| note.parse::<SignedNote>().is_ok()) {
            Some(note) => Ok(Some(note.to_owned())),
            None if only_begun(&text) => Ok(None),
            None => Err(no_checkpoint(&self.path)),
        }
    }

    /// Adds a checkpoint, durably, unless the file has one that reaches as far.
    pub(in super::super) fn add(&mut self, kept: &KeptCheckpoint) -> Result<(), LogFault> {
        if kept.size <= self.reached {
            return Ok(());
        }
        let text = format!("{BETWEEN}{}", kept.note);
        self.file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_all())
            .map_err(|error| fault(&self.path, &error))?;
        self.reached = kept.size;
        Ok(())
    }
}

/// Opens the file of checkpoints where there is to be one, and holds its last note against the log.
pub(in super::super) fn check_outside(
    conn: &Connection,
    ring: &Keyring,
    path: Option<&Path>,
    size: u64,
) -> Result<Option<Outside>, LogFault> {
    let Some(path) = path else {
        return Ok(None);
    };
    let mut outside = Outside::open(path)?;
    if let Some(note) = outside.last()? {
        let key = verifier(ring).map_err(|why| LogFault::Broken { detail: why.to_string() })?;
        outside.reached = check_note(conn, &key, &note, size)?;
    }
    Ok(Some(outside))
}

/// Lines of the shortest note: name, entries, root, an empty one, a signature.
const LINES: usize = 5;

/// Whether a text is no more than the beginning of a first note, as a crash may leave it.
fn only_begun(text: &str) -> bool {
    let Some(note) = text.strip_prefix(BETWEEN) else {
        return BETWEEN.starts_with(text);
    };
    !note.contains(BETWEEN) && (!note.ends_with('\n') || note.lines().count() < LINES)
}

fn no_checkpoint(path: &Path) -> LogFault {
    LogFault::File {
        path: path.display().to_string(),
        detail: "there is something in it, and no checkpoint that can be read".to_owned(),
    }
}

/// Holds every note of a file against the log as it is, and counts those that hold. The file is read and
/// never made or added to.
pub(in super::super) fn held_against(conn: &Connection, ring: &Keyring, path: &Path) -> Result<Against, LogFault> {
    let broken = |why: crate::StoreError| LogFault::Broken { detail: why.to_string() };
    let key = verifier(ring).map_err(broken)?;
    let size = size(conn).map_err(broken)?;
    let mut against = Against { held: 0, entries: size, reached: 0, ahead: None };
    let file = File::open(path).map_err(|error| fault(path, &error))?;
    let mut lines = BufReader::new(file);
    let (mut notes, mut piece, mut anything) = (NoteFile::default(), Vec::new(), false);
    loop {
        piece.clear();
        let read = lines
            .by_ref()
            .take(NOTE_BYTES as u64)
            .read_until(b'\n', &mut piece)
            .map_err(|error| fault(path, &error))?;
        anything |= read > 0;
        let part = if read == 0 { notes.end() } else { notes.piece(&piece) };
        // What a crash left half-written was never relied on.
        if let Some(NotePart::Note(note)) = part {
            one(conn, &key, &note.to_string(), &mut against)?;
        }
        if read == 0 {
            break;
        }
    }
    if anything && against.held == 0 && against.ahead.is_none() {
        return Err(no_checkpoint(path));
    }
    Ok(against)
}

/// One note of the file.
fn one(conn: &Connection, key: &VerifierKey, note: &str, against: &mut Against) -> Result<(), LogFault> {
    match check_note(conn, key, note, against.entries) {
        Ok(size) => {
            against.held += 1;
            against.reached = against.reached.max(size);
            Ok(())
        }
        Err(LogFault::Behind { signed, .. }) => {
            against.ahead = Some(against.ahead.map_or(signed, |ahead| ahead.max(signed)));
            Ok(())
        }
        Err(other) => Err(other),
    }
}

fn fault(path: &Path, error: &std::io::Error) -> LogFault {
    LogFault::File { path: path.display().to_string(), detail: error.to_string() }
}

fn sync_folder(path: &Path) -> Result<(), LogFault> {
    #[cfg(unix)]
    {
        let folder = match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| fault(folder, &error))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
