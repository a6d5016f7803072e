//! `waymark report replay`: every advice ever given is derived again and must come out the same.

use std::collections::BTreeMap;
use std::io::Write;

use guidance::Pack;
use guidance::advice::PackRef;
use report::{ReplayResult, ReplayVerdict};
use store::{SqliteStore, StreamId};

use super::{events, is_erased, name, streams, told_erased};
use crate::stop::{Done, Stop, told};

/// How the advice came out, counted.
#[derive(Default)]
struct Counts {
    reports: usize,
    same: usize,
    differ: usize,
    /// Advice under guidance that is not at hand, by its digest.
    not_checked: BTreeMap<String, (PackRef, usize)>,
    erased: usize,
}

/// Replays one report, or all, each advice under the pack it was given under.
///
/// # Errors
/// [`Stop::Failed`] when any advice comes out differently, after all of them were told; [`Stop::NotChecked`] when none does, and some
/// was given under a pack that is not among these.
pub async fn run(store: &SqliteStore, packs: &[&Pack], report: Option<&str>) -> Done {
    let mut out = told();
    let mut counts = Counts::default();
    for stream in streams(store, report).await? {
        one(store, packs, &stream, &mut counts, &mut out).await?;
    }
    let Counts { reports, same, differ, not_checked, erased } = counts;
    let unchecked: usize = not_checked.values().map(|(_, count)| count).sum();
    writeln!(
        out,
        "{} replayed: {same} times the advice is the same, {differ} times it differs{}.",
        if reports == 1 { "1 report".to_owned() } else { format!("{reports} reports") },
        match unchecked {
            0 => String::new(),
            count => format!(", {count} times it could not be checked"),
        }
    )?;
    for (given_by, count) in not_checked.values() {
        let PackRef { id, version, digest } = given_by;
        writeln!(out, "Not checked: {count} times, given under {id}, version {version}, {digest}")?;
    }
    if let Some(erased) = told_erased(erased, "replay") {
        writeln!(out, "{erased}")?;
    }
    out.flush()?;
    if differ > 0 {
        return Err(Stop::failed(
            "Advice in the record differs from what its facts give. Keep a copy of the database and find out why.",
        ));
    }
    if unchecked > 0 {
        return Err(Stop::NotChecked(format!(
            "{unchecked} times the advice was given under guidance that is not at hand: whether it is the same is not known. Name the \
             folder of each version that is said above with --pack DIR."
        )));
    }
    Ok(())
}

async fn one(
    store: &SqliteStore,
    packs: &[&Pack],
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
    let results = report::replay(&events, packs);
    counts.reports += 1;
    for result in &results {
        match &result.verdict {
            ReplayVerdict::Same => counts.same += 1,
            ReplayVerdict::OtherPack { given_by } => {
                let known = counts.not_checked.entry(given_by.digest.clone());
                known.or_insert_with(|| (given_by.clone(), 0)).1 += 1;
            }
            _ => {
                counts.differ += 1;
                writeln!(out, "{name}, entry {} of {}: {}", result.version, result.at, why(result))?;
            }
        }
    }
    Ok(())
}

fn why(result: &ReplayResult) -> String {
    let stored = &result.stored;
    match &result.verdict {
        ReplayVerdict::Same => "the same".to_owned(),
        ReplayVerdict::AdviceDiffers { derived } => {
            format!("the facts are the same and the advice is another; stored {stored}, now {derived}")
        }
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
