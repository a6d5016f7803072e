//! `waymark audit export`: the log as lines.

use std::io::{self, BufWriter, Write as _};

use ledger::SignedNote;
use store::{LogExport, LogFile, StoreError};

use super::meter::Meter;
use super::options::Export;
use super::place::{Place, unreadable};
use super::{count, signed, witness};
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
/// A database that cannot be read, entries that are not there.
pub fn run(options: &Export) -> Done {
    let mut source = Source::of(&Place::of(&options.at)?)?;
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
    let left_out = if let Some(report) = &options.report {
        let entries = source.about(report)?;
        source.with.some(&source.log, &entries, &mut sink)?
    } else if options.from.is_some() || options.to.is_some() {
        let (from, to) = (options.from.unwrap_or(0), options.to.unwrap_or(u64::MAX));
        if from > to || from >= size {
            let last = size.saturating_sub(1);
            return Err(Stop::input(format!(
                "--from and --to: the log has the entries 0 to {last}"
            )));
        }
        let entries: Vec<u64> = (from..size.min(to.saturating_add(1))).collect();
        source.with.some(&source.log, &entries, &mut sink)?
    } else {
        source.with.whole(&source.log, &mut sink)?;
        0
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
        Ok(Self {
            log: place.log()?,
            with,
        })
    }

    /// The entries about a report.
    ///
    /// # Errors
    /// The log has nothing about it.
    pub fn about(&self, report: &str) -> Result<Vec<u64>, Stop> {
        let found = self.log.about(report).map_err(|error| unreadable(&error))?;
        if found.is_empty() {
            let says =
                format!("{report}: the log has nothing about a report with this reference or id");
            return Err(Stop::input(says));
        }
        Ok(found)
    }

    /// The newest checkpoint, with what witnesses have signed.
    ///
    /// # Errors
    /// There is none yet.
    pub fn last(&self) -> Result<(u64, SignedNote), Stop> {
        let last = self
            .log
            .last_checkpoint()
            .map_err(|error| unreadable(&error))?;
        let last = last.ok_or_else(|| unreadable(&StoreError::NotFound { what: "checkpoint" }))?;
        let note = self.with.note(&last).map_err(|error| unreadable(&error))?;
        Ok((last.size, note))
    }
}
