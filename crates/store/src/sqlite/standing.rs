//! What the program itself left accounts, sessions and links as, in memory, where nobody who has the database reaches it: a row that
//! was changed there, or an older one that was put back, lets nobody in from the next page on.
//!
//! At the opening it is what the log says: of each account the last entry about it, of sessions and links those whose end it does
//! not tell of. From then on it is what this process did, which is the only one that writes. What a command did counts once its
//! transaction is committed. A reader may see a row a moment before or after that: what does not fit is asked of the writer
//! again, to which both are of one moment.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use rusqlite::{Connection, OptionalExtension as _};

use super::rows::unsigned;
use super::writer::Tx;
use super::{held, ledger, sessions, tokens};
use crate::keys::{Keyring, hex};
use crate::line::Line;
use crate::{Operation, Session, StoreError, TokenHash, UserId};

/// Characters of what the log calls a session or a link.
const NAME: usize = 32;

/// What lets somebody in until it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A session.
    Session,
    /// A link that works once.
    Link,
}

/// What one command did.
#[derive(Debug)]
pub(super) enum Did {
    /// Left an account as this.
    Account(UserId, String),
    /// Began a session, or made a link.
    Began(Kind, TokenHash),
    /// Ended or used one, or forgot one whose time was over.
    Ended(Kind, TokenHash),
}

#[derive(Debug, Default)]
struct Known {
    /// Of each account what [`held::digests`] gives.
    accounts: HashMap<UserId, String>,
    /// Sessions that were begun and not ended, links that were made and not used: some 50 bytes each, and as many as there are rows.
    live: HashSet<(Kind, TokenHash)>,
}

/// What the program left.
#[derive(Debug, Default)]
pub(super) struct Left(RwLock<Known>);

impl Left {
    /// Reads at the opening what the log says.
    pub(super) fn read(&self, conn: &Connection, ring: &Keyring) -> Result<(), StoreError> {
        let last = held::last_of_each(conn)?.into_iter().map(|(user, (_, left))| (user, left));
        let mut known = Known { accounts: last.collect(), ..Known::default() };
        let live = &mut known.live;
        let mut one = |kind: Kind, token: TokenHash, vouched: bool| {
            match end_of(conn, ring, kind, &token)? {
                Some(entry) => {
                    tracing::error!(?kind, entry, "it had ended and is back in the database: it lets nobody in")
                }
                None if vouched => drop(live.insert((kind, token))),
                // It is told when somebody comes with it.
                None => {}
            }
            Ok(())
        };
        sessions::each(conn, ring, &mut |session, vouched| one(Kind::Session, session.token_hash, vouched))?;
        tokens::each_link(conn, ring, &mut |link, used, vouched| match used {
            true => Ok(()),
            false => one(Kind::Link, link.token_hash, vouched),
        })?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// What commands did that are durable now.
    pub(super) fn take(&self, done: impl Iterator<Item = Did>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for did in done {
            match did {
                Did::Account(user, what) => drop(known.accounts.insert(user, what)),
                Did::Began(kind, token) => drop(known.live.insert((kind, token))),
                Did::Ended(kind, token) => drop(known.live.remove(&(kind, token))),
            }
        }
    }

    /// Whether a session or a link was made by the program and has not ended.
    pub(super) fn lives(&self, kind: Kind, token: &TokenHash) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.live.contains(&(kind, *token))
    }

    /// Whether a session may be used, its account and the ways into it being what `is` says: asked at each page.
    pub(super) fn admits(&self, session: &Session, is: &str) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let holds = known.accounts.get(&session.user).is_some_and(|left| left == is);
        holds && known.live.contains(&(Kind::Session, session.token_hash))
    }

    fn account(&self, user: &UserId) -> Option<String> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.accounts.get(user).cloned()
    }
}

/// That an account and its ways in are what the program left, the commands before this one counted in. INVARIANT
/// (`suite/standing`): asked before anything changes it or lets somebody in, so that nothing that somebody else wrote is taken
/// over into the log.
///
/// # Errors
/// [`StoreError::ChangedOutside`], which is told in the program's log as well.
pub(super) fn holds(tx: &Tx, user: &UserId) -> Result<(), StoreError> {
    let Some(is) = held::digests(tx, &tx.ring, user)? else {
        // There is none: who asks says so in their words.
        return Ok(());
    };
    let now = tx.did.borrow();
    let just_left = now.iter().rev().find_map(|did| match did {
        Did::Account(whose, what) if whose == user => Some(what.clone()),
        _ => None,
    });
    let left = just_left.or_else(|| tx.left.account(user));
    if left.as_deref() == Some(&is) {
        return Ok(());
    }
    let parts = left.map_or_else(|| "all of it".to_owned(), |left| held::which_differ(&is, &left));
    tracing::error!(%user, changed = parts, "an account was changed outside Waymark: it lets nobody in");
    Err(StoreError::ChangedOutside { user: user.clone() })
}

/// The entry that says so of a session or a link. It is no look and changes no account: it is in no list, and in the export.
pub(super) fn ended(
    tx: &Tx,
    (kind, word): (Kind, &str),
    user: Option<&UserId>,
    token: &TokenHash,
) -> Result<(), StoreError> {
    let leaf = Line::default()
        .text("ended", &name(&tx.ring, kind, token))
        .text("kind", word)
        .text("op", Operation::SignIn.word())
        .maybe("user", user.map(UserId::as_str))
        .number("v", 1);
    ledger::add(tx, &leaf.end(), None)?;
    tx.did.borrow_mut().push(Did::Ended(kind, *token));
    Ok(())
}

/// What the log calls it: an export tells nobody which row it was.
fn name(ring: &Keyring, kind: Kind, token: &TokenHash) -> String {
    let domain = match kind {
        Kind::Session => "session ended",
        Kind::Link => "one-time link ended",
    };
    let mut name = hex(&ring.blind(domain, token.as_bytes()));
    name.truncate(NAME);
    name
}

/// The entry that says a session or a link has ended, where there is one.
pub(super) fn end_of(
    conn: &Connection,
    ring: &Keyring,
    kind: Kind,
    token: &TokenHash,
) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT leaf_index FROM ledger_entries INDEXED BY ledger_ended
               WHERE instr(leaf, '\"ended\":\"') > 0 AND substr(leaf, instr(leaf, '\"ended\":\"') + 9, 32) = ?1 LIMIT 1";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row([name(ring, kind, token)], |row| row.get(0).map(unsigned));
    Ok(found.optional()?)
}
