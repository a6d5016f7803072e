//! Ways in beside the password, in memory.

use jiff::Timestamp;
use store::*;

use super::{Model, State};

impl State {
    pub fn note(&mut self, change: Change) -> Result<(), StoreError> {
        let known = |user: &UserId| self.users.contains_key(user);
        if !known(&change.user) || !change.by.as_ref().is_none_or(known) {
            return Err(StoreError::NotFound { what: "user" });
        }
        let change = Change { session: None, ..change };
        // Not the bytes of the real one, but one for one.
        let place = self.leaves.len() as u64;
        self.leaves.push(format!("{change:?}"));
        self.changes.push((change, place));
        Ok(())
    }

    fn change_user(&mut self, user: User, changes: Vec<Change>) -> Result<(), StoreError> {
        limits::user(&user)?;
        changes.iter().try_for_each(limits::way_in_change)?;
        let before = self.clone();
        let Some(was) = self.users.get(&user.id) else {
            return Err(StoreError::NotFound { what: "user" });
        };
        let same = (&was.name, &was.role, &was.unit, &was.password_hash)
            == (&user.name, &user.role, &user.unit, &user.password_hash)
            && was.disabled == user.disabled
            && was.sign_in_name == sign_in_key(&user.sign_in_name);
        if changes.is_empty() && !same {
            return Err(StoreError::Contradiction { what: "an account changes and nothing says how" });
        }
        let lets_in_as_before = (&was.role, &was.password_hash) == (&user.role, &user.password_hash);
        let (whose, but) = (user.id.clone(), changes.iter().find_map(|change| change.session));
        let result = self.save_user(user).and_then(|()| {
            if !lets_in_as_before {
                self.end_others(&whose, but);
            }
            changes.into_iter().try_for_each(|change| self.note(change))
        });
        if result.is_err() {
            *self = before;
        }
        result
    }

    fn renew_session(&mut self, old: &TokenHash, new: &TokenHash, at: Timestamp) -> Result<bool, StoreError> {
        let Some(mut session) = self.sessions.get(old).cloned() else {
            return Ok(false);
        };
        if old != new && self.sessions.contains_key(new) {
            return Err(StoreError::Duplicate { what: "session token" });
        }
        self.sessions.remove(old);
        self.ended();
        session.token_hash = *new;
        session.proved_at = session.proved_at.max(at);
        session.last_seen_at = session.last_seen_at.max(at);
        self.sessions.insert(*new, session);
        Ok(true)
    }

    fn add_passkey(&mut self, passkey: Passkey, change: Change) -> Result<(), StoreError> {
        limits::passkey(&passkey)?;
        limits::way_in_change(&change)?;
        if !self.users.contains_key(&passkey.user) {
            return Err(StoreError::NotFound { what: "user" });
        }
        let had = self.passkeys_of(&passkey.user).len();
        limits::at_most("list of passkeys", had + 1, limits::PASSKEYS)?;
        if self.passkeys.contains_key(&passkey.credential) {
            return Err(StoreError::Duplicate { what: "passkey" });
        }
        let but = change.session;
        self.note(change)?;
        self.end_others(&passkey.user, but);
        self.passkeys.insert(passkey.credential.clone(), passkey);
        Ok(())
    }

    fn passkeys_of(&self, user: &UserId) -> Vec<Passkey> {
        let mut all: Vec<_> = self.passkeys.values().filter(|passkey| passkey.user == *user).cloned().collect();
        all.sort_by_key(|passkey| passkey.created_at);
        all
    }

    fn use_passkey(&mut self, credential: &[u8], was: &str, checks: &str, at: Timestamp) -> bool {
        match self.passkeys.get_mut(credential) {
            Some(passkey) if passkey.checks == was => {
                checks.clone_into(&mut passkey.checks);
                passkey.last_used_at = Some(at);
                if was != checks {
                    self.leaves.push(format!("used {}", self.leaves.len()));
                }
                true
            }
            _ => false,
        }
    }

    fn remove_passkey(
        &mut self,
        user: &UserId,
        credential: &[u8],
        others: &OtherWays,
        change: Change,
    ) -> Result<Removed, StoreError> {
        let all = self.passkeys_of(user);
        if !all.iter().any(|passkey| passkey.credential == credential) {
            return Ok(Removed::Unknown);
        }
        let password = others.passwords && self.users[user].password_hash.is_some();
        let mut known = self.identities_of(user).into_iter();
        let provider = known.any(|one| Some(one.issuer) == others.provider);
        if all.len() == 1 && !password && !provider {
            return Ok(Removed::LastWayIn);
        }
        let but = change.session;
        self.note(change)?;
        self.end_others(user, but);
        self.passkeys.remove(credential);
        Ok(Removed::Done)
    }

