//! The ways in, and everything about one's own account: of people whose names, units and user names are markup.

use super::walk::Walk;
use super::{MARKUP, PASSWORD, Site, site};
use crate::shared::assets;
use crate::{Purpose, offer, routes};

const HOSTILE: (&str, &str) = ("name", MARKUP);

/// The part of a link's address that a test browser asks for.
fn path(link: &str) -> &str {
    link.strip_prefix("http://localhost:8080").unwrap()
}

async fn link(site: &Site, purpose: Purpose, whose: Option<&str>) -> String {
    let user = match whose {
        Some(name) => site.app.store.user_by_sign_in_name(name).await.unwrap(),
        None => None,
    };
    let id = user.map(|user| user.id);
    let made = offer(&site.app, purpose, id.as_ref(), None).await.unwrap();
    path(&made).to_owned()
}

/// The first account, a second one that it makes, and all that the owner of that can do with it.
pub async fn all(walk: &mut Walk) {
    let site = site();
    let mut first = site.browser();
    let start = link(&site, Purpose::FirstStart, None).await;
    let passwords = [("password", PASSWORD), ("password_again", PASSWORD)];
    walk.get(&mut first, &assets::address("app.css")).await;
    walk.get(&mut first, &start).await;
    walk.post(&mut first, routes::FIRST_START, &[HOSTILE]).await;
    walk.send(&mut first, &start, routes::FIRST_START, &passwords).await;
    let person = [("sign_in_name", "second"), ("role", "supervisor"), ("unit_is_new", "yes")];
    let new = routes::PERSON_NEW;
    walk.send(&mut first, new, new, &person).await;
    walk.get(&mut first, routes::PEOPLE).await.is(200);

    let mut second = site.browser();
    for page in [routes::SIGN_IN, routes::PASSKEY] {
        walk.get(&mut second, page).await.is(200);
        let fields = ["name", "password", "next", "held", "whose", "challenge"];
        let fields = fields.map(|name| (name, MARKUP));
        walk.post(&mut second, page, &fields).await.is(422);
    }
    for purpose in [Purpose::Password, Purpose::SignIn] {
        let once = link(&site, purpose, Some("second")).await;
        walk.send(&mut second, &once, &once, &passwords).await;
    }
    let changes = routes::own_changes(MARKUP);
    walk.send(&mut second, &changes, routes::OWN_CHANGES, &[]).await;
    for page in [routes::HOME, routes::ACCOUNT, routes::OWN_SESSIONS, routes::CONFIRM] {
        walk.get(&mut second, page).await.is(200);
    }
    for form in [
        routes::CONFIRM,
        routes::OWN_PASSWORD,
        routes::OWN_PASSKEY_NEW,
        routes::OWN_PASSKEY_REMOVE,
        routes::OWN_SESSIONS,
        routes::STAY,
        routes::SIGN_OUT,
    ] {
        let fields = ["name", "password", "present_password", "passkey", "session"];
        let fields = fields.map(|name| (name, MARKUP));
        walk.get(&mut second, form).await;
        walk.post(&mut second, form, &fields).await;
    }
}
