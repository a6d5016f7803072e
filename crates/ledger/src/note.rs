//! Signed notes: a text and the signatures under it (C2SP signed-note).

use std::fmt;
use std::str::FromStr;

use crate::key::check_name;
use crate::spelling;

/// The longest note that is read, in bytes. A checkpoint with 16 witnesses has about 2,500.
pub const NOTE_BYTES: usize = 64 * 1024;

/// Signatures of one note at most.
pub const NOTE_SIGNATURES: usize = 100;

/// Why something is not a signed note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Over one of the limits.
    #[error("the note is too long: at most {NOTE_BYTES} bytes and {NOTE_SIGNATURES} signatures")]
    TooLong,
    /// Not text, or control characters in it.
    #[error("the note is not plain text")]
    NotText,
    /// No blank line with signatures after it.
    #[error("the note has no signature under it")]
    NoSignature,
    /// A line where a signature should be.
    #[error("what stands where a signature should be is not one")]
    Signature,
}

/// A line of signature under a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub id: u32,
    /// What was signed with it; for a witness the time comes before it.
    pub bytes: Vec<u8>,
}

impl FromStr for Signature {
    type Err = NoteError;

    /// Reads a line without its end.
    fn from_str(line: &str) -> Result<Self, NoteError> {
        let bad = NoteError::Signature;
        let (name, sealed) = line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or(bad)?;
        check_name(name).map_err(|_| bad)?;
        let sealed = spelling::decode(sealed.as_bytes()).ok_or(bad)?;
        let (id, bytes) = sealed.split_first_chunk::<4>().ok_or(bad)?;
        if bytes.is_empty() {
            return Err(bad);
        }
        Ok(Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sealed = self.id.to_be_bytes().to_vec();
        sealed.extend_from_slice(&self.bytes);
        write!(f, "— {} {}", self.name, spelling::encode(&sealed))
    }
}

/// A text and the signatures under it. Says nothing about whether they are right:
/// [`Checkpoint::open`](crate::Checkpoint::open) does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<Signature>,
}

impl SignedNote {
    /// A note from its parts; the text ends with an end of line.
    ///
    /// # Errors
    /// [`NoteError`] for what no reader would take.
    pub fn new(text: String, signatures: Vec<Signature>) -> Result<Self, NoteError> {
        if text.chars().any(|c| c < ' ' && c != '\n') || !text.ends_with('\n') {
            return Err(NoteError::NotText);
        }
        if signatures.is_empty() {
            return Err(NoteError::NoSignature);
        }
        if signatures.len() > NOTE_SIGNATURES || text.len() > NOTE_BYTES {
            return Err(NoteError::TooLong);
        }
        Ok(Self { text, signatures })
    }

    /// What was signed, with the end of its last line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature unless the note has the same one already.
    ///
    /// # Errors
    /// [`NoteError::TooLong`] when there are too many.
    pub fn add(&mut self, signature: Signature) -> Result<(), NoteError> {
        if self.signatures.contains(&signature) {
            return Ok(());
        }
        if self.signatures.len() >= NOTE_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        self.signatures.push(signature);
        Ok(())
    }
}

impl FromStr for SignedNote {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES {
            return Err(NoteError::TooLong);
        }
        // The text may have empty lines of its own: the last one ends it.
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::NoSignature)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignature)?;
        if lines.split('\n').count() > NOTE_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        let signatures = lines.split('\n').map(str::parse).collect::<Result<_, _>>()?;
        Self::new(format!("{text}\n"), signatures)
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}
