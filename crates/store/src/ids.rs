//! Names of things, checked once where they enter.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Whoever runs the machine: no account of Waymark's, whose ids are longer.
pub const OPERATOR: &str = "operator";
/// The longest [`StreamId`] or [`UserId`], in characters.
pub const ID_LENGTH: usize = 64;

/// A text that cannot be an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdError {
    /// Not 1 to 64 of `A-Z a-z 0-9 _ -`.
    #[error("an id is 1 to {ID_LENGTH} letters, digits, - or _")]
    Text,
    /// Not a UUID.
    #[error("an event id is a UUID: 32 hexadecimal digits, with or without hyphens")]
    Uuid,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks a text: 1 to 64 of `A-Z a-z 0-9 _ -`, so that it is safe in a URL,
            /// a file name and a log line as it stands.
            ///
            /// # Errors
            /// [`IdError::Text`] when it is anything else.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                let allowed = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
                if text.is_empty() || text.len() > ID_LENGTH || !text.bytes().all(allowed) {
                    return Err(IdError::Text);
                }
                Ok(Self(text))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// Names one stream of events: one report.
    StreamId
}
text_id! {
    /// Names one user.
    UserId
}
text_id! {
    /// Names somebody or something within one report, by pseudonym: `A`, `L1`.
    PartId
}

/// Names one event: a UUID, given by whoever made the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId([u8; 16]);

impl EventId {
    /// From the 16 bytes of a UUID.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromStr for EventId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let hex: String = text.chars().filter(|c| *c != '-').collect();
        if hex.len() != 32 || !hex.bytes().all(|c| c.is_ascii_hexdigit()) {
            return Err(IdError::Uuid);
        }
        u128::from_str_radix(&hex, 16).map(|n| Self(n.to_be_bytes())).map_err(|_| IdError::Uuid)
    }
}

/// The SHA-256 of a secret token. The token itself never reaches the store, so a copy of the
/// database opens no session and redeems no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// From the 32 bytes of the digest.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_ids_are_safe_anywhere() {
        for good in ["r", "WM-2026-000001", "a_b", &"x".repeat(64)] {
            assert_eq!(StreamId::new(good).map(|id| id.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "a b", "a/b", "é", "a.b", "a'b", &"x".repeat(65)] {
            assert_eq!(UserId::new(bad), Err(IdError::Text), "{bad:?}");
        }
    }

    #[test]
    fn event_ids_read_back_as_written() {
        let text = "0192f5a0-7c3e-7abc-8def-0123456789ab";
        let id: EventId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(text.replace('-', "").parse(), Ok(id));
        for bad in ["", "0192f5a0", "zz92f5a07c3e7abc8def0123456789ab", "+192f5a07c3e7abc8def0123456789ab"] {
            assert_eq!(bad.parse::<EventId>(), Err(IdError::Uuid), "{bad:?}");
        }
    }
}
