//! `waymark report replay`: every advice ever given is derived again and must come out the same.

use std::io::{self, Write};

use guidance::Pack;
use report::{ReplayResult, ReplayVerdict};
use store::{SqliteStore, StreamId};

use super::{events, is_erased, name, streams, told_erased};
use crate::stop::{Done, Stop};

/// How the advice came out, counted.
#[derive(Default)]
struct Counts {
    reports: usize,
    same: usize,
    differ: usize,
    not_checked: usize,
    erased: usize,
}

/// Replays one report, or all.
///
/// # Errors
/// [`Stop::Failed`] when any advice comes out differently, after all of them were told.
pub async fn run(store: &SqliteStore, pack: &Pack, report: Option<&str>) -> Done {
    let mut out = io::stdout().lock();
    let mut counts = Counts::default();
    for stream in streams(store, report).await? {
        one(store, pack, &stream, &mut counts, &mut out).await?;
    }
    let Counts {
        reports,
        same,
        differ,
        not_checked,
        erased,
    } = counts;
    writeln!(
        out,
        "{} replayed: {same} times the advice is the same, {differ} times it differs.",
        if reports == 1 {
            "1 report".to_owned()
        } else {
            format!("{reports} reports")
        }
    )?;
    if not_checked > 0 {
        writeln!(
            out,
            "{not_checked} times it was given under another version of the guidance and was not checked; name that version with --pack DIR."
        )?;
    }
    if let Some(erased) = told_erased(erased, "replay") {
        writeln!(out, "{erased}")?;
    }
    out.flush()?;
    if differ == 0 {
        Ok(())
    } else {
        Err(Stop::failed(
            "Advice in the record differs from what its facts give. Keep a copy of the database and find out why.",
        ))
    }
}

async fn one(
    store: &SqliteStore,
    pack: &Pack,
    stream: &StreamId,
    counts: &mut Counts,
    out: &mut impl Write,
) -> Done {
    let name = name(store, stream).await?;
    let events = events(store, stream).await?;
    if is_erased(&events) {
        counts.erased += 1;
        return Ok(());
    }
    let results = report::replay(&events, pack);
    counts.reports += 1;
    for result in &results {
        match &result.verdict {
            ReplayVerdict::Same => counts.same += 1,
            ReplayVerdict::OtherPack { .. } => counts.not_checked += 1,
            _ => {
                counts.differ += 1;
                writeln!(
                    out,
                    "{name}, entry {} of {}: {}",
                    result.version,
                    result.at,
                    why(result)
                )?;
            }
        }
    }
    Ok(())
}

fn why(result: &ReplayResult) -> String {
    let stored = &result.stored;
    match &result.verdict {
        ReplayVerdict::Same => "the same".to_owned(),
        ReplayVerdict::AdviceDiffers { derived } => format!(
            "the facts are the same and the advice is another; stored {stored}, now {derived}"
        ),
        ReplayVerdict::FactsDiffer { derived } => {
            format!("the facts are others than those it was given on; now {derived}")
        }
        ReplayVerdict::OtherPack { given_by } => {
            format!("given under {} {}", given_by.id, given_by.version)
        }
        ReplayVerdict::KeptAdviceAltered => {
            "the advice kept in full is not the one that was given; it was altered".to_owned()
        }
        ReplayVerdict::Refused { problems } => {
            format!("the guidance refuses the facts: {}", problems.join("; "))
        }
    }
}
