//! Keeping the record: the only crate that knows SQL.
//!
//! Pages and the command line see one narrow trait, [`Store`]: reports ([`Record`]), the log ([`Log`]), ways in
//! ([`WaysIn`]), and accounts with what the program has to remember. Behind it, [`SqliteStore`] keeps
//! everything in one file; a second backend joins the same conformance suite
//! (`tests/suite/conformance`).
//!
//! # What holds, whatever happens
//!
//! 1. **Acknowledged means durable.** A write is answered after COMMIT has returned, and COMMIT
//!    returns after the log is flushed to the disk (`synchronous=FULL`). With `NORMAL` a commit
//!    survives the program being killed but not the power being cut: the last second of officers'
//!    work would be gone while their screens said "saved".
//! 2. **One version, one writer.** The versions of a stream are 1, 2, 3… without gaps. An append
//!    names the version it was decided on; if another came first it is refused whole, with the
//!    version to read up to.
//! 3. **Events are never changed or removed.** The tables themselves refuse it.
//! 4. **Events and worklist row are one step.** A list cannot show what the record does not hold.
//! 5. **After a disk error nothing more is written.** A failed flush may have lost pages the
//!    system then forgets about; trying again could report success over a hole. The store stops
//!    taking writes and says so; starting it anew reads what is really there.
//! 6. **One process writes.** A lock file beside the database is held from open to close.
//! 7. **No secret is kept.** Tokens are here as SHA-256, passwords as Argon2id, and every key is in
//!    the keyring, apart from the data (`keys`).
//! 8. **Nothing that was typed is readable.** Bodies are encrypted, each under the key of the subject
//!    it is about; what has to be found again (idempotency keys, failed sign-ins) is kept as an
//!    HMAC. A key is on the disk before the commit that uses it.
//! 9. **No clock.** Times and ids come in with what is to be kept. Chance is for keys and nonces only.
//!
//! # Why one writer thread
//!
//! SQLite allows one writing transaction at a time, so many writing connections would only wait
//! for each other and give up at random. One thread with a queue waits for nobody, and everything
//! that queues up while the disk flushes goes into the next commit: the more load, the more
//! commands share one flush. Each has a savepoint of its own, so one command's conflict undoes
//! that command alone.
//!
//! # Room that is kept
//!
//! Event rows name the `codec` their body is written in. Codec 1 is the caller's bytes as they came,
//! of databases made before there was encryption; codec 2 is AES-256-GCM-SIV. Rows of codec 1 stay
//! readable where they are, and are never written again.
//!
//! # Files
//!
//! `NAME` (mode 600, in a directory of mode 700), `NAME-wal` and `NAME-shm` while it is open, and
//! `NAME.lock`. A copy of `NAME` alone, taken while the store is open, is not a backup: the newest
//! commits are in the log beside it.

mod access;
mod accounts;
mod derived;
mod erase;
mod error;
mod fail;
mod ids;
mod keys;
pub mod limits;
mod line;
mod log;
mod pieces;
mod record;
mod sqlite;
mod store;
mod ties;
mod ways_in;
mod worklist;

pub use access::{AccessKind, AccessesOf, NoAccessKind, REPEAT_WINDOW};
pub use accounts::{Failures, OneTimeToken, Session, TokenUse, User, sign_in_key};
pub use derived::{Derive, Derived, DerivedAccess, Deriving, Listed, RowsHeld};
pub use erase::{Erase, Erased};
pub use error::{AppendError, OpenError, StoreError};
pub use ids::{EventId, ID_LENGTH, IdError, OPERATOR, PartId, StreamId, TokenHash, UserId};
pub use keys::{
    KeyError, KeyringCopy, Keys, SHORTEST_PASSPHRASE, Share, recover as recover_keys, shares as recovery_shares,
};
pub use log::{
    AccessEntry, AccessFilter, Administered, AdministeredFilter, Against, Disclosed, Extent, KeptCheckpoint,
    LedgerHead, Log, LogFault, NotedAccess,
};
pub use pieces::{Giving, Pieces};
pub use record::{
    Append, Appended, Candidates, Findable, Found, NewEvent, Operation, ProjectionRow, Record, Search, StoredEvent,
    StreamHead, Subject,
};
pub use sqlite::{KeyringState, LogExport, LogFile, LogRow, Sound, SqliteStore, Standing, StoredBytes, sqlite_version};
pub use store::{Answer, Store};
pub use ties::{SeenBy, Sight, Ties};
pub use ways_in::{Change, ChangeEntry, Identity, OtherWays, Passkey, Removed, WaysIn};
pub use worklist::{Cursor, Order, WorklistFilter, WorklistPage, WorklistQuery};
