//! Writing the lines of an export (docs/audit-export.md).

use std::collections::VecDeque;

use ledger::export::{Entry, Header, Kept, Shape, checkpoint_line, end_line, entry_line, header_line};
use ledger::{Hash, SignedNote, VerifierKey, inclusion_proof};
use rusqlite::Connection;

use super::{LogFile, LogRow, Stored, StoredBytes, each, log, size};
use crate::{Extent, KeptCheckpoint, StoreError};

/// Checkpoints read at once.
const AT_ONCE: u32 = 100;

/// What an export says of a log besides its entries.
#[derive(Debug, Clone)]
pub struct LogExport {
    /// The log's key.
    pub key: VerifierKey,
    /// Its witnesses.
    pub witnesses: Vec<VerifierKey>,
    /// Checkpoints that they have signed.
    pub witnessed: Vec<SignedNote>,
    /// Whether the encrypted words themselves go into it, and not only their hash.
    pub bytes: bool,
}

/// Takes a line without its end.
type Sink<'a, E> = dyn FnMut(&[u8]) -> Result<(), E> + 'a;

impl LogExport {
    /// Every entry, and every checkpoint in its place.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read, or what the sink says.
    pub fn whole<E: From<StoreError>>(&self, log: &LogFile, sink: &mut Sink<'_, E>) -> Result<(), E> {
        self.to(Extent::All, &log.conn, sink)
    }

    /// The same as far as is asked: what is added while somebody takes a signed one stays out of it.
    pub(in super::super) fn to<E: From<StoreError>>(
        &self,
        extent: Extent,
        conn: &Connection,
        sink: &mut Sink<'_, E>,
    ) -> Result<(), E> {
        let size = match extent {
            Extent::Signed => log::last(conn)?.map_or(0, |last| last.size),
            Extent::All => size(conn)?,
        };
        self.whole_to(conn, size, sink)
    }

    fn whole_to<E: From<StoreError>>(&self, conn: &Connection, size: u64, sink: &mut Sink<'_, E>) -> Result<(), E> {
        sink(self.header(Shape::Whole, size).as_bytes())?;
        let mut checkpoints = Checkpoints { conn, read: VecDeque::new(), after: None, all: false };
        checkpoints.up_to(0, self, sink)?;
        let (mut entries, mut line) = (0, Vec::new());
        each(conn, 0, size, self.bytes, &mut |row: LogRow| {
            write(Shape::Whole, &row, &row.nodes, &mut line);
            entries += 1;
            sink(&line)?;
            checkpoints.up_to(row.index + 1, self, sink)
        })?;
        checkpoints.up_to(u64::MAX, self, sink)?;
        sink(end_line(entries).as_bytes())
    }

    /// These entries, each with its proof. Gives how many of them came after the last checkpoint and
    /// were left out.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read or has no checkpoint, or what the sink says.
    pub fn some<E: From<StoreError>>(&self, log: &LogFile, wanted: &[u64], sink: &mut Sink<'_, E>) -> Result<u64, E> {
        let last = log.last_checkpoint()?.ok_or(StoreError::NotFound { what: "checkpoint" })?;
        let (size, note) = (last.size, self.note(&last)?);
        sink(self.header(Shape::Some, size).as_bytes())?;
        sink(checkpoint_line(&note).as_bytes())?;
        let (mut written, mut line) = (0, Vec::new());
        for index in wanted.iter().copied().take_while(|index| *index < size) {
            let proof = inclusion_proof(&Stored(&log.conn), index, size).map_err(|missing| {
                let detail = missing.to_string();
                StoreError::Damaged { detail }
            })?;
            log.each(index, index + 1, self.bytes, &mut |row: LogRow| {
                write(Shape::Some, &row, &proof, &mut line);
                written += 1;
                sink(&line)
            })?;
        }
        sink(end_line(written).as_bytes())?;
        Ok(wanted.iter().filter(|index| **index >= size).count() as u64)
    }

    /// A kept checkpoint with what witnesses have signed.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is no signed note any more.
    pub fn note(&self, kept: &KeptCheckpoint) -> Result<SignedNote, StoreError> {
        let mut note: SignedNote = kept.note.parse().map_err(|why| StoreError::Damaged {
            detail: format!("the checkpoint of {} entries was changed: {why}", kept.size),
        })?;
        let text = note.text().to_owned();
        for other in self.witnessed.iter().filter(|other| other.text() == text) {
            for line in other.signatures() {
                if self.witnesses.iter().any(|key| key.cosignature(other, line).is_some()) {
                    // More signatures than a note may have are left out.
                    let _ = note.add(line.clone());
                }
            }
        }
        Ok(note)
    }

    fn header(&self, shape: Shape, size: u64) -> String {
        let (key, witnesses) = (self.key.clone(), self.witnesses.clone());
        header_line(&Header { shape, size, key, witnesses })
    }
}

fn write(shape: Shape, row: &LogRow, hashes: &[Hash], line: &mut Vec<u8>) {
    line.clear();
    // A line has no end in it: one that somebody put into a leaf is a change like any other, and
    // shows as one.
    let leaf: Vec<u8> = row.leaf.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }).collect();
    let kept = match &row.stored {
        StoredBytes::None => Kept::LeftOut,
        StoredBytes::Gone => Kept::Gone,
        StoredBytes::Digest(digest) => Kept::Digest(*digest),
        StoredBytes::Bytes(bytes) => Kept::Bytes(bytes),
    };
    let entry = Entry { index: row.index, leaf: &leaf, hashes, kept };
    entry_line(shape, &entry, line);
}

/// The checkpoints of a log in order, a few at a time.
struct Checkpoints<'a> {
    conn: &'a Connection,
    read: VecDeque<KeptCheckpoint>,
    after: Option<u64>,
    all: bool,
}

impl Checkpoints<'_> {
    /// Writes those of at most so many entries.
    fn up_to<E: From<StoreError>>(&mut self, size: u64, export: &LogExport, sink: &mut Sink<'_, E>) -> Result<(), E> {
        loop {
            if self.read.is_empty() && !self.all {
                let next = log::kept(self.conn, self.after, AT_ONCE)?;
                self.after = next.last().map(|last| last.size).or(self.after);
                self.all = next.is_empty();
                self.read.extend(next);
            }
            match self.read.front() {
                Some(next) if next.size <= size => {
                    let note = export.note(next)?;
                    self.read.pop_front();
                    sink(checkpoint_line(&note).as_bytes())?;
                }
                _ => return Ok(()),
            }
        }
    }
}
