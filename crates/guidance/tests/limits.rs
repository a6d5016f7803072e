//! Every limit of a pack and of a report: what is at the limit is read, and what is one past it is refused with a message that says so.
//! ARCHITECTURE.md states each of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::sync::LazyLock;

use common::naive::PERSON;
use guidance::Pack;

type Files = Vec<(String, String)>;

static FILES: LazyLock<Files> = LazyLock::new(|| common::files(&common::folder()));
static PACK: LazyLock<Pack> = LazyLock::new(common::cheshire);

/// What is wrong with the Cheshire pack when something is added to a file of it.
fn pack(file: &str, more: &str) -> Vec<String> {
    let mut files = FILES.clone();
    files.iter_mut().find(|(name, _)| name == file).unwrap().1.push_str(more);
    told(common::load(&files).err())
}

fn told(problems: Option<Vec<guidance::Problem>>) -> Vec<String> {
    problems.unwrap_or_default().iter().map(ToString::to_string).collect()
}

fn report(text: &str) -> Vec<String> {
    told(PACK.read_toml(text).err())
}

/// Somewhere in the pack for a condition: answers that cannot all be right bear on nothing else.
fn contradiction(when: &str) -> String {
    format!(
        "\n[[contradiction]]\nid = \"more\"\nscope = \"report\"\nwhen = \"{when}\"\nfacts = [\"report.imagery\"]\nsays = \"More.\"\n"
    )
}

fn condition(when: &str) -> Vec<String> {
    pack("classification.toml", &contradiction(when))
}

fn fact(name: &str, kind: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
    let values = if kind == "yes-no" { String::new() } else { format!("values = [{}]\n", values.join(", ")) };
    format!("\n[[fact]]\nname = \"{name}\"\nscope = \"report\"\nkind = \"{kind}\"\n{values}")
}

fn numbered(word: &str, count: usize) -> Vec<String> {
    (0..count).map(|at| format!("{word}{at}")).collect()
}

/// A file of so many bytes.
fn bytes(count: usize) -> Vec<String> {
    let length = FILES.iter().find(|(name, _)| name == "services.toml").unwrap().1.len();
    pack("services.toml", &format!("\n#{}", "a".repeat(count - length - 2)))
}

/// So many entries of one kind.
fn entries(count: usize) -> Vec<String> {
    let (_, text) = FILES.iter().find(|(name, _)| name == "services.toml").unwrap();
    let more = count - text.matches("[[service]]").count();
    let one = |id: String| {
        format!(
            "\n[[service]]\nid = \"{id}\"\nname = \"One\"\nfor = [\"child\"]\nsays = \"Helps.\"\nchecked_on = \"2026-11-23\"\nsource = \"nobody\"\n"
        )
    };
    pack("services.toml", &numbered("s", more).into_iter().map(one).collect::<String>())
}

/// A condition of so many characters.
fn characters(count: usize) -> Vec<String> {
    let when = "imagery is yes";
    condition(&format!("{when}{}", " ".repeat(count - when.len())))
}

/// A condition within so many brackets.
fn brackets(count: usize) -> Vec<String> {
    condition(&format!("{}imagery is yes{}", "(".repeat(count), ")".repeat(count)))
}

/// A condition behind so many words "not".
fn nots(count: usize) -> Vec<String> {
    condition(&format!("{}imagery is yes", "not ".repeat(count)))
}

/// A condition of so many parts when every name is written out: a name counts, and all that it stands for.
fn parts(count: usize) -> Vec<String> {
    const NAMES: [(&str, usize); 4] = [("thousand", 1000), ("hundred", 100), ("ten", 10), ("imagery is yes", 1)];
    // An "or" counts as well, so what it joins is one less.
    let or = |mut left: usize, names: &[(&str, usize)]| {
        let mut joined = Vec::new();
        for (name, parts) in names {
            joined.extend(std::iter::repeat_n(*name, left / parts));
            left %= parts;
        }
        joined.join(" or ")
    };
    let mut more = String::new();
    for at in (0..3).rev() {
        let (name, parts) = NAMES[at];
        let when = or(parts - 2, &NAMES[at + 1..]);
        more.push_str(&format!(
            "\n[[define]]\nid = \"{name}\"\nscope = \"report\"\nsays = \"is it\"\nwhen = \"{when}\"\n"
        ));
    }
    let mut files = FILES.clone();
    let (_, text) = files.iter_mut().find(|(name, _)| name == "classification.toml").unwrap();
    text.push_str(&more);
    text.push_str(&contradiction(&or(count - 1, &NAMES)));
    told(common::load(&files).err())
}

/// A fact with so many values.
fn values(count: usize) -> Vec<String> {
    pack("facts.toml", &fact("more", "choice", &numbered("v", count)))
}

/// So many ages at which something changes; the pack has those of 10, 13, 16 and 18 itself.
fn ages(count: usize) -> Vec<String> {
    let more: Vec<String> = (20..).take(count - 4).map(|age| format!("age under {age}")).collect();
    condition(&format!("any person ({})", more.join(" or ")))
}

