//! How often a sign-in may fail.
//!
//! Failures are counted for the account and for the address they come from, in the store, which bounds
//! how many it remembers. A name that does not exist is counted like one that does, so the limit tells
//! nothing about who has an account.

use jiff::{SignedDuration, Timestamp};
use store::{Failures, sign_in_key};

use super::app::App;
use super::page::Problem;

/// Counts a try against the account before it is known how it ends, so that many at once cannot slip
/// past the limit; refuses it when the account or the address has to wait.
///
/// # Errors
/// [`Problem::TooMany`] with the minutes to wait.
pub async fn try_once(app: &App, account: &str, address: &str) -> Result<(), Problem> {
    let limits = app.config.sign_in;
    if let Some(had) = app.store.failures(&address_key(address)).await? {
        refuse_over(app, had, limits.failures_per_address.saturating_sub(1))?;
    }
    let now = app.now();
    let had = app.store.count_failure(&account_key(account), now, window_start(app, now)).await?;
    refuse_over(app, had, limits.failures_per_account)
}

/// The try failed: it counts against the address too.
///
/// # Errors
/// When the store cannot count.
pub async fn failed(app: &App, address: &str) -> Result<(), Problem> {
    let now = app.now();
    app.store.count_failure(&address_key(address), now, window_start(app, now)).await?;
    Ok(())
}

/// The try succeeded: the account starts afresh. The address does not, or one good account would let
/// somebody try all others without end.
///
/// # Errors
/// When the store cannot forget.
pub async fn succeeded(app: &App, account: &str) -> Result<(), Problem> {
    Ok(app.store.clear_failures(&account_key(account)).await?)
}

fn refuse_over(app: &App, had: Failures, most: u32) -> Result<(), Problem> {
    let window = SignedDuration::from_mins(i64::from(app.config.sign_in.window_minutes));
    let left = window - app.now().duration_since(had.since);
    if had.count <= most || left <= SignedDuration::ZERO {
        return Ok(());
    }
    Err(Problem::TooMany(u32::try_from((left.as_secs() + 59).div_euclid(60)).unwrap_or(1)))
}

fn window_start(app: &App, now: Timestamp) -> Timestamp {
    now - SignedDuration::from_mins(i64::from(app.config.sign_in.window_minutes))
}

/// Cut short, because anything may be typed and the store takes short keys; nobody's name is that long.
fn account_key(account: &str) -> String {
    let short: String = sign_in_key(account).chars().take(100).collect();
    format!("account {short}")
}

fn address_key(address: &str) -> String {
    format!("address {address}")
}
