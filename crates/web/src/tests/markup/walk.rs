//! Going through pages and forms, with a look at each.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::http::header;

use super::reached::Reached;
use super::{Browser, MARKUP, Seen, Site, at_desk, forms_at, links};
use crate::routes;
use crate::tests::pictures::{Said, pictures, said_of, takes_words};

/// Pages of one route, or one kind of task, looked at by each person: what is added on the way brings pages of its own.
const MOST_OF_A_KIND: usize = 12;

/// Forms that would end the crawl: closing the report to oneself or to the unit, changing who may sign in. They are
/// sent last, on another site.
const ENDS: &[&str] = &["/conflict", "/pass", "/link", "/restrict", "/give"];

/// Everything that was looked at.
#[derive(Default)]
pub struct Walk {
    pub reached: Reached,
    pages: BTreeSet<String>,
}

/// Pages that none of an open report leads to.
pub fn unlinked(reference: &str) -> Vec<String> {
    let mut all = vec![
        routes::report(reference),
        routes::changed(reference, 1),
        routes::retention(reference),
        routes::erase(reference),
        routes::own_data(reference, "A"),
        routes::looked_at(reference),
    ];
    let shown = [routes::CONFIRM, routes::GUIDANCE];
    all.extend(shown.map(str::to_owned));
    all
}

#[track_caller]
fn is_clean(seen: &Seen, what: &str) {
    assert!(!seen.status.is_server_error(), "{what}: {}", seen.text);
    let said = |name| seen.headers.get(name).map(|had| had.to_str().unwrap());
    let kind = said(header::CONTENT_TYPE).unwrap_or_default();
    if !kind.starts_with("text/html") && !what.starts_with(routes::ASSETS) {
        let kept = said(header::CONTENT_DISPOSITION).is_some_and(|had| had.starts_with("attachment"));
        let plain = kind.is_empty() || kind.starts_with("text/plain");
        assert!(kept || plain, "{what}: {kind} to be shown");
        return;
    }
    for raw in ["<script>alert", "<b onmouseover", "\"'><b"] {
        assert!(!seen.text.contains(raw), "{what}: {raw} is in\n{}", seen.text);
    }
}

/// What is sent to be taken: a day and a time are left empty, since it is said that it was just now.
fn taken(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    let is_when = |name: &str| name.ends_with(".day") || name.ends_with(".time");
    fields
        .iter()
        .map(|(name, value)| match is_when(name) {
            true => (name.as_str(), ""),
            false => (name.as_str(), value.as_str()),
        })
        .collect()
}

impl Walk {
    pub async fn get(&mut self, browser: &mut Browser<'_>, path: &str) -> Seen {
        let seen = browser.get(path).await;
        is_clean(&seen, path);
        self.reached.note("GET", path, &seen);
        self.pages.insert(path.to_owned());
        seen
    }

