//! `waymark audit prove`: that an entry or a report is in the log, or that the log only grew.
//!
//! A proof of an entry says who did what, as an export does, and is in the log as one is. That the log only grew is hashes.

use std::io::{self, BufWriter, Write as _};

use ledger::{EntryProof, consistency_proof, inclusion_proof, witness_request};

use super::count;
use super::export::{Source, note};
use super::options::Prove;
use super::place::{Place, unreadable};
use crate::stop::{Done, Stop};

/// Writes a proof that `waymark audit verify` and other tools take.
///
/// # Errors
/// Nothing of that name in the log, or not under a checkpoint yet.
pub fn run(options: &Prove) -> Done {
    let place = Place::of(&options.at)?;
    let mut source = Source::of(&place)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if let Some(old) = options.since {
        write!(out, "{}", grew(&source, old)?)?;
    } else if let (Some(what), Some(reason)) = (&options.what, &options.reason) {
        // What is not there is not shown, and is no look.
        if let Ok(index) = what.parse() {
            let size = source.log.size().map_err(|error| unreadable(&error))?;
            is_there(index, size)?;
            let report = report_of(&source, index)?;
            note(&place, report.as_deref(), reason)?;
            source = Source::of(&place)?;
            write!(out, "{}", entry(&source, index)?)?;
        } else {
            source.about(what)?;
            note(&place, Some(what), reason)?;
            source = Source::of(&place)?;
            let entries = source.about(what)?;
            source.with.some(&source.log, &entries, &mut |line| -> Done {
                out.write_all(line)?;
                Ok(out.write_all(b"\n")?)
            })?;
        }
    }
    Ok(out.flush()?)
}

/// The id of the report that an entry is about, if it is about one: whoever looks at the entry looks at that.
fn report_of(source: &Source, index: u64) -> Result<Option<String>, Stop> {
    let mut report = None;
    source.log.each(index, index + 1, false, &mut |row| -> Done {
        // One that is no JSON was changed: what it is about nobody knows.
        let leaf: serde_json::Value = serde_json::from_slice(&row.leaf).unwrap_or_default();
        report = leaf.get("stream").and_then(serde_json::Value::as_str).map(str::to_owned);
        Ok(())
    })?;
    Ok(report)
}

fn is_there(index: u64, size: u64) -> Done {
    if index < size {
        return Ok(());
    }
    Err(Stop::input(format!("entry {}: the log has {} entries, counted from 0", count(index), count(size))))
}

fn entry(source: &Source, index: u64) -> Result<EntryProof, Stop> {
    let (size, note) = source.last()?;
    is_there(index, size)?;
    let hashes = inclusion_proof(&source.log, index, size).map_err(damaged)?;
    let mut leaf = None;
    source.log.each(index, index + 1, false, &mut |row| -> Done {
        leaf = Some(row.leaf);
        Ok(())
    })?;
    let leaf = leaf.ok_or_else(|| Stop::failed(format!("entry {} is missing", count(index))))?;
    Ok(EntryProof { leaf, index, hashes, note })
}

fn grew(source: &Source, old: u64) -> Result<String, Stop> {
    let (size, note) = source.last()?;
    if old > size {
        return Err(Stop::input(format!("--since {old}: the last checkpoint speaks for {} entries", count(size))));
    }
    let proof = consistency_proof(&source.log, old, size).map_err(damaged)?;
    Ok(witness_request(old, &proof, &note))
}

fn damaged(missing: ledger::MissingNode) -> Stop {
    Stop::failed(format!("{missing}; check the log: waymark audit verify"))
}
