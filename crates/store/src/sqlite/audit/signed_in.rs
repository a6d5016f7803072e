//! Whether sessions and one-time links are those that the program made.

use rusqlite::Connection;

use super::super::standing::{self, Kind};
use super::super::{sessions, tokens};
use crate::keys::Keyring;
use crate::{LogFault, StoreError, TokenHash};

const NONE: &str = "of no such one, and no key vouches for it; it lets nobody in";

/// The first that is not, or that had ended. None of them lets anybody in: whoever put it there had the database.
pub(in super::super) fn fit(conn: &Connection, ring: &Keyring) -> Result<(), StoreError> {
    sessions::each(conn, ring, &mut |session, vouched| {
        let found = || format!("one that began at {}", session.created_at);
        let what = || format!("a session of account {}", session.user);
        if !vouched {
            return Err(differs(what(), found(), NONE.to_owned()));
        }
        let said = said_to_have_ended(conn, ring, Kind::Session, &session.token_hash)?;
        said.map_or(Ok(()), |said| Err(differs(what(), found(), said)))
    })?;
    tokens::each_link(conn, ring, &mut |link, used, vouched| {
        let found = || format!("one that works until {}", link.expires_at);
        let what = || match &link.user {
            Some(user) => format!("a one-time link of account {user}"),
            None => "a one-time link of no account yet".to_owned(),
        };
        if !vouched {
            return Err(differs(what(), found(), NONE.to_owned()));
        }
        let said = match used {
            true => None,
            false => said_to_have_ended(conn, ring, Kind::Link, &link.token_hash)?,
        };
        said.map_or(Ok(()), |said| Err(differs(what(), found(), said)))
    })
}

/// What the log says of one whose end it tells of.
fn said_to_have_ended(
    conn: &Connection,
    ring: &Keyring,
    kind: Kind,
    token: &TokenHash,
) -> Result<Option<String>, StoreError> {
    let entry = standing::end_of(conn, ring, kind, token)?;
    Ok(entry.map(|entry| format!("that it had ended, in entry {entry}; it lets nobody in")))
}

fn differs(what: String, found: String, said: String) -> StoreError {
    LogFault::Row { what, found, said }.into()
}
