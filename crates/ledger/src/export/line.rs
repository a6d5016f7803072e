//! Writing the lines of an export.

use crate::export::VERSION;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::SignedNote;
use crate::spelling;

/// What an export holds of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Every entry, from the first one to the size named.
    Whole,
    /// Some entries, each with a proof to the checkpoint at the beginning.
    Some,
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Every entry or some.
    pub shape: Shape,
    /// Entries of the log when the export was begun.
    pub size: u64,
    /// The log's key, as the exporter has it. Who verifies should know it from elsewhere.
    pub key: VerifierKey,
    /// Witnesses whose signatures are under the checkpoints.
    pub witnesses: Vec<VerifierKey>,
}

/// What is exported of the bytes that an entry speaks for but does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept<'a> {
    /// Nothing: the entry speaks for none, or they are left out.
    LeftOut,
    /// Their SHA-256 as they are stored now.
    Digest([u8; 32]),
    /// The bytes as they are stored now.
    Bytes(&'a [u8]),
    /// The entry speaks for bytes, and none are stored.
    Gone,
}

/// An entry to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its place, counted from 0.
    pub index: u64,
    /// Its bytes as they were hashed: one line that begins with `{` and ends with `}`.
    pub leaf: &'a [u8],
    /// In a whole export the hashes of the nodes that it completes, as they are stored, from its own
    /// upwards. In one of some entries its proof.
    pub hashes: &'a [Hash],
    /// What it speaks for.
    pub kept: Kept<'a>,
}

/// The first line, without its end.
pub fn header_line(header: &Header) -> String {
    let (shape, key, size) = (header.shape.word(), &header.key, header.size);
    let witnesses = list(header.witnesses.iter().map(ToString::to_string));
    format!(
        "{{\"waymark-audit-export\":{VERSION},\"entries\":\"{shape}\",\"size\":{size},\"key\":{},\"witnesses\":{witnesses}}}",
        quoted(&key.to_string())
    )
}

/// Writes the line of an entry, without its end.
pub fn entry_line(shape: Shape, entry: &Entry<'_>, out: &mut Vec<u8>) {
    let hashes = list(entry.hashes.iter().map(ToString::to_string));
    let (index, name) = (entry.index, shape.hashes());
    out.extend_from_slice(format!("{{\"entry\":{index},\"{name}\":{hashes},").as_bytes());
    match entry.kept {
        Kept::LeftOut => {}
        Kept::Gone => out.extend_from_slice(b"\"kept\":null,"),
        Kept::Digest(digest) => {
            let line = format!("\"kept\":\"{}\",", spelling::hex(&digest));
            out.extend_from_slice(line.as_bytes());
        }
        Kept::Bytes(bytes) => {
            let line = format!("\"bytes\":\"{}\",", spelling::encode(bytes));
            out.extend_from_slice(line.as_bytes());
        }
    }
    out.extend_from_slice(b"\"leaf\":");
    out.extend_from_slice(entry.leaf);
    out.push(b'}');
}

/// The line of a checkpoint, without its end. In a whole export it stands after the last of the entries it
/// speaks for; one that speaks for more than there are stands after them all.
pub fn checkpoint_line(note: &SignedNote) -> String {
    let note = note.to_string();
    let lines = note.strip_suffix('\n').unwrap_or(&note).split('\n');
    format!("{{\"checkpoint\":{}}}", list(lines.map(str::to_owned)))
}

/// The last line, without its end: how many lines of entries stand before it.
pub fn end_line(entries: u64) -> String {
    format!("{{\"end\":{entries}}}")
}

impl Shape {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Some => "some",
        }
    }

    /// What the hashes of an entry are called.
    pub(super) const fn hashes(self) -> &'static str {
        match self {
            Self::Whole => "nodes",
            Self::Some => "proof",
        }
    }
}

fn list(texts: impl Iterator<Item = String>) -> String {
    let quoted: Vec<String> = texts.map(|text| quoted(&text)).collect();
    format!("[{}]", quoted.join(","))
}

/// A JSON string. Names may hold quotation marks and backslashes; control characters never get here.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
