//! The right edge of a tree whose kept hashes may be wrong: goes on with what was kept, so that one
//! change is one finding and the next one is found too.

use super::finding::Finding;
use super::parse::{self, Hashes};
use crate::hash::{Hash, node_hash};
use crate::spelling;

/// A full subtree at the edge.
#[derive(Clone, Copy)]
struct Peak {
    hash: Hash,
    /// What the hash was worked out as where that differs from what was kept, and the number of the
    /// finding that says so. The hash above tells which of the two is right.
    other: Option<(Hash, usize)>,
}

/// Missing entries in a row that are passed over one by one. After more of them the hashes above say nothing any
/// more, and a file that names a far entry costs no time.
const NEAR: u64 = 4096;

#[derive(Default)]
pub(super) struct Edge {
    size: u64,
    peaks: Vec<Peak>,
    /// The first and the last entry that were missing and are under no kept hash yet.
    doubt: Option<(u64, u64)>,
    /// So many were missing that only the entries themselves are held against their hashes.
    lost: bool,
}

/// Where findings go.
pub(super) trait Report {
    /// Notes a finding and gives its number, for [`Report::correct`].
    fn found(&mut self, finding: Finding) -> usize;
    /// Notes an entry that does not fit its hash: what it hashes to, and what was kept.
    fn changed(&mut self, entry: u64, now: Hash, kept: Hash) -> usize;
    /// The hash was wrong and not what it is over.
    fn hash_was_wrong(&mut self, number: usize);
}

impl Edge {
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends an entry and holds its hash, and those of the nodes it completes, against those kept.
    pub fn add(&mut self, leaf: Hash, kept: Hashes<'_>, report: &mut impl Report) {
        let (entry, mut level) = (self.size, 0_u32);
        let mut kept = kept;
        if self.lost {
            self.alone(leaf, kept, report);
            return;
        }
        let mut too_few = false;
        let mut peak = Peak { hash: leaf, other: None };
        loop {
            let first = entry + 1 - (1 << level);
            match kept.next() {
                None => too_few = true,
                Some(text) if text == spelling::hash_text(peak.hash.as_bytes()) => self.resolve(first),
                Some(text) => peak = self.differs(peak.hash, text, (first, entry), level, report),
            }
            if entry >> level & 1 == 0 {
                break;
            }
            let Some(left) = self.peaks.pop() else { break };
            peak = join(left, peak, kept, report);
            level += 1;
        }
        if too_few || kept.next().is_some() {
            report.found(Finding::Hashes { entry });
        }
        self.peaks.push(peak);
        self.size += 1;
    }

    fn differs(
        &mut self,
        worked_out: Hash,
        text: &[u8],
        (first, entry): (u64, u64),
        level: u32,
        report: &mut impl Report,
    ) -> Peak {
        let doubtful = self.doubt.is_some_and(|(_, last)| first <= last);
        let Some(hash) = parse::hash(text) else {
            // Not even a hash: there is nothing to go on with but what was worked out.
            if !doubtful {
                report.found(Finding::Hash { from: first, to: entry });
            }
            return Peak { hash: worked_out, other: None };
        };
        if doubtful {
            self.resolve(first);
            return Peak { hash, other: None };
        }
        let number = if level == 0 {
            report.changed(entry, worked_out, hash)
        } else {
            report.found(Finding::Among { from: first, to: entry })
        };
        Peak { hash, other: Some((worked_out, number)) }
    }

    /// A kept hash covers everything from `first` on: what was missing under it is in doubt no more.
    fn resolve(&mut self, first: u64) {
        if self.doubt.is_some_and(|(doubt, _)| first <= doubt) {
            self.doubt = None;
        }
    }

    /// An entry on its own.
    fn alone(&mut self, leaf: Hash, mut kept: Hashes<'_>, report: &mut impl Report) {
        let entry = self.size;
        match kept.next() {
            Some(text) if text == spelling::hash_text(leaf.as_bytes()) => {}
            Some(text) => match parse::hash(text) {
                Some(hash) => {
                    report.changed(entry, leaf, hash);
                }
                None => {
                    report.found(Finding::Hash { from: entry, to: entry });
                }
            },
            None => {
                report.found(Finding::Hashes { entry });
            }
        }
        self.size += 1;
    }

    /// Passes over the entries up to this one, which are not there.
    pub fn skip_to(&mut self, entry: u64) {
        if self.lost || entry - self.size > NEAR {
            self.lost = true;
            self.peaks.clear();
            self.size = entry;
        }
        while self.size < entry {
            self.skip();
        }
    }

    fn skip(&mut self) {
        let entry = self.size;
        self.doubt = Some(self.doubt.map_or((entry, entry), |(first, _)| (first, entry)));
        let mut hash = Hash::of_nothing();
        let mut level = 0;
        while entry >> level & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left.hash, &hash);
            level += 1;
        }
        self.peaks.push(Peak { hash, other: None });
        self.size += 1;
    }

    /// Whether the edge leads to this root. `None` when entries are missing whose hashes nobody kept.
    pub fn leads_to(&self, root: Hash, report: &mut impl Report) -> Option<bool> {
        if self.lost || self.doubt.is_some() {
            return None;
        }
        if self.root(None) == root {
            return Some(true);
        }
        for (place, peak) in self.peaks.iter().enumerate() {
            if let Some((_, number)) = peak.other
                && self.root(Some(place)) == root
            {
                report.hash_was_wrong(number);
                return Some(true);
            }
        }
        Some(false)
    }

    /// The root, with the other hash of one peak where asked for.
    fn root(&self, other: Option<usize>) -> Hash {
        let hashes = self.peaks.iter().enumerate().map(|(place, peak)| match peak.other {
            Some((hash, _)) if other == Some(place) => hash,
            _ => peak.hash,
        });
        let mut hashes = hashes.rev();
        let last = hashes.next().unwrap_or_else(Hash::of_nothing);
        hashes.fold(last, |right, left| node_hash(&left, &right))
    }
}

/// The node over two peaks. Where one of them has another hash that leads to the hash kept for the node,
/// that one is the right one.
fn join(left: Peak, right: Peak, kept: Hashes<'_>, report: &mut impl Report) -> Peak {
    let hash = node_hash(&left.hash, &right.hash);
    let plain = Peak { hash, other: None };
    if left.other.is_none() && right.other.is_none() {
        return plain;
    }
    let Some(kept) = kept.clone().next().and_then(parse::hash) else {
        return plain;
    };
    if hash == kept {
        return plain;
    }
    let (l, r) = (left.other, right.other);
    let ways = [
        (l.map(|(hash, _)| hash), Some(right.hash), l, None),
        (Some(left.hash), r.map(|(hash, _)| hash), None, r),
        (l.map(|(hash, _)| hash), r.map(|(hash, _)| hash), l, r),
    ];
    for (one, two, first, second) in ways {
        let (Some(one), Some(two)) = (one, two) else {
            continue;
        };
        if node_hash(&one, &two) == kept {
            for (_, number) in [first, second].into_iter().flatten() {
                report.hash_was_wrong(number);
            }
            return Peak { hash: kept, other: None };
        }
    }
    plain
}
