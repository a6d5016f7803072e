//! One account: change it, disable it, give its owner a new link.

use askama::Template;
use axum::extract::{Path, State};
use store::{StoreError, User, UserId};

use super::changes::{self, Kind, Line, change};
use super::one_time::{Purpose, offer};
use super::people::{LinkMade, refuse_links, roles, takes_links};
use super::sessions;
use super::unit;
use crate::routes;
use crate::shared::access::Role;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::time;
use crate::shared::ui::{Choices, Input, SummaryList};
use crate::shared::visit::Signed;

/// Said to a supervisor who saves an account that was changed in the database.
const WAS_CHANGED_OUTSIDE: &str = "This account was changed outside Waymark. Check the name, the unit and the role against what you know, choose the role again and save. Password, passkeys and the connection to the force\u{2019}s own sign-in are removed then";
/// Changes shown on the page.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "accounts/person.html")]
struct Person {
    frame: Frame,
    id: String,
    title: String,
    known: SummaryList,
    sessions: usize,
    lines: Vec<Line>,
    own: bool,
    disabled: bool,
    links: bool,
    passwords: bool,
    name: Input,
    unit: unit::Field,
    role: Choices,
    account: Choices,
    /// The account was changed outside: saving it once more puts it right.
    changed_outside: bool,
}

async fn find(app: &App, id: &str) -> Result<User, Problem> {
    let id = UserId::new(id).map_err(|_| Problem::NotFound)?;
    app.store.user(&id).await?.ok_or(Problem::NotFound)
}

/// The page.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(id): Path<String>,
    InAddress(query): InAddress,
) -> Answer {
    let user = find(&app, &id).await?;
    let frame = if query.has("out") {
        frame.done("The changes were saved, and they are signed out everywhere")
    } else if query.has("saved") {
        frame.done("The changes were saved")
    } else if query.has("right") {
        frame.done("The account is put right. Make a link with which its owner gets in again")
    } else {
        frame
    };
    draw(&app, frame, &user, (signed.id == user.id, false), None).await
}

async fn draw(
    app: &App,
    frame: Frame,
    user: &User,
    (own, changed_outside): (bool, bool),
    sent: Option<&Form>,
) -> Answer {
    let mistakes = frame.mistakes.clone();
    let mut name = Input::new("name", "Name").value(&user.name);
    let units = unit::all(app, Some(&user.unit)).await?;
    let unit = unit::field(&units, &user.unit, sent, &mistakes);
    let mut role = roles().chosen(&user.role);
    let mut account = Choices::radios("account", "Account")
        .option("active", "Active", "They may sign in")
        .option("disabled", "Disabled", "They cannot sign in. What they did keeps their name")
        .chosen(if user.disabled { "disabled" } else { "active" });
    if let Some(form) = sent {
        name = name.sent(form, &mistakes);
        (role, account) = (role.sent(form, &mistakes), account.sent(form, &mistakes));
    }
    let known = SummaryList::new().row("User name", &user.sign_in_name).row("Added", time::moment(user.created_at));
    let shown = Person {
        frame: frame.back_to(routes::PEOPLE),
        id: user.id.to_string(),
        title: user.name.clone(),
        known,
        sessions: sessions::of(app, &user.id).await?.len(),
        lines: changes::newest(app, &user.id, SHOWN).await?,
        own,
        disabled: user.disabled,
        links: takes_links(app),
        passwords: app.takes_passwords(),
        name,
        unit,
        role,
        account,
        changed_outside,
    };
    Ok(page(!mistakes.none(), &shown))
}

/// Keeps the changes. Nobody changes their own role or disables themselves: nobody might be left who can undo it.
pub async fn save(State(app): State<App>, frame: Frame, signed: Signed, Path(id): Path<String>, form: Form) -> Answer {
    let user = find(&app, &id).await?;
    let own = signed.id == user.id;
    let mut mistakes = Mistakes::new();
    let name = mistakes.line(&form, "name", "Enter their name");
    let units = unit::all(&app, Some(&user.unit)).await?;
    let unit = unit::read(&units, &form, &mut mistakes);
    let (mut role, mut disabled) = (user.role.clone(), user.disabled);
    if !own {
        if let Some(chosen) = mistakes.choice(&form, "role", "Choose a role", |sent| sent.parse::<Role>().ok()) {
            chosen.word().clone_into(&mut role);
        }
        let account = mistakes.choice(&form, "account", "Choose whether they may sign in", |sent| match sent {
            "active" => Some(false),
            "disabled" => Some(true),
            _ => None,
        });
        disabled = account.unwrap_or(disabled);
    }
    if !mistakes.none() {
        return draw(&app, frame.with(mistakes), &user, (own, false), Some(&form)).await;
    }
    let after = User { name, unit, role, disabled, ..user.clone() };
    let is_signed_out = after.role != user.role || after.disabled && !user.disabled;
    let mut changes = changes::between(&app, &user, &after, Some(&signed.id));
    match app.store.change_user(after.clone(), changes.clone()).await {
        Err(StoreError::ChangedOutside { .. }) if form.has("right") => {
            let words = format!("{} in {}", super::role_words(&after.role), after.unit);
            let right = change(&app, &after.id, Some(&signed.id), Kind::PutRight, words);
            changes.push(right);
            app.store.put_right(after, changes).await?;
            go(&format!("{}?right=yes", routes::person(&id)))
        }
        // Whoever looks at it says what it is, and is not led by what stands there.
        Err(StoreError::ChangedOutside { .. }) if !own => {
            mistakes.add("role", WAS_CHANGED_OUTSIDE);
            let sent = form.clone().with("role", &[]);
            draw(&app, frame.with(mistakes), &user, (own, true), Some(&sent)).await
        }
        saved => {
            saved?;
            let done = if is_signed_out { "out" } else { "saved" };
            go(&format!("{}?{done}=yes", routes::person(&id)))
        }
    }
}

/// A new link for somebody who forgot their password or lost their passkey. The old password works until a new one is chosen.
pub async fn make_link(State(app): State<App>, frame: Frame, signed: Signed, Path(id): Path<String>) -> Answer {
    let user = find(&app, &id).await?;
    if user.disabled {
        return Err(Problem::NotAllowed(format!(
            "{}'s account is disabled, so a link would not work. Make it active first.",
            user.name
        )));
    }
    refuse_links(&app)?;
    let link = offer(&app, Purpose::Password, Some(&user.id), Some(&signed.id)).await?;
    let made = LinkMade {
        frame: frame.back_to(routes::person(&id)),
        name: user.name,
        link,
        hours: app.config.session.link_hours,
        passwords: app.takes_passwords(),
    };
    Ok(page(false, &made))
}

/// Signs somebody out everywhere: a computer was lost, or they have left.
pub async fn end_sessions(State(app): State<App>, signed: Signed, Path(id): Path<String>) -> Answer {
    let user = find(&app, &id).await?;
    let ended = change(&app, &user.id, Some(&signed.id), Kind::SignedOut, "");
    app.store.end_sessions_of(&user.id, Some(ended)).await?;
    go(&routes::person(&id))
}
