//! `waymark audit verify`: whether the log is as it was signed.

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::path::Path;

use ledger::export::{Shape, Trust, Verdict, Verifier};
use ledger::{
    Checkpoint, EntryProof, NOTE_BYTES, PROOF_BEGINS, SignedNote, VerifierKey, read_witness_request, verify_consistency,
};
use store::{LogFile, RowsHeld};

use super::ahead::Ahead;
use super::export::Source;
use super::meter::Meter;
use super::options::Verify;
use super::place::Place;
use super::{checking, count, moment, signed};
use crate::commands::rows;
use crate::files;
use crate::stop::{Done, Stop, printable, told};

/// Checks a file, or the database itself.
///
/// # Errors
/// Exit code 1 when something is not as it was signed, 2 when the file is no export.
pub fn run(options: &Verify) -> Done {
    let key = options.key.as_deref().map(read_key).transpose()?;
    let mut elsewhere = match &options.checkpoints {
        Some(path) => Elsewhere::of(signed::read_some(path)?),
        None => Elsewhere::default(),
    };
    let place = Place::named(&options.at)?;
    let key = match (key, &place) {
        (Some(key), _) => Some(key),
        (None, Some(place)) => Some(place.key()?),
        (None, None) => None,
    };
    match (&options.file, &place) {
        (Some(file), _) => in_file(file, key, elsewhere),
        (None, Some(place)) => {
            let named = options.checkpoints.as_deref();
            let of_settings = place.checkpoints().filter(|path| Some(*path) != named);
            if let Some(path) = of_settings.filter(|path| path.exists()) {
                elsewhere.more(signed::read(path)?);
            }
            in_database(place, key, elsewhere)
        }
        (None, None) => {
            Err(Stop::input("say what is to be checked: FILE, or --config FILE or --dir DIR for a database"))
        }
    }
}

/// Checkpoints that were kept elsewhere, as they are brought to the verification.
#[derive(Default)]
struct Elsewhere {
    notes: Vec<SignedNote>,
    broken: u64,
    /// How many there are.
    given: u64,
}

impl Elsewhere {
    fn of(found: signed::Notes) -> Self {
        let mut all = Self::default();
        all.more(found);
        all
    }

    fn more(&mut self, found: signed::Notes) {
        self.given += found.notes.len() as u64;
        self.broken += found.broken;
        self.notes.extend(found.notes);
    }

    /// What to trust: the checkpoints are taken out.
    fn trust(&mut self, key: Option<VerifierKey>) -> Trust {
        Trust { key, checkpoints: std::mem::take(&mut self.notes), ..Trust::default() }
    }

    /// How many of them were held against the log and fit: without any, its end may have been cut off unseen.
    fn told(&self, fit: u64) -> String {
        let mut text = match (self.given, fit) {
            (0, _) => "Not held against checkpoints kept elsewhere: none were given (--checkpoints FILE). The log alone cannot show that its \
                       end was not cut off."
                .to_owned(),
            (given, 0) => format!("Of {} checkpoints kept elsewhere none could be held against it", count(given)),
            (given, fit) => format!("{} of {} checkpoints kept elsewhere were held against it and fit", count(fit), count(given)),
        };
        if self.broken > 0 {
            text.push_str(&format!(
                "\n{} parts of that file are no whole checkpoint and were passed over; a power cut leaves one",
                count(self.broken)
            ));
        }
        text
    }
}

fn read_key(text: &str) -> Result<VerifierKey, Stop> {
    text.trim().parse().map_err(|why| Stop::input(format!("--key: {why}")))
}

