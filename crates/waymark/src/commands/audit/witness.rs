//! `waymark audit witness`: others who sign the head of the log when it only grew since they saw it last.
//!
//! Who they are stands in a file beside the database (`.witnesses`, a line each: key, address), what they have
//! signed in another (`.witnessed`, notes as in the file of checkpoints). Both are for reading by anybody.

use std::io::{self, Write as _};

use ledger::{Checkpoint, KeyKind, VerifierKey};

use super::options::Witness;
use super::place::Place;
use super::{count, moment, offer, signed};
use crate::files;
use crate::stop::{Done, Stop, printable};

/// The ending of the list of witnesses.
pub const WITNESSES: &str = ".witnesses";
/// The ending of the file of what they have signed.
pub const WITNESSED: &str = ".witnessed";

/// Somebody who signs heads of logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its public key.
    pub key: VerifierKey,
    /// Where it takes checkpoints, without a slash at the end.
    pub url: String,
}

/// Does what is asked about witnesses.
///
/// # Errors
/// Wrong input; a witness that did not sign.
pub fn run(command: &Witness) -> Done {
    match command {
        Witness::Add { url, key, at } => add(&Place::of(at)?, url, key),
        Witness::List { at } => list(&Place::of(at)?),
        Witness::Remove { name, at } => remove(&Place::of(at)?, name),
        Witness::Offer { at } => offer::run(&Place::of(at)?),
    }
}

/// The witnesses of a log.
///
/// # Errors
/// A list that cannot be read, naming the line.
pub fn all(place: &Place) -> Result<Vec<Known>, Stop> {
    let path = place.beside(WITNESSES);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let name = path.display();
    let text = files::text(&path, files::SETTINGS).map_err(|why| Stop::failed(format!("{name}: {why}")))?;
    let mut known = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let (key, url) = line.split_once(' ').unwrap_or((line, ""));
        let read = read(url, key);
        known.push(read.map_err(|why| Stop::failed(format!("{name}, line {number}: {why}")))?);
    }
    Ok(known)
}

fn read(url: &str, key: &str) -> Result<Known, String> {
    let key: VerifierKey = key.trim().parse().map_err(|why| format!("{why}"))?;
    if key.kind() != KeyKind::Witness {
        return Err("this is the key of a log; a witness has one of its own, of type 4".to_owned());
    }
    let url = url.trim().trim_end_matches('/');
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if !rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace)) {
        return Err(
            "the address of a witness begins with https:// (or http:// inside a network that is trusted)".to_owned()
        );
    }
    Ok(Known { key, url: url.to_owned() })
}

fn add(place: &Place, url: &str, key: &str) -> Done {
    let new = read(url, key).map_err(Stop::input)?;
    let mut known = all(place)?;
    if known.iter().any(|other| other.key.name() == new.key.name()) {
        return Err(Stop::input(format!(
            "{} is a witness already; to change it, remove it first",
            printable(new.key.name())
        )));
    }
    // Its signatures go into the same note as the log's own.
    known.push(new.clone());
    write(place, &known)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{} is a witness now.", printable(new.key.name()))?;
    writeln!(out, "It has to know this log; give whoever runs it the log's key:\n  {}", place.key()?)?;
    writeln!(out, "Checkpoints are offered to it while the server runs, and now by: waymark audit witness offer")?;
    Ok(out.flush()?)
}

fn remove(place: &Place, name: &str) -> Done {
    let known = all(place)?;
    let (gone, rest): (Vec<_>, Vec<_>) = known.into_iter().partition(|known| known.key.name() == name);
    if gone.is_empty() {
        return Err(Stop::input(format!("{}: there is no witness of this name", printable(name))));
    }
    write(place, &rest)?;
    writeln!(io::stdout(), "{} is not asked any more.", printable(name))?;
    Ok(())
}

/// Whole or not at all: a new file takes the place of the old one.
fn write(place: &Place, known: &[Known]) -> Done {
    let path = place.beside(WITNESSES);
    let failed = |error: io::Error| Stop::failed(format!("{}: cannot be written: {error}", path.display()));
    let text: String = known.iter().map(|known| format!("{} {}\n", known.key, known.url)).collect();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(std::path::Path::new("."))).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&path).map_err(|error| failed(error.error))?;
    Ok(())
}

fn list(place: &Place) -> Done {
    place.is_there()?;
    let known = all(place)?;
    let witnessed = signed::read_if_there(&place.beside(WITNESSED))?;
    let mut out = io::stdout().lock();
    if known.is_empty() {
        writeln!(out, "No witnesses. To add one: waymark audit witness add URL KEY")?;
    }
    for witness in &known {
        let signed = witnessed.iter().filter_map(|note| {
            let size = Checkpoint::parse(note.text()).ok()?.size;
            Some((size, witness.key.cosigned(note)?.time))
        });
        let last = match signed.max() {
            Some((size, time)) => {
                format!("has signed {} entries, at {}", count(size), moment(time))
            }
            None => "has signed nothing yet".to_owned(),
        };
        writeln!(out, "{} at {} {last}", printable(witness.key.name()), printable(&witness.url))?;
    }
    Ok(out.flush()?)
}
