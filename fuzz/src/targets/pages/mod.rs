//! Every form of the pages, through the real router over a real database.
//!
//! It walks as a browser does: from the pages it has seen it knows addresses and forms, fills in a form with
//! whatever the fields offer and with what they do not, sends it, and learns from what comes back. Neither a panic
//! nor a page that says the server failed may come of it.

mod html;
mod site;

use std::collections::{BTreeMap, BTreeSet};

use super::{Target, Was};
use crate::mutate::{self, Chance};
use html::Form;
use site::Site;

/// Requests after which everything begins anew, so that reports stay of a size that officers have.
const REQUESTS: usize = 4000;
/// Bytes of a body are at most 64 KB; some are more.
const TOO_LONG: usize = 70_000;
/// Addresses and forms that are remembered.
const REMEMBERED: usize = 600;

/// What people type into fields of one line.
const TYPED: &[&str] = &[
    "14",
    "17",
    "0",
    "24/11/2026",
    "9:30",
    "21:15",
    "Mia",
    "Example School",
    "01632 960001",
    "WM-2026-000001",
    "ABC/1",
    "A",
    "B",
    "He said it was a joke.",
    "yes",
    "CRN/2026/1",
    "2026-11-24",
    "21",
    "correct horse battery",
];

/// What fits a field of this name, where few things do.
fn fitting(name: &str) -> Option<&'static str> {
    let fits: [(&[&str], &str); 7] = [
        (&["date", "_on", "on-"], "24/11/2026"),
        (&["_at", "time", "at-"], "9:30"),
        (&["age"], "14"),
        (&["phone", "number"], "01632 960001"),
        (&["email"], "mia@example.org"),
        (&["references", "existing", "linked"], "WM-2026-000001"),
        (&["password"], "three words of my own"),
    ];
    if name == "on" || name == "at" {
        return Some("24/11/2026");
    }
    let found = fits.iter().find(|(parts, _)| parts.iter().any(|part| name.contains(part)));
    found.map(|(_, value)| *value)
}

/// The pages.
pub struct Pages {
    site: Site,
    chance: Chance,
    /// By role: forms seen and addresses seen.
    forms: BTreeMap<&'static str, Vec<Form>>,
    links: BTreeMap<&'static str, Vec<String>>,
    asked: usize,
    /// Of each form, by its address without what names one thing: how often it was sent and taken, and its fields.
    reached: BTreeMap<String, Reached>,
}

#[derive(Default)]
struct Reached {
    sent: u64,
    taken: u64,
    fields: BTreeSet<String>,
}

/// An address without what names one report, person, account or thing.
fn kind(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let parts = path.split('/');
    let parts = parts.map(|part| if plain(part) && part.len() < 30 { part } else { "*" });
    parts.collect::<Vec<_>>().join("/")
}

impl Pages {
    pub fn new(seed: u64) -> Self {
        Self {
            site: Site::new(),
            chance: Chance::new(seed ^ 4),
            forms: BTreeMap::new(),
            links: BTreeMap::new(),
            asked: 0,
            reached: BTreeMap::new(),
        }
    }

    fn learn(&mut self, role: &'static str, page: &str, at: &str) {
        let forms = self.forms.entry(role).or_default();
        for form in html::forms(page, at) {
            let reached = self.reached.entry(kind(&form.action)).or_default();
            // Of a field that there may be several of, one name.
            let fields = form.fields.iter().map(|(name, _)| name.replace(|c: char| c.is_ascii_digit(), "#"));
            reached.fields.extend(fields);
            // The newest of an address replaces what was known of it: its fields are those that matter now.
            forms.retain(|known| known.action != form.action);
            forms.push(form);
        }
        let links = self.links.entry(role).or_default();
        for link in html::links(page) {
            if !links.contains(&link) {
                links.push(link);
            }
        }
        while forms.len() > REMEMBERED {
            forms.swap_remove(self.chance.below(forms.len()));
        }
        while links.len() > REMEMBERED {
            links.swap_remove(self.chance.below(links.len()));
        }
    }

