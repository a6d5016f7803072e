//! Proofs of single entries, and what witnesses are sent.

use ledger::{EntryProof, EntryProofError, consistency_proof, inclusion_proof, read_witness_request, witness_request};

use crate::made::{cosigned, leaf, log, signed};
use crate::memory::log_key;

fn proof(index: u64) -> EntryProof {
    let log = log(11);
    let hashes = inclusion_proof(&log, index, 11).unwrap();
    EntryProof { leaf: leaf(index), index, hashes, note: cosigned(&log, 11) }
}

#[test]
fn a_proof_stands_for_itself() {
    for index in 0..11 {
        let text = proof(index).to_string();
        let read: EntryProof = text.parse().unwrap();
        assert_eq!(read, proof(index));
        assert_eq!(read.verify(log_key(1).verifier()).unwrap().size, 11);
        assert!(read.verify(log_key(2).verifier()).is_err());
    }
    let text = proof(3).to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra ey"), "{text}");
    let moved = text.replace("index 3", "index 4").parse::<EntryProof>().unwrap();
    let error = moved.verify(log_key(1).verifier()).unwrap_err();
    assert!(matches!(error, EntryProofError::Proof { index: 4, .. }), "{error}");
}

#[test]
fn every_changed_byte_of_a_proof_is_found() {
    let text = proof(6).to_string();
    // The signature of a witness is for those who know the witness: it ends the text.
    let signed = text.find("— witness").unwrap();
    for at in 0..signed {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let Ok(changed) = String::from_utf8(bytes) else {
            continue;
        };
        let taken = changed.parse::<EntryProof>().is_ok_and(|read| read.verify(log_key(1).verifier()).is_ok());
        assert!(!taken, "byte {at}: {changed}");
    }
}

#[test]
fn a_request_to_a_witness_is_read_as_it_was_written() {
    let log = log(11);
    for old in 0..=11 {
        let proof = consistency_proof(&log, old, 11).unwrap();
        let note = signed(&log, 11, 1);
        let text = witness_request(old, &proof, &note);
        assert!(text.starts_with(&format!("old {old}\n")));
        assert_eq!(read_witness_request(&text), Some((old, proof, note)));
    }
    for wrong in ["", "old 0\n", "old 00\n\nx", "old 1\nxx\n\nnote"] {
        assert_eq!(read_witness_request(wrong), None);
    }
}
