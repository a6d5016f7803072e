//! Beginning a session, and proving again who one is.

use axum::response::Response;
use jiff::SignedDuration;
use store::{Session, StoreError, User};

use super::{Signed, Visit, set_cookie};
use crate::shared::app::App;
use crate::shared::page::Problem;
use crate::shared::{secret, sign_ins};

/// Browsers in which one person can be signed in at once. The one used longest ago gives way.
const SESSIONS_AT_ONCE: usize = 10;
/// How long sessions that ended are still known, so that what somebody was writing can be carried through
/// signing in again.
pub const KEPT_AFTER_END: SignedDuration = SignedDuration::from_hours(24);

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// User name and password.
    Password,
    /// A passkey.
    Passkey,
    /// A link that works once.
    Link,
    /// The force's own sign-in.
    Force,
}

impl Means {
    const ALL: [Self; 4] = [Self::Password, Self::Passkey, Self::Link, Self::Force];

    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Link => "link",
            Self::Force => "force",
        }
    }

    /// In words, after "signed in with".
    pub const fn says(self) -> &'static str {
        match self {
            Self::Password => "a password",
            Self::Passkey => "a passkey",
            Self::Link => "a link that works once",
            Self::Force => "the force\u{2019}s own sign-in",
        }
    }

    /// Read back from the store. A word of a later version counts as the weakest.
    pub fn of(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|means| means.word() == word);
        known.unwrap_or(Self::Link)
    }
}

/// What the forms of a session are bound to: known to nobody outside, and the same until the session ends.
pub(super) fn form_key(session: &Session) -> String {
    secret::hex(&session.family)
}

/// What the forms of a session that begins for `user` under `token` will be bound to: for the page that is
/// sent together with its cookie.
pub fn first_form_key(visit: &Visit, user: &User, token: &str) -> String {
    secret::hex(&family(visit, user, token))
}

/// Somebody whose session ended in this browser goes on where they were: the forms they have open stay good.
fn family(visit: &Visit, user: &User, token: &str) -> store::TokenHash {
    match &visit.ended {
        Some(ended) if ended.user == user.id => ended.family,
        _ => secret::digest(&format!("family {token}")),
    }
}

/// Starts a session for a user under `token`, which has to be new, and ends the one that the browser came with.
///
/// # Errors
/// When the store cannot keep it.
pub async fn sign_in(
    app: &App,
    visit: &Visit,
    user: &User,
    means: Means,
    token: &str,
    response: &mut Response,
) -> Result<(), Problem> {
    let now = app.now();
    app.store.end_session(&secret::digest(&visit.token)).await?;
    // Sessions that ended by themselves are cleared away here: as often as new ones come.
    app.store.forget_expired(now - KEPT_AFTER_END).await?;
    let mut had = app.store.sessions_of(&user.id).await?;
    had.sort_by_key(|session| std::cmp::Reverse(session.last_seen_at));
    for beyond in had.iter().skip(SESSIONS_AT_ONCE - 1) {
        app.store.end_session(&beyond.token_hash).await?;
    }
    let session = Session {
        token_hash: secret::digest(token),
        family: family(visit, user, token),
        user: user.id.clone(),
        means: means.word().to_owned(),
        created_at: now,
        proved_at: now,
        last_seen_at: now,
        expires_at: now + SignedDuration::from_hours(i64::from(app.config.session.absolute_hours)),
    };
    if let Err(why) = app.store.start_session(session).await {
        if matches!(why, StoreError::ChangedOutside { .. }) {
            sign_ins::failed(app, Some(&user.id), means, false).await?;
        }
        return Err(why.into());
    }
    // Before the browser learns the token: a session that is not in the log is of use to nobody.
    sign_ins::succeeded(app, &user.id, means).await?;
    tracing::info!(user = %user.id, means = means.word(), "signed in");
    set_cookie(app, token, response);
    Ok(())
}

/// Somebody signed in has proved again who they are. The session goes on under a new token; when it ends
/// whatever happens does not move.
///
/// # Errors
/// When the store cannot keep it; [`Problem::Forbidden`] when the session has just been ended elsewhere.
pub async fn step_up(app: &App, signed: &Signed, response: &mut Response) -> Result<(), Problem> {
    let token = secret::token()?;
    let new = secret::digest(&token);
    if !app.store.renew_session(&signed.session, &new, app.now()).await? {
        return Err(Problem::Forbidden);
    }
    // Before the browser learns the new token: no page can be asked for in between.
    app.purposes.carry_over(&signed.session, &new);
    tracing::info!(user = %signed.id, "proved again who they are");
    set_cookie(app, &token, response);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_means_reads_back() {
        for means in Means::ALL {
            assert_eq!(Means::of(means.word()), means);
        }
        assert_eq!(Means::of("telepathy"), Means::Link);
    }
}
