//! The tree, notes, proofs and exports: against published vectors and other crates, and against change.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

mod export;
mod made;
mod memory;
mod notes;
mod proofs;
mod second;
mod tampering;
mod tamperings;
mod tree;
