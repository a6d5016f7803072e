//! Exports of the log, as somebody who distrusts us would verify them, and what is sent to witnesses.

use ledger::export::{Entry, Header, Kept, Shape, Trust, Verifier, checkpoint_line, end_line, entry_line, header_line};
use ledger::{
    Checkpoint, EntryProof, Frontier, KeyKind, SigningKey, VerifierKey, leaf_hash, read_witness_request,
    witness_request,
};

use super::{Target, Was};
use crate::mutate::{self, Chance};

const ENTRIES: u64 = 9;

/// The verification of exports.
pub struct Exports {
    key: VerifierKey,
    whole: String,
    request: String,
    chance: Chance,
}

impl Exports {
    pub fn new(seed: u64) -> Self {
        let key = SigningKey::new("log.example/waymark", KeyKind::Log, &[7; 32]).unwrap();
        let header = Header { shape: Shape::Whole, size: ENTRIES, key: key.verifier().clone(), witnesses: Vec::new() };
        let mut lines = vec![header_line(&header)];
        let mut frontier = Frontier::new();
        let mut request = String::new();
        for index in 0..ENTRIES {
            let leaf = format!("{{\"actor\":\"U{}\",\"at\":{index},\"kind\":\"report-opened\",\"v\":1}}", index % 3);
            let nodes = frontier.append(leaf_hash(leaf.as_bytes()));
            let hashes: Vec<_> = nodes.iter().map(|node| node.hash).collect();
            let entry = Entry { index, leaf: leaf.as_bytes(), hashes: &hashes, kept: Kept::LeftOut };
            let mut line = Vec::new();
            entry_line(Shape::Whole, &entry, &mut line);
            lines.push(String::from_utf8(line).unwrap());
            if index % 4 == 3 || index + 1 == ENTRIES {
                let checkpoint =
                    Checkpoint { origin: "log.example/waymark".to_owned(), size: index + 1, root: frontier.root() };
                let note = checkpoint.sign(&key).unwrap();
                lines.push(checkpoint_line(&note));
                request = witness_request(index, &hashes, &note);
            }
        }
        lines.push(end_line(ENTRIES));
        let exports =
            Self { key: key.verifier().clone(), whole: lines.join("\n"), request, chance: Chance::new(seed ^ 6) };
        assert_eq!(exports.verify(exports.whole.as_bytes()), Some(true), "what was not changed is sound");
        exports
    }

    /// Whether it is sound; `None` where it is no export.
    fn verify(&self, text: &[u8]) -> Option<bool> {
        let mut verifier = Verifier::new(Trust { key: Some(self.key.clone()), ..Trust::default() });
        for line in text.split(|byte| *byte == b'\n') {
            verifier.line(line).ok()?;
        }
        let verdict = verifier.finish().ok()?;
        Some(verdict.sound())
    }
}

/// The entries as they stand in an export, whatever stands around them.
fn leaves(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.split_once("\"leaf\":").map(|(_, leaf)| leaf)).collect()
}

impl Target for Exports {
    fn name(&self) -> &'static str {
        "exports"
    }

    fn input(&mut self) -> Vec<u8> {
        let chance = &mut self.chance;
        let text = if chance.below(4) == 0 { &self.request } else { &self.whole };
        if chance.below(3) == 0 {
            return mutate::lines(text, &self.whole, chance).into_bytes();
        }
        let mut input = text.clone().into_bytes();
        mutate::bytes(&mut input, self.whole.as_bytes(), chance);
        input
    }

    fn run(&mut self, input: &[u8]) -> Was {
        if let Ok(text) = std::str::from_utf8(input) {
            let _ = read_witness_request(text);
            let _ = text.parse::<EntryProof>();
        }
        match self.verify(input) {
            Some(true) => {
                let text = String::from_utf8_lossy(input);
                let (found, known) = (leaves(&text), leaves(&self.whole));
                if found.len() <= known.len() && found != known[..found.len()] {
                    return Was::Wrong("an export with a changed entry passes".to_owned());
                }
                Was::Taken
            }
            Some(false) | None => Was::Refused,
        }
    }
}
