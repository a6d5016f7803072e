//! Every way of tampering with an export by hand is found, and named for what it is. (What the second verifier says of
//! each is in `second.rs`.)

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

mod common;
#[path = "common/export.rs"]
mod made;
#[path = "common/tamperings.rs"]
mod tamperings;

use made::{says, trust, verify};
use tamperings::tamperings;

#[test]
fn every_tampering_is_named() {
    for tampered in tamperings() {
        let verdict = verify(&tampered.lines, trust()).unwrap();
        assert_eq!(says(&verdict), tampered.says, "{}", tampered.what);
        assert!(!verdict.sound(), "{}", tampered.what);
    }
}
