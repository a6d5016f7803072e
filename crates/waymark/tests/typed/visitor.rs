//! Somebody who looks at pages and sends forms.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use ureq::http::{Response, header};
use ureq::{Agent, Body};

const TOKEN: &str = "name=\"form_token\" value=\"";
/// How long somebody waits who was told that they ask for too many pages.
const TOO_MANY: Duration = Duration::from_millis(200);

#[derive(Clone)]
pub struct Visitor {
    agent: Agent,
    address: String,
    cookie: String,
    token: String,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    /// Where it leads on.
    pub to: String,
    pub page: String,
}

impl Visitor {
    pub fn sign_in(address: &str, link: &str) -> Self {
        let config = Agent::config_builder().max_redirects(0).http_status_as_error(false).build();
        let mut visitor =
            Self { agent: config.into(), address: address.to_owned(), cookie: String::new(), token: String::new() };
        let path = link.strip_prefix(address).unwrap().to_owned();
        visitor.get(&path);
        assert_eq!(visitor.post(&path, &[]).status, 303);
        visitor.get("/");
        visitor
    }

    pub fn get(&mut self, path: &str) -> Answer {
        loop {
            let request = self.agent.get(format!("{}{path}", self.address));
            let answer = request.header(header::COOKIE, &self.cookie).call();
            let answer = self.hear(answer.unwrap());
            if answer.status != 429 {
                return answer;
            }
            std::thread::sleep(TOO_MANY);
        }
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        loop {
            let token = self.token.clone();
            let all = fields.iter().copied();
            let all = all.chain([("form_token", token.as_str())]);
            let request = self.agent.post(format!("{}{path}", self.address));
            let answer = request.header(header::COOKIE, &self.cookie).send_form(all);
            let answer = self.hear(answer.unwrap());
            if answer.status != 429 {
                return answer;
            }
            std::thread::sleep(TOO_MANY);
        }
    }

    fn hear(&mut self, mut response: Response<Body>) -> Answer {
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        let to = response.headers().get(header::LOCATION);
        let to = to.map_or_else(String::new, |to| to.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        let page = response.body_mut().read_to_vec().unwrap_or_default();
        let page = String::from_utf8_lossy(&page).into_owned();
        if let Some((_, rest)) = page.split_once(TOKEN) {
            rest.split('"').next().unwrap().clone_into(&mut self.token);
        }
        Answer { status, to, page }
    }

    /// Follows the links of each page, from one on, to so many. What was shown, and how many were
    /// files to take away.
    pub fn go_round(&mut self, begin: &str, most: usize) -> (Vec<String>, usize) {
        let mut seen = BTreeSet::from([begin.to_owned()]);
        let mut next = VecDeque::from([begin.to_owned()]);
        let (mut pages, mut files) = (Vec::new(), 0);
        while let Some(path) = next.pop_front().filter(|_| pages.len() < most) {
            let mut answer = self.get(&path);
            // The page that asks for whom it is gives it to whoever says so.
            if is_a_file(&path) && answer.status == 200 {
                answer = self.post(&path, &[("recipient", "our own audit"), ("reason", "the yearly look")]);
            }
            let links = answer.page.split("href=\"").skip(1);
            let links = links.filter_map(|rest| rest.split('"').next());
            let links = links.map(|link| link.split('#').next().unwrap().replace("&amp;", "&"));
            for link in links.chain([answer.to.clone()]) {
                let goes_on = link.starts_with('/') && !link.starts_with("/assets/") && seen.insert(link.clone());
                // What is to be taken away comes first: it is seldom linked.
                if goes_on && is_a_file(&link) {
                    next.push_front(link);
                } else if goes_on {
                    next.push_back(link);
                }
            }
            if answer.status == 200 {
                files += usize::from(!answer.page.contains("<html"));
                pages.push(answer.page);
            }
        }
        (pages, files)
    }
}

/// Does this address give something to take away?
fn is_a_file(path: &str) -> bool {
    path.contains(".csv") || path.ends_with("/log")
}
