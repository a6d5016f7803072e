//! Reads the pack from disk and holds worked examples against the advice.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, dead_code, missing_docs)]

pub mod lang;
pub mod naive;
pub mod random;
pub mod sat;
pub mod shown;

use guidance::{Advice, Pack, Source};
use std::path::{Path, PathBuf};

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/cheshire/v1")
}

pub fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

pub fn load(files: &[(String, String)]) -> Result<Pack, Vec<guidance::Problem>> {
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    Pack::load(&sources)
}

pub fn cheshire() -> Pack {
    load(&files(&folder())).unwrap_or_else(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("the Cheshire pack is refused:\n{}", all.join("\n"))
    })
}

/// Everything in `[expect]` that the advice does not meet.
pub fn unmet(expect: &toml::Table, advice: &Advice) -> Vec<String> {
    let mut unmet = Vec::new();
    let state = |id: &str| advice.duties.iter().find(|duty| duty.id == id).map(|duty| duty.state);
    let raised =
        |id: &str| matches!(state(id), Some(guidance::advice::DutyState::Due | guidance::advice::DutyState::Done));
    for (key, wanted) in expect {
        let words: Vec<&str> =
            wanted.as_array().map(|l| l.iter().filter_map(|v| v.as_str()).collect()).unwrap_or_default();
        let mut same = |what: &str, found: String, wanted: &str| {
            if found != wanted {
                unmet.push(format!("{what} is {found}, expected {wanted}"));
            }
        };
        match key.as_str() {
            "class" => same("class", advice.class.to_string(), wanted.as_str().unwrap()),
            "persons" => {
                for (id, class) in wanted.as_table().unwrap() {
                    let found = advice.persons.get(id).map(|p| p.class.to_string()).unwrap_or_default();
                    same(&format!("class of {id}"), found, class.as_str().unwrap());
                }
            }
            "devices" => {
                for (id, said) in wanted.as_table().unwrap() {
                    let found = advice.devices.get(id).map(|d| d.advice.to_string()).unwrap_or_default();
                    same(&format!("advice on {id}"), found, said.as_str().unwrap());
                }
            }
            "outcome_21" => {
                let found = advice.outcomes.iter().find(|o| o.code == "21" && o.subject.is_none());
                let needs = found.map(|o| o.needs.join(" ")).unwrap_or_default();
                same(
                    &format!("outcome 21 (needs {needs})"),
                    found.map(|o| o.state.to_string()).unwrap_or_default(),
                    wanted.as_str().unwrap(),
                );
            }
            "first_duty" => same(
                "first duty",
                advice.duties.first().map(|d| d.id.clone()).unwrap_or_default().to_string(),
                wanted.as_str().unwrap(),
            ),
            "duties" => unmet.extend(
                words
                    .iter()
                    .filter(|id| !raised(id))
                    .map(|id| format!("{id} is {:?}, expected due or done", state(id))),
            ),
            "no_duties" => unmet.extend(
                words
                    .iter()
                    .filter(|id| raised(id))
                    .map(|id| format!("{id} is {:?}, expected neither due nor done", state(id))),
            ),
            "asks" => unmet.extend(
                words
                    .iter()
                    .filter(|fact| !advice.ask_next.iter().any(|ask| ask.fact == **fact))
                    .map(|fact| format!("{fact} is not asked next")),
            ),
            "no_crime_code" => unmet.extend(
                words
                    .iter()
                    .filter(|code| advice.crime.classes.iter().any(|c| c.code.as_deref() == Some(code)))
                    .map(|code| format!("crime code {code} is given")),
            ),
            "never_suspect" => {
                for id in words {
                    same(
                        &format!("suspect role of {id}"),
                        advice.persons.get(id).map(|p| p.suspect_role.to_string()).unwrap_or_default(),
                        "never",
                    );
                }
            }
            other => unmet.push(format!("[expect] has an unknown key {other}")),
        }
    }
    unmet
}
