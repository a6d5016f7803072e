//! An officer at work: sends forms over HTTP, and remembers what the server said it has kept.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::http::{Response, header};
use ureq::{Agent, Body};

use crate::server::Server;
use crate::shim::Shim;

const TOKEN: &str = "name=\"form_token\" value=\"";
/// Longer than any page takes, shorter than anybody waits.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long somebody waits who was told that they ask for too many pages.
const TOO_MANY: Duration = Duration::from_millis(200);
/// Steps in one report before the next is begun.
const STEPS_A_REPORT: usize = 8;

/// What came back.
#[derive(Debug)]
pub enum Answer {
    /// Kept: the page to go to next.
    Kept(String),
    /// A page that says why not.
    Refused(u16, String),
    /// Nothing: the server is gone, or the connection.
    Silence,
}

/// One step that the server said it has kept.
#[derive(Debug, Clone)]
pub struct Step {
    /// The report's reference.
    pub report: String,
    /// What was entered; `None` for beginning the report.
    pub text: Option<String>,
    /// How long the journal was by then.
    pub by: u64,
}

/// What all officers were told.
#[derive(Debug, Default)]
pub struct Told(Mutex<Vec<Step>>);

impl Told {
    pub fn steps(&self) -> Vec<Step> {
        self.0.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn add(&self, step: Step) {
        self.0.lock().unwrap().push(step);
    }
}

/// An officer, signed in.
pub struct Officer {
    agent: Agent,
    address: String,
    cookie: String,
    token: String,
    name: String,
    report: String,
    done: usize,
    /// The form that was sent last, as it was, and the mark in it.
    sent: (String, Vec<(String, String)>),
    mark: String,
}

impl Officer {
    /// Signs in. The name is part of everything that is entered, so that each step is unlike any other.
    pub fn sign_in(server: &mut Server, name: &str) -> Self {
        let config =
            Agent::config_builder().max_redirects(0).http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
        let mut officer = Self {
            agent: config.into(),
            address: server.address.clone(),
            cookie: String::new(),
            token: String::new(),
            name: name.to_owned(),
            report: String::new(),
            done: 0,
            sent: Default::default(),
            mark: String::new(),
        };
        let link = server.link();
        let path = link.strip_prefix(&server.address).unwrap();
        officer.get(path);
        let entered = officer.post(path, &[]);
        assert!(matches!(entered, Answer::Kept(_)), "{entered:?}");
        officer.get("/reports/new");
        officer
    }

    /// Looks at a page.
    pub fn get(&mut self, path: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.address));
        let sent = request.header(header::COOKIE, &self.cookie).call();
        self.hear(sent)
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token.clone();
        let all = fields.iter().copied().chain([("form_token", token.as_str())]);
        let all = all.map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.sent = (path.to_owned(), all.collect());
        self.send()
    }

    fn send(&mut self) -> Answer {
        let (path, fields) = &self.sent;
        let request = self.agent.post(format!("{}{path}", self.address));
        let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let sent = request.header(header::COOKIE, &self.cookie).send_form(fields);
        self.hear(sent)
    }

    /// The mark in the form that was sent last.
    pub fn under_way(&self) -> String {
        self.mark.clone()
    }

    /// The server was started again, and the officer still has the page open.
    pub fn goes_on_at(&mut self, server: &Server) {
        self.address.clone_from(&server.address);
    }

    /// Fills in one field of it otherwise.
    pub fn changes_the_form(&mut self, field: &str, value: &str) {
        let fields = &mut self.sent.1;
        let found = fields.iter_mut().find(|(name, _)| name == field);
        value.clone_into(&mut found.expect("the form has this field").1);
    }

    /// Sends the same form again, as a browser does.
    pub fn again(&mut self, told: &Told) -> Answer {
        let answer = self.send();
        let text = Some(self.mark.clone()).filter(|_| self.sent.0.contains("references"));
        self.hear_of(&answer, text, told, None).unwrap_or(answer)
    }

    fn hear(&mut self, sent: Result<Response<Body>, ureq::Error>) -> Answer {
        let Ok(mut response) = sent else {
            return Answer::Silence;
        };
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        let status = response.status().as_u16();
        let to = response.headers().get(header::LOCATION).cloned();
        let Ok(page) = response.body_mut().read_to_string() else {
            return Answer::Silence;
        };
        if let Some((_, rest)) = page.split_once(TOKEN) {
            rest.split('"').next().unwrap().clone_into(&mut self.token);
        }
        match to {
            Some(to) if status == 303 => Answer::Kept(to.to_str().unwrap().to_owned()),
            _ => Answer::Refused(status, page),
        }
    }

    /// One step: begins a report, or enters a reference into it.
    pub fn step(&mut self, told: &Told, shim: Option<&Shim>) -> Answer {
        self.done += 1;
        let (answer, text) = loop {
            match self.once() {
                // Nothing was kept, and nothing is wrong: a long run asks for more pages than anybody reads.
                (Answer::Refused(429, _), _) => std::thread::sleep(TOO_MANY),
                other => break other,
            }
        };
        self.hear_of(&answer, text, told, shim).unwrap_or(answer)
    }

    /// Remembers what was said to be kept. Signed out in the meantime: that is no answer to the step.
    fn hear_of(&mut self, answer: &Answer, text: Option<String>, told: &Told, shim: Option<&Shim>) -> Option<Answer> {
        let Answer::Kept(to) = answer else {
            return None;
        };
        let Some(report) = to.strip_prefix("/reports/").and_then(|to| to.split('/').next()) else {
            return Some(Answer::Refused(303, to.clone()));
        };
        self.report = report.to_owned();
        let by = shim.map_or(0, Shim::journal_length);
        let report = self.report.clone();
        told.add(Step { report, text, by });
        None
    }

    fn once(&mut self) -> (Answer, Option<String>) {
        if self.report.is_empty() || self.done.is_multiple_of(STEPS_A_REPORT) {
            return (self.begin(), None);
        }
        let text = format!("F-{}-{}.", self.name, self.done);
        self.mark.clone_from(&text);
        let path = format!("/reports/{}/references/new", self.report);
        let fields = [("kind", "exhibit"), ("reference", text.as_str())];
        (self.post(&path, &fields), Some(text))
    }

    fn begin(&mut self) -> Answer {
        // Each unlike the last, or it would be the same form sent twice.
        let place = format!("F-{}-{}.", self.name, self.done);
        self.mark.clone_from(&place);
        let fields = [("child_where", place.as_str()), ("in_danger", "no"), ("safe_to_talk", "yes")];
        self.post("/reports/new", &fields)
    }

    /// Steps until `stop` is set, one is not kept, or `most` are done. The answer that ended it.
    pub fn work(&mut self, most: usize, told: &Told, shim: Option<&Shim>, stop: &AtomicBool) -> Option<Answer> {
        for _ in 0..most {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            match self.step(told, shim) {
                Answer::Kept(_) => {}
                other => return Some(other),
            }
        }
        None
    }
}

/// Lets several officers work at once until each has done so much, or is told no. Their last answers.
pub fn all_work(officers: &mut [Officer], most: usize, told: &Told, shim: Option<&Shim>) -> Vec<Option<Answer>> {
    let never = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let working: Vec<_> =
            officers.iter_mut().map(|officer| scope.spawn(|| officer.work(most, told, shim, &never))).collect();
        working.into_iter().map(|one| one.join().unwrap()).collect()
    })
}
