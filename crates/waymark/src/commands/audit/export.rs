//! `waymark audit export`: the log as lines.
//!
//! That it was taken is an entry of the log, signed, before anything is written: its last one. A log that is not as it was
//! signed takes none. It is exported all the same, for an export is how others see what was done to it.

use std::io::{self, BufWriter, Write as _};

use ledger::SignedNote;
use store::{
    AccessKind, Log as _, LogExport, LogFile, OpenError, Operation, Record as _, SqliteStore, StoreError, StreamId,
};

use super::meter::Meter;
use super::options::Export;
use super::place::{Place, unreadable};
use super::{count, signed, witness};
use crate::commands::noted::Reading;
use crate::server;
use crate::stop::{Done, Stop};

/// A log, and what is said of it in an export.
pub struct Source {
    /// The log.
    pub log: LogFile,
    /// Its key, its witnesses and what they have signed.
    pub with: LogExport,
}

/// Writes an export.
///
/// # Errors
/// A database that cannot be read or written, entries that are not there.
pub fn run(options: &Export) -> Done {
    let place = Place::of(&options.at)?;
    // What is not there is not taken.
    Wanted::of(options, &Source::of(&place)?)?;
    note(&place, options.report.as_deref(), &options.reason)?;
    // Opened anew: with the entry.
    let mut source = Source::of(&place)?;
    source.with.bytes = options.bytes;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut meter = Meter::new();
    let size = source.log.size().map_err(|error| unreadable(&error))?;
    let mut done = 0;
    let mut sink = |line: &[u8]| -> Done {
        out.write_all(line)?;
        out.write_all(b"\n")?;
        done += 1;
        meter.at(done, size);
        Ok(())
    };
    let left_out = match Wanted::of(options, &source)? {
        Wanted::Some(entries) => source.with.some(&source.log, &entries, &mut sink)?,
        Wanted::All => {
            source.with.whole(&source.log, &mut sink)?;
            0
        }
    };
    meter.end();
    out.flush()?;
    if left_out > 0 {
        let text = format!(
            "{} entries came after the last checkpoint and are not in it: nothing signed speaks for them yet",
            count(left_out)
        );
        drop(writeln!(io::stderr(), "{text}"));
    }
    Ok(())
}

/// The entries that are asked for.
enum Wanted {
    All,
    Some(Vec<u64>),
}

impl Wanted {
    fn of(options: &Export, source: &Source) -> Result<Self, Stop> {
        if let Some(report) = &options.report {
            return Ok(Self::Some(source.about(report)?));
        }
        if options.from.is_none() && options.to.is_none() {
            return Ok(Self::All);
        }
        let size = source.log.size().map_err(|error| unreadable(&error))?;
        let (from, to) = (options.from.unwrap_or(0), options.to.unwrap_or(u64::MAX));
        if from > to || from >= size {
            let last = size.saturating_sub(1);
            return Err(Stop::input(format!("--from and --to: the log has the entries 0 to {last}")));
        }
        Ok(Self::Some((from..size.min(to.saturating_add(1))).collect()))
    }
}

/// Writes into the log that it is taken, or what is about a report, and signs that. INVARIANT (reads are writes): if this
/// fails, nothing is shown.
///
/// # Errors
/// A database that cannot be written, no reason.
pub fn note(place: &Place, report: Option<&str>, reason: &str) -> Done {
    let store = match SqliteStore::open(&place.database, &place.keys) {
        Ok(store) => store,
        Err(OpenError::Log(fault)) => {
            let says = format!("{fault}. A log like this takes no entry: that it was taken is written nowhere");
            drop(writeln!(io::stderr(), "{says}"));
            return Ok(());
        }
        Err(why @ OpenError::InUse { .. }) => {
            return Err(Stop::failed(format!(
                "{why}; stop it first. While it runs, auditors take the log from its pages: \"Who looked\", then \"The whole log\""
            )));
        }
        Err(why) => return Err(server::cannot_open(&why)),
    };
    server::runtime()?.block_on(async {
        let reading = Reading {
            kind: AccessKind::LogTaken,
            op: Operation::Disclose,
            stream: match report {
                Some(report) => Some(stream(&store, report).await?),
                None => None,
            },
            count: None,
            reason,
        };
        reading.note(&store).await?;
        store.checkpoint(jiff::Timestamp::now()).await?;
        Ok(())
    })
}

/// The stream of a report that the log has something about, erased or not, by its reference or its id.
async fn stream(store: &SqliteStore, report: &str) -> Result<StreamId, Stop> {
    if let Some(row) = store.projection_by_reference(report).await? {
        return Ok(row.report_id);
    }
    if let Some(erased) = store.erasures(report).await?.pop() {
        return Ok(erased.stream);
    }
    StreamId::new(report).map_err(|why| Stop::input(format!("{report}: {why}")))
}

impl Source {
    /// Everything that the files of a place hold.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn of(place: &Place) -> Result<Self, Stop> {
        let witnesses = witness::all(place)?;
        let with = LogExport {
            key: place.key()?,
            witnesses: witnesses.into_iter().map(|witness| witness.key).collect(),
            witnessed: signed::read_if_there(&place.beside(witness::WITNESSED))?,
            bytes: false,
        };
        Ok(Self { log: place.log()?, with })
    }

    /// The entries about a report.
    ///
    /// # Errors
    /// The log has nothing about it.
    pub fn about(&self, report: &str) -> Result<Vec<u64>, Stop> {
        let found = self.log.about(report).map_err(|error| unreadable(&error))?;
        if found.is_empty() {
            let says = format!("{report}: the log has nothing about a report with this reference or id");
            return Err(Stop::input(says));
        }
        Ok(found)
    }

    /// The newest checkpoint, with what witnesses have signed.
    ///
    /// # Errors
    /// There is none yet.
    pub fn last(&self) -> Result<(u64, SignedNote), Stop> {
        let last = self.log.last_checkpoint().map_err(|error| unreadable(&error))?;
        let last = last.ok_or_else(|| unreadable(&StoreError::NotFound { what: "checkpoint" }))?;
        let note = self.with.note(&last).map_err(|error| unreadable(&error))?;
        Ok((last.size, note))
    }
}
