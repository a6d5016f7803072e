//! Words from closed lists, calendars, and cites that name statements.

use std::collections::BTreeSet;

use crate::near::nearest;
use crate::problem::Problem;
use crate::resolve::{Names, resolve};
use crate::spec::Spec;
use crate::words::{EVIDENCE, SECTIONS};

/// Every named condition is looked up on its own, whether it is used or not, so that a fault in it is
/// told once and where it is written.
pub(super) fn check_defines(spec: &Spec, names: &Names<'_>, problems: &mut Vec<Problem>) {
    for entry in &spec.defines {
        let Some((scope, ast)) = names.defines.get(&entry.it.id) else { continue };
        let failures = resolve(names, *scope, Some(&entry.it.id), ast).err().unwrap_or_default();
        problems.extend(failures.into_iter().filter(|failure| failure.within.is_none()).map(|failure| Problem {
            file: entry.file.clone(),
            line: entry.line_of("when"),
            about: format!("define {}", entry.it.id),
            says: failure.slip.says,
            help: failure.slip.help,
        }));
    }
}

/// Who reads of a service.
const READERS: &[&str] = &["child", "parent-or-carer", "school", "officer"];
/// For whom an outcome may be answered.
const AUDIENCES: &[&str] = &["report", "child"];

/// A calendar names every holiday of every year it covers. That a time limit needs one is looked at with the times of duties.
pub(super) fn check_calendar(spec: &Spec, problems: &mut Vec<Problem>) {
    let Some(entry) = spec.calendar.as_ref().filter(|entry| entry.whole) else { return };
    let calendar = &entry.it;
    let days = entry.inner_lines.get("holiday").map_or(&[][..], Vec::as_slice);
    let line_of = |at: usize| days.get(at).copied().unwrap_or(entry.line);
    let mut wrong = |line: u32, says: String, help: &str| {
        problems.push(Problem {
            file: entry.file.clone(),
            line,
            about: "calendar".to_owned(),
            says,
            help: help.to_owned(),
        });
    };
    if !spec.sources.iter().any(|source| source.it.id == calendar.source) {
        let says = format!("source \"{}\" is not in this pack", calendar.source);
        wrong(entry.line, says, "name a [[source]] by its id");
    }
    if calendar.from_year > calendar.until_year {
        wrong(entry.line, "ends before it begins".to_owned(), "from_year comes before until_year");
    }
    for (at, holiday) in calendar.holiday.iter().enumerate() {
        let year = holiday.day.get(..4).and_then(|year| year.parse::<u16>().ok());
        if !crate::day::is_day(&holiday.day) {
            wrong(line_of(at), format!("\"{}\" is no day", holiday.day), "write days as \"2026-12-25\"");
        } else if year.is_none_or(|year| year < calendar.from_year || year > calendar.until_year) {
            let says = format!("{} is outside the years it covers", holiday.day);
            wrong(line_of(at), says, "change the years, or take the day out");
        }
    }
    for (at, pair) in calendar.holiday.windows(2).enumerate() {
        if let [earlier, later] = pair
            && earlier.day >= later.day
        {
            let says = format!("{} comes after {}", later.day, earlier.day);
            wrong(line_of(at + 1), says, "give each day once, in order");
        }
    }
    for year in calendar.from_year..=calendar.until_year {
        if !calendar.holiday.iter().any(|holiday| holiday.day.starts_with(&format!("{year}-"))) {
            wrong(entry.line, format!("has no holiday in {year}"), "give every holiday of every year it covers");
        }
    }
}

/// Words that come from closed lists.
pub(super) fn check_lists(spec: &Spec, problems: &mut Vec<Problem>) {
    let mut outside = |file: &str, line: u32, about: String, what: &str, word: &str, known: &[&str]| {
        if !known.contains(&word) {
            let names: Vec<String> = known.iter().map(|w| (*w).to_owned()).collect();
            problems.push(Problem {
                file: file.to_owned(),
                line,
                about,
                says: format!("{what} \"{word}\" is unknown{}", nearest(word, names.iter())),
                help: format!("use one of {}", known.join(", ")),
            });
        }
    };
    for entry in &spec.duties {
        let about = format!("duty {}", entry.it.id);
        outside(&entry.file, entry.line_of("evidence"), about, "evidence", &entry.it.evidence, &EVIDENCE);
    }
    for entry in &spec.outcomes {
        let about = format!("outcome {}", entry.it.code);
        let inner = |key: &str, at: usize| {
            entry.inner_lines.get(key).and_then(|lines| lines.get(at)).copied().unwrap_or(entry.line)
        };
        for audience in &entry.it.audience {
            outside(&entry.file, entry.line_of("for"), about.clone(), "for", audience, AUDIENCES);
        }
        for (key, list) in [("blocked", &entry.it.blocked), ("requires", &entry.it.requires)] {
            for (at, condition) in list.iter().enumerate() {
                outside(&entry.file, inner(key, at), about.clone(), "for", &condition.audience, AUDIENCES);
            }
        }
    }
    for entry in &spec.questions {
        let about = format!("question {}", entry.it.fact);
        outside(&entry.file, entry.line_of("section"), about, "section", &entry.it.section, &SECTIONS);
    }
    for entry in &spec.services {
        for audience in &entry.it.audience {
            let about = format!("service {}", entry.it.id);
            outside(&entry.file, entry.line_of("for"), about, "for", audience, READERS);
        }
    }
    for entry in spec.devices.iter().rev().skip(1).filter(|entry| entry.it.when.trim() == "always") {
        problems.push(Problem {
            file: entry.file.clone(),
            line: entry.line_of("when"),
            about: format!("device {}", entry.it.id),
            says: "always holds, so nothing below it is ever reached".to_owned(),
            help: "only the last [[device]] may have when = \"always\"".to_owned(),
        });
    }
}

