//! Markup typed into every field of every form comes back as text, on every page that can be reached.

use std::collections::{BTreeSet, VecDeque};

use super::desk::Desk;
use super::record::actor;
use super::{Browser, PASSWORD, Seen, Site};
use crate::routes;
use crate::shared::access::Role;

pub const MARKUP: &str = "<script>alert(1)</script>\"'><b onmouseover=alert(2)>x";
/// Pages looked at by each person. What is added on the way brings pages of its own, so a crawl has no end of itself.
const MOST_PAGES: usize = 300;

#[track_caller]
fn is_clean(seen: &Seen, what: &str) {
    for raw in ["<script>alert", "<b onmouseover", "\"'><b"] {
        assert!(
            !seen.text.contains(raw),
            "{what}: {raw} is in\n{}",
            seen.text
        );
    }
    assert!(!seen.status.is_server_error(), "{what}: {}", seen.text);
}

/// What an attribute of a tag says, as a browser reads it.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    Some(
        value
            .replace("&#38;", "&")
            .replace("&amp;", "&")
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&#60;", "<")
            .replace("&#62;", ">"),
    )
}

/// Addresses that a page links to, but for the guidance, which nobody types into.
pub fn links(page: &str) -> BTreeSet<String> {
    page.split("<a ")
        .skip(1)
        .filter_map(|rest| attribute(&format!(" {rest}"), "href"))
        .filter_map(|href| href.split('#').next().map(str::to_owned))
        .filter(|href| href.starts_with('/') && !href.starts_with(routes::GUIDANCE))
        .collect()
}

/// The forms of a page: address, and fields with markup in every one that can be typed into.
pub fn forms(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    for form in page.split("<form ").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let is_post = form.contains("method=\"post\"");
        let Some(action) = attribute(&format!(" {form}"), "action").filter(|_| is_post) else {
            continue;
        };
        let mut fields: Vec<(String, String)> = Vec::new();
        for tag in form.split('<').skip(1) {
            let Some(name) = attribute(tag, "name").filter(|name| name != "form_token") else {
                continue;
            };
            let kind = attribute(tag, "type").unwrap_or_default();
            let value = attribute(tag, "value").unwrap_or_default();
            let known = fields.iter().any(|(had, _)| *had == name);
            match kind.as_str() {
                "radio" if known => {}
                "radio" | "checkbox" | "hidden" => fields.push((name, value)),
                _ => fields.push((name, MARKUP.to_owned())),
            }
        }
        found.push((action, fields));
    }
    found
}

/// Goes through everything that can be reached, and sends every form once with markup and once with markup in
/// the fields that offer a choice too.
async fn crawl(browser: &mut Browser<'_>, begin: &[String]) -> (BTreeSet<String>, usize) {
    let mut seen_pages = BTreeSet::new();
    let mut sent = BTreeSet::new();
    let mut waiting = VecDeque::from([routes::HOME.to_owned()]);
    waiting.extend(begin.iter().cloned());
    while let Some(path) = waiting.pop_front() {
        if !seen_pages.insert(path.clone()) {
            continue;
        }
        if seen_pages.len() >= MOST_PAGES {
            break;
        }
        let seen = browser.get(&path).await;
        is_clean(&seen, &path);
        waiting.extend(links(&seen.text));
        if !seen.to().is_empty() {
            waiting.push_back(seen.to().to_owned());
        }
        for (action, fields) in forms(&seen.text) {
            let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
            if [routes::SIGN_OUT, routes::OWN_SESSIONS].contains(&action.as_str()) {
                continue;
            }
            // What would end the crawl: closing the report to oneself or to the unit.
            let ends = ["/conflict", "/pass", "/link", "/restrict", "/give"]
                .iter()
                .any(|end| action.ends_with(end))
                || action.starts_with("/people/U");
            if !sent.insert(format!("{action} {names:?}")) {
                continue;
            }
            let hostile: Vec<(&str, &str)> = names.iter().map(|name| (*name, MARKUP)).collect();
            let answer = browser.post(&action, &hostile).await;
            is_clean(&answer, &action);
            if !ends {
                let fields: Vec<(&str, &str)> = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                let answer = browser.post(&action, &fields).await;
                is_clean(&answer, &action);
                if !answer.to().is_empty() {
                    waiting.push_back(answer.to().to_owned());
                }
            }
        }
    }
    (seen_pages, sent.len())
}

#[tokio::test]
async fn markup_in_every_field_comes_back_as_text_on_every_page() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let mut all = BTreeSet::new();
    for (name, least, fewest) in [("olive", 60, 20), ("sam", 40, 8)] {
        let mut browser = site.browser();
        browser.sign_in(name, PASSWORD).await;
        // No page of an open report leads to these.
        let (reference, person) = (&desk.reference, "A");
        let begin = [
            routes::retention(reference),
            routes::erase(reference),
            routes::own_data(reference, person),
        ];
        let (pages, forms) = crawl(&mut browser, &begin).await;
        assert!(
            pages.len() >= least && forms >= fewest,
            "{name}: {} pages, {forms} forms",
            pages.len()
        );
        all.extend(pages);
    }
    // What one stored, everybody is shown: once more over all pages, as everybody.
    let stored = desk.opened().await;
    let kept = format!("{:?}", stored.report.log);
    assert!(kept.contains("alert(1)"), "nothing was stored");
    for role in Role::ALL.iter().copied() {
        let mut browser = site.signed_in(role).await;
        all.insert(routes::looked_at(&desk.reference));
        for path in &all {
            is_clean(&browser.get(path).await, path);
        }
    }
}