    fn filled(&mut self, form: &Form) -> String {
        let mut pairs: Vec<(String, String)> = Vec::new();
        // Some that are right come further: to what is asked of a person, one has to be added.
        let careful = self.chance.below(2) == 0;
        for (name, offered) in &form.fields {
            let chance = &mut self.chance;
            if careful {
                let value = match offered.as_slice() {
                    [] => fitting(name).map_or(*chance.one(TYPED), |value| value).to_owned(),
                    offered => chance.one(offered).clone(),
                };
                pairs.push((name.clone(), value));
                continue;
            }
            match chance.below(20) {
                0..3 => {}
                3 => {
                    let mut odd = chance.one(TYPED).as_bytes().to_vec();
                    mutate::bytes(&mut odd, b"<script>'\"&\0\r\n\t", chance);
                    pairs.push((name.clone(), String::from_utf8_lossy(&odd).into_owned()));
                }
                4 => pairs.push((name.clone(), "x".repeat(chance.below(5000)))),
                5 => {
                    for _ in 0..chance.below(5) {
                        pairs.push((name.clone(), (*chance.one(TYPED)).to_owned()));
                    }
                }
                _ if offered.is_empty() => pairs.push((name.clone(), (*chance.one(TYPED)).to_owned())),
                _ => pairs.push((name.clone(), chance.one(offered).clone())),
            }
        }
        if self.chance.below(100) == 0 {
            pairs.push(("long".to_owned(), "x".repeat(TOO_LONG)));
        }
        html::encode(&pairs)
    }

    /// An address with one of its parts changed.
    fn bent(&mut self, path: &str) -> String {
        let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        let at = self.chance.below(parts.len());
        let mut part = parts[at].clone().into_bytes();
        mutate::bytes(&mut part, path.as_bytes(), &mut self.chance);
        parts[at] = html::escape(&part);
        format!("/{}", parts.join("/").trim_start_matches('/'))
    }
}

impl Target for Pages {
    fn name(&self) -> &'static str {
        "pages"
    }

    /// Role, method, address and body, a line each.
    fn input(&mut self) -> Vec<u8> {
        self.asked += 1;
        if self.asked.is_multiple_of(REQUESTS) {
            self.site = Site::new();
            self.forms.clear();
            self.links.clear();
        }
        let role = *self.chance.one(site::ROLES);
        let forms = self.forms.get(role).map_or(&[][..], Vec::as_slice);
        if forms.is_empty() || self.chance.below(3) == 0 {
            let links = self.links.get(role).map_or(&[][..], Vec::as_slice);
            let mut path = if links.is_empty() { "/".to_owned() } else { self.chance.one(links).clone() };
            if self.chance.below(6) == 0 {
                path = self.bent(&path);
            }
            return format!("{role}\nGET\n{path}\n").into_bytes();
        }
        let form = self.chance.one(forms).clone();
        // They stand on every page, and whoever is out has to begin anew.
        let again = ["/sign-out", "/stay"].contains(&form.action.as_str()) && self.chance.below(20) > 0;
        let form = match again {
            true => self.chance.one(forms).clone(),
            false => form,
        };
        let mut body = self.filled(&form).into_bytes();
        if self.chance.below(10) == 0 {
            mutate::bytes(&mut body, b"%&=+;%00%ff%c3%28", &mut self.chance);
        }
        let action = if self.chance.below(12) == 0 { self.bent(&form.action) } else { form.action };
        let mut input = format!("{role}\nPOST\n{action}\n").into_bytes();
        input.append(&mut body);
        input
    }

    fn run(&mut self, input: &[u8]) -> Was {
        let mut parts = input.splitn(4, |byte| *byte == b'\n');
        let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
        let (role, method, path) = (text(), text(), text());
        let body = parts.next().unwrap_or_default();
        let Some(role) = site::ROLES.iter().copied().find(|known| *known == role) else {
            return Was::Refused;
        };
        let Some(seen) = self.site.ask(role, &method, &path, body) else {
            // No address at all: the protocol itself does not carry it.
            return Was::Refused;
        };
        if method == "POST" {
            let reached = self.reached.entry(kind(&path)).or_default();
            reached.sent += 1;
            reached.taken += u64::from((200..400).contains(&seen.status));
        }
        self.learn(role, &seen.page, &path);
        if let Some(to) = seen.to {
            self.links.entry(role).or_default().push(to);
        }
        match seen.status {
            200..400 => Was::Taken,
            500.. => Was::Wrong(format!("status {} for {role} {method} {path}", seen.status)),
            _ => Was::Refused,
        }
    }

    fn reached(&self) -> Vec<String> {
        let one = |(path, form): (&String, &Reached)| {
            let fields: Vec<&str> = form.fields.iter().map(String::as_str).collect();
            format!("{path} sent {} taken {}: {}", form.sent, form.taken, fields.join(" "))
        };
        self.reached.iter().map(one).collect()
    }
}