    pub async fn post(&mut self, browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Seen {
        let seen = browser.post(path, fields).await;
        is_clean(&seen, path);
        self.reached.note("POST", path, &seen);
        seen
    }

    /// Sends the form of a page that goes to this address: with markup in everything, which is refused or taken, and then with
    /// choices that there are, and with what only one value is right for.
    pub async fn send(&mut self, browser: &mut Browser<'_>, page: &str, action: &str, right: &[(&str, &str)]) -> Seen {
        let shown = self.get(browser, page).await;
        let mut found = forms_at(&shown.is(200).text, page).into_iter();
        let (_, mut fields) = found
            .rfind(|(to, _)| to == action)
            .unwrap_or_else(|| panic!("{page} has no form to {action}: {}", shown.text));
        fields.retain(|(name, _)| !right.iter().any(|(had, _)| had == name));
        let mut fields = taken(&fields);
        fields.extend(right);
        self.refuses_pictures(browser, action, &fields).await;
        let seen = self.post(browser, action, &fields).await;
        assert!(matches!(seen.status.as_u16(), 200 | 303), "{action} {fields:?}: {}", seen.text);
        seen
    }

    /// A picture in any of the words of a form that is right otherwise is refused, beside the field.
    async fn refuses_pictures(&mut self, browser: &mut Browser<'_>, action: &str, right: &[(&str, &str)]) {
        for (at, (name, value)) in right.iter().enumerate() {
            if *value != MARKUP || !takes_words(name) {
                continue;
            }
            for picture in pictures() {
                let mut pictured = right.to_vec();
                pictured[at].1 = &picture;
                let seen = self.post(browser, action, &pictured).await;
                let said = said_of(&seen.text, name);
                assert!(
                    seen.status == 422 && said > Said::Nothing,
                    "{picture} in {name} of {action}: {} {}",
                    seen.status,
                    seen.text
                );
            }
            self.reached.note_pictured(action);
        }
    }

    /// Says why somebody opens a report, or reads its log, with markup for a reason.
    pub async fn say_why(&mut self, browser: &mut Browser<'_>, reference: &str, of_log: bool) {
        browser.says_why_itself = true;
        let page = if of_log { routes::looked_at(reference) } else { routes::report(reference) };
        let asked = self.get(browser, &page).await.to().to_owned();
        if asked.contains("/why?next=") {
            let why = routes::why(reference, of_log);
            let hostile = [("purpose", MARKUP), ("reason", MARKUP), ("next", MARKUP)];
            self.get(browser, &asked).await;
            self.post(browser, &why, &hostile).await;
            self.send(browser, &asked, &why, &[]).await;
        }
        browser.says_why_itself = false;
    }

    /// The route of an address, and of a task what is to be done, whomever it is about.
    fn kind(&self, path: &str) -> String {
        let route = self.reached.pattern("GET", path).unwrap_or(path);
        let task = path.split_once("/tasks/").map_or("", |(_, task)| task);
        let task = task.split([':', '%', '/', '?']).next().unwrap_or_default();
        format!("{route} {task}")
    }

    /// Goes through everything that can be reached, and sends every form once with markup and once with markup in
    /// the fields that offer no choice; how many pages and forms there were.
    pub async fn crawl(&mut self, browser: &mut Browser<'_>, begin: &[String]) -> (usize, usize) {
        let mut seen_pages = BTreeSet::new();
        let mut of_a_kind = BTreeMap::new();
        let mut sent = BTreeSet::new();
        let mut waiting = VecDeque::from([routes::HOME.to_owned()]);
        waiting.extend(begin.iter().cloned());
        while let Some(path) = waiting.pop_front() {
            if !seen_pages.insert(path.clone()) {
                continue;
            }
            let had: &mut usize = of_a_kind.entry(self.kind(&path)).or_default();
            *had += 1;
            if *had > MOST_OF_A_KIND {
                continue;
            }
            let seen = self.get(browser, &path).await;
            waiting.extend(links(&seen.text));
            if !seen.to().is_empty() {
                waiting.push_back(seen.to().to_owned());
            }
            for (action, fields) in forms_at(&seen.text, &path) {
                if [routes::SIGN_OUT, routes::OWN_SESSIONS].contains(&action.as_str()) {
                    continue;
                }
                let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                if !sent.insert(format!("{action} {names:?}")) {
                    continue;
                }
                // Whoever says that they have an interest need choose nothing for it to be so.
                if action.ends_with("/conflict") {
                    continue;
                }
                let hostile: Vec<(&str, &str)> = names.iter().map(|name| (*name, MARKUP)).collect();
                self.post(browser, &action, &hostile).await;
                let ends = ENDS.iter().any(|end| action.ends_with(end));
                if !ends && !action.starts_with("/people/U") {
                    let answer = self.post(browser, &action, &taken(&fields)).await;
                    if !answer.to().is_empty() {
                        waiting.push_back(answer.to().to_owned());
                    }
                }
            }
        }
        let pages = of_a_kind.values().map(|had| *had.min(&MOST_OF_A_KIND));
        (pages.sum(), sent.len())
    }

    /// The guidance, which nobody types into: of each route one page.
    pub async fn guidance(&mut self, browser: &mut Browser<'_>) {
        let mut routes_had = BTreeSet::new();
        let mut waiting = VecDeque::from([routes::GUIDANCE.to_owned()]);
        while let Some(path) = waiting.pop_front() {
            let seen = self.get(browser, &path).await;
            let hrefs = seen.is(200).text.split("href=\"").skip(1);
            for href in hrefs.filter_map(|rest| rest.split(['"', '#', '?']).next()) {
                let pattern = self.reached.pattern("GET", href);
                let below = pattern.filter(|pattern| pattern.starts_with(routes::GUIDANCE));
                if below.is_some_and(|pattern| routes_had.insert(pattern)) {
                    waiting.push_back(href.to_owned());
                }
            }
        }
    }

    /// What one stored, everybody is shown: once more over all pages of a site, as everybody.
    pub async fn again(&mut self, site: &Site, names: &[&str]) {
        let pages = std::mem::take(&mut self.pages);
        for name in names {
            let mut browser = at_desk(site, name).await;
            for path in &pages {
                self.get(&mut browser, path).await;
            }
        }
        self.pages.clear();
    }
}
