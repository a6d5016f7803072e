//! Ways of tampering with an export by hand, and what has to be said of each: for both verifiers.

use crate::made::{at, leaf, log, nodes_of, replaced, thirteen};
use crate::memory::log_key;

/// A tampered export.
pub struct Tampered {
    pub what: &'static str,
    pub lines: Vec<Vec<u8>>,
    /// The findings, in words.
    pub says: Vec<String>,
}

/// Every way there is.
pub fn tamperings() -> Vec<Tampered> {
    let mut all = Vec::new();
    let mut add = |what, tamper: &dyn Fn(&mut Vec<Vec<u8>>), expected: &[&str]| {
        let mut lines = thirteen();
        tamper(&mut lines);
        let says = expected.iter().map(|&text| text.to_owned()).collect();
        all.push(Tampered { what, lines, says });
    };
    let hashes = |entry: u64| {
        let hashes: Vec<String> = nodes_of(&log(13), entry).iter().map(ToString::to_string).collect();
        hashes
    };
    add("an entry", &|l| l[at(5)] = replaced(&l[at(5)], "\"at\":5", "\"at\":6"), &["entry 5 was changed"]);
    add(
        "two entries",
        &|l| {
            l[at(0)] = replaced(&l[at(0)], "opened", "closed");
            l[at(12)] = replaced(&l[at(12)], "opened", "closed");
        },
        &["entry 0 was changed", "entry 12 was changed"],
    );
    add(
        "two entries in each other's place",
        &|l| {
            l[at(2)] = replaced(&l[at(2)], &String::from_utf8(leaf(2)).unwrap(), &String::from_utf8(leaf(10)).unwrap());
            l[at(10)] =
                replaced(&l[at(10)], &String::from_utf8(leaf(10)).unwrap(), &String::from_utf8(leaf(2)).unwrap());
        },
        &["the entries 2 and 10 were swapped"],
    );
    add(
        "an entry with its own hash",
        &|l| {
            let forged = replaced(&leaf(4), "opened", "closed");
            let hash = ledger::leaf_hash(&forged).to_string();
            l[at(4)] = replaced(&l[at(4)], "opened", "closed");
            l[at(4)] = replaced(&l[at(4)], &hashes(4)[0], &hash);
        },
        &["the entries 4 to 5: changed together with the hash kept, the hashes above do not fit"],
    );
    add(
        "the hash of an entry",
        &|l| l[at(6)] = replaced(&l[at(6)], &hashes(6)[0], &hashes(4)[0]),
        &["the hash kept over entry 6 was changed; what it is over was not"],
    );
    add(
        "the hash over the first eight",
        &|l| l[at(7)] = replaced(&l[at(7)], &hashes(7)[3], &hashes(4)[0]),
        &["the hash kept over the entries 0 to 7 was changed; what it is over was not"],
    );
    add(
        "a hash left out",
        &|l| l[at(3)] = replaced(&l[at(3)], &format!(",\"{}\"]", hashes(3)[2]), "]"),
        &["the hashes kept with entry 3 are not as many as belong there"],
    );
    add(
        "an entry taken out",
        &|l| drop(l.remove(at(9))),
        &["entry 9 is missing", "the export has 12 entries and says 13"],
    );
    add(
        "three entries taken out",
        &|l| drop(l.drain(at(2)..at(5))),
        &["the entries 2 to 4 are missing", "the export has 10 entries and says 13"],
    );
    add(
        "an entry taken out and another changed behind it",
        &|l| {
            l[at(7)] = replaced(&l[at(7)], "opened", "closed");
            l.remove(at(2));
        },
        &["entry 2 is missing", "entry 7 was changed", "the export has 12 entries and says 13"],
    );
    add(
        "two lines in each other's place",
        &|l| l.swap(at(2), at(3)),
        &["entry 2 is missing", "entry 2 stands where entry 4 should"],
    );
    add(
        "the end of the log",
        &|l| {
            l.drain(at(10)..at(13));
            *l.last_mut().unwrap() = b"{\"end\":10}".to_vec();
        },
        &["the log was cut after entry 9: it had 13 entries"],
    );
    add("the end of the file", &|l| l.truncate(at(10)), &["the log was cut after entry 9: it had 13 entries"]);
    add("the last line", &|l| drop(l.pop()), &["the export was cut short: it stops after 13 entries"]);
    add(
        "what an entry speaks for",
        &|l| l[at(3)] = replaced(&l[at(3)], "\"kept\":\"", "\"kept\":\"0").clone().tap(),
        &["the words kept with entry 3 were changed"],
    );
    add(
        "the bytes an entry speaks for",
        &|l| l[at(5)] = replaced(&l[at(5)], "\"bytes\":\"d2hh", "\"bytes\":\"d2hb"),
        &["the words kept with entry 5 were changed"],
    );
    add(
        "what an entry spoke for is gone",
        &|l| {
            let text = String::from_utf8(l[at(3)].clone()).unwrap();
            let (before, after) = text.split_once("\"kept\":").unwrap();
            l[at(3)] = format!("{before}\"kept\":null{}", &after[66..]).into_bytes();
        },
        &["the words kept with entry 3 are gone"],
    );
    add(
        "no checkpoint",
        &|l| {
            l.remove(at(13));
            l.remove(9);
        },
        &["there is no checkpoint: nothing signed speaks for these entries"],
    );
    add(
        "another key",
        &|l| {
            let (ours, other) = (log_key(1).verifier().to_string(), log_key(2).verifier().to_string());
            l[0] = replaced(&l[0], &ours, &other);
        },
        &[&format!(
            "the key is another one: the log says {}, and it should be {}",
            log_key(2).verifier(),
            log_key(1).verifier()
        )],
    );
    all
}

/// Cuts the digit that was put in too much.
trait Tap {
    fn tap(self) -> Self;
}

impl Tap for Vec<u8> {
    fn tap(mut self) -> Self {
        let at = String::from_utf8(self.clone()).unwrap().find("\"kept\":\"").unwrap() + 8 + 64;
        self.remove(at);
        self
    }
}
