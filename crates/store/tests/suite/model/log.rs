//! The log, accesses and erasing, in memory.

use jiff::Timestamp;
use ledger::*;
use store::{Operation, *};

use super::{Model, State};

const SEED: [u8; 32] = [7; 32];
const NAME: &str = "waymark/model";

struct All(Vec<String>);

impl Nodes for All {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        if level == 0 {
            let leaf = self.0.get(index as usize)?;
            return Some(leaf_hash(leaf.as_bytes()));
        }
        let (left, right) = (self.node(level - 1, 2 * index)?, self.node(level - 1, 2 * index + 1)?);
        Some(node_hash(&left, &right))
    }
}

impl State {
    fn head(&self) -> LedgerHead {
        let mut frontier = Frontier::new();
        for leaf in &self.leaves {
            frontier.append(leaf_hash(leaf.as_bytes()));
        }
        LedgerHead { size: frontier.size(), root: frontier.root() }
    }

    fn key() -> SigningKey {
        SigningKey::new(NAME, KeyKind::Log, &SEED).unwrap()
    }

    fn checkpoint(&mut self, now: Timestamp) -> KeptCheckpoint {
        let LedgerHead { size, root } = self.head();
        if let Some(same) = self.checkpoints.iter().find(|kept| kept.size == size) {
            return same.clone();
        }
        let checkpoint = Checkpoint { origin: NAME.into(), size, root };
        let note = checkpoint.sign(&Self::key()).unwrap().to_string();
        let kept = KeptCheckpoint { size, at: now, note };
        self.checkpoints.push(kept.clone());
        kept
    }

    pub fn note_access(&mut self, access: AccessEntry) -> Result<NotedAccess, StoreError> {
        limits::access(&access)?;
        let within = |e: &&mut NotedAccess| {
            (&e.stream, &e.actor, &e.purpose, &e.kind) == (&access.stream, &access.actor, &access.purpose, &access.kind)
                && e.reason.is_none()
                && e.first_at <= access.at
                && access.at.duration_since(e.first_at) < REPEAT_WINDOW
        };
        let may_repeat = access.repeats && access.reason.is_none();
        let first = self.accesses.iter_mut().filter(within).max_by_key(|entry| entry.first_at);
        if let Some(entry) = first.filter(|_| may_repeat) {
            entry.count += 1;
            entry.last_at = entry.last_at.max(access.at);
            return Ok(NotedAccess { reason: None, ..entry.clone() });
        }
        self.leaves.push(format!("access {}", self.leaves.len()));
        self.accesses.push(NotedAccess {
            id: self.accesses.len() as u64 + 1,
            leaf: Some(self.leaves.len() as u64 - 1),
            kind: access.kind,
            op: access.op.word().into(),
            stream: access.stream,
            actor: access.actor,
            purpose: access.purpose,
            reason: access.reason,
            first_at: access.at,
            last_at: access.at,
            count: 1,
        });
        Ok(self.accesses[self.accesses.len() - 1].clone())
    }

    pub fn accesses(&self, of: &AccessesOf, before: Option<u64>, limit: u32) -> Vec<NotedAccess> {
        let of = |entry: &&NotedAccess| match of {
            AccessesOf::Report(report) => entry.stream.as_ref() == Some(report),
            AccessesOf::User(user) => entry.actor == *user,
        };
        let before = before.unwrap_or(u64::MAX);
        let rows = self.accesses.iter().rev().filter(of).filter(|e| e.id < before);
        rows.take(limit as usize).cloned().collect()
    }

    pub fn is_erased(&self, stream: &StreamId) -> bool {
        self.erased.iter().any(|e| e.stream == *stream && e.subject.is_none())
    }

    fn erase(&mut self, erase: Erase) -> Result<Erased, StoreError> {
        limits::reason(&erase.reason)?;
        let missing = StoreError::NotFound { what: "report" };
        if self.is_erased(&erase.stream) {
            return Err(missing);
        }
        let subjects = &self.subjects;
        let events = self.streams.get_mut(&erase.stream).ok_or(missing)?;
        for event in events {
            let of = &subjects[&event.event_id];
            if erase.subject.as_ref().is_none_or(|subject| subject == of) {
                event.body.clear();
                event.erased.get_or_insert(of.clone());
            }
        }
        self.terms.retain(|(_, stream, of)| {
            *stream != erase.stream || erase.subject.as_ref().is_some_and(|subject| subject != of)
        });
        let erased = Erased {
            reference: self.rows.get(&erase.stream).map(|row| row.reference.clone()),
            leaf: self.leaves.len() as u64,
            is_done: true,
            stream: erase.stream,
            subject: erase.subject,
            actor: erase.actor,
            reason: Some(erase.reason),
            at: erase.at,
        };
        if erased.subject.is_none() {
            self.rows.remove(&erased.stream);
        }
        for what in ["begun", "finished"] {
            self.leaves.push(format!("erasure {what} {}", self.leaves.len()));
        }
        self.erased.push(erased.clone());
        Ok(erased)
    }
}