fn in_file(path: &Path, key: Option<VerifierKey>, mut elsewhere: Elsewhere) -> Done {
    let trust = elsewhere.trust(key);
    let name = path.display().to_string();
    let mut reader: Box<dyn BufRead + Send> = if path == Path::new("-") {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = files::open(path).map_err(|why| Stop::input(format!("{name}: {why}")))?;
        Box::new(BufReader::with_capacity(1 << 18, file))
    };
    let unreadable = |error: io::Error| Stop::input(format!("{name}: cannot be read: {error}"));
    let begins = reader.fill_buf().map_err(unreadable)?;
    if begins.starts_with(PROOF_BEGINS.as_bytes()) || begins.starts_with(b"old ") {
        let mut text = String::new();
        // An entry has a few hundred bytes; this is far more than any proof needs.
        let mut bounded = reader.take(4 * NOTE_BYTES as u64);
        bounded.read_to_string(&mut text).map_err(unreadable)?;
        return if text.starts_with("old ") { grew(&name, &text, &trust) } else { proof(&name, &text, trust) };
    }
    let (mut verifier, mut meter) = (Verifier::new(trust), Meter::new());
    let mut ahead = Ahead::of(reader).map_err(unreadable)?;
    while let Some(block) = ahead.next().map_err(unreadable)? {
        verifier.block(&block).map_err(|why| Stop::input(format!("{name}: {why}")))?;
        ahead.again(block);
        let (done, of) = verifier.progress();
        meter.at(done, of);
    }
    meter.end();
    let verdict = verifier.finish().map_err(|why| Stop::input(format!("{name}: {why}")))?;
    tell(&verdict, &elsewhere, None)
}

/// The database is exported and the export verified, line by line; then its tables are held against the log.
fn in_database(place: &Place, key: Option<VerifierKey>, mut elsewhere: Elsewhere) -> Done {
    let trust = elsewhere.trust(key);
    let source = Source::of(place)?;
    let (mut verifier, mut meter) = (Verifier::new(trust), Meter::new());
    source.with.whole(&source.log, &mut |line| -> Done {
        verifier.line(line).map_err(|why| Stop::failed(format!("the log cannot be written down: {why}")))?;
        let (done, of) = verifier.progress();
        meter.at(done, of);
        Ok(())
    })?;
    meter.end();
    let verdict = verifier.finish().map_err(|why| Stop::failed(why.to_string()))?;
    tell(&verdict, &elsewhere, Some(rows(place, &source.log)))
}

/// Whether the tables say what the log says.
fn rows(place: &Place, log: &LogFile) -> Rows {
    match checking::rows(place, log) {
        Ok(held) => Rows::Fit(held),
        Err(found) => Rows::Differ(found),
    }
}

/// What came of holding the tables of a database against its log.
enum Rows {
    Fit(RowsHeld),
    /// The first that differs.
    Differ(String),
}

fn tell(verdict: &Verdict, elsewhere: &Elsewhere, rows: Option<Rows>) -> Done {
    let mut out = told();
    let key = &verdict.key;
    match verdict.shape {
        Shape::Whole => writeln!(out, "{} entries of the log {}", count(verdict.entries), printable(key.name()))?,
        Shape::Some => writeln!(
            out,
            "{} entries out of the log {}, each with its proof",
            count(verdict.entries),
            printable(key.name())
        )?,
    }
    if verdict.kept > 0 {
        writeln!(out, "{} of them with words kept elsewhere that fit", count(verdict.kept))?;
    }
    if verdict.checkpoints > 0 {
        let (checkpoints, signed) = (count(verdict.checkpoints), count(verdict.signed));
        writeln!(out, "{checkpoints} checkpoints fit; the last one speaks for {signed} entries")?;
    }
    writeln!(out, "{}", elsewhere.told(verdict.elsewhere))?;
    for witness in &verdict.witnessed {
        let (name, size) = (printable(witness.key.name()), count(witness.size));
        writeln!(out, "{name} has signed {size} entries, at {}", moment(witness.time))?;
    }
    if !verdict.key_was_given {
        writeln!(out, "The key is the one in the export itself: {}", printable(&key.to_string()))?;
        writeln!(out, "Compare it with the one you have from elsewhere, or give it: --key KEY")?;
    }
    let differs = match &rows {
        Some(Rows::Differ(first)) => Some(first),
        _ => None,
    };
    if let Some(Rows::Fit(held)) = &rows {
        for line in rows::told(held) {
            writeln!(out, "{line}")?;
        }
    }
    if verdict.sound() && differs.is_none() {
        let (unsigned, vouched) = (verdict.unsigned(), rows.is_some());
        match verdict.shape {
            Shape::Whole if unsigned > 0 && vouched => writeln!(
                out,
                "The last {} came after the last checkpoint: nothing signed speaks for them yet, and the keyring of this database vouches for \
                 them.\nWhat was signed is as it was signed, and the rest as the program wrote it.",
                count(unsigned)
            )?,
            Shape::Whole if unsigned > 0 => {
                writeln!(out, "What was signed is as it was signed: the first {}.", count(verdict.signed))?;
                out.flush()?;
                return Err(Stop::NotChecked(format!(
                    "The last {} came after the last checkpoint: nothing signed speaks for them, and anybody who had this file could have written \
                     them. Ask for an export that ends with a checkpoint, as every one of ours does.",
                    count(unsigned)
                )));
            }
            Shape::Whole => writeln!(out, "Everything is as it was signed.")?,
            Shape::Some => writeln!(
                out,
                "Every entry here is as it was signed. Others may have been left out: only an export of the whole log shows that none was."
            )?,
        }
        return Ok(out.flush()?);
    }
    writeln!(out, "NOT as it was signed:")?;
    for finding in &verdict.findings {
        writeln!(out, "  {}", printable(&finding.to_string()))?;
    }
    if verdict.more > 0 {
        writeln!(out, "  and {} more", count(verdict.more))?;
    }
    if let Some(first) = differs {
        writeln!(out, "  {}", printable(first))?;
    }
    out.flush()?;
    Err(Stop::failed(match verdict.first_bad() {
        Some(entry) => format!("the log is not as it was signed; the first entry that is wrong is {}", count(entry)),
        None => "the log is not as it was signed".to_owned(),
    }))
}

