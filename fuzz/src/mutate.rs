//! Changes to bytes: small ones, torn ones, and texts that parsers stumble over.

/// Chance that follows from a seed.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, and not with, `end`; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or_default()
    }

    /// One of several.
    pub fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Texts that have a meaning somewhere, or are the last before a limit, or no text at all.
const ODD: &[&str] = &[
    "",
    "\"",
    "'",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ":",
    ",",
    ".",
    "#",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\u{e9}",
    "e\u{301}",
    "\u{1f600}",
    "\"\"\"",
    "'''",
    "null",
    "true",
    "NaN",
    "inf",
    "-1",
    "0",
    "121",
    "255",
    "256",
    "18446744073709551616",
    "1e309",
    "-0.0",
    "0x10",
    "1_000",
    "9999-12-31",
    "0000-00-00",
    "2026-02-29",
    "24:00",
    "<b>",
    "&amp;",
    "%00",
    "%ff",
    "../",
    "yes",
    "no",
    "not-known",
    "[person]",
    "[[person]]",
    "[[device]]",
    "[report]",
    "id = \"A\"",
    "any person (",
    "every person (",
    " and ",
    " or ",
    "not ",
    "(((((((((((((((((((((((((((((((",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":{\"a\":",
    "\u{2014} ",
    "\u{d7ff}",
];

/// Longest input: beyond it only the refusal of length is tried again and again.
const LONGEST: usize = 200_000;

/// Changes one to eight places of a text, sometimes with a piece of another.
pub fn bytes(text: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    for _ in 0..=chance.below(8) {
        let at = chance.below(text.len() + 1);
        let end = text.len().min(at + chance.below(40));
        match chance.below(9) {
            0 => {
                if let Some(byte) = text.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
            1 => {
                if let Some(byte) = text.get_mut(at) {
                    *byte = u8::try_from(chance.below(256)).unwrap_or_default();
                }
            }
            2 => drop(text.drain(at..end)),
            3 => {
                let piece = text[at..end].to_vec();
                insert(text, at, &piece);
            }
            4 => {
                let from = chance.below(other.len());
                let to = other.len().min(from + chance.below(200));
                insert(text, at, &other[from..to]);
            }
            5 => text.truncate(at),
            6 => {
                let piece = text[at..end].repeat(chance.below(60));
                insert(text, at, &piece);
            }
            _ => insert(text, at, chance.one(ODD).as_bytes()),
        }
    }
}

fn insert(text: &mut Vec<u8>, at: usize, piece: &[u8]) {
    if text.len() + piece.len() <= LONGEST {
        text.splice(at..at, piece.iter().copied());
    }
}

/// Swaps, removes or doubles whole lines, which keeps more of a TOML file meaningful than bytes do.
pub fn lines(text: &str, other: &str, chance: &mut Chance) -> String {
    let mut all: Vec<&str> = text.lines().collect();
    let more: Vec<&str> = other.lines().collect();
    for _ in 0..=chance.below(4) {
        let at = chance.below(all.len());
        match chance.below(4) {
            0 if !all.is_empty() => drop(all.remove(at)),
            1 if !all.is_empty() => all.insert(at, all[chance.below(all.len())]),
            2 if !all.is_empty() => {
                let with = chance.below(all.len());
                all.swap(at, with);
            }
            _ if !more.is_empty() => all.insert(at, *chance.one(more.as_slice())),
            _ => {}
        }
    }
    all.join("\n")
}
