//! Connections over real sockets: who is slow, who opens too many, and who takes their time over a form.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{PASSWORD, Site};
use crate::config::RequestLimits;
use crate::shared::access::Role;
use crate::shared::connections::{Connections, Limits, heads};
use crate::shared::headers::CONTENT_SECURITY_POLICY;
use crate::{Config, routes};

/// Longer than anything takes here on a busy machine, and shorter than the times that hold outside tests.
const PATIENCE: Duration = Duration::from_secs(25);

/// Long enough that nothing ends by itself here.
const LONG: Limits = Limits {
    first: Duration::from_secs(600),
    idle: Duration::from_secs(600),
    body: Duration::from_secs(600),
    whole: Duration::from_secs(600),
    ending: Duration::from_secs(600),
    in_all: 100,
    of_address: 100,
};

/// A server that listens.
struct Served {
    at: SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

async fn serve(site: &Site, limits: Limits) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let connections = Connections::with(limits, false);
    let app = site.app.clone().with(|parts| parts.connections = connections);
    let (stop, stopped) = oneshot::channel();
    let until = async move { drop(stopped.await) };
    let done = tokio::spawn(crate::serve(app, listener, until));
    Served { at, stop, done }
}

/// One connection.
struct Line(TcpStream);

impl Line {
    fn open(at: SocketAddr) -> Self {
        Self::with(TcpStream::connect(at).unwrap())
    }

