//! What a key of the keyring vouches for: a session or a link that somebody puts into the database, or changes there, lets
//! nobody in, and a full check names it.
//!
//! The log says that somebody signed in and not which row that made: tokens change with every proof. So each row holds an HMAC
//! over itself. That one which was there once and is put back passes for no other reason is for `standing`.

use jiff::Timestamp;

use crate::keys::{Keyring, hex, same};
use crate::line::Line;
use crate::{OneTimeToken, Session, UserId};

/// An HMAC over a row.
pub(super) type Seal = [u8; 32];

/// Of a session: all of it. When it was last seen as well, for that says whether it is idle for too long.
pub(super) fn session(ring: &Keyring, session: &Session) -> Seal {
    let line = Line::default()
        .number("began", session.created_at.as_microsecond())
        .number("ends", session.expires_at.as_microsecond())
        .text("family", &hex(session.family.as_bytes()))
        .text("means", &session.means)
        .number("proved", session.proved_at.as_microsecond())
        .number("seen", session.last_seen_at.as_microsecond())
        .text("token", &hex(session.token_hash.as_bytes()))
        .text("user", session.user.as_str());
    ring.blind("session", line.end().as_bytes())
}

/// Of a link, and whether it was used. The number keeps out rows from before a use was an entry of the log.
pub(super) fn link(ring: &Keyring, link: &OneTimeToken, used_at: Option<Timestamp>) -> Seal {
    let line = Line::default()
        .number("ends", link.expires_at.as_microsecond())
        .number("layout", 15)
        .text("purpose", &link.purpose)
        .text("token", &hex(link.token_hash.as_bytes()))
        .number("used", used_at.map_or(-1, Timestamp::as_microsecond))
        .maybe("user", link.user.as_ref().map(UserId::as_str));
    ring.blind("one-time link", line.end().as_bytes())
}

/// Whether the row is as the program left it. One that is not is told in the program's log: it lets nobody in.
pub(super) fn holds(found: &Seal, expected: &Seal, what: &str) -> bool {
    let holds = same(found, expected);
    if !holds {
        tracing::error!(what, "nothing vouches for it: it was put into the database, or changed there");
    }
    holds
}
