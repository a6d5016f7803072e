//! A server that runs signs the log by itself: after so many entries, after so long, and when it stops; and offers
//! what it has signed to its witnesses.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ledger::{Checkpoint, SignedNote};
use store::{Keys, Log as _, SqliteStore};
use ureq::Agent;
use ureq::http::header;

use crate::site::Site;
use crate::small::Witness;

/// Longer than any of it takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);
const TOKEN: &str = "name=\"form_token\" value=\"";

/// A server of a site, and a supervisor at it.
struct Served {
    child: Child,
    agent: Agent,
    address: String,
    cookie: String,
    token: String,
    added: u32,
}

impl Served {
    /// Starts it, signing after so many entries or seconds. There is one account then, and one entry of the log.
    fn start(site: &Site, entries: u64, seconds: u64) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = port.local_addr().unwrap().to_string();
        drop(port);
        let settings = format!(
            "database = \"data/waymark.db\"\nkeys = \"keys\"\ncheckpoints = \"elsewhere.notes\"\nlog = \"warn\"\n\
             [signing]\nentries = {entries}\nseconds = {seconds}\n[web]\naddress = \"{address}\"\npublic_url = \"http://{address}\"\n"
        );
        fs::write(site.path("waymark.toml"), settings).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_waymark"))
            .args(["serve", "--config"])
            .arg(site.path("waymark.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut lines = out.lines().map_while(Result::ok);
        let link = lines.find(|line| line.trim().starts_with("http://")).unwrap();
        let link = link.trim().to_owned();
        let agent = Agent::config_builder().max_redirects(0).http_status_as_error(false).build();
        let mut served = Self {
            child,
            agent: agent.into(),
            address: format!("http://{address}"),
            cookie: String::new(),
            token: String::new(),
            added: 0,
        };
        let path = link.strip_prefix(&served.address).unwrap().to_owned();
        served.ask("GET", &path, &[]);
        let (_, token) = path.split_once("token=").unwrap();
        let first = [
            ("token", token),
            ("name", "Insp Example"),
            ("unit", "HQ"),
            ("sign_in_name", "insp"),
            ("password", "correct horse battery"),
            ("password_again", "correct horse battery"),
        ];
        let page = path.split('?').next().unwrap();
        assert_eq!(served.ask("POST", page, &first), 303);
        assert_eq!(served.ask("GET", "/people/new", &[]), 200);
        served
    }

    /// Adds somebody: two entries of the log, who and their link.
    fn add(&mut self) {
        self.added += 1;
        let name = format!("n{}", self.added);
        let fields = [("name", "Jo Example"), ("unit", "HQ"), ("sign_in_name", name.as_str()), ("role", "officer")];
        assert_eq!(self.ask("POST", "/people/new", &fields), 200);
    }

    fn ask(&mut self, method: &str, path: &str, fields: &[(&str, &str)]) -> u16 {
        let url = format!("{}{path}", self.address);
        let sent = if method == "GET" {
            let request = self.agent.get(url);
            request.header(header::COOKIE, &self.cookie).call()
        } else {
            let token = self.token.clone();
            let all = fields.iter().copied().chain([("form_token", token.as_str())]);
            let request = self.agent.post(url).header(header::COOKIE, &self.cookie);
            request.send_form(all)
        };
        let mut response = sent.unwrap();
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            self.cookie = cookie.split(';').next().unwrap().to_owned();
        }
        let page = response.body_mut().read_to_string().unwrap();
        if let Some((_, rest)) = page.split_once(TOKEN) {
            self.token = rest.split('"').next().unwrap().to_owned();
        }
        response.status().as_u16()
    }

    /// Stops it as a service is stopped.
    fn stop(mut self) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.unwrap().success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // A test that failed must not leave it running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How many entries each signed head in the file elsewhere speaks for.
fn signed(site: &Site) -> Vec<u64> {
    let text = fs::read_to_string(site.path("elsewhere.notes")).unwrap_or_default();
    let whole = text.split("----\n").filter(|note| !note.trim().is_empty());
    let notes = whole.filter_map(|note| note.trim_start_matches('\n').parse::<SignedNote>().ok());
    notes.map(|note| Checkpoint::parse(note.text()).unwrap().size).collect()
}

fn last(site: &Site) -> u64 {
    signed(site).last().copied().unwrap_or_default()
}

#[track_caller]
fn comes(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The log as it is when nobody has it open: its size, and whether what was signed last speaks for all of it.
fn all_is_signed(site: &Site) -> (u64, bool) {
    let keys = Keys::at(site.path("keys")).with_checkpoints(site.path("elsewhere.notes"));
    let store = SqliteStore::open_for_reading(site.database(), &keys).unwrap();
    site.runtime.block_on(async {
        let size = store.ledger_head().await.unwrap().size;
        let (kept, holds) = store.last_checkpoint_holds().await.unwrap().unwrap();
        (size, holds && kept.size == size && last(site) == size)
    })
}

#[test]
fn it_signs_after_so_many_entries_and_when_it_stops() {
    let site = Site::new();
    let mut served = Served::start(&site, 4, 3600);
    comes("the first, when it has started", || !signed(&site).is_empty());
    let first = last(&site);
    served.add();
    served.add();
    comes("four entries", || last(&site) >= first + 4);
    let before = last(&site);
    served.add();
    served.stop();
    let (size, all) = all_is_signed(&site);
    // The first account, that its link was used, its sign-in, and two entries for each that was added.
    assert_eq!(size, 3 + 3 * 2);
    assert!(size > before, "there was something left to sign");
    assert!(all, "{:?} of {size}", signed(&site));
}

#[test]
fn it_signs_after_so_long_and_offers_it_to_witnesses_to_the_last() {
    let site = Site::new();
    // Made before, so that the witness knows the key of the log.
    drop(SqliteStore::open(site.database(), &Keys::at(site.path("keys"))).unwrap());
    let key: ledger::VerifierKey = site.run(&["key"]).out.trim().parse().unwrap();
    let small = Witness::start(key);
    let ran = site.run(&["witness", "add", &small.url, &small.key.to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut served = Served::start(&site, 100_000, 1);
    served.add();
    comes("a second", || last(&site) >= 5);
    comes("the witness", || small.seen().size >= 5);
    // Nothing more: nothing more is signed.
    let heads = signed(&site).len();
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(signed(&site).len(), heads);
    served.add();
    served.stop();
    let (size, all) = all_is_signed(&site);
    assert_eq!((size, all), (7, true), "{:?}", signed(&site));
    assert_eq!(small.seen().size, 7, "what was signed at the end as well");
}

#[test]
fn a_witness_that_is_gone_does_not_keep_it_from_stopping() {
    let site = Site::new();
    drop(SqliteStore::open(site.database(), &Keys::at(site.path("keys"))).unwrap());
    let key: ledger::VerifierKey = site.run(&["key"]).out.trim().parse().unwrap();
    let small = Witness::start(key);
    // It takes the connection and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let ran = site.run(&["witness", "add", &url, &small.key.to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut served = Served::start(&site, 100_000, 3600);
    served.add();
    let begun = Instant::now();
    served.stop();
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    assert_eq!(all_is_signed(&site), (5, true));
}
