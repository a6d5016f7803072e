//! What can change about an account, and what it is called: to whom it is about, and to who audits it.

/// What can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The account was made; as what.
    Created,
    /// The name that colleagues see changed; from what to what.
    Name,
    /// A password was chosen or changed.
    Password,
    /// A supervisor made a link with which a password is chosen.
    LinkMade,
    /// A link that signs in was made: for a demonstration.
    SignInLinkMade,
    /// Somebody signed in with a link that works once.
    LinkUsed,
    /// A passkey was added; its name.
    PasskeyAdded,
    /// A passkey was removed; its name.
    PasskeyRemoved,
    /// An answer of a passkey that may have been copied was refused.
    PasskeyCopied,
    /// The account was tied to somebody at the force's own sign-in.
    ForceKnown,
    /// Role or unit changed; from what to what.
    Role,
    /// The account was disabled.
    Disabled,
    /// The account was made active again.
    Active,
    /// A supervisor ended sessions.
    SignedOut,
    /// The person has read all before this one.
    Seen,
    /// The account as an earlier version left it, which is in the log from here on.
    Adopted,
    /// A supervisor said what the account is, after somebody had changed it in the database; as what.
    PutRight,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Created,
        Self::Name,
        Self::Password,
        Self::LinkMade,
        Self::SignInLinkMade,
        Self::LinkUsed,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::PasskeyCopied,
        Self::ForceKnown,
        Self::Role,
        Self::Disabled,
        Self::Active,
        Self::SignedOut,
        Self::Seen,
        Self::Adopted,
        Self::PutRight,
    ];

    /// The word that stands in the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Name => "name",
            Self::Password => "password",
            Self::LinkMade => "link-made",
            Self::SignInLinkMade => "sign-in-link-made",
            Self::LinkUsed => "link-used",
            Self::PasskeyAdded => "passkey-added",
            Self::PasskeyRemoved => "passkey-removed",
            Self::PasskeyCopied => "passkey-copied",
            Self::ForceKnown => "force-known",
            Self::Role => "role",
            Self::Disabled => "disabled",
            Self::Active => "active",
            Self::SignedOut => "signed-out",
            Self::Seen => "seen",
            Self::Adopted => "adopted",
            Self::PutRight => "put-right",
        }
    }

    /// What it is, to whom it is about.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::Created => "The account was made",
            Self::Name => "The name changed",
            Self::Password => "A new password was chosen",
            Self::LinkMade => "A link to choose a password or add a passkey was made",
            Self::SignInLinkMade => "A link that signs in was made",
            Self::LinkUsed => "Somebody signed in with a link that works once",
            Self::PasskeyAdded => "A passkey was added",
            Self::PasskeyRemoved => "A passkey was removed",
            Self::PasskeyCopied => "A passkey that may have been copied was refused",
            Self::ForceKnown => "The account was connected to the force\u{2019}s own sign-in",
            Self::Role => "Role or unit changed",
            Self::Disabled => "The account was disabled",
            Self::Active => "The account was made active again",
            Self::SignedOut => "You were signed out by a supervisor",
            Self::Seen => "The changes before this were read",
            Self::Adopted => "What the account was is in the log from here on",
            Self::PutRight => {
                "The account was put right after it had been changed outside Waymark, and every way in removed"
            }
        }
    }
}

/// What changed, as those read it whom it is not about.
#[must_use]
pub fn says(kind: &str) -> Option<&'static str> {
    let kind = Kind::ALL.into_iter().find(|known| known.word() == kind)?;
    Some(match kind {
        Kind::SignedOut => "Signed out everywhere by a supervisor",
        Kind::Seen => "Read what had changed about the account",
        other => other.says(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        let mut words: Vec<_> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Kind::ALL.len());
    }
}
