//! Exports made in memory, and ways of tampering with them.

use ledger::export::{
    BadLine, Block, Blocks, Entry, Header, Kept, Shape, Trust, Verdict, Verifier, checkpoint_line, end_line,
    entry_line, header_line,
};
use ledger::{Checkpoint, Hash, SignedNote, inclusion_proof};
use sha2::{Digest, Sha256};

use crate::memory::{Log, hex, log_key, witness_key};

/// The bytes that entry `n` speaks for.
pub fn body(n: u64) -> Vec<u8> {
    format!("what was written for entry {n}").into_bytes()
}

/// A log of lines like ours; every second one speaks for bytes kept elsewhere.
pub fn log(size: u64) -> Log {
    let entries: Vec<Vec<u8>> = (0..size).map(leaf).collect();
    Log::of(&entries)
}

/// The same, somebody else having done everything from one entry on.
pub fn changed(size: u64, from: u64) -> Log {
    let other = |n: u64| String::from_utf8(leaf(n)).unwrap().replace("\"actor\":\"U", "\"actor\":\"V").into_bytes();
    let entries: Vec<Vec<u8>> = (0..size).map(|n| if n < from { leaf(n) } else { other(n) }).collect();
    Log::of(&entries)
}

pub fn leaf(n: u64) -> Vec<u8> {
    let digest = hex(&Sha256::digest(body(n)));
    let body = if n % 2 == 1 { format!("\"body\":\"{digest}\",") } else { String::new() };
    format!("{{\"actor\":\"U{}\",\"at\":{n},{body}\"kind\":\"report-opened\",\"v\":1}}", n % 3).into_bytes()
}

pub fn signed(log: &Log, size: u64, seed: u8) -> SignedNote {
    let root = log.roots[size as usize];
    let origin = "log.example/waymark".to_owned();
    Checkpoint { origin, size, root }.sign(&log_key(seed)).unwrap()
}

pub fn cosigned(log: &Log, size: u64) -> SignedNote {
    let mut note = signed(log, size, 1);
    note.add(witness_key(9).cosign(&note, 1_764_129_600)).unwrap();
    note
}

fn header(shape: Shape, size: u64) -> Header {
    let (key, witness) = (log_key(1), witness_key(9));
    Header { shape, size, key: key.verifier().clone(), witnesses: vec![witness.verifier().clone()] }
}

pub fn nodes_of(log: &Log, index: u64) -> Vec<Hash> {
    let full = (0..=index.trailing_ones()).map(|level| (level as u8, index >> level));
    full.map(|place| log.nodes[&place]).collect()
}

/// The lines of a whole export: checkpoints after these sizes, the last one signed by a witness too.
pub fn whole(log: &Log, checkpoints: &[u64]) -> Vec<Vec<u8>> {
    let size = log.entries.len() as u64;
    let mut lines = vec![header_line(&header(Shape::Whole, size)).into_bytes()];
    let at = |size: u64, lines: &mut Vec<Vec<u8>>| {
        let last = checkpoints.last() == Some(&size);
        if checkpoints.contains(&size) {
            let note = if last { cosigned(log, size) } else { signed(log, size, 1) };
            lines.push(checkpoint_line(&note).into_bytes());
        }
    };
    at(0, &mut lines);
    for (index, leaf) in (0..).zip(&log.entries) {
        lines.push(line(Shape::Whole, index, leaf, &nodes_of(log, index)));
        at(index + 1, &mut lines);
    }
    lines.push(end_line(size).into_bytes());
    lines
}

/// The lines of an export of these entries.
pub fn some(log: &Log, wanted: &[u64]) -> Vec<Vec<u8>> {
    let size = log.entries.len() as u64;
    let mut lines = vec![header_line(&header(Shape::Some, size)).into_bytes()];
    lines.push(checkpoint_line(&cosigned(log, size)).into_bytes());
    for index in wanted {
        let proof = inclusion_proof(log, *index, size).unwrap();
        lines.push(line(Shape::Some, *index, &log.entries[*index as usize], &proof));
    }
    lines.push(end_line(wanted.len() as u64).into_bytes());
    lines
}

fn line(shape: Shape, index: u64, leaf: &[u8], hashes: &[Hash]) -> Vec<u8> {
    let bytes = body(index);
    let kept = match index % 4 {
        1 => Kept::Bytes(&bytes),
        3 => Kept::Digest(Sha256::digest(&bytes).into()),
        _ => Kept::LeftOut,
    };
    let mut out = Vec::new();
    entry_line(shape, &Entry { index, leaf, hashes, kept }, &mut out);
    out
}

pub fn trust() -> Trust {
    Trust { key: Some(log_key(1).verifier().clone()), ..Trust::default() }
}

pub fn verify(lines: &[Vec<u8>], trust: Trust) -> Result<Verdict, BadLine> {
    let mut verifier = Verifier::new(trust.clone());
    let read = lines.iter().try_for_each(|line| verifier.line(line));
    let verdict = read.and_then(|()| verifier.finish());
    // Blocks end in another place each time, and say the same.
    let pieces = [7, 400, 1 << 20][lines.concat().len() % 3];
    assert_eq!(
        format!("{:?}", in_blocks(lines, trust, pieces)),
        format!("{verdict:?}"),
        "in blocks, {pieces} bytes at a time"
    );
    verdict
}

/// Verified as the program does it: in blocks whose entries were hashed before.
fn in_blocks(lines: &[Vec<u8>], trust: Trust, pieces: usize) -> Result<Verdict, BadLine> {
    let mut text = lines.join(&b'\n');
    if !lines.is_empty() {
        text.push(b'\n');
    }
    let mut rest = text.as_slice();
    let (mut verifier, mut blocks) = (Verifier::new(trust), Blocks::default());
    let mut block = Block::default();
    let mut read = |room: &mut [u8]| -> Result<usize, ()> {
        let (piece, after) = rest.split_at(pieces.min(rest.len()).min(room.len()));
        rest = after;
        room[..piece.len()].copy_from_slice(piece);
        Ok(piece.len())
    };
    while blocks.fill(&mut block, &mut read).unwrap() {
        verifier.block(&block)?;
    }
    verifier.finish()
}

/// The findings in words.
pub fn says(verdict: &Verdict) -> Vec<String> {
    verdict.findings.iter().map(ToString::to_string).collect()
}

/// Replaces text in a line.
pub fn replaced(line: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(line.to_vec()).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1).into_bytes()
}

/// Lines of a whole export of 13 entries with checkpoints of 8 and of 13: the header, the entries 0 to 7,
/// the checkpoint of 8 at line 9, entries 8 to 12, the checkpoint of 13, the end.
pub fn thirteen() -> Vec<Vec<u8>> {
    whole(&log(13), &[8, 13])
}

pub fn at(entry: usize) -> usize {
    entry + if entry < 8 { 1 } else { 2 }
}
