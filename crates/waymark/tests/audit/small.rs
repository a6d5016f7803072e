//! A small real witness (C2SP tlog-witness): one log, one answer at a time, over a real socket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use ledger::{Checkpoint, Hash, KeyKind, SigningKey, VerifierKey, read_witness_request, verify_consistency};

/// What a witness has seen of the log.
#[derive(Clone, Copy)]
pub struct Seen {
    pub size: u64,
    pub root: Hash,
}

pub struct Witness {
    pub url: String,
    pub key: VerifierKey,
    seen: Arc<Mutex<Seen>>,
}

impl Witness {
    /// Watches the log with this key, as long as the test runs.
    pub fn start(log: VerifierKey) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let signing = SigningKey::new("witness.example/small", KeyKind::Witness, &[3; 32]).unwrap();
        let key = signing.verifier().clone();
        let seen = Arc::new(Mutex::new(Seen { size: 0, root: Hash::of_nothing() }));
        let state = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &log, &signing, &state);
            }
        });
        Self { url, key, seen }
    }

    pub fn seen(&self) -> Seen {
        *self.seen.lock().unwrap()
    }

    /// As if it had seen another log.
    pub fn pretend(&self, size: u64, root: Hash) {
        *self.seen.lock().unwrap() = Seen { size, root };
    }
}

fn serve(stream: TcpStream, log: &VerifierKey, signing: &SigningKey, state: &Mutex<Seen>) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, kind, text) = if first.starts_with("POST /add-checkpoint ") {
        answer(&String::from_utf8(body).unwrap(), log, signing, state)
    } else {
        (404, "text/plain", String::new())
    };
    let reply = format!(
        "HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    reader.into_inner().write_all(reply.as_bytes()).unwrap();
}

fn answer(body: &str, log: &VerifierKey, signing: &SigningKey, state: &Mutex<Seen>) -> (u16, &'static str, String) {
    let plain = |status| (status, "text/plain", String::new());
    let Some((old, proof, note)) = read_witness_request(body) else {
        return plain(400);
    };
    let Ok(said) = Checkpoint::parse(note.text()) else {
        return plain(400);
    };
    if said.origin != log.name() {
        return plain(404);
    }
    let Ok(head) = Checkpoint::open(&note, log) else {
        return plain(403);
    };
    if old > head.size {
        return plain(400);
    }
    let mut seen = state.lock().unwrap();
    if old != seen.size {
        return (409, "text/x.tlog.size", format!("{}\n", seen.size));
    }
    if old == head.size && head.root != seen.root {
        return plain(409);
    }
    if verify_consistency(old, seen.root, head.size, head.root, &proof).is_err() {
        return plain(422);
    }
    *seen = Seen { size: head.size, root: head.root };
    (200, "text/plain", format!("{}\n", signing.cosign(&note, 1_780_000_000)))
}
