//! Checkpoints, signatures and keys: against published notes, against another crate, and against change.

use ledger::{
    Checkpoint, CheckpointError, Hash, KeyError, KeyKind, NOTE_SIGNATURES, NoteError, Signature, SignedNote,
    SigningKey, VerifierKey,
};
use proptest::prelude::*;
use signed_note::{Note, StandardVerifier, VerifierList};

use crate::memory::{log_key, witness_key};

/// The note that the documentation of the format's first implementation has.
const PUBLISHED: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint { origin: "log.example/waymark".to_owned(), size, root: ledger::leaf_hash(&size.to_be_bytes()) }
}

#[test]
fn the_published_note_is_read_and_written_the_same() {
    let note: SignedNote = PUBLISHED.parse().unwrap();
    assert_eq!(note.to_string(), PUBLISHED);
    assert_eq!(note.signatures()[0].name, "PeterNeumann");
    assert_eq!(note.signatures()[0].id, 0xc74f_20a3);
    let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let read: VerifierKey = key.parse().unwrap();
    assert_eq!(read.to_string(), key);
    assert!(read.marked(&note.signatures()[0]));
}

#[test]
fn a_checkpoint_has_the_published_form() {
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let read = Checkpoint::parse(text).unwrap();
    assert_eq!((read.origin.as_str(), read.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(read.text(), text);
    assert!(Checkpoint::parse(&format!("{text}something more\n")).is_ok());
    let root = Hash::of_nothing();
    let wrong = [
        String::new(),
        text.trim_end().to_owned(),
        format!("\n0\n{root}\n"),
        format!("a\n00\n{root}\n"),
        format!("a\n+1\n{root}\n"),
        format!("a\n-1\n{root}\n"),
        format!("a\n18446744073709551616\n{root}\n"),
        format!("a\n0\n{}\n", &root.to_string()[1..]),
        format!("a\n0\n{}\n", root.to_string().replace('=', "")),
        format!("a\n0\n{root}\n\n"),
        "a\n0\n".to_owned(),
    ];
    for text in wrong {
        assert_eq!(Checkpoint::parse(&text), Err(CheckpointError::Form), "{text:?}");
    }
}

#[test]
fn a_signed_checkpoint_opens_with_its_own_key_alone() {
    let note = checkpoint(7).sign(&log_key(1)).unwrap();
    assert_eq!(Checkpoint::open(&note, log_key(1).verifier()).unwrap(), checkpoint(7));
    let error = Checkpoint::open(&note, log_key(2).verifier()).unwrap_err();
    assert!(matches!(error, CheckpointError::Key { size: 7, .. }), "{error}");
    let elsewhere = SigningKey::new("log.example/other", KeyKind::Log, &[1; 32]).unwrap();
    let error = Checkpoint::open(&note, elsewhere.verifier()).unwrap_err();
    assert!(matches!(error, CheckpointError::Origin { .. }), "{error}");
    assert!(checkpoint(7).sign(&elsewhere).is_err());
    assert!(checkpoint(7).sign(&witness_key(1)).is_err());

    // Another text under the same signature.
    let moved = SignedNote::new(checkpoint(8).text(), note.signatures().to_vec()).unwrap();
    let error = Checkpoint::open(&moved, log_key(1).verifier()).unwrap_err();
    assert_eq!(error, CheckpointError::Signature { size: 8 });
}

#[test]
fn a_witness_signs_what_it_saw_and_when() {
    let mut note = checkpoint(7).sign(&log_key(1)).unwrap();
    let witness = witness_key(9);
    assert_eq!(witness.verifier().cosigned(&note), None);
    let line = witness.cosign(&note, 1_679_315_147);
    note.add(line.clone()).unwrap();
    note.add(line.clone()).unwrap();
    assert_eq!(note.signatures().len(), 2);
    let note: SignedNote = note.to_string().parse().unwrap();
    let says = witness.verifier().cosigned(&note).unwrap();
    assert_eq!(says.time, 1_679_315_147);
    assert_eq!(Checkpoint::open(&note, log_key(1).verifier()).unwrap(), checkpoint(7));

    // The message is the one of the specification, word for word.
    let message = format!("cosignature/v1\ntime 1679315147\n{}", checkpoint(7).text());
    let key = ed25519_dalek::VerifyingKey::from_bytes(witness.verifier().public()).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&line.bytes[8..]).unwrap();
    key.verify_strict(message.as_bytes(), &signature).unwrap();
    assert_eq!(line.bytes[..8], 1_679_315_147_u64.to_be_bytes());

    // Another time, another note, another witness.
    let mut later = line.clone();
    later.bytes[7] += 1;
    assert_eq!(witness.verifier().cosignature(&note, &later), None);
    let other = checkpoint(8).sign(&log_key(1)).unwrap();
    assert_eq!(witness.verifier().cosignature(&other, &line), None);
    assert_eq!(witness_key(8).verifier().cosigned(&note), None);
}

#[test]
fn what_is_no_key_is_refused_with_why() {
    let good = log_key(1).verifier().to_string();
    let check = |text: &str, why: KeyError| {
        assert_eq!(text.parse::<VerifierKey>().unwrap_err(), why, "{text}");
    };
    assert_eq!(good.parse::<VerifierKey>().unwrap(), *log_key(1).verifier());
    check("", KeyError::Form);
    check("name+id", KeyError::Form);
    check(&good.replace("log.", "lag."), KeyError::Id);
    check(&good[..good.len() - 1], KeyError::Form);
    check("+00000000+AQ==", KeyError::Form);
    check("a+00000000+CQ==", KeyError::Kind);
    let zero = [0; 32];
    assert_eq!(VerifierKey::new("a", KeyKind::Log, &zero).unwrap_err(), KeyError::Weak);
    for name in ["", "a b", "a+b", "a\u{a0}b", "a\nb"] {
        let error = VerifierKey::new(name, KeyKind::Log, log_key(1).verifier().public());
        assert_eq!(error.unwrap_err(), KeyError::Name, "{name:?}");
    }
    assert!(!format!("{:?}", log_key(1)).contains("AQEBAQ"));
}

#[test]
fn limits_of_notes_are_kept() {
    let line = |n: usize| Signature { name: format!("n{n}"), id: 1, bytes: vec![1] };
    let many: Vec<Signature> = (0..NOTE_SIGNATURES).map(line).collect();
    let mut note = SignedNote::new("a\n".to_owned(), many).unwrap();
    let text = note.to_string();
    assert_eq!(text.parse::<SignedNote>().unwrap(), note);
    assert_eq!(note.add(line(NOTE_SIGNATURES)), Err(NoteError::TooLong));
    let longer = format!("{text}{}\n", line(NOTE_SIGNATURES));
    assert_eq!(longer.parse::<SignedNote>(), Err(NoteError::TooLong));
    let long = format!("{}\n\n— a AAAAAQE=\n", "a".repeat(ledger::NOTE_BYTES));
    assert_eq!(long.parse::<SignedNote>(), Err(NoteError::TooLong));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Another implementation takes our notes and keys, and we read what it writes.
    #[test]
    fn another_crate_agrees(seed in any::<[u8; 32]>(), size in any::<u64>(), root in any::<[u8; 32]>()) {
        let key = SigningKey::new("log.example/waymark", KeyKind::Log, &seed).unwrap();
        let head = Checkpoint { origin: "log.example/waymark".to_owned(), size, root: Hash::new(root) };
        let note = head.sign(&key).unwrap();
        let theirs = Note::from_bytes(note.to_string().as_bytes()).unwrap();
        let verifier = StandardVerifier::new(&key.verifier().to_string()).unwrap();
        let (good, other) = theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
        prop_assert_eq!((good.len(), other.len()), (1, 0));
        let back = String::from_utf8(theirs.to_bytes()).unwrap();
        prop_assert_eq!(Checkpoint::open(&back.parse().unwrap(), key.verifier()).unwrap(), head);
    }

    /// What one crate reads as a note, the other does, and a change of one byte is never taken.
    #[test]
    fn a_changed_note_is_refused_or_says_the_same(at in any::<prop::sample::Index>(), to in 1..=255_u8) {
        let whole = checkpoint(1_234_567).sign(&log_key(1)).unwrap().to_string();
        let mut bytes = whole.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= to;
        let theirs = Note::from_bytes(&bytes);
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()); };
        let ours = text.parse::<SignedNote>();
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?}", text);
        if let Ok(note) = ours {
            prop_assert!(Checkpoint::open(&note, log_key(1).verifier()).is_err(), "{:?}", text);
        }
    }
}

