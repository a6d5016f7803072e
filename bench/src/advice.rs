//! The engine on its own: advice, the class alone, loading and proving a pack.
//!
//! Bare baselines: `hand.rs` for advice and class; parsing the same files as TOML for loading.

use std::path::Path;
use std::time::Duration;

use guidance::{Facts, Pack, Source};

use crate::hand::Packed;
use crate::table::{Goal, Table, time};
use crate::time::quickest;
use crate::{Failed, Scale};

/// Three people, two devices, one answer that is not known: a usual report half-way.
pub const USUAL: &str = include_str!("usual.toml");

/// The files of the Cheshire pack.
pub fn files(root: &Path) -> Result<Vec<(String, String)>, Failed> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root.join("guidance/cheshire/v1"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// The pack, loaded and proved.
pub fn load(files: &[(String, String)]) -> Result<Pack, Failed> {
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    Pack::load(&sources).map_err(said)
}

pub fn said(problems: Vec<guidance::Problem>) -> Failed {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into()
}

/// Every worked example of the pack.
pub fn examples(root: &Path, pack: &Pack) -> Result<Vec<Facts>, Failed> {
    let mut all = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(root.join("guidance/cheshire/v1/examples"))?.collect::<Result<_, _>>()?;
    paths.sort_by_key(std::fs::DirEntry::path);
    for entry in paths {
        all.push(pack.read_toml(&std::fs::read_to_string(entry.path())?).map_err(said)?);
    }
    Ok(all)
}

/// Measures the engine.
pub fn measure(root: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let files = files(root)?;
    let pack = load(&files)?;
    let case = pack.case(pack.read_toml(USUAL).map_err(said)?);
    let packed = Packed::new(case.facts());
    let often = 20_000 / scale.less;
    let by_hand = quickest(scale.runs, often * 50, || std::hint::black_box(&packed).class());
    let full = quickest(scale.runs, often / 10, || pack.advise(&case));
    let hand = || (by_hand, format!("class by hand {}", time(by_hand)));
    table.compare(
        "advice with full explanation, 3 persons, 2 devices",
        Goal::Within(Duration::from_micros(20)),
        (full, time(full)),
        hand(),
    );
    let class = quickest(scale.runs, often, || pack.class_of(&case));
    table.compare(
        "the class alone, the same report",
        Goal::Within(Duration::from_micros(1)),
        (class, time(class)),
        hand(),
    );

    let parsed = quickest(scale.runs, 3, || {
        files.iter().map(|(_, text)| text.parse::<toml::Table>().map_or(0, |table| table.len())).sum::<usize>()
    });
    let loaded = quickest(scale.runs, 1, || load(&files).map(|pack| pack.rules().len()).unwrap_or_default());
    table.compare(
        "load and prove the Cheshire pack",
        Goal::Within(Duration::from_millis(100)),
        (loaded, time(loaded)),
        (parsed, format!("parsing the same TOML {}", time(parsed))),
    );
    Ok(())
}