/// What the law does not allow is told of what blocks an outcome; of what it requires it would say nothing.
pub(super) fn check_never(spec: &Spec, problems: &mut Vec<Problem>) {
    for entry in &spec.outcomes {
        let lines = entry.inner_lines.get("requires").map_or(&[][..], Vec::as_slice);
        for (condition, line) in entry.it.requires.iter().zip(lines).filter(|(condition, _)| condition.never) {
            problems.push(Problem {
                file: entry.file.clone(),
                line: *line,
                about: format!("outcome {}", entry.it.code),
                says: format!("never = true stands on what it requires: \"{}\"", condition.when),
                help: "write it on an [[outcome.blocked]], or leave it out".to_owned(),
            });
        }
    }
}

/// A class that somebody has to confirm in any case is not sure of some only.
pub(super) fn check_unsure(spec: &Spec, problems: &mut Vec<Problem>) {
    for entry in spec.crimes.iter().filter(|entry| entry.it.confirm.is_some() && entry.it.unsure.is_some()) {
        problems.push(Problem {
            file: entry.file.clone(),
            line: entry.line_of("unsure"),
            about: format!("crime {}", entry.it.id),
            says: "unsure says of whom it has to be confirmed, and confirm that it always has to be".to_owned(),
            help: "take one of the two out".to_owned(),
        });
    }
}

pub(super) fn check_words(spec: &Spec, problems: &mut Vec<Problem>) {
    let statements: BTreeSet<&str> = spec.statements.iter().map(|entry| entry.it.id.as_str()).collect();
    let mut cite = |file: &str, line: u32, about: String, cites: &[String]| {
        for cited in cites.iter().filter(|cited| looks_like_statement(cited) && !statements.contains(cited.as_str())) {
            problems.push(Problem {
                file: file.to_owned(),
                line,
                about: about.clone(),
                says: format!("cites {cited}, which statements.toml does not have"),
                help: "cite a statement that is there, or add it".to_owned(),
            });
        }
        if cites.is_empty() {
            problems.push(Problem {
                file: file.to_owned(),
                line,
                about,
                says: "cites nothing".to_owned(),
                help: "say where it comes from".to_owned(),
            });
        }
    };
    for e in &spec.rules {
        cite(&e.file, e.line, format!("rule {}", e.it.id), &e.it.cites);
    }
    for e in &spec.duties {
        cite(&e.file, e.line, format!("duty {}", e.it.id), &e.it.cites);
        let lines = e.inner_lines.get("due_when").map_or(&[][..], Vec::as_slice);
        for (time, line) in e.it.due_when.iter().zip(lines) {
            cite(&e.file, *line, format!("duty {}", e.it.id), &time.cites);
        }
    }
    for e in &spec.questions {
        cite(&e.file, e.line, format!("question {}", e.it.fact), &e.it.cites);
        if let Some(now) = e.it.do_now.as_ref().filter(|now| !now.cites.is_empty()) {
            cite(&e.file, e.line_of("do_now"), format!("question {}", e.it.fact), &now.cites);
        }
    }
    for e in &spec.devices {
        cite(&e.file, e.line, format!("device {}", e.it.id), &e.it.cites);
    }
    for e in &spec.outcomes {
        let about = format!("outcome {}", e.it.code);
        cite(&e.file, e.line, about.clone(), &e.it.cites);
        for (key, list) in [("blocked", &e.it.blocked), ("requires", &e.it.requires)] {
            let lines = e.inner_lines.get(key).map_or(&[][..], Vec::as_slice);
            for (condition, line) in list.iter().zip(lines) {
                cite(&e.file, *line, about.clone(), &condition.cites);
            }
        }
    }
    for e in &spec.grounds {
        cite(&e.file, e.line, format!("ground {}", e.it.id), &e.it.cites);
    }
    for e in &spec.crimes {
        cite(&e.file, e.line, format!("crime {}", e.it.id), &e.it.cites);
        if let Some(unsure) = &e.it.unsure {
            cite(&e.file, e.line_of("unsure"), format!("crime {}", e.it.id), &unsure.cites);
        }
    }
    if let Some(e) = &spec.record {
        cite(&e.file, e.line, "record".to_owned(), &e.it.cites);
    }
    for e in spec.defines.iter().filter(|e| !e.it.cites.is_empty()) {
        cite(&e.file, e.line, format!("define {}", e.it.id), &e.it.cites);
    }
    for e in &spec.properties {
        cite(&e.file, e.line, format!("property {}", e.it.id), &e.it.cites);
    }
}

/// `G` and two digits.
pub(super) fn looks_like_statement(cite: &str) -> bool {
    cite.len() == 3 && cite.starts_with('G') && cite.bytes().skip(1).all(|b| b.is_ascii_digit())
}
