//! Whether sessions and one-time links are those that the program made.

use rusqlite::Connection;

use super::super::{accounts, tokens};
use crate::keys::Keyring;
use crate::{LogFault, StoreError};

const NONE: &str = "of no such one, and no key vouches for it; it lets nobody in";

/// The first that is not. None of them lets anybody in: whoever put it there had the database.
pub(in super::super) fn fit(conn: &Connection, ring: &Keyring) -> Result<(), StoreError> {
    accounts::each_session(conn, ring, &mut |session, vouched| {
        let found = || format!("one that began at {}", session.created_at);
        let what = || format!("a session of account {}", session.user);
        vouched
            .then_some(())
            .ok_or_else(|| differs(what(), found()))
    })?;
    tokens::each_link(conn, ring, &mut |link, vouched| {
        let found = || format!("one that works until {}", link.expires_at);
        let what = || match &link.user {
            Some(user) => format!("a one-time link of account {user}"),
            None => "a one-time link of no account yet".to_owned(),
        };
        vouched
            .then_some(())
            .ok_or_else(|| differs(what(), found()))
    })
}

fn differs(what: String, found: String) -> StoreError {
    LogFault::Row {
        what,
        found,
        said: NONE.to_owned(),
    }
    .into()
}