    fn with(stream: TcpStream) -> Self {
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).unwrap();
    }

    /// One whole answer, headers and page; what came of it before the connection was closed.
    fn answer(&mut self) -> String {
        let mut all = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&all).into_owned();
            if let Some((head, page)) = text.split_once("\r\n\r\n") {
                let length = head.to_lowercase();
                let length = length.split_once("content-length: ").map(|(_, rest)| rest);
                let length = length.map_or(0, |rest| rest.lines().next().unwrap().parse::<usize>().unwrap());
                if page.len() >= length {
                    return text;
                }
            }
            let mut part = [0; 4096];
            match self.0.read(&mut part) {
                Ok(0) => return text,
                Ok(count) => all.extend_from_slice(&part[..count]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return text,
                Err(error) => panic!("{error}: {text}"),
            }
        }
    }

    fn get(&mut self, path: &str, cookie: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n"));
        self.answer()
    }

    /// Is it closed, without another word, while somebody has this much patience?
    fn is_closed_within(&mut self, patience: Duration) -> bool {
        self.0.set_read_timeout(Some(patience)).unwrap();
        match self.0.read(&mut [0; 64]) {
            Ok(count) => count == 0,
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

/// What the sign-in page gives: the cookie of the browser and the token of its form.
fn given(page: &str) -> (String, String) {
    let between = |from: &str, to: char| {
        let (_, rest) = page.split_once(from).unwrap();
        rest.split(to).next().unwrap().to_owned()
    };
    let token = between("name=\"form_token\" value=\"", '"');
    (between("set-cookie: ", ';'), token)
}

/// The head of the form that signs somebody in, and its body.
fn sign_in(cookie: &str, token: &str) -> (String, String) {
    let password = PASSWORD.replace(' ', "+");
    let body = format!("form_token={token}&name=officer&password={password}");
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        routes::SIGN_IN,
        body.len()
    );
    (head, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_nothing_is_cut_off() {
    let site = Site::new();
    let soon = Duration::from_secs(1);
    let served = serve(&site, Limits { first: soon, ..LONG }).await;
    let mut silent = Line::open(served.at);
    let mut half = Line::open(served.at);
    half.send("GET /sign-in HTTP/1.1\r\nHost: x");
    let mut dripping = Line::open(served.at);
    let mut drips = dripping.0.try_clone().unwrap();
    thread::spawn(move || {
        let letters = "GET /sign-in HTTP/1.1\r\nX: ".bytes();
        for letter in letters.chain(std::iter::repeat_n(b'x', 250)) {
            if drips.write_all(&[letter]).is_err() {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
    });
    // What holds for the first request must not be what ends this one.
    let later = serve(&site, Limits { idle: soon, ..LONG }).await;
    let mut kept = Line::open(later.at);
    for _ in 0..2 {
        let page = kept.get(routes::SIGN_IN, "");
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    }
    for (what, line) in [
        ("no byte", &mut silent),
        ("half a head", &mut half),
        ("a letter at a time", &mut dripping),
        ("nothing after a page", &mut kept),
    ] {
        assert!(line.is_closed_within(PATIENCE), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_ends_with_a_page_however_much_is_asked_on_it() {
    let site = Site::new();
    let whole = Duration::from_secs(1);
    let served = serve(&site, Limits { whole, ..LONG }).await;
    let (mut line, begun) = (Line::open(served.at), Instant::now());
    while begun.elapsed() < PATIENCE {
        line.0.write_all(b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n").ok();
        let page = line.answer();
        if page.is_empty() || page.contains("connection: close") {
            return;
        }
        assert!(page.contains("</html>"), "{page}");
    }
    panic!("it went on");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_say_nothing_keep_nobody_out() {
    let site = Site::new();
    let served = serve(&site, Limits { in_all: 6, of_address: 4, ..LONG }).await;
    let mut silent: Vec<Line> = (0..20).map(|_| Line::open(served.at)).collect();
    let mut line = Line::open(served.at);
    let page = line.get(routes::SIGN_IN, "");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    // The seventeen that have been quiet longest, and no other.
    for (number, line) in silent.iter_mut().enumerate() {
        let patience = match number < 17 {
            true => PATIENCE,
            false => Duration::from_millis(200),
        };
        assert_eq!(line.is_closed_within(patience), number < 17, "{number}");
    }
}

/// Somebody at a long form, whose connection was closed meanwhile, and on a line over which the form itself takes long.
#[tokio::test(flavor = "multi_thread")]
async fn who_takes_their_time_over_a_form_loses_nothing() {
    let site = Site::new();
    site.add(Role::Officer).await;
    let soon = Duration::from_secs(1);
    let limits = Limits { first: soon, idle: soon, ..LONG };
    let served = serve(&site, limits).await;
    let mut line = Line::open(served.at);
    let (cookie, token) = given(&line.get(routes::SIGN_IN, ""));
    assert!(line.is_closed_within(PATIENCE));
    let (head, body) = sign_in(&cookie, &token);
    let mut line = Line::open(served.at);
    line.send(&head);
    let (begun, pieces) = (Instant::now(), body.as_bytes().chunks(body.len() / 6));
    for piece in pieces {
        thread::sleep(Duration::from_millis(500));
        line.0.write_all(piece).unwrap();
    }
    assert!(begun.elapsed() > soon * 2);
    let answer = line.answer();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_does_not_come_gets_a_page() {
    let site = Site::new();
    let limits = Limits { body: Duration::from_secs(1), ..LONG };
    let served = serve(&site, limits).await;
    let mut line = Line::open(served.at);
    let (cookie, token) = given(&line.get(routes::SIGN_IN, ""));
    let (head, body) = sign_in(&cookie, &token);
    line.send(&head);
    line.0.write_all(&body.as_bytes()[..20]).unwrap();
    let answer = line.answer();
    for says in ["HTTP/1.1 408", CONTENT_SECURITY_POLICY, "did not arrive in time", "nothing was saved"] {
        assert!(answer.contains(says), "{says}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_that_it_is_too_large_is_not_waited_for() {
    let site = Site::new();
    let served = serve(&site, LONG).await;
    for length in ["99999999999999", "5000000"] {
        let mut line = Line::open(served.at);
        line.send(&format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nform_token=x",
            routes::SIGN_IN
        ));
        let answer = line.answer();
        assert!(answer.starts_with("HTTP/1.1 413"), "{length}: {answer}");
        assert!(answer.contains("That is too much text"), "{answer}");
    }
}

/// What is longer than anything a browser sends gets a page with every header of ours, and the line serves the next page.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_or_headers_that_are_too_long_get_a_page() {
    let site = Site::new();
    let served = serve(&site, LONG).await;
    let address = |length: usize| format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(length - 1));
    let headers = |count: usize, each: usize| {
        let lines: String = (1..count).map(|n| format!("X-{n}: {}\r\n", "x".repeat(each))).collect();
        format!("GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n")
    };
    let mut line = Line::open(served.at);
    for (asked, status, says) in [
        (address(heads::ADDRESS), "404", "Page not found"),
        (address(heads::ADDRESS + 1), "414", "That address is too long"),
        (address(60_000), "414", "That address is too long"),
        (headers(heads::COUNT, 10), "303", ""),
        (headers(heads::COUNT + 1, 10), "431", "Your browser sent too much"),
        (headers(2 * heads::COUNT, 10), "431", "Your browser sent too much"),
        (headers(2, heads::HEADERS - 100), "303", ""),
        (headers(2, heads::HEADERS), "431", "Your browser sent too much"),
        (headers(3, 100_000), "431", "Your browser sent too much"),
    ] {
        line.send(&asked);
        let answer = line.answer();
        let begins: String = asked.chars().take(40).collect();
        for expected in
            [&format!("HTTP/1.1 {status}"), CONTENT_SECURITY_POLICY, "x-content-type-options: nosniff", says]
        {
            assert!(answer.contains(expected), "{begins}: {expected}: {answer}");
        }
    }
    assert!(line.get(routes::SIGN_IN, "").starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_does_not_wait_for_who_says_nothing() {
    let site = Site::new();
    let served = serve(&site, LONG).await;
    let mut lines: Vec<Line> = (0..3).map(|_| Line::open(served.at)).collect();
    let page = lines[0].get(routes::SIGN_IN, "");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    lines[1].send("GET /sign-in HTTP/1.1\r\nHost:");
    served.stop.send(()).unwrap();
    let done = tokio::time::timeout(PATIENCE, served.done).await;
    done.expect("it stops").unwrap();
    for line in &mut lines {
        assert!(line.is_closed_within(PATIENCE));
    }
}

/// Who comes from elsewhere is counted for themselves.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_that_of_the_connection() {
    let site = Site::with(Config { requests: RequestLimits { per_account: 10, per_address: 10 }, ..Config::default() });
    let served = serve(&site, LONG).await;
    let mut line = Line::open(served.at);
    let refused = (0..30).any(|_| {
        let answer = line.get(routes::SIGN_IN, "");
        answer.starts_with("HTTP/1.1 429")
    });
    assert!(refused);
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let elsewhere = socket.connect(served.at).await.unwrap();
    let mut line = Line::with(elsewhere.into_std().unwrap());
    let page = line.get(routes::SIGN_IN, "");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
}

/// What a proxy in front could read in another way is refused with a page, and the connection ends.
#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_read_in_two_ways_is_refused() {
    let site = Site::new();
    let served = serve(&site, LONG).await;
    let length = "Content-Length: 3\r\n";
    let chunks = "Transfer-Encoding: chunked\r\n";
    for (what, head, body) in [
        ("no host", "GET /sign-in HTTP/1.1\r\n".to_owned(), ""),
        ("two hosts", "GET /sign-in HTTP/1.1\r\nHost: x\r\nHost: x\r\n".to_owned(), ""),
        ("two hosts that differ", "GET /sign-in HTTP/1.1\r\nHost: x\r\nHost: y\r\n".to_owned(), ""),
        ("length, then chunks", format!("POST /sign-in HTTP/1.1\r\nHost: x\r\n{length}{chunks}"), "0\r\n\r\n"),
        ("chunks, then length", format!("POST /sign-in HTTP/1.1\r\nHost: x\r\n{chunks}{length}"), "0\r\n\r\n"),
    ] {
        let mut line = Line::open(served.at);
        line.send(&format!("{head}\r\n{body}"));
        let answer = line.answer();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{what}: {answer}");
        assert!(answer.to_lowercase().contains("connection: close"), "{what}: {answer}");
        assert!(answer.to_lowercase().contains("content-security-policy: "), "{what}: {answer}");
        assert!(answer.contains("That request could not be read"), "{what}: {answer}");
        assert!(line.is_closed_within(PATIENCE), "{what}: nothing more is read on it");
    }
    let answer = Line::open(served.at).get("/sign-in", "");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    served.stop.send(()).unwrap();
    served.done.await.unwrap();
}
