//! People who have an account, to choose from.

use report::Named;
use store::{User, UserId};

use super::access::Role;
use super::app::App;
use super::page::Problem;

/// Accounts asked of the store at once.
const AT_ONCE: u32 = 100;
/// At most this many are offered: a longer list is no choice. Those of the unit named come first.
pub const OFFERED: usize = 60;

/// Everybody who may sign in and fits, those of a unit first.
///
/// # Errors
/// What the store says.
pub async fn all(app: &App, unit: &str, fits: impl Fn(&User, Role) -> bool) -> Result<Vec<User>, Problem> {
    let mut found = every(app, |user| {
        let role = user.role.parse::<Role>();
        !user.disabled && role.is_ok_and(|role| fits(user, role))
    })
    .await?;
    found.sort_by_key(|user| (user.unit != unit, user.name.to_lowercase()));
    Ok(found)
}

/// Everybody of this name, also those who cannot sign in any more: what they did stays.
///
/// # Errors
/// What the store says.
pub async fn called(app: &App, name: &str) -> Result<Vec<User>, Problem> {
    let name = name.to_lowercase();
    every(app, |user| user.name.to_lowercase() == name).await
}

async fn every(app: &App, fits: impl Fn(&User) -> bool) -> Result<Vec<User>, Problem> {
    let mut found: Vec<User> = Vec::new();
    let mut after: Option<UserId> = None;
    loop {
        let some = app.store.users(after.as_ref(), AT_ONCE).await?;
        after = some.last().map(|user| user.id.clone());
        found.extend(some.into_iter().filter(&fits));
        if after.is_none() {
            return Ok(found);
        }
    }
}

/// Somebody as the record names them.
///
/// # Errors
/// Never for users made here: their ids are ids of the record too.
pub fn named(user: &User) -> Result<Named, Problem> {
    Ok(Named {
        id: user.id.as_str().parse().map_err(Problem::internal)?,
        name: user.name.clone(),
        unit: user.unit.clone(),
    })
}
