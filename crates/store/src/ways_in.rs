//! Ways in beside the password, and what changed about them and about accounts.

use jiff::Timestamp;

use crate::store::Answer;
use crate::{TokenHash, User, UserId};

/// A passkey of somebody. Holds nothing that could sign anybody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// The id that the authenticator gave it: 1 to 1023 bytes, unique among all.
    pub credential: Vec<u8>,
    /// Whose it is.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// What checks its answers, as text of the web crate: public key and counter.
    pub checks: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last used to sign in.
    pub last_used_at: Option<Timestamp>,
}

/// Who somebody is at another provider. One person has at most one with each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Address of the provider.
    pub issuer: String,
    /// The id it gives to this person and never to anybody else.
    pub subject: String,
    /// Who that is here.
    pub user: UserId,
    /// When they first came in this way.
    pub created_at: Timestamp,
}

/// Something that changed about an account or about how somebody gets in. A line about it is kept for whom it is
/// about, and an entry of the log, in the step that changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// About whom.
    pub user: UserId,
    /// By whom; `None` when it was no person: the settings, a provider.
    pub by: Option<UserId>,
    /// The session in which somebody changed their own account: it goes on where a change ends the others. It is not kept.
    pub session: Option<TokenHash>,
    /// What, a word of the web crate.
    pub kind: String,
    /// Which, in words; may be empty. It may name people, and is encrypted.
    pub detail: String,
    /// When.
    pub at: Timestamp,
}

/// A [`Change`] as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeEntry {
    /// Its number; later ones have higher numbers.
    pub id: u64,
    /// What changed.
    pub change: Change,
}

/// What lets people in beside passkeys, as the settings have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherWays {
    /// Whether a password does.
    pub passwords: bool,
    /// The provider that does, by its address, where there is one.
    pub provider: Option<String>,
}

/// What came of removing a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// It is gone.
    Done,
    /// It stays: its owner would have no way in left.
    LastWayIn,
    /// They have no such passkey.
    Unknown,
}

/// Ways in beside the password. Part of [`Store`](crate::Store), and keeps the same promises: what is
/// changed and the line about it in the log are one step.
pub trait WaysIn {
    /// Changes everything of a user but the id and the time of creation, and logs what changed.
    /// Disabling ends every session in the same step; another role or password every one but the [`Change::session`].
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::StoreError::NotFound),
    /// [`StoreError::Duplicate`](crate::StoreError::Duplicate) when the sign-in name is in use,
    /// [`StoreError::Contradiction`](crate::StoreError::Contradiction) when something changes and no change says so.
    fn change_user(&self, user: User, changes: Vec<Change>) -> Answer<'_, ()>;

    /// Makes an account that was changed outside what somebody says it is: name, role, unit, and whether it may sign in. What
    /// nobody can look at goes: the password, passkeys, ties to providers, and with them every session and link that was not used.
    ///
    /// # Errors
    /// [`StoreError::Contradiction`](crate::StoreError::Contradiction) when the account is what the program left; else as
    /// [`WaysIn::change_user`].
    fn put_right(&self, user: User, changes: Vec<Change>) -> Answer<'_, ()>;

    /// Gives a session another token, because its owner proved again who they are. Tells whether it
    /// was still there.
    fn renew_session(&self, old: &TokenHash, new: &TokenHash, at: Timestamp) -> Answer<'_, bool>;

    /// Adds a passkey, and ends every other session of its owner in the same step.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::StoreError::NotFound) when there is no such user,
    /// [`StoreError::Duplicate`](crate::StoreError::Duplicate) when the credential is in use,
    /// [`StoreError::TooLong`](crate::StoreError::TooLong) beyond
    /// [`limits::PASSKEYS`](crate::limits::PASSKEYS) of one user.
    fn add_passkey(&self, passkey: Passkey, change: Change) -> Answer<'_, ()>;

    /// A passkey by the id that its authenticator gave it.
    fn passkey(&self, credential: &[u8]) -> Answer<'_, Option<Passkey>>;

    /// The passkeys of a user, oldest first.
    fn passkeys_of(&self, user: &UserId) -> Answer<'_, Vec<Passkey>>;

    /// Notes that a passkey was used: `checks` as it is now, if it still is as it `was`. Tells whether:
    /// of two uses at the same moment one is told no. Where that moves its counter, the log says so.
    fn use_passkey(&self, credential: &[u8], was: &str, checks: &str, at: Timestamp) -> Answer<'_, bool>;

    /// Removes a passkey of a user, unless it is their last way in, and ends every other session of theirs in the same step. Of two
    /// browsers that remove one of the last two each, the second is told no.
    fn remove_passkey(
        &self,
        user: &UserId,
        credential: &[u8],
        others: &OtherWays,
        change: Change,
    ) -> Answer<'_, Removed>;

    /// Keeps who somebody is at another provider, and ends every other session of theirs in the same step.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::StoreError::NotFound) when there is no such user,
    /// [`StoreError::Duplicate`](crate::StoreError::Duplicate) when the provider's id is somebody's, or
    /// the user has another with this provider.
    fn add_identity(&self, identity: Identity, change: Change) -> Answer<'_, ()>;

    /// Who somebody of another provider is here.
    fn identity(&self, issuer: &str, subject: &str) -> Answer<'_, Option<Identity>>;

    /// Who a user is at other providers.
    fn identities_of(&self, user: &UserId) -> Answer<'_, Vec<Identity>>;

    /// Logs something that changed nothing else here, such as signing in by a link.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::StoreError::NotFound) when there is no such user.
    fn note_change(&self, change: Change) -> Answer<'_, ()>;

    /// What changed about how a user gets in, newest first: at most `limit` with an id below `before`.
    fn changes_of(&self, user: &UserId, before: Option<u64>, limit: u32) -> Answer<'_, Vec<ChangeEntry>>;
}
