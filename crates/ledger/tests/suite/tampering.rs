//! Every way of tampering with an export by hand is found, and named for what it is. (What the second verifier says of
//! each is in `second.rs`.)

use crate::made::{says, trust, verify};
use crate::tamperings::tamperings;

#[test]
fn every_tampering_is_named() {
    for tampered in tamperings() {
        let verdict = verify(&tampered.lines, trust()).unwrap();
        assert_eq!(says(&verdict), tampered.says, "{}", tampered.what);
        assert!(!verdict.sound(), "{}", tampered.what);
    }
}