/// Whatever pieces a file comes in, its notes are the same.
#[test]
fn a_file_of_notes_is_read_in_any_pieces() {
    let half = &PUBLISHED[..100];
    let long = "x".repeat(5 * ledger::NOTE_BYTES);
    for (file, notes, broken) in [
        (String::new(), 0, 0),
        ("\n\n----\n----\n\n".to_owned(), 0, 0),
        (PUBLISHED.to_owned(), 1, 0),
        (format!("\n----\n{PUBLISHED}\n----\n{PUBLISHED}"), 2, 0),
        (format!("----\n{PUBLISHED}----\n\n\n{PUBLISHED}\n\n---"), 2, 0),
        (format!("{PUBLISHED}----"), 1, 0),
        (format!("----\n{half}\n----\n{PUBLISHED}"), 1, 1),
        (format!("----\n{PUBLISHED}\n----\n{half}"), 1, 1),
        // Its end is not there, so nor may the rest of it be.
        (format!("----\n{}", PUBLISHED.trim_end()), 0, 1),
        (format!("{long}\n----\n{PUBLISHED}"), 1, 1),
        // Only a line of its own stands between two notes.
        (format!("{long}----\n{PUBLISHED}"), 0, 1),
        (PUBLISHED.replace('\n', "\r\n"), 0, 1),
    ] {
        for most in [1, 7, ledger::NOTE_BYTES] {
            let mut reading = ledger::NoteFile::default();
            let mut parts = Vec::new();
            for line in file.as_bytes().split_inclusive(|byte| *byte == b'\n') {
                for piece in line.chunks(most) {
                    parts.extend(reading.piece(piece));
                }
            }
            parts.extend(reading.end());
            let bad = parts.iter().filter(|part| **part == ledger::NotePart::Broken);
            let bad = bad.count();
            let shown: String = file.chars().take(60).collect();
            assert_eq!((parts.len() - bad, bad), (notes, broken), "{most}: {shown}");
        }
    }
}
