//! `docs/asvs.md` is whole: every requirement has its row, no cell is empty, and what a row names is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// How many requirements of level 2, or of level 3 where the table promises it, each section of 5.0.0 has.
/// They are numbered from 1; those of level 3 come last.
const SECTIONS: &[(&str, u32)] = &[
    ("V1.1", 2),
    ("V1.2", 9),
    ("V1.3", 11),
    ("V1.4", 3),
    ("V1.5", 2),
    ("V2.1", 3),
    ("V2.2", 3),
    ("V2.3", 4),
    ("V2.4", 1),
    ("V3.2", 2),
    ("V3.3", 4),
    ("V3.4", 6),
    ("V3.5", 5),
    ("V3.7", 2),
    ("V4.1", 3),
    ("V4.2", 1),
    ("V4.3", 2),
    ("V4.4", 4),
    ("V5.1", 1),
    ("V5.2", 3),
    ("V5.3", 2),
    ("V5.4", 3),
    ("V6.1", 3),
    ("V6.2", 12),
    ("V6.3", 8),
    ("V6.4", 6),
    ("V6.5", 8),
    ("V6.6", 4),
    ("V6.7", 2),
    ("V6.8", 4),
    ("V7.1", 3),
    ("V7.2", 4),
    ("V7.3", 2),
    ("V7.4", 5),
    ("V7.5", 3),
    ("V7.6", 2),
    ("V8.1", 4),
    ("V8.2", 4),
    ("V8.3", 3),
    ("V8.4", 2),
    ("V9.1", 3),
    ("V9.2", 4),
    ("V10.1", 2),
    ("V10.2", 2),
    ("V10.3", 4),
    ("V10.4", 11),
    ("V10.5", 5),
    ("V10.6", 2),
    ("V10.7", 3),
    ("V11.1", 4),
    ("V11.2", 5),
    ("V11.3", 5),
    ("V11.4", 4),
    ("V11.5", 2),
    ("V11.6", 2),
    ("V11.7", 2),
    ("V12.1", 3),
    ("V12.2", 2),
    ("V12.3", 4),
    ("V13.1", 1),
    ("V13.2", 5),
    ("V13.3", 2),
    ("V13.4", 5),
    ("V14.1", 2),
    ("V14.2", 8),
    ("V14.3", 3),
    ("V15.1", 3),
    ("V15.2", 3),
    ("V15.3", 7),
    ("V16.1", 1),
    ("V16.2", 5),
    ("V16.3", 4),
    ("V16.4", 3),
    ("V16.5", 4),
    ("V17.1", 1),
    ("V17.2", 4),
    ("V17.3", 2),
];

const STATES: [&str; 5] = ["yes", "part", "no", "does not apply", "deployment"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the functions below a folder are called.
fn names(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(names(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let functions = text.split("fn ").skip(1);
            found.extend(functions.filter_map(|rest| Some(rest.split_once('(')?.0.to_owned())));
        }
    }
    found
}

#[test]
fn every_requirement_has_a_row_and_no_row_is_empty() {
    let text = fs::read_to_string(root().join("docs/asvs.md")).unwrap();
    let tests = names(&root().join("crates"));
    let mut found = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("| V")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [id, asks, state, shown] = cells[..] else {
            panic!("{line}");
        };
        assert!(found.insert(id.to_owned()), "{id} twice");
        assert!(!asks.is_empty() && !shown.is_empty(), "{line}");
        assert!(STATES.contains(&state), "{line}");
        let mut named = shown.split('`').skip(1).step_by(2);
        let files: Vec<&str> = named
            .by_ref()
            .filter(|name| {
                let name = Path::new(name);
                name.components().count() > 1 && name.extension().is_some()
            })
            .collect();
        for file in files {
            assert!(root().join(file).is_file(), "{id} names {file}");
        }
        for test in shown.split("test `").skip(1) {
            let name = test.split('`').next().unwrap_or_default();
            assert!(tests.contains(name), "{id} names {name}, which is no test");
        }
    }
    let wanted: BTreeSet<String> = SECTIONS
        .iter()
        .flat_map(|(section, count)| (1..=*count).map(move |number| format!("{section}.{number}")))
        .collect();
    assert_eq!(found, wanted);
}
