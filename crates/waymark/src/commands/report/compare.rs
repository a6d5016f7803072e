//! `waymark report compare`: which reports would come out differently under other guidance.
//!
//! For whoever writes guidance, before it takes force. Facts, names and words stay where they are: told are references,
//! classes, ids of duties and codes of outcomes.

use std::io::{self, Write};

use guidance::{Case, Differences, Pack, Stands};
use report::Report;
use store::{SqliteStore, StreamId};

use super::{events, is_erased, name, streams, told_erased};
use crate::stop::Done;

/// Reports that are decided together: many at once take less than half the time of one after the other.
const TOGETHER: usize = 256;

/// Compares one report, or all, under two packs: that in force, and the other.
///
/// # Errors
/// A database that cannot be read.
pub async fn run(store: &SqliteStore, (in_force, other): (&Pack, &Pack), report: Option<&str>) -> Done {
    let mut out = io::stdout().lock();
    let (mut same, mut differ, mut erased) = (0_usize, 0_usize, 0_usize);
    for streams in streams(store, report).await?.chunks(TOGETHER) {
        let mut read: Vec<(&StreamId, Fits)> = Vec::with_capacity(streams.len());
        for stream in streams {
            let events = events(store, stream).await?;
            if is_erased(&events) {
                erased += 1;
            } else {
                read.push((stream, fits(&Report::fold(&events), (in_force, other))));
            }
        }
        let fitting = || read.iter().filter_map(|(_, fits)| fits.as_ref().ok());
        let mut now = stand(in_force, fitting().map(|cases| &cases.0)).into_iter();
        let mut then = stand(other, fitting().map(|cases| &cases.1)).into_iter();
        for (stream, fits) in &read {
            let lines = match fits {
                Err(says) => vec![says.clone()],
                Ok(_) => match (now.next(), then.next()) {
                    (Some(now), Some(then)) => told(&Differences::of(&now, then)),
                    _ => Vec::new(),
                },
            };
            if lines.is_empty() {
                same += 1;
                continue;
            }
            differ += 1;
            writeln!(out, "{}", name(store, stream).await?)?;
            for line in lines {
                writeln!(out, "  {line}")?;
            }
        }
    }
    let reports = match same + differ {
        1 => "1 report".to_owned(),
        count => format!("{count} reports"),
    };
    writeln!(out, "{reports} compared: {differ} would differ, {same} would not.")?;
    for (pack, which) in [(in_force, "In force"), (other, "Other")] {
        let (title, reference) = (pack.title(), pack.reference());
        writeln!(out, "{which}: {title}, version {}, {}", reference.version, reference.digest)?;
    }
    if let Some(erased) = told_erased(erased, "compare") {
        writeln!(out, "{erased}")?;
    }
    Ok(out.flush()?)
}

/// What is decided of a report under each of the two packs, or what is said where its answers fit one of them not.
type Fits = Result<(Case, Case), String>;

fn fits(report: &Report, (in_force, other): (&Pack, &Pack)) -> Fits {
    match (in_force.check(&report.facts(in_force)), other.check(&report.facts(other))) {
        (Ok(now), Ok(then)) => Ok((now, then)),
        (Err(_), _) => Err("its answers do not fit the guidance in force".to_owned()),
        // What does not fit is not told: it may be somebody's own words.
        (_, Err(problems)) => Err(format!("{} of its answers do not fit the other guidance", problems.len())),
    }
}

/// Where each of these stands under a pack.
fn stand<'c>(pack: &Pack, cases: impl Iterator<Item = &'c Case> + Clone) -> Vec<Stands> {
    let mut stands = Vec::new();
    let mut each = cases.clone();
    pack.decide_many(cases, |decided| stands.extend(each.next().map(|case| pack.stands(case, &decided))));
    stands
}

/// A line for each thing that would differ.
fn told(differences: &Differences) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((now, then)) = differences.class {
        lines.push(format!("class {now}, would be {then}"));
    }
    for (person, now, then) in &differences.persons {
        lines.push(format!("person {person} {now}, would be {then}"));
    }
    let list = |what: &str, duties: &[String]| (!duties.is_empty()).then(|| format!("{what}: {}", duties.join(", ")));
    lines.extend(list("duties that would be added", &differences.added));
    lines.extend(list("duties that would fall away", &differences.removed));
    for (duty, now, then) in &differences.changed {
        lines.push(format!("duty {duty} {now}, would be {then}"));
    }
    for (outcome, now, then) in &differences.outcomes {
        let word = |state: &Option<guidance::advice::OutcomeState>| {
            state.map_or("not answered", guidance::advice::OutcomeState::word)
        };
        lines.push(format!("outcome {outcome} {}, would be {}", word(now), word(then)));
    }
    lines
}
