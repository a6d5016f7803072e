//! From the bytes of an export to its lines, as they are read, many at a time.

use super::LINE_BYTES;
use super::parse;
use crate::hash::{Hash, leaf_hash};

/// Bytes read at once.
const ROOM: usize = 1 << 18;

/// Lines that were read together, each with what can be worked out of it alone. So somebody else can fill the next block
/// while a [`Verifier`](super::Verifier) is at this one.
#[derive(Debug, Default)]
pub struct Block {
    /// As long as it ever had to be: what stands after the last line means nothing.
    bytes: Vec<u8>,
    lines: Vec<Whole>,
}

/// A line of a block.
#[derive(Debug, Clone, Copy)]
struct Whole {
    from: usize,
    to: usize,
    leaf: Option<Hash>,
}

impl Block {
    /// Every line without its end, with the hash of the entry in it.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&[u8], Option<Hash>)> {
        let text = |line: &Whole| self.bytes.get(line.from..line.to).unwrap_or(&[]);
        self.lines.iter().map(move |line| (text(line), line.leaf))
    }
}

/// Fills blocks with lines. Of a line whose end was not read, at most [`LINE_BYTES`] and what was read last are kept.
#[derive(Debug, Default)]
pub struct Blocks {
    /// A line whose end was not read yet.
    begun: Vec<u8>,
}

impl Blocks {
    /// Fills a block with at least one line. `read` puts what comes next into the room it is given and says how much that
    /// was; nothing is the end. A line that is too long is given as far as it was read, for the verifier to refuse. `false`
    /// at the end: a line that was cut is in no block.
    ///
    /// # Errors
    /// The first that `read` gives.
    pub fn fill<E>(
        &mut self,
        block: &mut Block,
        mut read: impl FnMut(&mut [u8]) -> Result<usize, E>,
    ) -> Result<bool, E> {
        block.lines.clear();
        let mut filled = self.begun.len();
        grow(&mut block.bytes, filled);
        if let Some(room) = block.bytes.get_mut(..filled) {
            room.copy_from_slice(&self.begun);
        }
        self.begun.clear();
        let mut from = 0;
        while block.lines.is_empty() {
            grow(&mut block.bytes, filled + ROOM);
            let room = block.bytes.get_mut(filled..filled + ROOM);
            let came = read(room.unwrap_or(&mut []))?.min(ROOM);
            if came == 0 {
                return Ok(false);
            }
            let new = block.bytes.get(filled..filled + came).unwrap_or(&[]);
            for end in memchr::memchr_iter(b'\n', new) {
                let to = filled + end;
                block.lines.push(whole(&block.bytes, from, to));
                from = to + 1;
            }
            filled += came;
            if filled - from > LINE_BYTES {
                block.lines.push(whole(&block.bytes, from, filled));
                from = filled;
            }
        }
        let begun = block.bytes.get(from..filled).unwrap_or(&[]);
        self.begun.extend_from_slice(begun);
        Ok(true)
    }
}

fn grow(bytes: &mut Vec<u8>, length: usize) {
    if bytes.len() < length {
        bytes.resize(length, 0);
    }
}

fn whole(bytes: &[u8], from: usize, to: usize) -> Whole {
    let leaf = bytes.get(from..to).and_then(parse::leaf).map(leaf_hash);
    Whole { from, to, leaf }
}

#[cfg(test)]
mod tests {
    use super::{Block, Blocks, LINE_BYTES};

    /// Every line, however the bytes come.
    fn lines(text: &[u8], pieces: usize) -> Vec<Vec<u8>> {
        let (mut blocks, mut block) = (Blocks::default(), Block::default());
        let (mut rest, mut found) = (text, Vec::new());
        let mut read = |room: &mut [u8]| -> Result<usize, ()> {
            let (piece, after) = rest.split_at(pieces.min(rest.len()));
            rest = after;
            room.get_mut(..piece.len()).ok_or(())?.copy_from_slice(piece);
            Ok(piece.len())
        };
        while blocks.fill(&mut block, &mut read) == Ok(true) {
            assert!(block.lines().next().is_some(), "{pieces}: a block of nothing");
            found.extend(block.lines().map(|(line, _)| line.to_vec()));
        }
        found
    }

    #[test]
    fn lines_are_the_same_however_the_bytes_come() {
        let text = b"one\n\ntwo three\nfour\ncut";
        for pieces in 1..=text.len() {
            let found = lines(text, pieces);
            let wanted: [&[u8]; 4] = [b"one", b"", b"two three", b"four"];
            assert_eq!(found, wanted, "{pieces} at a time");
        }
    }

    #[test]
    fn what_fails_to_be_read_is_told() {
        let mut blocks = Blocks::default();
        assert_eq!(blocks.fill(&mut Block::default(), |_| Err("disk")), Err("disk"));
    }

    #[test]
    fn a_line_without_end_is_given_before_it_fills_the_memory() {
        let (mut blocks, mut block) = (Blocks::default(), Block::default());
        let read = |room: &mut [u8]| -> Result<usize, ()> {
            room.fill(b'x');
            Ok(room.len())
        };
        for _ in 0..2 {
            assert_eq!(blocks.fill(&mut block, read), Ok(true));
            let given: Vec<usize> = block.lines().map(|(line, _)| line.len()).collect();
            assert!(matches!(given.as_slice(), [one] if *one > LINE_BYTES && *one <= LINE_BYTES + super::ROOM));
            assert!(block.bytes.len() <= LINE_BYTES + 2 * super::ROOM);
        }
    }
}
