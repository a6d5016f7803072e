//! Who signed in and how, and where somebody tried and failed: entries of the log, for those who audit it.
//!
//! A failure is noted for the account that was tried, repeats within a quarter of an hour as one with a count, as looks are: an
//! account has at most four such entries an hour for each way, whoever tries however often. What was typed is nowhere. A try
//! at no account is noted as well, under one name for all, or the time that an answer takes would tell who has an account.

use store::{AccessEntry, AccessKind, Operation, UserId};

use super::app::App;
use super::page::Problem;
use super::visit::Means;

/// Whose sign-in it was that failed, where no account was meant: no account has so short an id.
pub const NO_ACCOUNT: &str = "no-account";

/// Somebody signed in. Nobody is let in before it is noted.
///
/// # Errors
/// What the store says.
pub async fn succeeded(app: &App, user: &UserId, means: Means) -> Result<(), Problem> {
    let purpose = format!("With {}", means.says());
    note(app, AccessKind::SignedIn, user.clone(), purpose, false).await
}

/// Somebody tried to sign in as this account, or as none there is; `again` where they are signed in and tried to prove once
/// more who they are.
///
/// # Errors
/// What the store says.
pub async fn failed(app: &App, account: Option<&UserId>, means: Means, again: bool) -> Result<(), Problem> {
    let account = match account {
        Some(account) => account.clone(),
        None => UserId::new(NO_ACCOUNT).map_err(Problem::internal)?,
    };
    let confirming = if again { ", to confirm who it is" } else { "" };
    let purpose = format!("With {}{confirming}", means.says());
    note(app, AccessKind::SignInFailed, account, purpose, true).await
}

async fn note(app: &App, kind: AccessKind, actor: UserId, purpose: String, repeats: bool) -> Result<(), Problem> {
    let entry = AccessEntry {
        kind: kind.word().to_owned(),
        op: Operation::SignIn,
        stream: None,
        actor,
        purpose,
        reason: None,
        at: app.now(),
        repeats,
    };
    app.store.note_access(entry).await?;
    Ok(())
}
