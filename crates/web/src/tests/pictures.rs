//! A picture typed into any field that takes words is refused, the field is named, and nothing of it is kept.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::desk::Desk;
use super::markup::reached::Reached;
use super::markup::{MARKUP, attribute, forms_at, links};
use super::record::actor;
use super::{Browser, PASSWORD, Site};
use crate::routes;
use crate::shared::access::Role;

/// In every picture below, and in nothing else that is typed.
const MARK: &str = "c2VjcmV0cGljdHVyZQ";
/// Pages looked at by each person in each state of the report.
const MOST_PAGES: usize = 300;

/// A link, a picture in an address, and one turned into text.
pub fn pictures() -> [String; 3] {
    [format!("see https://pictures.example/{MARK}.jpg"), format!("data:image/png;base64,{MARK}"), MARK.repeat(20)]
}

/// Ways to choose: of each group of radio buttons the first, then the second, and so on, so that what is asked
/// only after one answer is asked once. `turned`: each group one further than the one before it.
fn ways(page: &str, here: &str, action: &str, turned: bool) -> Vec<Vec<(String, String)>> {
    let mut radios: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for form in page.split("<form ").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let tag = form.split('>').next().unwrap_or_default();
        if attribute(&format!(" {tag}"), "action").as_deref().unwrap_or(here) != action {
            continue;
        }
        for tag in form.split('<').filter(|tag| attribute(tag, "type").as_deref() == Some("radio")) {
            let name = attribute(tag, "name").unwrap_or_default();
            radios.entry(name).or_default().push(attribute(tag, "value").unwrap_or_default());
        }
    }
    let most = radios.values().map(Vec::len).max().unwrap_or(0).max(1);
    let nth = |at: usize| {
        let one = |(group, (name, values)): (usize, (&String, &Vec<String>))| {
            let at = if turned { at + group } else { at };
            (name.clone(), values[at % values.len()].clone())
        };
        radios.iter().enumerate().map(one).collect()
    };
    // And nothing chosen: what is entered for all at once counts where none has an answer of its own.
    let none = radios.keys().map(|name| (name.clone(), String::new())).collect();
    (0..most).map(nth).chain([none]).collect()
}

/// Fields in which nothing has to be refused, and why.
const NO_WORDS: &[(&str, &str)] = &[
    ("then", "a button that says where to go on"),
    ("present_password", "compared, and kept nowhere"),
    ("password", "kept as a hash"),
    ("password_again", "compared, and kept nowhere"),
    ("at.time", "read as a time or refused, which tasks/when.rs tests"),
    ("stepped_at.time", "as at.time"),
];

/// Takes somebody's words, in which there may be a picture.
pub fn takes_words(field: &str) -> bool {
    !NO_WORDS.iter().any(|(no, _)| *no == field)
}

/// Fields that take a day, a time or a number: whatever else stands in them is told as that, by their last word.
const NO_PICTURE: [&str; 8] =
    ["age", "date_of_birth", "day", "happened_on", "on", "other_code", "reported_at", "reported_on"];

/// Forms that the sweep below comes to; all others stand in `markup/reached.rs`.
pub const SWEPT: &[&str] = &[
    "/find",
    "/people/new",
    "/people/{id}",
    "/reports/new",
    "/reports/{reference}/access/conflict",
    "/reports/{reference}/access/conflict-of",
    "/reports/{reference}/access/restrict",
    "/reports/{reference}/accounts/new",
    "/reports/{reference}/addendum",
    "/reports/{reference}/ask-for-review",
    "/reports/{reference}/class",
    "/reports/{reference}/concern",
    "/reports/{reference}/concern/{number}",
    "/reports/{reference}/devices/new",
    "/reports/{reference}/devices/{id}",
    "/reports/{reference}/end",
    "/reports/{reference}/linked",
    "/reports/{reference}/outcome/{code}",
    "/reports/{reference}/people/new",
    "/reports/{reference}/people/{id}",
    "/reports/{reference}/people/{id}/authorities",
    "/reports/{reference}/people/{id}/own-data",
    "/reports/{reference}/people/{id}/roles",
    "/reports/{reference}/places/new",
    "/reports/{reference}/places/{id}",
    "/reports/{reference}/questions/{fact}",
    "/reports/{reference}/references/new",
    "/reports/{reference}/review",
    "/reports/{reference}/safety",
    "/reports/{reference}/statements/{number}/take-back",
    "/reports/{reference}/tasks/{duty}",
    "/reports/{reference}/tasks/{duty}/depart",
    "/reports/{reference}/withdraw/{thing}/{id}",
];

/// What was said of a field with a picture in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// Nothing at all.
    Nothing,
    /// That something else is wrong with it: it is no day, it does not go with another answer.
    Wrong,
    /// That it is a picture.
    Picture,
}

/// By form, field and kind of picture.
type Found = BTreeMap<(String, String, usize), Said>;

