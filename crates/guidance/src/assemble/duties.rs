//! What shows that a duty is done, what may be decided about it, and which one comes before all others.

use crate::advice::Strength;
use crate::near::nearest;
use crate::problem::Problem;
use crate::schema::Scope;
use crate::spec::{At, DutyEntry, Spec};
use crate::words::DECISIONS;

pub(super) fn check(spec: &Spec, problems: &mut Vec<Problem>) {
    for entry in &spec.duties {
        check_choices(spec, entry, problems);
        check_evidence(spec, entry, problems);
        if entry.whole && entry.it.precaution_for.is_some() && !entry.it.precautionary {
            let says = "precaution_for says for whom it is due early, and it is no precaution".to_owned();
            let help = "take precaution_for out, or write precautionary = true".to_owned();
            problems.push(problem(entry, entry.line_of("precaution_for"), says, help));
        }
    }
    check_at_once(spec, problems);
}

fn problem(entry: &At<DutyEntry>, line: u32, says: String, help: String) -> Problem {
    Problem { file: entry.file.clone(), line, about: format!("duty {}", entry.it.id), says, help }
}

/// A choice is one that the record can keep, and speaks against outcomes that there are.
fn check_choices(spec: &Spec, entry: &At<DutyEntry>, problems: &mut Vec<Problem>) {
    let codes = || spec.outcomes.iter().map(|outcome| &outcome.it.code);
    let known: Vec<String> = DECISIONS.iter().map(|word| (*word).to_owned()).collect();
    let lines = entry.inner_lines.get("choices").map_or(&[][..], Vec::as_slice);
    for (choice, line) in entry.it.choices.iter().zip(lines) {
        let value = &choice.value;
        if !known.contains(value) {
            let says = format!("choice \"{value}\" is nothing that can be decided{}", nearest(value, known.iter()));
            problems.push(problem(entry, *line, says, format!("use one of {}", DECISIONS.join(", "))));
        }
        for code in choice.against.iter().filter(|code| !codes().any(|known| known == *code)) {
            let says = format!("choice \"{value}\" is against outcome \"{code}\", which this pack does not have");
            let help = format!("write the code of an outcome, such as \"21\"{}", nearest(code, codes()));
            problems.push(problem(entry, *line, says, help));
        }
    }
}

/// What belongs to one kind of evidence stands there and nowhere else.
fn check_evidence(spec: &Spec, entry: &At<DutyEntry>, problems: &mut Vec<Problem>) {
    let (duty, evidence) = (&entry.it, entry.it.evidence.as_str());
    let mut wrong = |key: &str, says: String, help: String| {
        problems.push(problem(entry, entry.line_of(key), says, help));
    };
    if duty.telling.is_some() && evidence != "told" {
        let says = format!("telling has words for telling somebody, and evidence is \"{evidence}\"");
        wrong("telling", says, "take telling out, or write evidence = \"told\"".to_owned());
    }
    if !duty.choices.is_empty() && evidence != "decision" {
        let says = format!("choices are for a decision, and evidence is \"{evidence}\"");
        wrong("choices", says, "take choices out, or write evidence = \"decision\"".to_owned());
    }
    if evidence == "form" && !spec.forms.iter().any(|form| form.it.id == duty.id) {
        let says = "is done by filing a form, and there is none for it".to_owned();
        wrong("evidence", says, format!("add a [[form]] with id = \"{}\" to forms.toml", duty.id));
    }
}

/// One duty comes before all others where somebody may come to harm: one for a person, that must be done now.
fn check_at_once(spec: &Spec, problems: &mut Vec<Problem>) {
    let marked: Vec<&At<DutyEntry>> = spec.duties.iter().filter(|entry| entry.it.at_once).collect();
    for entry in &marked {
        let duty = &entry.it;
        if duty.scope != Scope::Person.word() || duty.strength != Strength::Must || duty.due != "now" {
            let says = "at_once is for what somebody must do now to keep a person from harm".to_owned();
            let help =
                "take at_once out, or write scope = \"person\", strength = \"must\" and due = \"now\"".to_owned();
            problems.push(problem(entry, entry.line_of("at_once"), says, help));
        }
    }
    match marked.as_slice() {
        [_] => {}
        [] => problems.push(Problem {
            file: "duties.toml".to_owned(),
            says: "no duty has at_once = true".to_owned(),
            help: "mark the one duty that keeps somebody from harm now: every page says it first".to_owned(),
            ..Problem::default()
        }),
        [first, others @ ..] => problems.extend(others.iter().map(|entry| {
            let says = format!("at_once is given to duty {} already", first.it.id);
            problem(entry, entry.line_of("at_once"), says, "one duty comes before all others".to_owned())
        })),
    }
}
