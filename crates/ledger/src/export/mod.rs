//! A log as lines of text, and the verification of it in one pass.
//!
//! The format is described for whoever writes a verifier of their own in `docs/audit-export.md`. A
//! *whole* export has every entry from the first one on; one of *some* entries has a proof with each
//! that it is in the log of the checkpoint at its beginning.
//!
//! Writing and reading are streams: one line at a time, and nothing is kept of an entry once its line
//! is done. [`Verifier`] takes the lines one after the other and gives a [`Verdict`]. [`Blocks`] cuts what is read into
//! lines and hashes their entries, which may be done on another thread: the verdict is the same.

mod blocks;
mod edge;
mod finding;
mod found;
mod kept;
mod line;
mod parse;
mod trust;
mod verdict;
mod verify;
mod words;

pub use blocks::{Block, Blocks};
pub use finding::Finding;
pub use line::{Entry, Header, Kept, Shape, checkpoint_line, end_line, entry_line, header_line};
pub use trust::{BadLine, Trust};
pub use verdict::{Verdict, Witnessed};
pub use verify::{FINDINGS, Verifier};

/// The version of the format that is written, and the only one that is read.
pub const VERSION: u64 = 1;

/// The longest line in bytes, its end left out: bytes of an entry of 4 MiB as base64 and room for the rest.
pub const LINE_BYTES: usize = 6 * 1024 * 1024;