/// One entry with its proof.
fn proof(name: &str, text: &str, trust: Trust) -> Done {
    let read: EntryProof = text.parse().map_err(|why| Stop::input(format!("{name}: {why}")))?;
    let Some(key) = trust.key else {
        return Err(Stop::input(
            "a proof does not hold the key of the log: give it with --key, as `waymark audit key` prints it",
        ));
    };
    let head = read.verify(&key).map_err(|why| Stop::failed(format!("{name}: {why}")))?;
    if let Some(other) = differs(&trust.checkpoints, &key, &head) {
        return Err(Stop::failed(other));
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{}", printable(&String::from_utf8_lossy(&read.leaf)))?;
    writeln!(
        out,
        "is entry {} of the log {}, whose head of {} entries is signed",
        count(read.index),
        printable(key.name()),
        count(head.size)
    )?;
    Ok(out.flush()?)
}

/// The proof that the log of today begins with an earlier one.
fn grew(name: &str, text: &str, trust: &Trust) -> Done {
    let bad = || Stop::input(format!("{name}: this is not a proof that a log only grew"));
    let (old, hashes, note) = read_witness_request(text).ok_or_else(bad)?;
    let Some(key) = &trust.key else {
        return Err(Stop::input(
            "a proof does not hold the key of the log: give it with --key, as `waymark audit key` prints it",
        ));
    };
    let failed = |why: String| Stop::failed(format!("{name}: {why}"));
    let now = Checkpoint::open(&note, key).map_err(|why| failed(why.to_string()))?;
    let before = trust.checkpoints.iter().filter_map(|note| Checkpoint::open(note, key).ok());
    let before = before.into_iter().find(|before| before.size == old);
    let before = before.ok_or_else(|| {
        Stop::input(format!("the checkpoint of {} entries is needed: --checkpoints FILE", count(old)))
    })?;
    verify_consistency(old, before.root, now.size, now.root, &hashes)
        .map_err(|why| failed(format!("the log was changed since it had {} entries: {why}", count(old))))?;
    let (old, new) = (count(old), count(now.size));
    writeln!(io::stdout(), "The log of {new} entries begins with the log of {old} entries.")?;
    Ok(())
}

/// Another checkpoint of the same size that says something else.
fn differs(notes: &[SignedNote], key: &VerifierKey, head: &Checkpoint) -> Option<String> {
    let mut others = notes.iter().filter_map(|note| Checkpoint::open(note, key).ok());
    let other = others.find(|other| other.size == head.size && other.root != head.root)?;
    let size = count(other.size);
    Some(format!("another head of {size} entries was signed: the log was shown differently to different people"))
}
