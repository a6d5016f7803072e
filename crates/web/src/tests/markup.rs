//! Markup typed into every field of every form comes back as text, on every page that can be reached.

mod last;
pub mod reached;
mod walk;
mod ways_in;

use std::collections::BTreeSet;

use self::walk::Walk;
use super::desk::Desk;
use super::record::actor;
use super::{Browser, PASSWORD, Seen, Site};
use crate::config::RequestLimits;
use crate::shared::access::Role;
use crate::{Config, routes};

pub const MARKUP: &str = "<script>alert(1)</script>\"'><b onmouseover=alert(2)>x y";

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

/// All forms of a page; one that does not say where it goes comes back to the page itself.
pub fn forms_at(page: &str, here: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    for form in page.split("<form ").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let is_post = form.contains("method=\"post\"");
        let tag = form.split('>').next().unwrap_or_default();
        let action = attribute(&format!(" {tag}"), "action").unwrap_or_else(|| here.to_owned());
        if !is_post || action.is_empty() {
            continue;
        }
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

/// A site at which passkeys are possible, and nobody asks for too much.
fn site() -> Site {
    Site::with(Config {
        public_url: "http://localhost:8080".to_owned(),
        force_name: MARKUP.to_owned(),
        data_protection_contact: MARKUP.to_owned(),
        requests: RequestLimits { per_account: 100_000, per_address: 100_000 },
        ..Config::default()
    })
}

/// A browser in which somebody who is there already is signed in.
async fn at_desk<'a>(site: &'a Site, name: &str) -> Browser<'a> {
    let mut browser = site.browser();
    browser.sign_in(name, PASSWORD).await.is(303);
    browser
}

#[tokio::test]
async fn markup_in_every_field_comes_back_as_text_on_every_page() {
    let mut walk = Walk::default();
    ways_in::all(&mut walk).await;
    last::all(&mut walk).await;
    open_report(&mut walk).await;
    walk.reached.is_whole();
    walk.reached.is_pictured();
}

/// Everything that leads on from the first page, by each of those who may see some of it.
async fn open_report(walk: &mut Walk) {
    let site = site();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    for (role, name) in
        [(Role::Supervisor, "sam"), (Role::Auditor, "ada"), (Role::CallHandler, "cal"), (Role::Author, "may")]
    {
        actor(&site, role, name).await;
    }
    // Whoever restricts it comes after those whom that shuts out.
    for (name, least, fewest) in [("cal", 120, 60), ("olive", 90, 50), ("sam", 100, 60), ("ada", 20, 3), ("may", 8, 3)]
    {
        let mut browser = at_desk(&site, name).await;
        walk.say_why(&mut browser, &desk.reference, name == "ada").await;
        let begin = walk::unlinked(&desk.reference);
        let (pages, forms) = walk.crawl(&mut browser, &begin).await;
        assert!(pages >= least && forms >= fewest, "{name}: {pages} pages, {forms} forms");
        if name == "may" {
            walk.guidance(&mut browser).await;
        }
    }
    let kept = format!("{:?}", desk.opened().await.report.log);
    assert!(kept.contains("alert(1)"), "nothing was stored");
    walk.again(&site, &["olive", "sam", "cal", "ada", "may"]).await;
}
