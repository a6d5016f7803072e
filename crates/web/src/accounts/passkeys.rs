//! Adding a passkey of one's own, and removing one.

use askama::Template;
use axum::extract::State;
use store::{OtherWays, Passkey, Removed, StoreError, User};

use super::changes::{Kind, change, staying};
use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::passkey::{Challenge, Passkeys};
use crate::shared::secret;
use crate::shared::ui::Input;
use crate::shared::visit::{Signed, Visit};

#[derive(Template)]
#[template(path = "accounts/passkey_new.html")]
struct PasskeyNew {
    frame: Frame,
    name: Input,
    challenge: Challenge,
    passwords: bool,
}

fn passkeys(app: &App) -> Result<&Passkeys, Problem> {
    app.passkeys.as_deref().ok_or_else(|| {
        Problem::NotAllowed("Passkeys need an address with a name, and this Waymark has a number.".to_owned())
    })
}

async fn own(app: &App, signed: &Signed) -> Result<User, Problem> {
    app.store.user(&signed.id).await?.ok_or(Problem::Forbidden)
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, visit: Visit, signed: Signed) -> Answer {
    let user = own(&app, &signed).await?;
    draw(&app, frame, &visit, &user, &Form::default()).await
}

async fn draw(app: &App, frame: Frame, visit: &Visit, user: &User, form: &Form) -> Answer {
    let had = app.store.passkeys_of(&user.id).await?;
    let challenge = passkeys(app)?.begin_adding(app, visit, user, &had)?;
    let mistakes = frame.mistakes.clone();
    let asks = PasskeyNew {
        frame: frame.back_to(routes::ACCOUNT),
        name: Input::new("name", "What do you call it?")
            .hint("So that you know it again: work phone, blue key")
            .sent(form, &mistakes),
        challenge,
        passwords: app.takes_passwords(),
    };
    Ok(page(!mistakes.none(), &asks))
}

/// Keeps it.
pub async fn add(State(app): State<App>, frame: Frame, visit: Visit, signed: Signed, form: Form) -> Answer {
    let user = own(&app, &signed).await?;
    let mut mistakes = Mistakes::new();
    let name = mistakes.line(&form, "name", "Enter a name for the passkey");
    if !mistakes.none() {
        return draw(&app, frame.with(mistakes), &visit, &user, &form).await;
    }
    let made = passkeys(&app)?.finish_adding(&app, &visit, form.text("challenge"), form.exact("answer"));
    let (credential, checks) = match made {
        Ok(made) => made,
        Err(why) => {
            tracing::warn!(user = %user.id, ?why, "a new passkey was refused");
            mistakes.add("passkey", why.says());
            return draw(&app, frame.with(mistakes), &visit, &user, &form).await;
        }
    };
    let added = staying(&signed, change(&app, &user.id, Some(&signed.id), Kind::PasskeyAdded, &name));
    let passkey =
        Passkey { credential, user: user.id.clone(), name, checks, created_at: app.now(), last_used_at: None };
    match app.store.add_passkey(passkey, added).await {
        Ok(()) => go(&routes::account_done("added")),
        Err(StoreError::Duplicate { .. }) => {
            mistakes.add("passkey", "This passkey is known here already. Use another");
            draw(&app, frame.with(mistakes), &visit, &user, &form).await
        }
        Err(StoreError::TooLong { limit, .. }) => Err(Problem::NotAllowed(format!(
            "You have {limit} passkeys, and nobody may have more. Remove one that you no longer use first."
        ))),
        Err(why) => Err(why.into()),
    }
}

/// Removes it, unless it is the last way in.
pub async fn remove(State(app): State<App>, signed: Signed, form: Form) -> Answer {
    let all = app.store.passkeys_of(&signed.id).await?;
    let named = |key: &&Passkey| secret::name_of(&key.credential) == form.text("passkey");
    let Some(passkey) = all.iter().find(named) else {
        return go(routes::ACCOUNT);
    };
    // What else lets anybody in is for the store to weigh, in the step that removes it: another browser may be removing the
    // other one.
    let others = OtherWays {
        passwords: app.takes_passwords(),
        provider: app.force.as_ref().map(|force| force.issuer().to_owned()),
    };
    let gone = staying(&signed, change(&app, &signed.id, Some(&signed.id), Kind::PasskeyRemoved, &passkey.name));
    match app.store.remove_passkey(&signed.id, &passkey.credential, &others, gone).await? {
        Removed::Done => go(&routes::account_done("removed")),
        Removed::Unknown => go(routes::ACCOUNT),
        Removed::LastWayIn => Err(last_way_in(&app)),
    }
}

fn last_way_in(app: &App) -> Problem {
    let another =
        if app.takes_passwords() { "Add another passkey or choose a password" } else { "Add another passkey" };
    Problem::NotAllowed(format!("This passkey is your only way in. {another} first, then remove it."))
}
