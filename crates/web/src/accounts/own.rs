//! One's own account: who one is here, the ways in, what changed about them.

use askama::Template;
use axum::extract::State;
use store::Passkey;

use super::changes::{self, Line};
use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::ui::SummaryList;
use crate::shared::visit::Signed;
use crate::shared::{secret, time};

/// Changes shown on the page.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "accounts/own.html")]
struct Own {
    frame: Frame,
    known: SummaryList,
    passkeys: Vec<Key>,
    possible: bool,
    changes: Vec<Line>,
}

struct Key {
    id: String,
    name: String,
    added: String,
    used: String,
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, InAddress(query): InAddress) -> Answer {
    let user = app.store.user(&signed.id).await?;
    let user = user.ok_or(Problem::Forbidden)?;
    let password = match &user.password_hash {
        Some(_) => "Chosen",
        None => "None",
    };
    let mut known = SummaryList::new()
        .row("Name", &user.name)
        .row("User name", &user.sign_in_name)
        .row("Role", super::role_words(&user.role))
        .row("Unit", &user.unit);
    known = if app.takes_passwords() {
        known.changeable("Password", password, routes::OWN_PASSWORD)
    } else {
        known.row("Password", "Passwords are switched off here")
    };
    if let Some(force) = &app.force {
        let says = if super::comes_by_force(&app, &signed.id).await? { "Connected" } else { "Not used yet" };
        known = known.row(format!("Sign-in with {}", force.label()), says);
    }
    let passkeys = app.store.passkeys_of(&signed.id).await?;
    let frame = match query.text("done") {
        "password" => frame.done("Your new password is kept, and you are signed out everywhere else"),
        "added" => frame.done("Your passkey was added, and you are signed out everywhere else"),
        "removed" => frame.done("The passkey was removed, and you are signed out everywhere else"),
        _ => frame,
    };
    let shown = Own {
        frame: frame.back_to(routes::HOME),
        known,
        passkeys: passkeys.iter().map(line).collect(),
        possible: app.passkeys.is_some(),
        changes: changes::newest(&app, &signed.id, SHOWN).await?,
    };
    Ok(page(false, &shown))
}

fn line(passkey: &Passkey) -> Key {
    let used = passkey.last_used_at.map(time::moment);
    Key {
        id: secret::name_of(&passkey.credential),
        name: passkey.name.clone(),
        added: time::moment(passkey.created_at),
        used: used.unwrap_or_else(|| "never".to_owned()),
    }
}
