//! `waymark report replay`: every advice ever given is derived again and must come out the same.

use std::io::{self, Write};

use guidance::Pack;
use report::{EventBody, ReplayResult, ReplayVerdict};
use store::{SqliteStore, Store as _, StreamId, limits};

use super::{events, stream, unreadable};
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
    if let Some(report) = report {
        one(
            store,
            pack,
            &stream(store, report).await?,
            &mut counts,
            &mut out,
        )
        .await?;
    } else {
        let mut after = None;
        loop {
            let heads = store
                .all_streams(after.as_ref(), limits::PAGE)
                .await
                .map_err(unreadable)?;
            for head in &heads {
                one(store, pack, &head.stream, &mut counts, &mut out).await?;
            }
            match heads.last() {
                Some(last) => after = Some(last.stream.clone()),
                None => break,
            }
        }
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
    if erased > 0 {
        let (reports, were) = if erased == 1 {
            ("1 report".to_owned(), "was")
        } else {
            (format!("{erased} reports"), "were")
        };
        writeln!(
            out,
            "{reports} {were} erased: nothing is left to replay, and the log says by whose decision."
        )?;
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
    let row = store.projection(stream).await.map_err(unreadable)?;
    let name = row.map_or_else(|| stream.to_string(), |row| row.reference);
    let events = events(store, stream).await?;
    let gone = |event: &report::Event| matches!(event.body, EventBody::Erased { .. });
    if !events.is_empty() && events.iter().all(gone) {
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
