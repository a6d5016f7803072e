//! Signed heads: in the database, and in a file elsewhere that whoever can change the database cannot
//! change with it.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ledger::{Checkpoint, KeyKind, NOTE_BYTES, SignedNote, SigningKey, VerifierKey};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::rows::{At, signed, unsigned};
use super::super::writer::Tx;
use super::frontier;
use crate::keys::{Keyring, hex};
use crate::{KeptCheckpoint, LogFault, StoreError, limits};

/// The name of the log and of its key: the database it is of.
fn origin(ring: &Keyring) -> String {
    format!("waymark/{}", hex(&ring.database()))
}

fn signing(ring: &Keyring) -> Result<SigningKey, StoreError> {
    let unusable = || StoreError::Unreadable {
        what: "key of the log",
    };
    let seed = ring.log_seed().ok_or_else(unusable)?;
    SigningKey::new(&origin(ring), KeyKind::Log, seed.as_bytes()).map_err(|_| unusable())
}

/// What signatures of this log are checked with.
pub(in super::super) fn verifier(ring: &Keyring) -> Result<VerifierKey, StoreError> {
    Ok(signing(ring)?.verifier().clone())
}

/// Signs the head as it was committed before this transaction: what a checkpoint speaks of is on the
/// disk before the checkpoint is.
pub(in super::super) fn sign(tx: &Tx, now: Timestamp) -> Result<KeptCheckpoint, StoreError> {
    let head = tx.tail.borrow().head();
    if let Some(last) = last(tx)?.filter(|last| last.size == head.size) {
        return Ok(last);
    }
    let unsigned = |why: String| StoreError::Refused { detail: why };
    let checkpoint = Checkpoint {
        origin: origin(&tx.ring),
        size: head.size,
        root: head.root,
    };
    let note = checkpoint
        .sign(&signing(&tx.ring)?)
        .map_err(|why| unsigned(why.to_string()))?;
    let kept = KeptCheckpoint {
        size: head.size,
        at: now,
        note: note.to_string(),
    };
    let sql = "INSERT INTO checkpoints (size, at, note) VALUES (?1, ?2, ?3)";
    tx.prepare_cached(sql)?
        .execute(params![signed(kept.size), At(now), kept.note])?;
    Ok(kept)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<KeptCheckpoint> {
    Ok(KeptCheckpoint {
        size: unsigned(row.get(0)?),
        at: row.get::<_, At>(1)?.0,
        note: row.get(2)?,
    })
}

/// The newest checkpoint.
pub(in super::super) fn last(conn: &Connection) -> Result<Option<KeptCheckpoint>, StoreError> {
    let sql = "SELECT size, at, note FROM checkpoints ORDER BY size DESC LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([], read).optional()?)
}

/// Checkpoints in order: at most `limit` of more than `after` entries.
pub(in super::super) fn kept(
    conn: &Connection,
    after: Option<u64>,
    limit: u32,
) -> Result<Vec<KeptCheckpoint>, StoreError> {
    let sql = "SELECT size, at, note FROM checkpoints WHERE size > ?1 ORDER BY size LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let after = after.map_or(-1, signed);
    let rows = statement.query_map(params![after, limit.min(limits::PAGE)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Holds a signed head against the log as it is. Gives the size it speaks for.
pub(in super::super) fn check_note(
    conn: &Connection,
    key: &VerifierKey,
    note: &str,
    size: u64,
) -> Result<u64, LogFault> {
    let other = |said: u64, detail: String| LogFault::OtherKey { size: said, detail };
    let note: SignedNote = note.parse().map_err(|why| other(0, format!("{why}")))?;
    let said = Checkpoint::parse(note.text()).map_or(0, |read| read.size);
    let checkpoint = Checkpoint::open(&note, key).map_err(|why| other(said, why.to_string()))?;
    if checkpoint.size > size {
        return Err(LogFault::Behind {
            found: size,
            signed: checkpoint.size,
        });
    }
    let then = frontier(conn, checkpoint.size).map_err(|why| LogFault::Broken {
        detail: why.to_string(),
    })?;
    if then.root() != checkpoint.root {
        return Err(LogFault::Changed {
            size: checkpoint.size,
        });
    }
    Ok(checkpoint.size)
}

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
        Ok(Self {
            path: path.into(),
            file,
            reached: 0,
        })
    }

    /// The last whole note of the file. What a crash left half-written after it is passed over: it was
    /// never relied on, and the next note begins with the separator.
    fn last(&mut self) -> Result<Option<String>, LogFault> {
        let fault = |error| fault(&self.path, &error);
        let length = self.file.metadata().map_err(fault)?.len();
        let mut bytes = Vec::new();
        self.file
            .seek(SeekFrom::Start(
                length.saturating_sub(3 * NOTE_BYTES as u64),
            ))
            .and_then(|_| self.file.read_to_end(&mut bytes))
            .map_err(fault)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut notes = text
            .rsplit(BETWEEN)
            .map(|note| note.trim_start_matches('\n'));
        Ok(notes
            .find(|note| note.parse::<SignedNote>().is_ok())
            .map(str::to_owned))
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
        let key = verifier(ring).map_err(|why| LogFault::Broken {
            detail: why.to_string(),
        })?;
        outside.reached = check_note(conn, &key, &note, size)?;
    }
    Ok(Some(outside))
}

fn fault(path: &Path, error: &std::io::Error) -> LogFault {
    LogFault::File {
        path: path.display().to_string(),
        detail: error.to_string(),
    }
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
