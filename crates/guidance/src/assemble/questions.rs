//! What a question says of itself: its fact, its options, when it is asked, and what a yes means.

use crate::near::nearest;
use crate::problem::Problem;
use crate::schema::{FactDef, FactKind, Schema, Scope};
use crate::spec::{At, Spec};
use crate::words::Question;

/// The immediate concerns about somebody that an officer can raise. Each is borne out by the yes to one question.
const CONCERNS: [&str; 4] = ["self-harm", "harm", "missing", "danger"];

pub(super) fn check(spec: &Spec, schema: &Schema, problems: &mut Vec<Problem>) {
    check_facts(spec, problems);
    for entry in &spec.questions {
        let question = &entry.it;
        let (scope, name) = question.fact.split_once('.').unwrap_or(("", ""));
        if schema.is_unread(name) {
            check_when(entry, spec, problems);
            continue;
        }
        let Some(fact) = schema.get(name).filter(|fact| fact.scope.word() == scope) else {
            let help = format!("write scope and name, such as \"person.age\"{}", nearest(name, schema.by_name.keys()));
            problems.push(problem(entry, "", "names no fact".to_owned(), help));
            continue;
        };
        check_when(entry, spec, problems);
        check_yes(entry, fact, problems);
        if let FactKind::Choice(values) | FactKind::Set(values) = &fact.kind {
            for option in question.options.iter().filter(|o| o.value != "not-known" && !values.contains(&o.value)) {
                let says = format!("has an option \"{}\" that the fact does not have", option.value);
                problems.push(problem(entry, "", says, format!("the fact has {}", values.join(", "))));
            }
        }
    }
    check_concerns(spec, problems);
}

fn problem(entry: &At<Question>, key: &str, says: String, help: String) -> Problem {
    let about = format!("question {}", entry.it.fact);
    Problem { file: entry.file.clone(), line: entry.line_of(key), about, says, help }
}

/// A fact has words of its own where no question gives it any, and for answers that it has.
fn check_facts(spec: &Spec, problems: &mut Vec<Problem>) {
    for entry in &spec.facts {
        let fact = &entry.it;
        let mut wrong = |key: &str, says: String, help: String| {
            let about = format!("fact {}", fact.name);
            problems.push(Problem { file: entry.file.clone(), line: entry.line_of(key), about, says, help });
        };
        let full = format!("{}.{}", fact.scope, fact.name);
        if !fact.words.is_empty() && spec.questions.iter().any(|question| question.it.fact == full) {
            let says = "has words, and a question that has others".to_owned();
            wrong("words", says, "take the words out: those of the question are read everywhere".to_owned());
        }
        for option in fact.options.iter().filter(|option| !fact.values.contains(&option.value)) {
            let says = format!("has an option \"{}\" that it does not have", option.value);
            wrong("options", says, format!("it has {}", fact.values.join(", ")));
        }
    }
}

/// When it is asked, and why no more.
fn check_when(entry: &At<Question>, spec: &Spec, problems: &mut Vec<Problem>) {
    let question = &entry.it;
    let duties = || spec.duties.iter().map(|duty| &duty.it.id);
    if !question.after.is_empty() && !duties().any(|id| *id == question.after) {
        let says = format!("comes after \"{}\", which is no duty", question.after);
        let help = format!("write the id of a duty, such as \"checks\"{}", nearest(&question.after, duties()));
        problems.push(problem(entry, "", says, help));
    }
    let (key, says) = match (question.asked_while.is_empty(), question.moot.is_empty()) {
        (false, true) => ("asked_while", "does not say why it is no longer asked"),
        (true, false) => ("moot", "says why it is no longer asked, but asked_while does not say when it is asked"),
        _ => return,
    };
    let help = "write asked_while and moot both, or neither".to_owned();
    problems.push(problem(entry, key, says.to_owned(), help));
}

/// What is said of a yes belongs to a question that has one.
fn check_yes(entry: &At<Question>, fact: &FactDef, problems: &mut Vec<Problem>) {
    let question = &entry.it;
    if !question.yes_in_words.is_empty() && fact.kind != FactKind::YesNo {
        let says = "wants words for a yes, and is not answered with yes or no".to_owned();
        problems.push(problem(entry, "yes_in_words", says, "take yes_in_words out".to_owned()));
    }
    if !question.concerns.is_empty() && (fact.kind != FactKind::YesNo || fact.scope != Scope::Person) {
        let says = "bears out a concern, and is not answered of a person with yes or no".to_owned();
        problems.push(problem(entry, "concerns", says, "take concerns out".to_owned()));
    }
    for concern in question.concerns.iter().filter(|concern| !CONCERNS.contains(&concern.as_str())) {
        let says = format!("bears out \"{concern}\", which is no concern");
        let help = format!("use {}", CONCERNS.join(", "));
        problems.push(problem(entry, "concerns", says, help));
    }
}

/// A concern that is raised answers one question, and always one: else it would come to nothing, or to one of two.
fn check_concerns(spec: &Spec, problems: &mut Vec<Problem>) {
    for concern in CONCERNS {
        let mut of = spec.questions.iter().filter(|entry| entry.it.concerns.iter().any(|named| named == concern));
        if of.next().is_none() {
            problems.push(Problem {
                file: "questions.toml".to_owned(),
                says: format!("no question bears out the concern \"{concern}\""),
                help: "name it in the concerns of the question whose yes means it".to_owned(),
                ..Problem::default()
            });
        }
        for again in of {
            let says = format!("bears out \"{concern}\", as another question does");
            problems.push(problem(again, "concerns", says, "name each concern once".to_owned()));
        }
    }
}
