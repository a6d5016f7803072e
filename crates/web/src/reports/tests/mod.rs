//! The pages of a report, through the router and a real store.

mod again;
mod answered;
mod beside;
mod danger;
mod entries;
mod held;
mod nine;
mod questions;
mod seen;
mod sight;
mod told;
mod turned;
mod withdrawn;

use crate::routes;
use crate::shared::access::Role;
use crate::tests::desk::Desk;
use crate::tests::record::actor;
use crate::tests::{Browser, PASSWORD, Seen, Site};

/// The fields of a form.
pub type Fields<'a> = &'a [(&'a str, &'a str)];

pub const FIRST: Fields<'_> = &[
    ("in_danger", "no"),
    ("safe_to_talk", "yes"),
    ("child_where", "At school"),
    ("reported_by", "school"),
    ("incident_log", "LOG-1"),
];

/// A report about two friends, the officer who works on it and a supervisor, both signed in.
async fn two_at_a_desk(site: &Site) -> (Desk<'_>, Browser<'_>, Browser<'_>) {
    let desk = Desk::two_friends(site, actor(site, Role::Officer, "olive").await).await;
    actor(site, Role::Supervisor, "sam").await;
    let (mut officer, mut supervisor) = (site.browser(), site.browser());
    officer.sign_in("olive", PASSWORD).await;
    supervisor.sign_in("sam", PASSWORD).await;
    (desk, officer, supervisor)
}

/// Begins a report, and gives its reference.
pub async fn begin(browser: &mut Browser<'_>) -> String {
    browser.get(routes::REPORT_NEW).await.is(200);
    let seen = browser.post(routes::REPORT_NEW, FIRST).await;
    seen.is(303);
    let to = seen.to().to_owned();
    let reference = to.strip_prefix("/reports/").and_then(|rest| rest.split('/').next());
    let reference = reference.unwrap().to_owned();
    assert_eq!(to, routes::entry_new(&reference, "people"));
    reference
}

pub async fn add(browser: &mut Browser<'_>, reference: &str, name: &str, age: &str, parts: &[&str]) -> Seen {
    let page = routes::entry_new(reference, "people");
    browser.get(&page).await.is(200);
    let mut fields = vec![("known_as", name), ("age", age), ("identified", "yes")];
    fields.extend(parts.iter().map(|part| ("part", *part)));
    let seen = browser.post(&page, &fields).await;
    seen.is(303);
    seen
}

/// Answers one question on its page.
pub async fn answer(browser: &mut Browser<'_>, reference: &str, fact: &str, value: &str) -> Seen {
    let page = routes::question(reference, fact);
    let shown = browser.get(&page).await;
    let seen = shown.hidden("seen");
    browser.post(&page, &[(fact, value), ("seen", &seen)]).await
}

/// Answers whatever is asked, until nothing is: what `answers` says, else no. Gives the questions in order.
pub async fn answer_all(browser: &mut Browser<'_>, reference: &str, answers: &[(&str, &str)]) -> Vec<String> {
    let said = |name: &str| {
        answers
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(if name == "act_on" { "20/11/2026" } else { "no" }, |(_, value)| *value)
    };
    let mut asked = Vec::new();
    let mut to = routes::next_question(reference);
    for _ in 0..200 {
        let seen = browser.get(&to).await;
        if seen.status.as_u16() == 303 {
            to = seen.to().to_owned();
            continue;
        }
        seen.is(200);
        if to.contains("/changed?") {
            to = routes::next_question(reference);
            continue;
        }
        asked.push(to.clone());
        if let Some((_, fact)) = to.split_once("/questions/") {
            let name = fact.rsplit('.').next().unwrap();
            let next = answer(browser, reference, fact, said(name)).await;
            next.is(303);
            to = next.to().to_owned();
        } else if to.ends_with("/anybody") {
            let names = seen.text.split("type=\"radio\"").skip(1);
            let mut fields: Vec<&str> = Vec::new();
            for part in seen.text.split("name=\"").skip(1) {
                let name = part.split('"').next().unwrap();
                if part.contains("type=\"radio\"") && !fields.contains(&name) && name != "form_token" {
                    fields.push(name);
                }
            }
            assert!(names.count() > 0);
            let sent: Vec<(&str, &str)> = fields.iter().map(|name| (*name, said(name))).collect();
            let next = browser.post(&to, &sent).await;
            next.is(303);
            to = next.to().to_owned();
        } else {
            return asked;
        }
    }
    panic!("the questions never end: {asked:?}");
}
