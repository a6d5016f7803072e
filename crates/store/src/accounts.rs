//! Who may sign in, and the traces of signing in.

use jiff::Timestamp;

use crate::{TokenHash, UserId};

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The id that events carry. Never given to anybody else.
    pub id: UserId,
    /// The name colleagues see.
    pub name: String,
    /// E-mail address or other name typed at sign-in. Unique; kept and compared trimmed and in
    /// lower case.
    pub sign_in_name: String,
    /// The role, a word of the web crate.
    pub role: String,
    /// The unit worked in.
    pub unit: String,
    /// The password as an Argon2id string; `None` until one is chosen.
    pub password_hash: Option<String>,
    /// May no longer sign in. A disabled user has no sessions.
    pub disabled: bool,
    /// When the account was made. Later changes leave it as it is.
    pub created_at: Timestamp,
}

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token in the cookie. Another with every proof of who its owner is.
    pub token_hash: TokenHash,
    /// The same from signing in to the end, known to nobody outside.
    pub family: TokenHash,
    /// Whose it is.
    pub user: UserId,
    /// How its owner signed in, a word of the web crate.
    pub means: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When its owner last proved who they are: by signing in, or again since.
    pub proved_at: Timestamp,
    /// When it was last used. Never moves back.
    pub last_seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
}

/// A token that works once: the first administrator's, or a sign-in link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// SHA-256 of the token.
    pub token_hash: TokenHash,
    /// What it is for. A token for one purpose does nothing for another.
    pub purpose: String,
    /// Whom it signs in, if anybody yet.
    pub user: Option<UserId>,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What became of a one-time token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenUse {
    /// It was good, and is used up now.
    Taken(OneTimeToken),
    /// It was used before.
    AlreadyUsed,
    /// Its time is over.
    Expired,
    /// No such token for this purpose.
    Unknown,
}

/// Failed sign-ins counted under one key (a sign-in name or an address).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many since `since`.
    pub count: u32,
    /// The first of them.
    pub since: Timestamp,
    /// The last of them.
    pub last: Timestamp,
}

/// The form in which sign-in names are kept and compared.
#[must_use]
pub fn sign_in_key(name: &str) -> String {
    name.trim().to_lowercase()
}
