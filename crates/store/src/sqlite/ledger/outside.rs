//! Signed heads in a file elsewhere, that whoever can change the database cannot change with it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use ledger::{Checkpoint, NOTE_BYTES, NoteFile, NotePart, SignedNote, VerifierKey};
use rusqlite::Connection;

use super::super::writer::Tx;
use super::seal::Elsewhere;
use super::{check_note, size, verifier};
use crate::keys::Keyring;
use crate::{Against, KeptCheckpoint, LogFault, StoreError};

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

    /// Where it is, and how many entries it speaks for.
    pub(in super::super) fn reaches(&self) -> (PathBuf, u64) {
        (self.path.clone(), self.reached)
    }
}

/// The last whole note of a file. What a crash left half-written after it is passed over: it was never relied on, and the next note
/// begins with the separator.
fn last(file: &mut File, path: &Path) -> Result<Option<String>, LogFault> {
    let fault = |error| fault(path, &error);
    let length = file.metadata().map_err(fault)?.len();
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(3 * NOTE_BYTES as u64)))
        .and_then(|_| file.read_to_end(&mut bytes))
        .map_err(fault)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut notes = text.rsplit(BETWEEN).map(|note| note.trim_start_matches('\n'));
    match notes.find(|note| note.parse::<SignedNote>().is_ok()) {
        Some(note) => Ok(Some(note.to_owned())),
        None if only_begun(&text) => Ok(None),
        None => Err(no_checkpoint(path)),
    }
}

/// What a file is called in the database, from wherever the program is started.
fn called(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.into()).display().to_string()
}

/// That the file elsewhere has what the program wrote into it. Another file is another matter: whoever sets one begins it.
///
/// # Errors
/// [`LogFault::Elsewhere`]: it is not there, was emptied, or an older one was put in its place.
pub(in super::super) fn still_there(conn: &Connection, path: &Path) -> Result<(), LogFault> {
    let noted = super::seal::noted_elsewhere(conn).map_err(|why| LogFault::Broken { detail: why.to_string() })?;
    let Some(noted) = noted.filter(|noted| noted.file == called(path)) else {
        return Ok(());
    };
    let reaches = match File::open(path) {
        Ok(mut file) => last(&mut file, path)?,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => None,
        Err(why) => return Err(fault(path, &why)),
    };
    let note: Option<SignedNote> = reaches.and_then(|note| note.parse().ok());
    let reaches = note.and_then(|note| Checkpoint::parse(note.text()).ok()).map_or(0, |read| read.size);
    if reaches < noted.reaches {
        return Err(LogFault::Elsewhere { file: noted.file, written: noted.reaches, reaches });
    }
    Ok(())
}

/// Notes that the file elsewhere has a checkpoint that reaches so far.
pub(in super::super) fn is_elsewhere(tx: &Tx, path: &Path, reaches: u64) -> Result<(), StoreError> {
    let is = Elsewhere { file: called(path), reaches };
    if super::seal::noted_elsewhere(tx)?.as_ref() == Some(&is) {
        return Ok(());
    }
    super::seal::elsewhere(tx, &tx.ring, tx.tail.borrow().head(), is)
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
    // Before it is made: one that is not there any more is not begun anew.
    if !path.try_exists().unwrap_or(true) {
        still_there(conn, path)?;
    }
    let mut outside = Outside::open(path)?;
    if let Some(note) = last(&mut outside.file, path)? {
        let key = verifier(ring).map_err(|why| LogFault::Broken { detail: why.to_string() })?;
        outside.reached = check_note(conn, &key, &note, size)?;
    }
    still_there(conn, path)?;
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
    let broken = |why: StoreError| LogFault::Broken { detail: why.to_string() };
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

pub(super) fn sync_folder(path: &Path) -> Result<(), LogFault> {
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