impl Log for Model {
    fn ledger_head(&self) -> Answer<'_, LedgerHead> {
        self.read(State::head)
    }

    fn checkpoint(&self, now: Timestamp) -> Answer<'_, KeptCheckpoint> {
        self.write(|state| Ok(state.checkpoint(now)))
    }

    fn checkpoints(&self, after: Option<u64>, limit: u32) -> Answer<'_, Vec<KeptCheckpoint>> {
        self.read(|state| {
            let all = state.checkpoints.iter().filter(|kept| after.is_none_or(|after| kept.size > after));
            all.take(limit as usize).cloned().collect()
        })
    }

    fn last_checkpoint(&self) -> Answer<'_, Option<KeptCheckpoint>> {
        self.read(|state| state.checkpoints.last().cloned())
    }

    fn note_access(&self, access: AccessEntry) -> Answer<'_, NotedAccess> {
        self.write(|state| state.note_access(access))
    }

    fn accesses(&self, of: &AccessesOf, before: Option<u64>, limit: u32) -> Answer<'_, Vec<NotedAccess>> {
        self.read(|state| state.accesses(of, before, limit))
    }

    fn looks(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Answer<'_, Vec<NotedAccess>> {
        self.read(|state| {
            let holds = |e: &&NotedAccess| {
                let words = filter.purpose.as_ref().map(|words| words.to_lowercase());
                e.id < before.unwrap_or(u64::MAX)
                    && (filter.report.is_none() || filter.report == e.stream)
                    && filter.actor.as_ref().is_none_or(|actor| *actor == e.actor)
                    && match filter.op {
                        Some(op) => op.word() == e.op,
                        None => e.op != Operation::SignIn.word(),
                    }
                    && filter.from.is_none_or(|from| e.last_at >= from)
                    && filter.until.is_none_or(|until| e.first_at < until)
                    && !filter.reader.as_ref().is_some_and(|reader| {
                        let stream = e.stream.as_ref();
                        stream.is_some_and(|stream| state.conflicts_of(reader).contains(stream))
                    })
                    && words.is_none_or(|words| e.purpose.to_lowercase().contains(&words))
            };
            let found = state.accesses.iter().rev().filter(holds);
            found.take(limit as usize).cloned().collect()
        })
    }

    fn disclosed(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Answer<'_, Vec<Disclosed>> {
        self.read(|state| state.disclosed(filter, before, limit))
    }

    fn conflicts_of(&self, user: &UserId) -> Answer<'_, Vec<StreamId>> {
        self.read(|state| state.conflicts_of(user))
    }

    fn administered(
        &self,
        filter: &AdministeredFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Answer<'_, Vec<Administered>> {
        self.read(|state| state.administered(filter, before, limit))
    }

    fn last_checkpoint_holds(&self) -> Answer<'_, Option<(KeptCheckpoint, bool)>> {
        self.read(|state| {
            let last = state.checkpoints.last()?;
            let note: SignedNote = last.note.parse().unwrap();
            let said = Checkpoint::open(&note, State::key().verifier()).unwrap();
            let tree = All(state.leaves.clone());
            let then = Frontier::restore(said.size, &tree).unwrap();
            Some((last.clone(), then.root() == said.root))
        })
    }

    fn ledger_export(&self, extent: Extent) -> Answer<'_, Pieces> {
        self.read(|state| {
            let text = export::whole(state, extent);
            Pieces::give(move |giving| text.lines().try_for_each(|line| giving.line(line.as_bytes())))
        })
    }

    fn erase(&self, erase: Erase) -> Answer<'_, Erased> {
        self.write(|state| state.erase(erase))
    }

    fn keys_destroyed(&self) -> u64 {
        self.0.lock().unwrap().erased.len() as u64
    }

    fn erasures(&self, report: &str) -> Answer<'_, Vec<Erased>> {
        self.read(|state| state.erasures(report))
    }

    fn all_erasures(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Answer<'_, Vec<Erased>> {
        self.read(|state| state.all_erasures(filter, before, limit))
    }
}

mod export {
    use ledger::export::*;

    use super::*;

    /// Every line of the log as far as is asked, each with its end.
    pub fn whole(state: &State, extent: Extent) -> String {
        let size = match extent {
            Extent::Signed => state.checkpoints.last().map_or(0, |last| last.size),
            Extent::All => state.leaves.len() as u64,
        };
        let key = State::key().verifier().clone();
        let header = Header { shape: Shape::Whole, size, key, witnesses: vec![] };
        let mut lines = vec![header_line(&header)];
        let signed = |size: u64, lines: &mut Vec<String>| {
            let of = state.checkpoints.iter().filter(|kept| kept.size == size);
            lines.extend(of.map(|kept| checkpoint_line(&kept.note.parse().unwrap())));
        };
        signed(0, &mut lines);
        let mut frontier = Frontier::new();
        for (index, leaf) in (0..size).zip(&state.leaves) {
            let full = frontier.append(leaf_hash(leaf.as_bytes()));
            let hashes: Vec<Hash> = full.iter().map(|node| node.hash).collect();
            let (leaf, kept) = (leaf.as_bytes(), Kept::LeftOut);
            let entry = Entry { index, leaf, hashes: &hashes, kept };
            let mut line = Vec::new();
            entry_line(Shape::Whole, &entry, &mut line);
            lines.push(String::from_utf8(line).unwrap());
            signed(index + 1, &mut lines);
        }
        lines.push(end_line(size));
        lines.join("\n") + "\n"
    }
}
