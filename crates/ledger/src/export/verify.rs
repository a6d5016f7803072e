//! Verifying an export, line by line.

use super::LINE_BYTES;
use super::blocks::Block;
use super::edge::{Edge, Report as _};
use super::finding::Finding;
use super::found::Found;
use super::kept::{self, Held};
use super::line::{Header, Shape};
use super::parse::{self, EntryLine, Line};
use super::trust::{BadLine, Trust};
use super::verdict::{Verdict, Witnessed};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::SignedNote;
use crate::proof::verify_inclusion;

/// Findings that are kept; more are counted. One that was changed by hand has a few, one that was rewritten by
/// a program has as many as it has entries.
pub const FINDINGS: usize = 20;

/// Takes the lines of an export one after the other. Keeps a few hundred bytes, whatever the length,
/// besides the checkpoints that were kept elsewhere.
pub struct Verifier {
    trust: Trust,
    lines: u64,
    header: Option<Header>,
    key: Option<VerifierKey>,
    outside: Vec<Checkpoint>,
    edge: Edge,
    /// The head that the proofs of an export of some entries lead to.
    head: Option<Checkpoint>,
    last: Option<u64>,
    entries: u64,
    end: Option<u64>,
    kept: u64,
    checkpoints: u64,
    elsewhere: u64,
    signed: u64,
    /// A head that was signed did not fit: those after it cannot either, and say nothing new.
    lost: bool,
    witnessed: Vec<Witnessed>,
    found: Found,
}

impl Verifier {
    /// A verification that has not begun.
    pub fn new(trust: Trust) -> Self {
        Self {
            trust,
            lines: 0,
            header: None,
            key: None,
            outside: Vec::new(),
            edge: Edge::default(),
            head: None,
            last: None,
            entries: 0,
            end: None,
            kept: 0,
            checkpoints: 0,
            elsewhere: 0,
            signed: 0,
            lost: false,
            witnessed: Vec::new(),
            found: Found::default(),
        }
    }

    /// How many entries were read, and how many there are to be.
    pub fn progress(&self) -> (u64, u64) {
        let size = self.header.as_ref().map_or(0, |header| header.size);
        (self.entries, size)
    }

    /// Takes a line without its end.
    ///
    /// # Errors
    /// [`BadLine`] when the text is no export. What is wrong with a log is a finding and no error.
    pub fn line(&mut self, text: &[u8]) -> Result<(), BadLine> {
        self.hashed(text, None)
    }

    /// Takes every line of a block.
    ///
    /// # Errors
    /// As for [`Verifier::line`].
    pub fn block(&mut self, block: &Block) -> Result<(), BadLine> {
        let mut lines = block.lines();
        lines.try_for_each(|(text, leaf)| self.hashed(text, leaf))
    }

    /// Takes a line whose entry may have been hashed already.
    fn hashed(&mut self, text: &[u8], leaf: Option<Hash>) -> Result<(), BadLine> {
        self.lines += 1;
        let bad = |says| BadLine { line: self.lines, says };
        if text.len() > LINE_BYTES {
            return Err(bad("too long for a line of an export"));
        }
        let shape = self.header.as_ref().map(|header| header.shape);
        let mut line = parse::line(text, shape).ok_or_else(|| {
            bad(if self.lines == 1 {
                "this is not an export of a log, or one of another version; waymark audit export makes one"
            } else {
                "this is not a line of an export"
            })
        })?;
        if let Line::Entry(entry) = &mut line {
            entry.hashed = leaf;
        }
        if self.end.is_some() {
            return Err(bad("something stands after the last line"));
        }
        match (line, shape) {
            (Line::Header(header), None) => self.begin(header),
            (Line::Entry(entry), Some(Shape::Whole)) => self.entry(&entry),
            (Line::Entry(entry), Some(Shape::Some)) => match self.head.clone() {
                Some(head) => self.proved(&entry, &head),
                None => return Err(bad("a checkpoint should stand before the entries")),
            },
            (Line::Checkpoint(note), Some(shape)) => return self.checkpoint(&note, shape),
            (Line::End(entries), Some(_)) => self.end = Some(entries),
            (_, _) => return Err(bad("this line does not belong here")),
        }
        Ok(())
    }

