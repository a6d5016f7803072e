//! Reading the lines of an export. Only the spelling that is written is taken, so that no change
//! of a line can pass unseen, and so that an entry's bytes can be hashed where they stand.

use crate::export::VERSION;
use crate::export::line::{Header, Shape};
use crate::hash::{Hash, leaf_hash};
use crate::note::SignedNote;
use crate::spelling;

/// A line as it was read.
pub(super) enum Line<'a> {
    Header(Header),
    Entry(EntryLine<'a>),
    Checkpoint(SignedNote),
    End(u64),
}

pub(super) struct EntryLine<'a> {
    pub index: u64,
    pub hashes: Hashes<'a>,
    pub kept: KeptText<'a>,
    pub leaf: &'a [u8],
    /// The hash of the leaf, where it was worked out before.
    pub hashed: Option<Hash>,
}

impl EntryLine<'_> {
    pub fn leaf_hash(&self) -> Hash {
        self.hashed.unwrap_or_else(|| leaf_hash(self.leaf))
    }
}

/// What an entry's line says of the bytes it speaks for, still as text.
pub(super) enum KeptText<'a> {
    LeftOut,
    Gone,
    /// 64 hexadecimal digits.
    Digest(&'a [u8]),
    /// Base64.
    Bytes(&'a [u8]),
}

/// Hashes as base64, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Hashes<'a>(&'a [u8]);

impl<'a> Iterator for Hashes<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        // `"` + 44 + `"`, then a comma or nothing: checked when the line was read.
        let (hash, rest) = self.0.split_at_checked(46)?;
        self.0 = rest.strip_prefix(b",").unwrap_or(rest);
        hash.get(1..45)
    }
}

/// Reads a line without its end. `None` when it is none of an export.
pub(super) fn line(text: &[u8], shape: Option<Shape>) -> Option<Line<'_>> {
    let mut at = Cursor(text);
    let line = if at.skip("{\"entry\":") {
        return entry(at, shape?).map(Line::Entry);
    } else if at.skip("{\"checkpoint\":") {
        Line::Checkpoint(checkpoint(&mut at)?)
    } else if at.skip("{\"end\":") {
        Line::End(at.number()?)
    } else {
        Line::Header(header(&mut at)?)
    };
    (at.skip("}") && at.0.is_empty()).then_some(line)
}

/// The entry in a line, as [`line`] would find it: there is one shape at most in which a line is one of an entry.
pub(super) fn leaf(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"{\"entry\":")?;
    let whole = entry(Cursor(rest), Shape::Whole);
    let found = whole.or_else(|| entry(Cursor(rest), Shape::Some))?;
    Some(found.leaf)
}

fn header(at: &mut Cursor<'_>) -> Option<Header> {
    at.need("{\"waymark-audit-export\":")?;
    (at.number()? == VERSION).then_some(())?;
    at.need(",\"entries\":")?;
    let shape = match at.text()?.as_str() {
        "whole" => Shape::Whole,
        "some" => Shape::Some,
        _ => return None,
    };
    at.need(",\"size\":")?;
    let size = at.number()?;
    at.need(",\"key\":")?;
    let key = at.text()?.parse().ok()?;
    at.need(",\"witnesses\":")?;
    let witnesses = at.list()?.iter().map(|key| key.parse().ok()).collect::<Option<_>>()?;
    Some(Header { shape, size, key, witnesses })
}

fn checkpoint(at: &mut Cursor<'_>) -> Option<SignedNote> {
    let mut note = at.list()?.join("\n");
    note.push('\n');
    let read: SignedNote = note.parse().ok()?;
    // A list that says the same in another division is another spelling.
    (read.to_string() == note).then_some(read)
}

fn entry(mut at: Cursor<'_>, shape: Shape) -> Option<EntryLine<'_>> {
    let index = at.number()?;
    at.need(",\"")?;
    at.need(shape.hashes())?;
    at.need("\":")?;
    let hashes = at.hashes()?;
    at.need(",\"")?;
    let kept = if at.skip("kept\":") {
        let kept = if at.skip("null") {
            KeptText::Gone
        } else {
            at.need("\"")?;
            let (digest, rest) = at.0.split_at_checked(64)?;
            at.0 = rest;
            at.need("\"")?;
            KeptText::Digest(digest)
        };
        at.need(",\"")?;
        kept
    } else if at.skip("bytes\":\"") {
        let end = at.0.iter().position(|byte| *byte == b'"')?;
        let (bytes, rest) = at.0.split_at_checked(end)?;
        at.0 = rest;
        at.need("\",\"")?;
        KeptText::Bytes(bytes)
    } else {
        KeptText::LeftOut
    };
    at.need("leaf\":")?;
    let leaf = at.0.strip_suffix(b"}")?;
    Some(EntryLine { index, hashes, kept, leaf, hashed: None })
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn skip(&mut self, text: &str) -> bool {
        match self.0.strip_prefix(text.as_bytes()) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn need(&mut self, text: &str) -> Option<()> {
        self.skip(text).then_some(())
    }

    /// A whole number without zeroes in front.
    fn number(&mut self) -> Option<u64> {
        let mut value: u64 = 0;
        let mut digits = 0;
        let zero_first = self.0.first() == Some(&b'0');
        while let Some((digit @ b'0'..=b'9', rest)) = self.0.split_first() {
            value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            digits += 1;
            self.0 = rest;
        }
        (digits == 1 || (digits > 1 && !zero_first)).then_some(value)
    }

    fn hashes(&mut self) -> Option<Hashes<'a>> {
        self.need("[")?;
        let from = self.0;
        let mut length = 0;
        while let Some(rest) = self.0.strip_prefix(b"\"") {
            self.0 = rest.get(44..)?;
            self.need("\"")?;
            length += if self.skip(",") { 47 } else { 46 };
        }
        self.need("]")?;
        // After a comma another one has to follow.
        let hashes = from.get(..length)?;
        (!hashes.ends_with(b",")).then_some(Hashes(hashes))
    }

    /// A JSON string that holds no escapes but of quotation mark and backslash.
    fn text(&mut self) -> Option<String> {
        self.need("\"")?;
        let mut bytes = Vec::new();
        loop {
            let (first, rest) = self.0.split_first()?;
            self.0 = rest;
            match first {
                b'"' => break,
                b'\\' => {
                    let (escaped @ (b'"' | b'\\'), rest) = self.0.split_first()? else {
                        return None;
                    };
                    self.0 = rest;
                    bytes.push(*escaped);
                }
                byte if byte.is_ascii_control() => return None,
                byte => bytes.push(*byte),
            }
        }
        String::from_utf8(bytes).ok()
    }

    fn list(&mut self) -> Option<Vec<String>> {
        self.need("[")?;
        let mut texts = Vec::new();
        if self.skip("]") {
            return Some(texts);
        }
        loop {
            texts.push(self.text()?);
            if self.skip("]") {
                return Some(texts);
            }
            self.need(",")?;
        }
    }
}

/// A stored hash that was written as text.
pub(super) fn hash(text: &[u8]) -> Option<Hash> {
    let bytes = spelling::decode(text)?;
    Hash::try_from(bytes.as_slice()).ok()
}