    fn add_identity(&mut self, identity: Identity, change: Change) -> Result<(), StoreError> {
        limits::identity(&identity)?;
        if !self.users.contains_key(&identity.user) {
            return Err(StoreError::NotFound { what: "user" });
        }
        let key = (identity.issuer.clone(), identity.subject.clone());
        let taken = |had: &Identity| had.issuer == identity.issuer && had.user == identity.user;
        if self.identities.contains_key(&key) || self.identities.values().any(taken) {
            return Err(StoreError::Duplicate { what: "identity" });
        }
        let but = change.session;
        self.note(change)?;
        self.end_others(&identity.user, but);
        self.identities.insert(key, identity);
        Ok(())
    }

    fn identities_of(&self, user: &UserId) -> Vec<Identity> {
        let all = self.identities.values();
        all.filter(|identity| identity.user == *user).cloned().collect()
    }

    pub fn administered(&self, filter: &AdministeredFilter, before: Option<u64>, limit: u32) -> Vec<Administered> {
        let all = self.changes.iter().rev().map(|(change, leaf)| Administered {
            leaf: *leaf,
            kind: format!("account-{}", change.kind),
            actor: change.by.clone(),
            about: Some(change.user.clone()),
            at: Some(change.at),
            words: Some(change.detail.clone()).filter(|detail| !detail.is_empty()),
        });
        let wanted = all.filter(|entry| {
            before.is_none_or(|before| entry.leaf < before)
                && (filter.person.is_none() || filter.person == entry.actor || filter.person == entry.about)
                && filter.from.is_none_or(|from| entry.at >= Some(from))
                && filter.until.is_none_or(|until| entry.at < Some(until))
        });
        wanted.take(limit as usize).collect()
    }

    pub fn conflicts_of(&self, user: &UserId) -> Vec<StreamId> {
        let all = self.conflicts.iter();
        all.filter(|(_, users)| users.contains(user)).map(|(stream, _)| stream.clone()).collect()
    }

    fn changes_of(&self, user: &UserId, before: Option<u64>, limit: u32) -> Vec<ChangeEntry> {
        let count = self.changes.len() as u64;
        let numbered = (1..=count).rev().zip(self.changes.iter().rev());
        numbered
            .filter(|(id, (change, _))| change.user == *user && before.is_none_or(|before| *id < before))
            .take(limit as usize)
            .map(|(id, (change, _))| ChangeEntry { id, change: change.clone() })
            .collect()
    }
}

impl WaysIn for Model {
    fn change_user(&self, user: User, changes: Vec<Change>) -> Answer<'_, ()> {
        self.write(|state| state.change_user(user, changes))
    }

    fn put_right(&self, user: User, _: Vec<Change>) -> Answer<'_, ()> {
        // Nobody reaches a model from outside.
        self.write(|state| match state.users.contains_key(&user.id) {
            true => Err(StoreError::Contradiction {
                what: "an account is put right that nobody changed outside, or nothing says so",
            }),
            false => Err(StoreError::NotFound { what: "user" }),
        })
    }

    fn renew_session(&self, old: &TokenHash, new: &TokenHash, at: Timestamp) -> Answer<'_, bool> {
        self.write(|state| state.renew_session(old, new, at))
    }

    fn add_passkey(&self, passkey: Passkey, change: Change) -> Answer<'_, ()> {
        self.write(|state| state.add_passkey(passkey, change))
    }

    fn passkey(&self, credential: &[u8]) -> Answer<'_, Option<Passkey>> {
        self.read(|state| state.passkeys.get(credential).cloned())
    }

    fn passkeys_of(&self, user: &UserId) -> Answer<'_, Vec<Passkey>> {
        self.read(|state| state.passkeys_of(user))
    }

    fn use_passkey(&self, credential: &[u8], was: &str, checks: &str, at: Timestamp) -> Answer<'_, bool> {
        self.write(|state| Ok(state.use_passkey(credential, was, checks, at)))
    }

    fn remove_passkey(
        &self,
        user: &UserId,
        credential: &[u8],
        others: &OtherWays,
        change: Change,
    ) -> Answer<'_, Removed> {
        self.write(|state| state.remove_passkey(user, credential, others, change))
    }

    fn add_identity(&self, identity: Identity, change: Change) -> Answer<'_, ()> {
        self.write(|state| state.add_identity(identity, change))
    }

    fn identity(&self, issuer: &str, subject: &str) -> Answer<'_, Option<Identity>> {
        let key = (issuer.to_owned(), subject.to_owned());
        self.read(|state| state.identities.get(&key).cloned())
    }

    fn identities_of(&self, user: &UserId) -> Answer<'_, Vec<Identity>> {
        self.read(|state| state.identities_of(user))
    }

    fn note_change(&self, change: Change) -> Answer<'_, ()> {
        self.write(|state| limits::way_in_change(&change).and_then(|()| state.note(change)))
    }

    fn changes_of(&self, user: &UserId, before: Option<u64>, limit: u32) -> Answer<'_, Vec<ChangeEntry>> {
        self.read(|state| state.changes_of(user, before, limit))
    }
}
