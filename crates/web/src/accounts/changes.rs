//! What changed about an account and how somebody gets in: written down with the change itself, an entry of the
//! log too, and shown to whom it is about at their next sign-in, whoever did it.

use askama::Template;
use axum::extract::{Query, State};
use store::{Change, ChangeEntry, User, UserId};

use super::local;
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::time;
use crate::shared::visit::Signed;

/// How many are looked through for what was not seen yet.
const LOOKED_THROUGH: u32 = 100;

/// What can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The account was made; as what.
    Created,
    /// The name that colleagues see changed; from what to what.
    Name,
    /// A password was chosen or changed.
    Password,
    /// A supervisor made a link with which a password is chosen.
    LinkMade,
    /// A link that signs in was made: for a demonstration.
    SignInLinkMade,
    /// Somebody signed in with a link that works once.
    LinkUsed,
    /// A passkey was added; its name.
    PasskeyAdded,
    /// A passkey was removed; its name.
    PasskeyRemoved,
    /// An answer of a passkey that may have been copied was refused.
    PasskeyCopied,
    /// The account was tied to somebody at the force's own sign-in.
    ForceKnown,
    /// Role or unit changed; from what to what.
    Role,
    /// The account was disabled.
    Disabled,
    /// The account was made active again.
    Active,
    /// A supervisor ended sessions.
    SignedOut,
    /// The person has read all before this one.
    Seen,
}

impl Kind {
    const ALL: [Self; 15] = [
        Self::Created,
        Self::Name,
        Self::Password,
        Self::LinkMade,
        Self::SignInLinkMade,
        Self::LinkUsed,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::PasskeyCopied,
        Self::ForceKnown,
        Self::Role,
        Self::Disabled,
        Self::Active,
        Self::SignedOut,
        Self::Seen,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Name => "name",
            Self::Password => "password",
            Self::LinkMade => "link-made",
            Self::SignInLinkMade => "sign-in-link-made",
            Self::LinkUsed => "link-used",
            Self::PasskeyAdded => "passkey-added",
            Self::PasskeyRemoved => "passkey-removed",
            Self::PasskeyCopied => "passkey-copied",
            Self::ForceKnown => "force-known",
            Self::Role => "role",
            Self::Disabled => "disabled",
            Self::Active => "active",
            Self::SignedOut => "signed-out",
            Self::Seen => "seen",
        }
    }

    const fn says(self) -> &'static str {
        match self {
            Self::Created => "The account was made",
            Self::Name => "The name changed",
            Self::Password => "A new password was chosen",
            Self::LinkMade => "A link to choose a new password was made",
            Self::SignInLinkMade => "A link that signs in was made",
            Self::LinkUsed => "Somebody signed in with a link that works once",
            Self::PasskeyAdded => "A passkey was added",
            Self::PasskeyRemoved => "A passkey was removed",
            Self::PasskeyCopied => "A passkey that may have been copied was refused",
            Self::ForceKnown => "The account was connected to the force\u{2019}s own sign-in",
            Self::Role => "Role or unit changed",
            Self::Disabled => "The account was disabled",
            Self::Active => "The account was made active again",
            Self::SignedOut => "You were signed out by a supervisor",
            Self::Seen => "The changes before this were read",
        }
    }
}

/// What changed, as those read it whom it is not about.
pub fn says(kind: &str) -> Option<&'static str> {
    let kind = Kind::ALL.into_iter().find(|known| known.word() == kind)?;
    Some(match kind {
        Kind::SignedOut => "Signed out everywhere by a supervisor",
        Kind::Seen => "Read what had changed about the account",
        other => other.says(),
    })
}

/// That an account is made now.
pub fn created(app: &App, user: &User, by: Option<&UserId>) -> Change {
    let words = format!("{} in {}", super::role_words(&user.role), user.unit);
    change(app, &user.id, by, Kind::Created, words)
}

/// Something that changed now.
pub fn change(
    app: &App,
    user: &UserId,
    by: Option<&UserId>,
    kind: Kind,
    detail: impl Into<String>,
) -> Change {
    let detail: String = detail.into();
    Change {
        user: user.clone(),
        by: by.cloned(),
        kind: kind.word().to_owned(),
        detail: detail.chars().take(store::limits::TEXT).collect(),
        at: app.now(),
    }
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
        let kind = if after.disabled {
            Kind::Disabled
        } else {
            Kind::Active
        };
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
        .filter(|entry| !is(entry, Kind::Created))
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
            more: parts
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
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
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let next = local(Form::from_pairs(query).text("next"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        let mut words: Vec<_> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Kind::ALL.len());
    }
}