/// The pattern of an address: what is particular to a report, a person, an entry or an outcome left out.
fn pattern(action: &str) -> String {
    let part = |part: &str| {
        let particular = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'%';
        match part.split_once([':', '%']) {
            Some((kind, _)) => format!("{kind}:…"),
            None if part.bytes().any(particular) => "…".to_owned(),
            None => part.to_owned(),
        }
    };
    let path = action.split('?').next().unwrap_or_default();
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What the list of mistakes on a page says of one field.
pub fn said_of(page: &str, field: &str) -> Said {
    let link = format!("<li><a href=\"#{field}\">");
    let words = page.split(link.as_str()).nth(1).and_then(|rest| rest.split("</a>").next());
    match words {
        None => Said::Nothing,
        Some(words) if words.contains("picture") => Said::Picture,
        Some(_) => Said::Wrong,
    }
}

/// Sends a form with the pictures in these fields, and notes the most telling answer of each.
async fn try_all(
    browser: &mut Browser<'_>,
    (page, here): (&str, &str),
    action: &str,
    fields: &[(String, String)],
    pictured: &[&str],
    found: &mut Found,
) {
    // Alone, a field is tried in more ways.
    let turned = if let [_] = pictured { ways(page, here, action, true) } else { Vec::new() };
    for way in ways(page, here, action, false).into_iter().chain(turned) {
        for (kind, picture) in pictures().iter().enumerate() {
            let value = |name: &str, value: &str| {
                let chosen = way.iter().find(|(radio, _)| radio == name).map(|(_, value)| value.clone());
                match chosen {
                    _ if pictured.contains(&name) => picture.clone(),
                    Some(chosen) => chosen,
                    // Somebody who is there, for fields that name somebody; for all others a word like any other.
                    None if value == MARKUP && (name.ends_with("day") || name.ends_with("on")) => {
                        "2026-11-23".to_owned()
                    }
                    None if value == MARKUP => "sam".to_owned(),
                    None => value.to_owned(),
                }
            };
            let filled: Vec<(&str, String)> =
                fields.iter().map(|(name, had)| (name.as_str(), value(name, had))).collect();
            let filled: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = browser.post(action, &filled).await;
            assert!(!answer.status.is_server_error(), "{action}: {}", answer.text);
            for name in pictured {
                let said = found.entry((pattern(action), (*name).to_owned(), kind)).or_insert(Said::Nothing);
                *said = (*said).max(said_of(&answer.text, name));
            }
        }
    }
}

/// Was something said of all kinds of pictures in this field?
fn is_answered(found: &Found, action: &str, field: &str) -> bool {
    let said = |kind| found.get(&(pattern(action), field.to_owned(), kind)).copied();
    (0..pictures().len()).all(|kind| said(kind).is_some_and(|said| said > Said::Nothing))
}

/// Sends every form that can be reached with pictures in all fields that take words; a field of which nothing was
/// said then is tried once more by itself.
async fn sweep(browser: &mut Browser<'_>, begin: &[String], found: &mut Found) -> usize {
    let mut seen_pages = BTreeSet::new();
    let mut sent = BTreeSet::new();
    let mut waiting = VecDeque::from([routes::HOME.to_owned()]);
    waiting.extend(begin.iter().cloned());
    while let Some(path) = waiting.pop_front() {
        if seen_pages.len() >= MOST_PAGES || !seen_pages.insert(path.clone()) {
            continue;
        }
        let page = browser.get(&path).await.text;
        assert!(!page.contains(MARK), "{path} shows a picture");
        waiting.extend(links(&page));
        for (action, fields) in forms_at(&page, &path) {
            let typed: Vec<&str> = fields
                .iter()
                .filter(|(name, value)| value == MARKUP && takes_words(name))
                .map(|(name, _)| name.as_str())
                .collect();
            if typed.iter().all(|name| is_answered(found, &action, name)) || !sent.insert(format!("{action} {typed:?}"))
            {
                continue;
            }
            try_all(browser, (&page, &path), &action, &fields, &typed, found).await;
            for name in &typed {
                if !is_answered(found, &action, name) {
                    try_all(browser, (&page, &path), &action, &fields, &[name], found).await;
                }
            }
        }
    }
    seen_pages.len()
}

#[tokio::test]
async fn a_picture_in_any_field_is_refused_and_not_kept() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let reference = &desk.reference;
    let begin = [routes::retention(reference), routes::erase(reference), routes::own_data(reference, "A")];
    let mut found = Found::default();
    for turn in ["experimental", "aggravated"] {
        if turn == "aggravated" {
            desk.facts(&["person.B.threatened=yes", "person.A.groomed=yes"]).await;
            // Somebody has to say what came of a concern.
            let mut browser = site.browser();
            browser.sign_in("olive", PASSWORD).await;
            let raised = [("kind", "danger"), ("person", "A"), ("words", "a threat")];
            browser.post(&routes::concern(reference), &raised).await.is(303);
        }
        for (name, least) in [("olive", 60), ("sam", 40)] {
            let mut browser = site.browser();
            browser.sign_in(name, PASSWORD).await;
            let pages = sweep(&mut browser, &begin, &mut found).await;
            assert!(pages >= least, "{name}, {turn}: {pages} pages");
        }
    }
    let silent: Vec<_> = found.iter().filter(|(_, said)| **said == Said::Nothing).map(|(field, _)| field).collect();
    assert!(silent.is_empty(), "nothing was said of a picture in {silent:#?}");
    let other: Vec<_> = found.iter().filter(|(_, said)| **said == Said::Wrong).map(|(field, _)| field).collect();
    let never: BTreeSet<&str> = other
        .iter()
        .filter(|(action, field, _)| {
            let kinds = 0..pictures().len();
            let said = |kind| found[&(action.clone(), field.clone(), kind)];
            kinds.map(said).all(|said| said == Said::Wrong)
        })
        .map(|(_, field, _)| field.rsplit_once('.').map_or(field.as_str(), |(_, last)| last))
        .collect();
    assert_eq!(Vec::from_iter(never), NO_PICTURE, "told as something else");
    let reached = Reached::default();
    let swept = found.keys().filter_map(|(action, ..)| reached.pattern("POST", action));
    let swept: BTreeSet<&str> = swept.collect();
    assert_eq!(Vec::from_iter(swept), SWEPT, "forms that were swept");
    assert!(found.len() - other.len() >= 450, "{} fields were refused", found.len() - other.len());
    let stored = format!("{:?}", desk.opened().await.report.log);
    assert!(!stored.contains(MARK), "a picture was kept");
}
