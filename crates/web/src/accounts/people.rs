//! Everybody who has an account, and adding somebody.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use store::{StoreError, User, UserId, sign_in_key};

use super::one_time::{Purpose, offer};
use super::unit;
use super::{changes, may_enter};
use crate::routes;
use crate::shared::access::{self, Role};
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::secret;
use crate::shared::ui::{Cell, Choices, Input, Pagination, Table};
use crate::shared::visit::Signed;
use crate::shared::words::first_upper;

/// Rows of one page of the list.
const ROWS: u32 = 100;

#[derive(Template)]
#[template(path = "accounts/people.html")]
struct People {
    frame: Frame,
    table: Table,
    pages: Option<Pagination>,
}

#[derive(Template)]
#[template(path = "accounts/person_new.html")]
struct PersonNew {
    frame: Frame,
    name: Input,
    unit: unit::Field,
    sign_in_name: Input,
    role: Choices,
}

/// A link to hand to somebody. Shown once: only its digest is kept.
#[derive(Template)]
#[template(path = "accounts/link_made.html")]
pub struct LinkMade {
    /// What stands around the page.
    pub frame: Frame,
    /// For whom.
    pub name: String,
    /// The whole address.
    pub link: String,
    /// Hours that it works for.
    pub hours: u32,
    /// Whether they choose a password with it, or add a passkey.
    pub passwords: bool,
}

/// The list.
pub async fn show(State(app): State<App>, frame: Frame, InAddress(query): InAddress) -> Answer {
    let after = UserId::new(query.text("after")).ok();
    let mut users = app.store.users(after.as_ref(), ROWS + 1).await?;
    let more = users.len() > ROWS as usize;
    users.truncate(ROWS as usize);
    let mut table = Table::new("People who may sign in", &["Name", "Role", "Unit", "Account"]);
    for user in &users {
        let state = match (user.disabled, &user.password_hash) {
            (true, _) => Cell::tag("Disabled", "grey"),
            (false, _) if !may_enter(user) => Cell::tag("Needs a role", "yellow"),
            (false, None) if app.takes_passwords() => Cell::tag("No password yet", "yellow"),
            (false, _) => Cell::text("Active"),
        };
        let role = user.role.parse().map_or_else(|_| "No role yet".to_owned(), |role: Role| first_upper(role.says()));
        table.row(vec![
            Cell::link(&user.name, routes::person(user.id.as_str())),
            Cell::text(role),
            Cell::text(&user.unit),
            state,
        ]);
    }
    let later = users.last().filter(|_| more).map(|last| format!("{}?after={}", routes::PEOPLE, last.id));
    let earlier = after.map(|_| routes::PEOPLE.to_owned());
    let pages = (later.is_some() || earlier.is_some()).then(|| Pagination::new(earlier, later));
    Ok(page(false, &People { frame, table, pages }))
}

/// The page to add somebody.
pub async fn show_new(State(app): State<App>, frame: Frame) -> Answer {
    let units = unit::all(&app, None).await?;
    Ok(draw_new(frame, &units, &Form::default()))
}

fn draw_new(frame: Frame, units: &BTreeSet<String>, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let adds = PersonNew {
        frame: frame.back_to(routes::PEOPLE),
        name: Input::new("name", "Name").hint("As colleagues know them, with rank or role").sent(form, &mistakes),
        unit: unit::field(units, "", Some(form), &mistakes),
        sign_in_name: Input::new("sign_in_name", "User name")
            .hint("What they will type to sign in")
            .sent(form, &mistakes),
        role: roles().sent(form, &mistakes),
    };
    page(!mistakes.none(), &adds)
}

/// The roles to choose from.
pub fn roles() -> Choices {
    Role::ALL.iter().copied().fold(Choices::radios("role", "Role"), |choices, role| {
        choices.option(role.word(), first_upper(role.says()), access::hint(role))
    })
}

/// Whether a link would be of any use: where neither passwords nor passkeys are taken, people come with their force account.
pub fn takes_links(app: &App) -> bool {
    app.takes_passwords() || app.passkeys.is_some()
}

/// A link that was made before leads nowhere then.
pub fn refuse_links(app: &App) -> Result<(), Problem> {
    if takes_links(app) {
        return Ok(());
    }
    Err(Problem::NotAllowed("Everybody here signs in with their force account, so a link is of no use.".to_owned()))
}

/// Adds somebody, and shows the link with which they choose a password.
pub async fn add(State(app): State<App>, frame: Frame, signed: Signed, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let name = mistakes.line(&form, "name", "Enter their name");
    let units = unit::all(&app, None).await?;
    let unit = unit::read(&units, &form, &mut mistakes);
    let sign_in_name = mistakes.line(&form, "sign_in_name", "Enter a user name");
    let role = mistakes.choice(&form, "role", "Choose a role", |sent| sent.parse::<Role>().ok());
    let Some(role) = role.filter(|_| mistakes.none()) else {
        return Ok(draw_new(frame.with(mistakes), &units, &form));
    };
    let id = secret::user_id()?;
    let user = User {
        id: id.clone(),
        name: name.clone(),
        sign_in_name: sign_in_key(&sign_in_name),
        role: role.word().to_owned(),
        unit,
        password_hash: None,
        disabled: false,
        created_at: app.now(),
    };
    let made = changes::created(&app, &user, Some(&signed.id));
    match app.store.add_user(user, made).await {
        Ok(()) => {}
        Err(StoreError::Duplicate { .. }) => {
            mistakes.add("sign_in_name", "Somebody has this user name already. Enter another");
            return Ok(draw_new(frame.with(mistakes), &units, &form));
        }
        Err(why) => return Err(why.into()),
    }
    if !takes_links(&app) {
        return go(&format!("{}?saved=yes", routes::person(id.as_str())));
    }
    let link = offer(&app, Purpose::Password, Some(&id), Some(&signed.id)).await?;
    let frame = frame.back_to(routes::PEOPLE).done(format!("{name} was added"));
    Ok(page(
        false,
        &LinkMade { frame, name, link, hours: app.config.session.link_hours, passwords: app.takes_passwords() },
    ))
}
