//! Settings of backups.

use std::path::PathBuf;

use serde::Deserialize;

use super::BACKUPS;

/// Where backups go, and for whom they are encrypted.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Backup {
    /// The folder for backups.
    pub folder: PathBuf,
    /// The age public key that backups are encrypted to; empty where none is made.
    pub recipient: String,
    /// Hours after which the newest backup is too old: 1 to 720.
    pub every_hours: u32,
}

impl Default for Backup {
    fn default() -> Self {
        Self { folder: BACKUPS.into(), recipient: String::new(), every_hours: 26 }
    }
}

/// How every secret key of age begins.
const SECRET: &str = "AGE-SECRET-KEY-";

/// The public key that something is encrypted to.
///
/// # Errors
/// Why a text is none, in words. A secret key that was put there by mistake is not repeated: what is written on a terminal is kept in
/// logs.
pub fn recipient(text: &str) -> Result<age::x25519::Recipient, String> {
    if text.to_ascii_uppercase().contains(SECRET) {
        return Err(
            "that is the secret key; here belongs the public one, which begins with age1. Keep the secret one away from this computer"
                .to_owned(),
        );
    }
    text.parse().map_err(|_| format!("\"{text}\" is no age public key; one begins with age1 and is copied whole"))
}

impl Backup {
    /// What is wrong with the values, each beginning with the name of its setting.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if !self.recipient.is_empty()
            && let Err(why) = recipient(&self.recipient)
        {
            found.push(format!("recipient: {why}"));
        }
        if !(1..=720).contains(&self.every_hours) {
            found.push(format!("every_hours: {} must be between 1 and 720", self.every_hours));
        }
        found
    }
}
