//! What the tests share: a tree that keeps all its nodes, and keys.

use std::collections::HashMap;

use ledger::{Frontier, Hash, KeyKind, Node, Nodes, SigningKey, leaf_hash};

/// A log in memory.
#[derive(Default)]
pub struct Log {
    pub entries: Vec<Vec<u8>>,
    pub frontier: Frontier,
    pub nodes: HashMap<(u8, u64), Hash>,
    pub roots: Vec<Hash>,
}

impl Log {
    pub fn of(entries: &[Vec<u8>]) -> Self {
        let mut log = Self { roots: vec![Hash::of_nothing()], ..Self::default() };
        for entry in entries {
            log.append(entry.clone());
        }
        log
    }

    pub fn append(&mut self, entry: Vec<u8>) -> Vec<Node> {
        let full = self.frontier.append(leaf_hash(&entry));
        for node in &full {
            assert!(self.nodes.insert((node.level, node.index), node.hash).is_none());
        }
        self.entries.push(entry);
        self.roots.push(self.frontier.root());
        full
    }

    pub fn size(&self) -> u64 {
        self.frontier.size()
    }
}

impl Nodes for Log {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.nodes.get(&(level, index)).copied()
    }
}

pub fn log_key(seed: u8) -> SigningKey {
    SigningKey::new("log.example/waymark", KeyKind::Log, &[seed; 32]).unwrap()
}

pub fn witness_key(seed: u8) -> SigningKey {
    SigningKey::new("witness.example/w1", KeyKind::Witness, &[seed; 32]).unwrap()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
