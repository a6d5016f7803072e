//! Carries the demonstration out, step by step, as if people had sent the pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use guidance::Pack;
use jiff::{SignedDuration, Timestamp};
use report::Actor;
use store::{Store, UserId};
use web::App;

use super::data::{self, Demo, User};
use super::desk::Desk;
use crate::server::failed;
use crate::stop::Stop;

/// Adds the users and builds every report.
///
/// # Errors
/// A step that is refused, or a fault of the store.
pub async fn build(demo: &Demo, store: Arc<dyn Store>, pack: Arc<Pack>, config: web::Config) -> Result<(), Stop> {
    let now = Timestamp::now();
    let time = Arc::new(AtomicI64::new(now.as_microsecond()));
    let clock = Arc::clone(&time);
    let told = move || Timestamp::from_microsecond(clock.load(Ordering::Relaxed)).unwrap_or(now);
    let app = App::new(store, pack, config).map_err(|problem| failed(&problem))?.with_clock(Arc::new(told));
    for user in &demo.user {
        add_user(&app, user).await?;
    }
    // Oldest first, so that references count up as they would have.
    let mut reports: Vec<&data::Report> = demo.report.iter().collect();
    reports.sort_by_key(|report| std::cmp::Reverse(report.minutes_ago));
    for (written, number) in reports.into_iter().zip(1_u32..) {
        let begin = now - SignedDuration::from_mins(written.minutes_ago);
        time.store(begin.as_microsecond(), Ordering::Relaxed);
        let work = Desk::work(demo, &app, &time, now, written, number);
        work.await.map_err(|stop| match stop {
            Stop::Failed(why) => Stop::Failed(format!("report {number} of the demonstration: {why}")),
            other => other,
        })?;
    }
    Ok(())
}

async fn add_user(app: &App, user: &User) -> Result<(), Stop> {
    let new = store::User {
        id: UserId::new(user.id.as_str()).map_err(|error| Stop::failed(error.to_string()))?,
        name: user.name.clone(),
        sign_in_name: user.id.clone(),
        role: user.role.word().to_owned(),
        unit: user.unit.clone(),
        password_hash: None,
        disabled: false,
        created_at: app.now(),
    };
    let made = store::Change {
        user: new.id.clone(),
        by: None,
        session: None,
        kind: "created".to_owned(),
        detail: String::new(),
        at: app.now(),
    };
    app.store.add_user(new, made).await.map_err(|error| Stop::failed(format!("{error}; {}", error.help())))
}

/// The first user with a role, and their unit.
pub(super) fn who(demo: &Demo, role: report::Role) -> Result<(Actor, String), Stop> {
    let found = demo.user.iter().find(|user| user.role == role);
    found.map(actor).ok_or_else(|| Stop::failed(format!("nobody is {}", role.says())))?
}

/// The user with an id, and their unit.
pub(super) fn user(demo: &Demo, id: &str) -> Result<(Actor, String), Stop> {
    let found = demo.user.iter().find(|user| user.id == id);
    found.map(actor).ok_or_else(|| Stop::failed(format!("there is no user {id}")))?
}

fn actor(user: &User) -> Result<(Actor, String), Stop> {
    let id = user.id.parse().map_err(|error| Stop::failed(format!("{}: {error}", user.id)))?;
    Ok((Actor { id, name: user.name.clone(), role: user.role }, user.unit.clone()))
}