    /// The verdict, after the last line.
    ///
    /// # Errors
    /// [`BadLine`] when there was no line at all.
    pub fn finish(mut self) -> Result<Verdict, BadLine> {
        let (Some(header), Some(key)) = (self.header.clone(), self.key.clone()) else {
            let says = "this is not an export of a log: it is empty";
            return Err(BadLine { line: self.lines, says });
        };
        if header.shape == Shape::Whole {
            self.ended(header.size);
        } else if self.head.is_none() {
            self.found.found(Finding::Unsigned);
        }
        match self.end {
            Some(said) if said != self.entries => {
                let found = self.entries;
                self.found.found(Finding::Lines { found, said });
            }
            None if header.shape == Shape::Some || self.edge.size() >= header.size => {
                let entries = self.entries;
                self.found.found(Finding::Unfinished { entries });
            }
            _ => {}
        }
        let (findings, more) = self.found.end();
        Ok(Verdict {
            shape: header.shape,
            key,
            key_was_given: self.trust.key.is_some(),
            entries: self.entries,
            kept: self.kept,
            checkpoints: self.checkpoints,
            elsewhere: self.elsewhere,
            signed: self.signed,
            witnessed: self.witnessed,
            findings,
            more,
        })
    }

    fn begin(&mut self, header: Header) {
        let key = self.trust.key.clone().unwrap_or_else(|| header.key.clone());
        if key != header.key {
            let says = format!("the key is another one: the log says {}, and it should be {key}", header.key);
            self.found.found(Finding::Key { says });
        }
        for note in std::mem::take(&mut self.trust.checkpoints) {
            if let Some(checkpoint) = self.found.open(&note, &key) {
                self.outside.push(checkpoint);
            }
        }
        // From the largest down, so that the next one to meet is at the end.
        self.outside.sort_by_key(|head| std::cmp::Reverse(head.size));
        self.key = Some(key);
        self.header = Some(header);
        self.meet();
    }

    fn entry(&mut self, entry: &EntryLine<'_>) {
        self.entries += 1;
        let expected = self.edge.size();
        let index = entry.index;
        if index < expected {
            self.found.found(Finding::OutOfPlace { entry: index, expected });
            return;
        }
        let size = self.header.as_ref().map_or(0, |header| header.size);
        if index >= size {
            self.found.found(Finding::More { entry: index });
            return;
        }
        if index > expected {
            self.found.found(Finding::Missing { from: expected, to: index - 1 });
            self.edge.skip_to(index);
            self.meet();
        }
        self.last = Some(index);
        self.edge.add(entry.leaf_hash(), entry.hashes, &mut self.found);
        self.speaks_for(entry);
        self.meet();
    }

    /// An entry with its proof.
    fn proved(&mut self, entry: &EntryLine<'_>, head: &Checkpoint) {
        self.entries += 1;
        if let Some(last) = self.last.filter(|last| *last >= entry.index) {
            let expected = last.saturating_add(1);
            self.found.found(Finding::OutOfPlace { entry: entry.index, expected });
        }
        self.last = Some(entry.index);
        let proof: Option<Vec<Hash>> = entry.hashes.map(parse::hash).collect();
        let leaf = entry.leaf_hash();
        let proved =
            proof.is_some_and(|proof| verify_inclusion(leaf, entry.index, head.size, &proof, head.root).is_ok());
        if !proved {
            self.found.found(Finding::NotInLog { entry: entry.index });
        }
        self.speaks_for(entry);
    }

    /// Holds the bytes that an entry speaks for against it.
    fn speaks_for(&mut self, line: &EntryLine<'_>) {
        let entry = line.index;
        match kept::held_against(line) {
            None => {}
            Some(Held::Fits) => self.kept += 1,
            Some(Held::Differs) => {
                self.found.found(Finding::Kept { entry });
            }
            Some(Held::Gone) => {
                self.found.found(Finding::Gone { entry });
            }
            Some(Held::LeftOut) if self.header.as_ref().is_some_and(|header| header.shape == Shape::Whole) => {
                self.found.found(Finding::LeftOut { entry });
            }
            Some(Held::LeftOut) => {}
        }
    }

