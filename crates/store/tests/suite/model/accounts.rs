//! Users and the traces of signing in, in memory.

use jiff::Timestamp;
use store::*;

use super::State;

impl State {
    pub fn add_user(&mut self, user: User, made: Change) -> Result<(), StoreError> {
        limits::user(&user)?;
        limits::way_in_change(&made)?;
        let before = self.clone();
        let result = self.insert(user).and_then(|()| self.note(made));
        if result.is_err() {
            *self = before;
        }
        result
    }

    fn insert(&mut self, user: User) -> Result<(), StoreError> {
        if self.users.contains_key(&user.id) {
            return Err(StoreError::Duplicate { what: "user id" });
        }
        self.sign_in_name_is_free(&user)?;
        let sign_in_name = sign_in_key(&user.sign_in_name);
        self.users.insert(user.id.clone(), User { sign_in_name, ..user });
        Ok(())
    }

    pub fn save_user(&mut self, user: User) -> Result<(), StoreError> {
        let Some(created_at) = self.users.get(&user.id).map(|user| user.created_at) else {
            return Err(StoreError::NotFound { what: "user" });
        };
        self.sign_in_name_is_free(&user)?;
        if user.disabled {
            self.end_all(&user.id);
        }
        let sign_in_name = sign_in_key(&user.sign_in_name);
        self.users.insert(user.id.clone(), User { sign_in_name, created_at, ..user });
        Ok(())
    }

    pub fn user(&self, id: &UserId) -> Option<User> {
        self.users.get(id).cloned()
    }

    pub fn user_by_sign_in_name(&self, name: &str) -> Option<User> {
        self.users.values().find(|user| user.sign_in_name == sign_in_key(name)).cloned()
    }

    pub fn users(&self, after: Option<&UserId>, limit: u32) -> Vec<User> {
        let users = self.users.values().filter(|user| after.is_none_or(|after| user.id > *after));
        users.take(limit as usize).cloned().collect()
    }

    pub fn start_session(&mut self, session: Session) -> Result<(), StoreError> {
        if self.users.get(&session.user).is_none_or(|user| user.disabled) {
            return Err(StoreError::NotFound { what: "user" });
        }
        if self.sessions.contains_key(&session.token_hash) {
            return Err(StoreError::Duplicate { what: "session token" });
        }
        self.sessions.insert(session.token_hash, session);
        Ok(())
    }

    pub fn session(&self, token: &TokenHash) -> Option<(Session, User)> {
        let session = self.sessions.get(token)?;
        Some((session.clone(), self.users[&session.user].clone()))
    }

    pub fn touch_session(&mut self, token: &TokenHash, at: Timestamp) -> Result<bool, StoreError> {
        let Some(session) = self.sessions.get_mut(token) else {
            return Ok(false);
        };
        session.last_seen_at = session.last_seen_at.max(at);
        Ok(true)
    }

    pub fn end_session(&mut self, token: &TokenHash) -> Result<bool, StoreError> {
        let was = self.sessions.remove(token).is_some();
        if was {
            self.ended();
        }
        Ok(was)
    }

    /// Not the bytes of the real entry, but one for one.
    pub fn ended(&mut self) {
        self.leaves.push(format!("ended {}", self.leaves.len()));
    }

    pub fn end_all(&mut self, user: &UserId) -> u64 {
        self.end_others(user, None)
    }

    pub fn end_others(&mut self, user: &UserId, but: Option<TokenHash>) -> u64 {
        let before = self.sessions.len();
        self.sessions.retain(|token, session| session.user != *user || Some(*token) == but);
        let ended = (before - self.sessions.len()) as u64;
        (0..ended).for_each(|_| self.ended());
        ended
    }

    pub fn end_sessions_of(&mut self, user: &UserId, change: Option<Change>) -> Result<u64, StoreError> {
        change.as_ref().map_or(Ok(()), limits::way_in_change)?;
        let before = self.clone();
        let theirs = self.end_all(user);
        let told = change.filter(|_| theirs > 0);
        if let Err(why) = told.map_or(Ok(()), |change| self.note(change)) {
            *self = before;
            return Err(why);
        }
        Ok(theirs)
    }

    pub fn sessions_of(&self, user: &UserId) -> Vec<Session> {
        let mut sessions: Vec<_> = self.sessions.values().filter(|s| s.user == *user).cloned().collect();
        sessions.sort_by_key(|session| session.created_at);
        sessions
    }

    pub fn add_token(&mut self, token: OneTimeToken, change: Option<Change>) -> Result<(), StoreError> {
        limits::text("purpose", &token.purpose)?;
        change.as_ref().map_or(Ok(()), limits::way_in_change)?;
        if token.user.as_ref().is_some_and(|user| !self.users.contains_key(user)) {
            return Err(StoreError::NotFound { what: "user" });
        }
        if self.tokens.contains_key(&token.token_hash) {
            return Err(StoreError::Duplicate { what: "one-time token" });
        }
        change.map_or(Ok(()), |change| self.note(change))?;
        self.tokens.insert(token.token_hash, (token, false));
        Ok(())
    }

    pub fn take_token(&mut self, token: &TokenHash, purpose: &str, now: Timestamp) -> Result<TokenUse, StoreError> {
        Ok(match self.tokens.get_mut(token) {
            Some((token, _)) if token.purpose != purpose => TokenUse::Unknown,
            Some((_, true)) => TokenUse::AlreadyUsed,
            Some((token, _)) if token.expires_at <= now => TokenUse::Expired,
            Some((token, used)) => {
                *used = true;
                let taken = TokenUse::Taken(token.clone());
                self.ended();
                taken
            }
            None => TokenUse::Unknown,
        })
    }

    pub fn count_failure(&mut self, key: &str, at: Timestamp, window_start: Timestamp) -> Result<Failures, StoreError> {
        limits::text("key", key)?;
        if !self.failures.contains_key(key) && self.failures.len() >= limits::FAILURE_KEYS as usize {
            let weakest = self.failures.iter().min_by_key(|(_, f)| (f.count, f.last)).map(|(key, _)| key.clone());
            self.failures.remove(&weakest.unwrap());
        }
        let anew = Failures { count: 0, since: at, last: at };
        let kept = self.failures.entry(key.to_owned()).or_insert(anew);
        if kept.since < window_start {
            *kept = anew;
        }
        *kept = Failures { count: kept.count + 1, last: at, ..*kept };
        Ok(*kept)
    }

    pub fn failures(&self, key: &str) -> Option<Failures> {
        self.failures.get(key).copied()
    }

    pub fn clear_failures(&mut self, key: &str) -> Result<(), StoreError> {
        self.failures.remove(key);
        Ok(())
    }

    pub fn setting(&self, key: &str) -> Option<String> {
        self.settings.get(key).cloned()
    }

    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        limits::text("key", key)?;
        limits::at_most("setting", value.len(), limits::VALUE)?;
        self.settings.insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    pub fn forget_expired(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        let before = self.sessions.len() + self.tokens.len();
        self.sessions.retain(|_, session| session.expires_at > now);
        self.tokens.retain(|_, (token, _)| token.expires_at > now);
        Ok((before - self.sessions.len() - self.tokens.len()) as u64)
    }

    fn sign_in_name_is_free(&self, user: &User) -> Result<(), StoreError> {
        let same = |other: &User| other.id != user.id && other.sign_in_name == sign_in_key(&user.sign_in_name);
        match self.users.values().any(same) {
            true => Err(StoreError::Duplicate { what: "sign-in name" }),
            false => Ok(()),
        }
    }
}
