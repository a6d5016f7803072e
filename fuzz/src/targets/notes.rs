//! Checkpoints, signed notes, keys, hashes and proofs of the log: whatever comes in from elsewhere.
//!
//! What is read is written again and must be the same; what was changed must not pass for signed.

use ledger::{
    Checkpoint, Hash, KeyKind, SignedNote, SigningKey, VerifierKey, leaf_hash, verify_consistency, verify_inclusion,
};

use super::{Target, Was};
use crate::mutate::{self, Chance};

/// Readers of the log's texts.
pub struct Notes {
    key: VerifierKey,
    /// Good ones of every kind.
    good: Vec<String>,
    signed: Vec<String>,
    chance: Chance,
}

impl Notes {
    pub fn new(seed: u64) -> Self {
        let key = SigningKey::new("log.example/waymark", KeyKind::Log, &[7; 32]).unwrap();
        let witness = SigningKey::new("witness.example/w", KeyKind::Witness, &[8; 32]).unwrap();
        let signed: Vec<String> = [0, 1, 20_852_163]
            .iter()
            .map(|size| {
                let checkpoint = Checkpoint {
                    origin: "log.example/waymark".to_owned(),
                    size: *size,
                    root: leaf_hash(&size.to_be_bytes()),
                };
                let mut note = checkpoint.sign(&key).unwrap();
                let cosigned = witness.cosign(&note, 1_700_000_000);
                note.add(cosigned).unwrap();
                note.to_string()
            })
            .collect();
        let mut good = signed.clone();
        good.extend([key.verifier().to_string(), witness.verifier().to_string(), leaf_hash(b"x").to_string()]);
        good.extend(signed.iter().map(|note| note.split("\n\n").next().unwrap_or_default().to_owned() + "\n"));
        Self { key: key.verifier().clone(), good, signed, chance: Chance::new(seed ^ 5) }
    }

    fn note(&self, text: &str) -> Option<Was> {
        let note = text.parse::<SignedNote>().ok()?;
        if note.to_string() != text {
            return Some(Was::Wrong("a note is written otherwise than it was read".to_owned()));
        }
        if let Ok(checkpoint) = Checkpoint::open(&note, &self.key) {
            let same = |signed: &String| signed.parse::<SignedNote>().is_ok_and(|known| known.text() == note.text());
            if !self.signed.iter().any(same) {
                return Some(Was::Wrong(format!("a changed text passes for signed: {checkpoint:?}")));
            }
        }
        Some(Was::Taken)
    }
}

/// Numbers and hashes of a proof, taken from the bytes.
fn proofs(input: &[u8]) -> Option<String> {
    let number = |at: usize| input.get(at..at + 8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap()));
    let (index, size) = (number(0)?, number(8)?);
    let hashes: Vec<Hash> = input[16..].chunks(32).take(70).map(leaf_hash).collect();
    let (leaf, root) = (leaf_hash(b"leaf"), leaf_hash(b"root"));
    // A root that nobody computed from these cannot come out.
    let passes = verify_inclusion(leaf, index, size, &hashes, root).is_ok()
        || (index != size && verify_consistency(index, leaf, size, root, &hashes).is_ok() && index != 0);
    passes.then(|| format!("a made-up proof passes: {index} of {size}"))
}

impl Target for Notes {
    fn name(&self) -> &'static str {
        "notes"
    }

    fn input(&mut self) -> Vec<u8> {
        let chance = &mut self.chance;
        let mut input = chance.one(&self.good).clone().into_bytes();
        let other = chance.one(&self.good).clone();
        mutate::bytes(&mut input, other.as_bytes(), chance);
        input
    }

    fn run(&mut self, input: &[u8]) -> Was {
        if let Some(why) = proofs(input) {
            return Was::Wrong(why);
        }
        let Ok(text) = std::str::from_utf8(input) else {
            return Was::Refused;
        };
        if let Some(was) = self.note(text) {
            return was;
        }
        let taken = text.parse::<VerifierKey>().is_ok_and(|key| key.to_string() == text)
            | Checkpoint::parse(text).is_ok()
            | text.parse::<Hash>().is_ok_and(|hash| hash.to_string() == text);
        if taken { Was::Taken } else { Was::Refused }
    }
}
