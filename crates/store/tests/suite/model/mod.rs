//! The store as one would explain it: maps and lists in memory, every promise said the slow way.
//!
//! It passes the conformance suite itself, and the random test compares the real store with it.

mod accounts;
mod log;
mod record;
mod ways_in;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use store::*;

use crate::fixture::Shared;

#[derive(Default, Clone)]
struct State {
    streams: BTreeMap<StreamId, Vec<StoredEvent>>,
    rows: BTreeMap<StreamId, ProjectionRow>,
    /// Who has a conflict of interest; outlives the row.
    conflicts: BTreeMap<StreamId, Vec<UserId>>,
    keys: BTreeMap<String, Vec<Appended>>,
    numbers: BTreeMap<u16, u32>,
    users: BTreeMap<UserId, User>,
    sessions: BTreeMap<TokenHash, Session>,
    tokens: BTreeMap<TokenHash, (OneTimeToken, bool)>,
    failures: BTreeMap<String, Failures>,
    settings: BTreeMap<String, String>,
    passkeys: BTreeMap<Vec<u8>, Passkey>,
    identities: BTreeMap<(String, String), Identity>,
    changes: Vec<(Change, u64)>,
    accesses: Vec<NotedAccess>,
    disclosed: Vec<Disclosed>,
    leaves: Vec<String>,
    checkpoints: Vec<KeptCheckpoint>,
    subjects: BTreeMap<EventId, Subject>,
    erased: Vec<Erased>,
    terms: BTreeSet<(String, StreamId, Subject)>,
}

#[derive(Default)]
pub struct Model(Mutex<State>);

pub async fn empty() -> (Shared, ()) {
    (Arc::new(Model::default()), ())
}

impl Model {
    fn read<'a, T: Send + 'a>(&self, read: impl FnOnce(&State) -> T) -> Answer<'a, T> {
        let answer = read(&self.0.lock().unwrap());
        Box::pin(async { Ok(answer) })
    }

    fn write<'a, T: Send + 'a, E: Send + 'a>(&self, act: impl FnOnce(&mut State) -> Result<T, E>) -> Answer<'a, T, E> {
        let answer = act(&mut self.0.lock().unwrap());
        Box::pin(async { answer })
    }
}

impl Record for Model {
    fn append_all(&self, together: Vec<Append>, key: Option<String>) -> Answer<'_, Vec<Appended>, AppendError> {
        self.write(|state| state.append_all(together, key))
    }

    fn load(&self, stream: &StreamId, from_version: u64) -> Answer<'_, Vec<StoredEvent>> {
        self.read(|state| state.load(stream, from_version))
    }

    fn find(&self, search: Search) -> Answer<'_, Candidates> {
        self.write(|state| {
            limits::search(&search)?;
            Ok(state.find(&search))
        })
    }

    fn all_streams(&self, after: Option<&StreamId>, limit: u32) -> Answer<'_, Vec<StreamHead>> {
        self.read(|state| state.all_streams(after, limit))
    }

    fn next_reference(&self, year: u16) -> Answer<'_, String> {
        self.write(|state| state.next_reference(year))
    }

    fn projection(&self, report: &StreamId) -> Answer<'_, Option<ProjectionRow>> {
        self.read(|state| state.projection(report))
    }

    fn projection_by_reference(&self, reference: &str) -> Answer<'_, Option<ProjectionRow>> {
        self.read(|state| state.projection_by_reference(reference))
    }

    fn worklist(&self, query: &WorklistQuery) -> Answer<'_, WorklistPage> {
        self.read(|state| state.worklist(query))
    }

    fn worklist_count(&self, filter: &WorklistFilter, at_most: u32) -> Answer<'_, u32> {
        self.read(|state| state.worklist_count(filter, at_most))
    }
}

impl Store for Model {
    fn add_user(&self, user: User, made: Change) -> Answer<'_, ()> {
        self.write(|state| state.add_user(user, made))
    }

    fn user(&self, id: &UserId) -> Answer<'_, Option<User>> {
        self.read(|state| state.user(id))
    }

    fn user_by_sign_in_name(&self, name: &str) -> Answer<'_, Option<User>> {
        self.read(|state| state.user_by_sign_in_name(name))
    }

    fn users(&self, after: Option<&UserId>, limit: u32) -> Answer<'_, Vec<User>> {
        self.read(|state| state.users(after, limit))
    }

    fn start_session(&self, session: Session) -> Answer<'_, ()> {
        self.write(|state| state.start_session(session))
    }

    fn session(&self, token: &TokenHash) -> Answer<'_, Option<(Session, User)>> {
        self.read(|state| state.session(token))
    }

    fn touch_session(&self, token: &TokenHash, at: Timestamp) -> Answer<'_, bool> {
        self.write(|state| state.touch_session(token, at))
    }

    fn end_session(&self, token: &TokenHash) -> Answer<'_, bool> {
        self.write(|state| state.end_session(token))
    }

    fn end_sessions_of(&self, user: &UserId, change: Option<Change>) -> Answer<'_, u64> {
        self.write(|state| state.end_sessions_of(user, change))
    }

    fn sessions_of(&self, user: &UserId) -> Answer<'_, Vec<Session>> {
        self.read(|state| state.sessions_of(user))
    }

    fn add_token(&self, token: OneTimeToken, change: Option<Change>) -> Answer<'_, ()> {
        self.write(|state| state.add_token(token, change))
    }

    fn take_token(&self, token: &TokenHash, purpose: &str, now: Timestamp) -> Answer<'_, TokenUse> {
        self.write(|state| state.take_token(token, purpose, now))
    }

    fn count_failure(&self, key: &str, at: Timestamp, window_start: Timestamp) -> Answer<'_, Failures> {
        self.write(|state| state.count_failure(key, at, window_start))
    }

    fn failures(&self, key: &str) -> Answer<'_, Option<Failures>> {
        self.read(|state| state.failures(key))
    }

    fn clear_failures(&self, key: &str) -> Answer<'_, ()> {
        self.write(|state| state.clear_failures(key))
    }

    fn setting(&self, key: &str) -> Answer<'_, Option<String>> {
        self.read(|state| state.setting(key))
    }

    fn set_setting(&self, key: &str, value: &str) -> Answer<'_, ()> {
        self.write(|state| state.set_setting(key, value))
    }

    fn forget_expired(&self, now: Timestamp) -> Answer<'_, u64> {
        self.write(|state| state.forget_expired(now))
    }
}