/// A condition that rests on so many different parts about anybody.
fn anybody(count: usize) -> Vec<String> {
    let any: Vec<String> = PERSON[..count].iter().map(|fact| format!("any person ({fact} is yes)")).collect();
    condition(&any.join(" and "))
}

/// A pack with so many variables: a yes or no is one, and so is each word of a set.
fn variables(count: usize) -> Vec<String> {
    let with = |count: usize| {
        let sets: String = (0..count / 16).map(|at| fact(&format!("set{at}"), "set", &numbered("v", 16))).collect();
        let rest: String = (0..count % 16).map(|at| fact(&format!("fact{at}"), "yes-no", &[])).collect();
        pack("facts.toml", &format!("{sets}{rest}"))
    };
    let needs = with(2000).join("\n");
    let needs: usize = needs.split("needs ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    with(count - (needs - 2000))
}

fn people(count: usize) -> Vec<String> {
    report(&numbered("P", count).iter().map(|id| format!("[[person]]\nid = \"{id}\"\n")).collect::<String>())
}

fn devices(count: usize) -> Vec<String> {
    report(&numbered("D", count).iter().map(|id| format!("[[device]]\nid = \"{id}\"\n")).collect::<String>())
}

fn id(length: usize) -> Vec<String> {
    report(&format!("[[person]]\nid = \"{}\"\n", "a".repeat(length)))
}

fn words(count: usize) -> Vec<String> {
    // Letters of more than one byte: characters are counted.
    report(&format!("[[person]]\nid = \"A\"\nother_aggravating_words = \"{}\"\n", "ü".repeat(count)))
}

fn report_bytes(count: usize) -> Vec<String> {
    report(&format!("#{}", "a".repeat(count - 1)))
}

/// A pack whose schedule of retention is so many years at most.
fn years(count: usize) -> Vec<String> {
    let mut files = FILES.clone();
    let (_, text) = files.iter_mut().find(|(name, _)| name == "retention.toml").unwrap();
    let line = text.lines().find(|line| line.starts_with("longest_years = ")).unwrap().to_owned();
    *text = text.replace(&line, &format!("longest_years = {count}"));
    told(common::load(&files).err())
}

/// What is limited, the limit, the same in ARCHITECTURE.md, so much of it, and a part of the refusal.
type Limit = (&'static str, usize, &'static str, fn(usize) -> Vec<String>, &'static str);

const LIMITS: [Limit; 17] = [
    ("bytes of a file", 1_000_000, "1,000,000 bytes a file", bytes, "at most 1000000 are read"),
    ("entries of a kind", 500, "500 entries of a kind", entries, "at most 500 are read"),
    ("characters of a condition", 2000, "2,000 characters", characters, "longer than 2000 characters"),
    ("brackets", 40, "40 brackets", brackets, "nested more than 40 deep"),
    ("nots", 40, "40 brackets or words \"not\"", nots, "nested more than 40 deep"),
    ("parts of a condition", 20_000, "20,000 parts", parts, "more than 20000 parts"),
    ("values of a fact", 16, "16 values of a fact", values, "give 1 to 16 values"),
    ("ages", 15, "15 ages", ages, "at most 15 can be told apart"),
    ("parts about anybody", 16, "16 different \"any person\" parts", anybody, "at most 16 can be followed exactly"),
    ("variables", 1024, "1,024 variables", variables, "at most 1024 can be followed"),
    ("years of retention", 100, "100 years", years, "use 1 to 100"),
    ("people", 100, "100 people", people, "at most 100 can be in one report"),
    ("devices", 100, "100 devices", devices, "at most 100 can be in one report"),
    ("letters of an id", 32, "32 letters of an id", id, "use 1 to 32 letters"),
    ("characters of words", 500, "500 characters of free words", words, "at most 500 characters"),
    ("bytes of a report", 1_000_000, "1,000,000 bytes a report", report_bytes, "at most 1000000 are read"),
    ("brackets of a report", 32, "32 brackets", report_brackets, "nested more than 32 deep"),
];

fn report_brackets(count: usize) -> Vec<String> {
    // What it says is no fact; how deep it is comes first.
    let told = report(&format!("a = {}{}", "[".repeat(count), "]".repeat(count)));
    told.into_iter().filter(|says| says.contains("nested")).collect()
}

#[test]
fn what_is_at_a_limit_is_read_and_one_more_is_refused() {
    let mut wrong = Vec::new();
    for (what, limit, _, with, says) in LIMITS {
        let (at, over) = (with(limit), with(limit + 1));
        if !at.is_empty() {
            wrong.push(format!("{limit} {what}: {}", at.join("; ")));
        }
        if !over.iter().any(|told| told.contains(says)) {
            wrong.push(format!("{} {what}: not refused: {}", limit + 1, over.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_limit_is_written_down() {
    let text = std::fs::read_to_string(common::folder().join("../../../ARCHITECTURE.md")).unwrap();
    let (_, limits) = text.split_once("### Limits").unwrap();
    let limits = limits.split("\n## ").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    let missing: Vec<&str> = LIMITS.iter().map(|(_, _, doc, ..)| *doc).filter(|doc| !limits.contains(doc)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md says nothing of: {missing:?}");
}
