//! The engine on its own: advice, the class alone, loading and proving a pack, deciding many reports
//! again.
//!
//! Bare baselines: `hand.rs` for advice and class; parsing the same files as TOML for loading.

use std::path::Path;
use std::time::Instant;

use guidance::{Case, Facts, Pack, Source};

use crate::hand::{Class, Packed};
use crate::table::{Table, time, times};
use crate::time::each;
use crate::{Failed, Scale};

/// Three people, two devices, one answer that is not known: a usual report half-way.
pub const USUAL: &str = include_str!("usual.toml");
/// Reports decided anew; the row is for a million.
const REDECIDED: usize = 20_000;

/// The files of the Cheshire pack.
pub fn files(root: &Path) -> Result<Vec<(String, String)>, Failed> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root.join("guidance/cheshire/v1"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.push((name, std::fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// The pack, loaded and proved.
pub fn load(files: &[(String, String)]) -> Result<Pack, Failed> {
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(name, text)| Source { name, text })
        .collect();
    Pack::load(&sources).map_err(said)
}

fn said(problems: Vec<guidance::Problem>) -> Failed {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
        .into()
}

/// Every worked example of the pack.
pub fn examples(root: &Path, pack: &Pack) -> Result<Vec<Facts>, Failed> {
    let mut all = Vec::new();
    let mut paths: Vec<_> =
        std::fs::read_dir(root.join("guidance/cheshire/v1/examples"))?.collect::<Result<_, _>>()?;
    paths.sort_by_key(std::fs::DirEntry::path);
    for entry in paths {
        all.push(
            pack.read_toml(&std::fs::read_to_string(entry.path())?)
                .map_err(said)?,
        );
    }
    Ok(all)
}

/// Measures the engine.
pub fn measure(root: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let files = files(root)?;
    let pack = load(&files)?;
    let examples = examples(root, &pack)?;
    agree(&pack, &examples)?;

    let case = pack.case(pack.read_toml(USUAL).map_err(said)?);
    let packed = Packed::new(case.facts());
    let often = 20_000 / scale.less;
    let by_hand = each(scale.runs, often * 50, || {
        std::hint::black_box(&packed).class()
    });
    let full = each(scale.runs, often / 10, || pack.advise(&case));
    table.row(
        "advice with full explanation, 3 persons, 2 devices",
        "<= 20 µs",
        time(full),
        format!("class by hand {}", time(by_hand)),
        times(full, by_hand),
    );
    let class = each(scale.runs, often, || pack.class_of(&case));
    table.row(
        "the class alone, the same report",
        "<= 1 µs",
        time(class),
        format!("class by hand {}", time(by_hand)),
        times(class, by_hand),
    );

    let parsed = each(scale.runs, 3, || {
        files
            .iter()
            .map(|(_, text)| text.parse::<toml::Table>().map_or(0, |table| table.len()))
            .sum::<usize>()
    });
    let loaded = each(scale.runs, 1, || {
        load(&files)
            .map(|pack| pack.rules().len())
            .unwrap_or_default()
    });
    table.row(
        "load and prove the Cheshire pack",
        "<= 100 ms",
        time(loaded),
        format!("parsing the same TOML {}", time(parsed)),
        times(loaded, parsed),
    );
    redecide(&pack, &examples, scale, table);
    Ok(())
}

/// The hand-written class is only worth comparing with while it is right.
fn agree(pack: &Pack, examples: &[Facts]) -> Result<(), Failed> {
    for facts in examples {
        let ours = pack.class_of(&pack.case(facts.clone())).to_string();
        let hand = match Packed::new(facts).class() {
            Class::Experimental => "experimental",
            Class::Aggravated => "aggravated",
            Class::Undetermined => "undetermined",
        };
        if ours != hand {
            return Err(format!("by hand {hand}, by the engine {ours}: {facts:?}").into());
        }
    }
    println!(
        "the hand-written class agrees with the engine on {} examples",
        examples.len()
    );
    Ok(())
}

/// All examples over and over, as if they were different reports; a million is extrapolated from what was run.
fn redecide(pack: &Pack, examples: &[Facts], scale: Scale, table: &mut Table) {
    let many = REDECIDED / scale.less;
    let cases: Vec<Case> = examples
        .iter()
        .cycle()
        .take(many)
        .map(|facts| pack.case(facts.clone()))
        .collect();
    let packed: Vec<Packed> = examples
        .iter()
        .cycle()
        .take(many)
        .map(Packed::new)
        .collect();
    let million = |start: Instant| start.elapsed().mul_f64(1_000_000.0 / many as f64);
    let ours = crate::time::middle((0..scale.runs.min(3)).map(|_| {
        let start = Instant::now();
        for case in &cases {
            let advice = pack.advise(case);
            std::hint::black_box((advice.class, advice.duties.len(), advice.outcomes.len()));
        }
        million(start)
    }));
    let class = crate::time::middle((0..scale.runs).map(|_| {
        let start = Instant::now();
        for case in &cases {
            std::hint::black_box(pack.class_of(case));
        }
        million(start)
    }));
    let hand = crate::time::middle((0..scale.runs).map(|_| {
        let start = Instant::now();
        for one in &packed {
            std::hint::black_box(one.class());
        }
        million(start)
    }));
    let run = format!("{many} run, times {}", 1_000_000 / many);
    let bare = format!("class by hand {}", time(hand));
    table.row(
        &format!("decide 1,000,000 reports again, one core, full advice ({run})"),
        "<= 5 s",
        time(ours),
        &bare,
        times(ours, hand),
    );
    table.row(
        &format!("the same, class alone ({run})"),
        "",
        time(class),
        &bare,
        times(class, hand),
    );
}
