//! What changed about an account and how somebody gets in: written down with the change itself, an entry of the
//! log too, and shown to whom it is about at their next sign-in, whoever did it.

use askama::Template;
use axum::extract::State;
use store::{Change, ChangeEntry, User, UserId};

use super::local;
use crate::routes;
use crate::shared::app::App;
pub use crate::shared::changed::Kind;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::time;
use crate::shared::visit::Signed;

/// How many are looked through for what was not seen yet.
const LOOKED_THROUGH: u32 = 100;

/// That an account is made now.
pub fn created(app: &App, user: &User, by: Option<&UserId>) -> Change {
    let words = format!("{} in {}", super::role_words(&user.role), user.unit);
    change(app, &user.id, by, Kind::Created, words)
}

/// Something that changed now.
pub fn change(app: &App, user: &UserId, by: Option<&UserId>, kind: Kind, detail: impl Into<String>) -> Change {
    let detail: String = detail.into();
    Change {
        user: user.clone(),
        by: by.cloned(),
        session: None,
        kind: kind.word().to_owned(),
        detail: detail.chars().take(store::limits::TEXT).collect(),
        at: app.now(),
    }
}

/// The same, done by somebody to their own account: where it ends sessions, theirs here goes on.
pub fn staying(signed: &Signed, change: Change) -> Change {
    Change { session: Some(signed.session), ..change }
}

/// What is different between two states of an account, as changes.
pub fn between(app: &App, before: &User, after: &User, by: Option<&UserId>) -> Vec<Change> {
    let mut all = Vec::new();
    if before.name != after.name {
        let words = format!("{}, before: {}", after.name, before.name);
        all.push(change(app, &before.id, by, Kind::Name, words));
    }
    if (&before.role, &before.unit) != (&after.role, &after.unit) {
        let words = format!(
            "{} in {}, before: {} in {}",
            super::role_words(&after.role),
            after.unit,
            super::role_words(&before.role),
            before.unit
        );
        all.push(change(app, &before.id, by, Kind::Role, words));
    }
    if before.disabled != after.disabled {
        let kind = if after.disabled { Kind::Disabled } else { Kind::Active };
        all.push(change(app, &before.id, by, kind, ""));
    }
    if before.password_hash != after.password_hash {
        all.push(change(app, &before.id, by, Kind::Password, ""));
    }
    all
}

/// A change as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub says: String,
    /// Which, and by whom.
    pub more: String,
    /// When.
    pub at: String,
}

/// The newest changes of somebody, those that only say what was read left out.
///
/// # Errors
/// When the store fails.
pub async fn newest(app: &App, user: &UserId, most: usize) -> Result<Vec<Line>, Problem> {
    let all = app.store.changes_of(user, None, LOOKED_THROUGH).await?;
    let told = all.iter().filter(|entry| !is(entry, Kind::Seen)).take(most);
    lines(app, user, told).await
}

/// What somebody has not read yet, newest first.
///
/// # Errors
/// When the store fails.
pub async fn unseen(app: &App, user: &UserId) -> Result<Vec<ChangeEntry>, Problem> {
    let all = app.store.changes_of(user, None, LOOKED_THROUGH).await?;
    Ok(all
        .into_iter()
        .take_while(|entry| !is(entry, Kind::Seen))
        // That there is an account is no news to whoever signs in.
        .filter(|entry| !is(entry, Kind::Created) && !is(entry, Kind::Adopted))
        .collect())
}

fn is(entry: &ChangeEntry, kind: Kind) -> bool {
    entry.change.kind == kind.word()
}

async fn lines<'a>(
    app: &App,
    user: &UserId,
    entries: impl Iterator<Item = &'a ChangeEntry>,
) -> Result<Vec<Line>, Problem> {
    let mut all = Vec::new();
    for entry in entries {
        let change = &entry.change;
        let by = match &change.by {
            Some(by) if by == user => "by you".to_owned(),
            Some(by) => {
                let name = app.store.user(by).await?.map(|user| user.name);
                format!("by {}", name.unwrap_or_default())
            }
            None => String::new(),
        };
        let kind = Kind::ALL.into_iter().find(|kind| is(entry, *kind));
        let parts = [change.detail.clone(), by];
        all.push(Line {
            says: kind.map_or_else(|| change.kind.clone(), |kind| kind.says().to_owned()),
            more: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
            at: time::moment(change.at),
        });
    }
    Ok(all)
}

#[derive(Template)]
#[template(path = "accounts/changes.html")]
struct Changes {
    frame: Frame,
    next: String,
    lines: Vec<Line>,
}

/// What changed since somebody last read it.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, InAddress(query): InAddress) -> Answer {
    let next = local(query.text("next"));
    let unseen = unseen(&app, &signed.id).await?;
    if unseen.is_empty() {
        return go(&next);
    }
    let lines = lines(&app, &signed.id, unseen.iter()).await?;
    Ok(page(false, &Changes { frame, next, lines }))
}

/// They have read it.
pub async fn seen(State(app): State<App>, signed: Signed, form: Form) -> Answer {
    let read = change(&app, &signed.id, Some(&signed.id), Kind::Seen, "");
    app.store.note_change(read).await?;
    go(&local(form.text("next")))
}

/// Where somebody goes after signing in: first to what they have not read yet.
///
/// # Errors
/// When the store fails.
pub async fn first(app: &App, user: &UserId, next: &str) -> Result<String, Problem> {
    // The people of a demonstration sign in by links all the time, and nothing of it is news.
    if app.config.demonstration || unseen(app, user).await?.is_empty() {
        return Ok(next.to_owned());
    }
    Ok(routes::own_changes(next))
}
