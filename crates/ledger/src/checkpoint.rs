//! The head of a log, signed by the log and by those who watch it.

use crate::hash::Hash;
use crate::key::{KeyKind, SigningKey, VerifierKey};
use crate::note::{NoteError, Signature, SignedNote};

/// The head of a log: how many entries, and one hash for all of them (C2SP tlog-checkpoint).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log. The same as the name of the log's key.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The hash over them.
    pub root: Hash,
}

/// Why a note is not a checkpoint of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A note about something else.
    #[error("the note is not a checkpoint: its three lines are the log, its size and its hash")]
    Form,
    /// Of another log.
    #[error("the checkpoint is of the log “{found}”, not of “{wanted}”")]
    Origin {
        /// The log it is of.
        found: String,
        /// The log asked for.
        wanted: String,
    },
    /// Signed, but with another key.
    #[error("the key is another one: the checkpoint of {size} entries is not signed with {key}")]
    Key {
        /// The size it speaks of.
        size: u64,
        /// The name and id of the key asked for.
        key: String,
    },
    /// A signature that does not belong to this text.
    #[error("the signature under the checkpoint of {size} entries does not fit what stands above it")]
    Signature {
        /// The size it speaks of.
        size: u64,
    },
}

/// What a witness signed, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cosignature {
    /// Seconds since 1970, as the witness's clock had it.
    pub time: u64,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// Reads the text of a checkpoint. Lines after the third are allowed and have no meaning here.
    ///
    /// # Errors
    /// [`CheckpointError::Form`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let form = || CheckpointError::Form;
        let mut lines = text.strip_suffix('\n').ok_or_else(form)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(form());
        };
        let read: u64 = size.parse().map_err(|_| form())?;
        // One spelling only: no plus, no zeroes in front.
        if origin.is_empty() || read.to_string() != size || lines.any(str::is_empty) {
            return Err(form());
        }
        Ok(Self { origin: origin.to_owned(), size: read, root: root.parse().map_err(|_| form())? })
    }

    /// Signs it with the key of the log.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`] when the key is another log's.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedNote, CheckpointError> {
        self.of(key.verifier())?;
        let text = self.text();
        let signature = Signature {
            name: key.verifier().name().to_owned(),
            id: key.verifier().id(),
            bytes: key.sign(text.as_bytes()).to_vec(),
        };
        Ok(SignedNote::new(text, vec![signature])?)
    }

    /// The checkpoint of a note, after its signature by the log's key was checked.
    ///
    /// # Errors
    /// [`CheckpointError`], naming what is wrong.
    pub fn open(note: &SignedNote, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(note.text())?;
        checkpoint.of(key)?;
        let size = checkpoint.size;
        let mut signed = false;
        for signature in note.signatures().iter().filter(|line| key.marked(line)) {
            let bytes: Option<&[u8; 64]> = signature.bytes.as_slice().try_into().ok();
            if !bytes.is_some_and(|bytes| key.holds(note.text().as_bytes(), bytes)) {
                return Err(CheckpointError::Signature { size });
            }
            signed = true;
        }
        if signed {
            Ok(checkpoint)
        } else {
            let key = format!("{}+{:08x}", key.name(), key.id());
            Err(CheckpointError::Key { size, key })
        }
    }

    fn of(&self, key: &VerifierKey) -> Result<(), CheckpointError> {
        if key.kind() == KeyKind::Log && self.origin == key.name() {
            return Ok(());
        }
        Err(CheckpointError::Origin { found: self.origin.clone(), wanted: key.name().to_owned() })
    }
}

impl SigningKey {
    /// Signs a note as a witness that saw it at this time, in seconds since 1970
    /// (C2SP cosignature/v1). Whether the log only grew is for the witness to check first.
    pub fn cosign(&self, note: &SignedNote, time: u64) -> Signature {
        let mut bytes = time.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.sign(&cosigned(note, time)));
        Signature { name: self.verifier().name().to_owned(), id: self.verifier().id(), bytes }
    }
}

impl VerifierKey {
    /// What this witness's signature under the note says. `None` when there is none, or one
    /// that does not fit the note.
    pub fn cosigned(&self, note: &SignedNote) -> Option<Cosignature> {
        let lines = note.signatures().iter().filter(|line| self.marked(line));
        lines.filter_map(|line| self.cosignature(note, line)).next()
    }

    /// What one line of signature by this witness says of the note.
    pub fn cosignature(&self, note: &SignedNote, line: &Signature) -> Option<Cosignature> {
        if self.kind() != KeyKind::Witness || !self.marked(line) {
            return None;
        }
        let (time, signature) = line.bytes.split_first_chunk::<8>()?;
        let time = u64::from_be_bytes(*time);
        let signature: &[u8; 64] = signature.try_into().ok()?;
        // The limit is the specification's.
        let whole = time <= i64::MAX as u64 && self.holds(&cosigned(note, time), signature);
        whole.then_some(Cosignature { time })
    }
}

fn cosigned(note: &SignedNote, time: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{}", note.text()).into_bytes()
}
