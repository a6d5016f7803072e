//! Offering the last checkpoint to witnesses (C2SP tlog-witness), and keeping what they sign.

use std::io::Write as _;
use std::time::Duration;

use ledger::{Checkpoint, Signature, SignedNote, consistency_proof, witness_request};
use web::App;

use super::export::Source;
use super::place::Place;
use super::witness::{self, Known, WITNESSED};
use super::{count, signed};
use crate::stop::{Done, Stop, printable, told};

/// A witness answers within this, or is asked again the next time.
const PATIENCE: Duration = Duration::from_secs(15);

/// How often it is looked for a new checkpoint. A witness that did not answer is asked again after this.
const LOOK: Duration = Duration::from_secs(60);

/// How long a server that stops waits for its witnesses.
const AT_THE_END: Duration = Duration::from_secs(5);

/// The longest answer that is read, in bytes: a few lines of signatures.
const ANSWER: u64 = 64 * 1024;

/// What came of asking a witness, in words.
pub type Outcome = (String, Result<String, String>);

/// Offers the last checkpoint to every witness.
///
/// # Errors
/// One of them did not sign: exit code 1.
pub fn run(place: &Place) -> Done {
    place.is_there()?;
    let outcomes = to_all(place)?;
    let mut out = told();
    if outcomes.is_empty() {
        writeln!(out, "No witnesses. To add one: waymark audit witness add URL KEY")?;
    }
    let mut failed = Vec::new();
    for (name, outcome) in &outcomes {
        match outcome {
            Ok(says) => writeln!(out, "{}: {says}", printable(name))?,
            Err(why) => failed.push(format!("{}: {why}", printable(name))),
        }
    }
    out.flush()?;
    if failed.is_empty() { Ok(()) } else { Err(Stop::Failed(failed.join("\n"))) }
}

/// Offers checkpoints to the witnesses while a server runs, and keeps what each has signed for the auditor's page. It is
/// looked for a new one this often; a witness that did not answer is asked again then.
pub async fn offering(app: App, place: Place, every: Duration) {
    let mut offered = None;
    loop {
        tokio::time::sleep(every.min(LOOK)).await;
        let last = app.store.last_checkpoint().await;
        let last = last.ok().flatten().map(|last| last.size);
        if let Some(size) = last.filter(|size| Some(*size) != offered)
            && once(&app, place.clone()).await
        {
            offered = Some(size);
        }
    }
}

/// Offers the last checkpoint of a server that stops. A witness that is not there must not keep it from stopping: it
/// is asked again after the next start.
pub async fn at_the_end(app: &App, place: Place) {
    if tokio::time::timeout(AT_THE_END, once(app, place)).await.is_err() {
        tracing::warn!("a witness did not answer in time; it is asked again after the next start");
    }
}

/// Asks every witness once. Whether all have signed.
async fn once(app: &App, place: Place) -> bool {
    let asked = tokio::task::spawn_blocking(move || to_all(&place)).await;
    let outcomes = match asked {
        Ok(Ok(outcomes)) => outcomes,
        Ok(Err(stop)) => {
            tracing::warn!(?stop, "the log could not be offered to its witnesses");
            return false;
        }
        Err(_) => return false,
    };
    for (name, outcome) in &outcomes {
        match outcome {
            Ok(says) => tracing::info!(witness = name, says, "witnessed"),
            Err(why) => {
                tracing::error!(witness = name, why, "a witness has not signed the log")
            }
        }
    }
    let line = |(name, outcome): &Outcome| match outcome {
        Ok(says) => format!("{name} {says}"),
        Err(why) => format!("{name}: {why}"),
    };
    let lines: Vec<String> = outcomes.iter().map(line).collect();
    if !lines.is_empty()
        && let Err(error) = app.store.set_setting(web::WITNESSED, &lines.join("\n")).await
    {
        tracing::warn!(%error, "what witnesses have signed could not be noted");
    }
    outcomes.iter().all(|(_, outcome)| outcome.is_ok())
}