    /// Holds the checkpoints kept elsewhere against the log where it has reached their size.
    fn meet(&mut self) {
        let whole = self.header.as_ref().is_some_and(|header| header.shape == Shape::Whole);
        while whole
            && let Some(next) = self.outside.last()
            && next.size <= self.edge.size()
        {
            let next = next.clone();
            self.outside.pop();
            if self.compare(&next) {
                self.elsewhere += 1;
            }
        }
    }

    /// Whether the log leads to a head that was signed. The edge has reached its size.
    fn compare(&mut self, head: &Checkpoint) -> bool {
        let fits = self.edge.leads_to(head.root, &mut self.found);
        if fits == Some(true) {
            self.checkpoints += 1;
            self.signed = self.signed.max(head.size);
        } else if fits == Some(false) && !self.lost {
            self.lost = true;
            let to = head.size.saturating_sub(1);
            let from = self.signed.min(to);
            self.found.found(Finding::Rewritten { from, to });
        }
        fits == Some(true)
    }

    fn checkpoint(&mut self, note: &SignedNote, shape: Shape) -> Result<(), BadLine> {
        let bad = |says| BadLine { line: self.lines, says };
        let said = Checkpoint::parse(note.text()).map_err(|_| bad("this is not a checkpoint"))?;
        let (Some(key), Some(header)) = (self.key.clone(), self.header.clone()) else {
            return Err(bad("this line does not belong here"));
        };
        let opened = self.found.open(note, &key).is_some();
        match shape {
            Shape::Some if self.head.is_some() || said.size != header.size => {
                return Err(bad("there is one checkpoint, and it speaks for as many entries as the first line says"));
            }
            Shape::Some => {
                self.head = Some(said.clone());
                let differs = |other: &Checkpoint| other.size == said.size && other.root != said.root;
                if self.outside.iter().any(differs) {
                    let (from, to) = (0, said.size.saturating_sub(1));
                    self.found.found(Finding::Rewritten { from, to });
                } else if opened {
                    let same = |other: &&Checkpoint| other.size == said.size;
                    self.elsewhere = self.outside.iter().filter(same).count() as u64;
                    self.checkpoints += 1;
                    self.signed = said.size;
                }
            }
            Shape::Whole if said.size < self.edge.size() && self.found.names_an_entry() => {}
            Shape::Whole if said.size < self.edge.size() => {
                return Err(bad("this checkpoint should stand after the last entry it speaks for"));
            }
            Shape::Whole if said.size > self.edge.size() => {
                // Of a log whose end was cut: told when the end is reached, by the largest.
                if opened {
                    self.found.ahead = self.found.ahead.max(said.size);
                }
            }
            Shape::Whole if opened => {
                self.compare(&said);
            }
            Shape::Whole => {}
        }
        if opened {
            self.witnesses(note, &header, said.size);
        }
        Ok(())
    }

    /// Every signature under a checkpoint has to be one that can be checked here: the log's, or one
    /// of a witness that is named.
    fn witnesses(&mut self, note: &SignedNote, header: &Header, size: u64) {
        for line in note.signatures() {
            if self.key.as_ref().is_some_and(|key| key.marked(line)) {
                continue;
            }
            let mut known = header.witnesses.iter().chain(&self.trust.witnesses);
            let witness = known.find(|witness| witness.marked(line));
            let says = witness.and_then(|witness| Some((witness.clone(), witness.cosignature(note, line)?)));
            let Some((key, says)) = says else {
                let name = line.name.clone();
                self.found.found(Finding::Signature { size, name });
                continue;
            };
            let now = Witnessed { key, size, time: says.time };
            match self.witnessed.iter_mut().find(|seen| seen.key == now.key) {
                Some(seen) if seen.size <= size => *seen = now,
                Some(_) => {}
                None => self.witnessed.push(now),
            }
        }
    }

    fn ended(&mut self, size: u64) {
        let entries = self.edge.size();
        let most = size.max(self.found.ahead);
        if entries < most {
            self.found.found(Finding::Cut { entries, size: most });
        }
        // The largest one is the first.
        if let Some(ahead) = self.outside.first() {
            let size = ahead.size;
            self.found.found(Finding::Behind { entries, size });
        }
        if self.checkpoints == 0 && size > 0 && self.found.is_empty() {
            self.found.found(Finding::Unsigned);
        }
    }
}
