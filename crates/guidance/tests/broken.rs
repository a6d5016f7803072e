//! Packs that have to be refused: each file of `guidance/broken` changes the Cheshire pack and says
//! which problems must come out, no more and no fewer.
//!
//! `[[replace]]` puts one text for another that stands there exactly once, `[[add]]` adds to the end of a
//! file (or adds a file), `[[remove]]` takes a file away. `{repeated}` in a new text is `repeat`, `times` over.
//! `[[expect]]` names the file, a part of what is said, and with `at` a text on the line that must be named;
//! with `see` a file and a text on the line of the rule that breaks a property; with `spreads` the same words may come again for what rests on it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::path::Path;
use std::process::ExitCode;

use guidance::Problem;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Broken {
    about: String,
    #[serde(default)]
    replace: Vec<Replace>,
    #[serde(default)]
    add: Vec<Add>,
    #[serde(default)]
    remove: Vec<Remove>,
    expect: Vec<Expect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replace {
    file: String,
    find: String,
    with: String,
    #[serde(default)]
    repeat: String,
    #[serde(default)]
    times: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Add {
    file: String,
    text: String,
    #[serde(default = "once")]
    times: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remove {
    file: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    #[serde(default)]
    file: String,
    at: Option<String>,
    says: String,
    /// The rule that breaks it, as file and a text that starts on its line.
    see: Option<(String, String)>,
    /// What rests on it may tell the same in the same words.
    #[serde(default)]
    spreads: bool,
}

const fn once() -> usize {
    1
}

type Files = Vec<(String, String)>;

fn apply(broken: &Broken, files: &mut Files) -> Result<(), String> {
    for change in &broken.replace {
        let (_, text) = files
            .iter_mut()
            .find(|(name, _)| *name == change.file)
            .ok_or_else(|| format!("no file {}", change.file))?;
        if text.matches(&change.find).count() != 1 {
            return Err(format!("{} has {} times: {}", change.file, text.matches(&change.find).count(), change.find));
        }
        let with = change.with.replace("{repeated}", &change.repeat.repeat(change.times));
        *text = text.replace(&change.find, &with);
    }
    for change in &broken.add {
        let more = change.text.repeat(change.times);
        match files.iter_mut().find(|(name, _)| *name == change.file) {
            Some((_, text)) => text.push_str(&more),
            None => files.push((change.file.clone(), more)),
        }
    }
    for change in &broken.remove {
        files.retain(|(name, _)| *name != change.file);
    }
    Ok(())
}

/// Lines, from 1, on which a text starts.
fn lines_of(files: &Files, file: &str, at: &str) -> Vec<u32> {
    let text = files.iter().find(|(name, _)| name == file).map_or("", |(_, text)| text.as_str());
    text.match_indices(at)
        .map(|(offset, _)| u32::try_from(text.get(..offset).unwrap().matches('\n').count()).unwrap() + 1)
        .collect()
}

fn meets(expect: &Expect, problem: &Problem, files: &Files) -> bool {
    problem.file == expect.file
        && problem.to_string().contains(&expect.says)
        && expect.at.as_ref().is_none_or(|at| lines_of(files, &expect.file, at) == [problem.line])
        && expect.see.as_ref().is_none_or(|(file, at)| {
            matches!(*lines_of(files, file, at), [line] if problem.says.ends_with(&format!("(see {file}:{line})")))
        })
}

fn check(text: &str) -> Result<(), String> {
    let broken: Broken = toml::from_str(text).map_err(|error| error.to_string())?;
    assert!(!broken.about.is_empty());
    let mut files = common::files(&common::folder());
    apply(&broken, &mut files)?;
    let Err(problems) = common::load(&files) else { return Err("the pack is not refused".to_owned()) };
    for problem in &problems {
        if problem.help.is_empty() {
            return Err(format!("does not say what to do: {problem}"));
        }
    }
    let mut open: Vec<&Problem> = problems.iter().collect();
    let mut wrong = Vec::new();
    for expect in &broken.expect {
        match open.iter().position(|problem| meets(expect, problem, &files)) {
            Some(at) => {
                let found = open.remove(at);
                if expect.at.is_none() && found.line > 0 {
                    wrong.push(format!("no text of the line is expected: {found}"));
                }
                open.retain(|problem| !(expect.spreads && problem.says == found.says));
            }
            None => {
                wrong.push(format!("not told: {} {} {}", expect.file, expect.at.as_deref().unwrap_or(""), expect.says))
            }
        }
    }
    wrong.extend(open.iter().map(|problem| format!("not expected: {problem}")));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/broken");
    let mut tests: Vec<libtest_mimic::Trial> = common::files(&folder)
        .into_iter()
        .map(|(name, text)| {
            libtest_mimic::Trial::test(name.trim_end_matches(".toml").to_owned(), move || {
                check(&text).map_err(Into::into)
            })
        })
        .collect();
    // A control: the pack as it is must not pass for a broken one.
    tests.push(libtest_mimic::Trial::test("control-nothing-changed", || {
        let found = check("about = \"nothing\"\nexpect = []");
        if found == Err("the pack is not refused".to_owned()) { Ok(()) } else { Err(format!("{found:?}").into()) }
    }));
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), tests).exit_code()
}