fn to_all(place: &Place) -> Result<Vec<Outcome>, Stop> {
    let known = witness::all(place)?;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let source = Source::of(place)?;
    let (size, note) = source.last()?;
    let mut outcomes = Vec::new();
    for witness in known {
        let outcome = to_one(&source, &witness, size, &note).and_then(|signed| {
            let Some(signed) = signed else {
                return Ok(format!("has signed {} entries already", count(size)));
            };
            let path = place.beside(WITNESSED);
            signed::add(&path, &signed).map_err(|error| format!("{}: {error}", path.display()))?;
            Ok(format!("has signed {} entries", count(size)))
        });
        outcomes.push((witness.key.name().to_owned(), outcome));
    }
    Ok(outcomes)
}

/// The note with the witness's signature; nothing when it had signed before.
fn to_one(source: &Source, witness: &Known, size: u64, note: &SignedNote) -> Result<Option<SignedNote>, String> {
    if witness.key.cosigned(note).is_some() {
        return Ok(None);
    }
    let signed = source.with.witnessed.iter().filter(|note| witness.key.cosigned(note).is_some());
    let sizes = signed.filter_map(|note| Some(Checkpoint::parse(note.text()).ok()?.size));
    let mut old = sizes.max().unwrap_or(0);
    // A witness that is ahead of what is known here says so; a second time it would be something else.
    for _ in 0..2 {
        let proof = consistency_proof(&source.log, old, size).map_err(|missing| missing.to_string())?;
        let (status, answer) = post(&witness.url, &witness_request(old, &proof, note))?;
        match status {
            200 => return Ok(Some(taken(&answer, witness, note)?)),
            409 => match answer.trim_end().parse::<u64>() {
                Ok(seen) if seen > size => {
                    return Err(format!(
                        "it has seen {} entries, and the log has {}: an older copy of the database may have been put back, or its end cut off",
                        count(seen),
                        count(size)
                    ));
                }
                Ok(seen) if seen != old => old = seen,
                _ => {
                    return Err(format!(
                        "it has seen another log of {} entries: this one was changed, or shown differently",
                        count(old)
                    ));
                }
            },
            other => return Err(refusal(other)),
        }
    }
    Err("it changes its mind about how much of the log it has seen; it will be asked again".to_owned())
}

fn refusal(status: u16) -> String {
    match status {
        403 => {
            "it knows another key for this log: give whoever runs it the one that waymark audit key prints".to_owned()
        }
        404 => "it does not know this log: give whoever runs it the key that waymark audit key prints".to_owned(),
        422 => "it says that the log was changed since it saw it last; find out now: waymark audit verify".to_owned(),
        other => format!("it answered with status {other}; it will be asked again"),
    }
}

fn post(url: &str, body: &str) -> Result<(u16, String), String> {
    let settings = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .build();
    let agent: ureq::Agent = settings.into();
    let sent =
        agent.post(format!("{url}/add-checkpoint")).header("Content-Type", "text/plain; charset=utf-8").send(body);
    let mut answer = sent.map_err(|error| format!("it cannot be reached: {error}"))?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(ANSWER).read_to_string();
    Ok((status, text.map_err(|error| format!("its answer cannot be read: {error}"))?))
}

/// The note with the signature that the witness gave, after it was checked.
fn taken(answer: &str, witness: &Known, note: &SignedNote) -> Result<SignedNote, String> {
    // Lines of other keys are passed over, as the protocol asks.
    let lines = answer.lines().filter_map(|line| line.parse::<Signature>().ok());
    let mut lines = lines.filter(|line| witness.key.cosignature(note, line).is_some());
    let line = lines.next().ok_or("its answer has no signature by its key that fits the checkpoint")?;
    let mut note = note.clone();
    note.add(line).map_err(|why| why.to_string())?;
    Ok(note)
}
