//! Words that are said only where something is known: of a fact that there is, and of answers that it takes.

use crate::near::nearest;
use crate::problem::Problem;
use crate::schema::{FactKind, Schema};
use crate::spec::{At, Spec};
use crate::words::{HARMED, Said};

pub(super) fn check(spec: &Spec, schema: &Schema, problems: &mut Vec<Problem>) {
    for entry in &spec.questions {
        let about = format!("question {}", entry.it.fact);
        check_all(entry, (&about, "also"), &entry.it.also, schema, problems);
        let is_yes_no = |name: &str| schema.get(name).is_none_or(|fact| fact.kind == FactKind::YesNo);
        let name = entry.it.fact.split_once('.').map_or("", |(_, name)| name);
        if let Some(now) = &entry.it.do_now
            && (now.steps.is_empty() || now.cites.is_empty() || !is_yes_no(name))
        {
            let says = "do_now has no step, cites nothing, or stands at a question that no yes answers".to_owned();
            let help = "give steps and cites a line each at least, at a question that is answered with yes or no";
            problems.push(problem(entry, &about, "do_now", says, help.to_owned()));
        }
    }
    for entry in &spec.duties {
        let about = format!("duty {}", entry.it.id);
        check_all(entry, (&about, "also"), &entry.it.also, schema, problems);
    }
    if let Some(entry) = &spec.leaflets {
        for (reader, leaflet) in entry.it.all() {
            let about = format!("leaflet {reader}");
            check_all(entry, (&about, reader), &leaflet.also, schema, problems);
        }
    }
}

/// `key` is where it stands in the entry.
fn check_all<T>(entry: &At<T>, (about, key): (&str, &str), all: &[Said], schema: &Schema, problems: &mut Vec<Problem>) {
    for said in all {
        let mut wrong = |says: String, help: String| problems.push(problem(entry, about, key, says, help));
        if said.is.is_empty() || said.says.is_empty() {
            let says = format!("also says nothing of \"{}\", or of no answer to it", said.fact);
            wrong(says, "give is and says an answer and a line each at least".to_owned());
        }
        let (scope, name) = said.fact.split_once('.').unwrap_or(("", ""));
        if schema.is_unread(name) {
            continue;
        }
        let fact = schema.get(name).filter(|fact| fact.scope.word() == scope);
        let answers: &[String] = match (fact.map(|fact| &fact.kind), said.fact == HARMED) {
            (Some(FactKind::Choice(values) | FactKind::Set(values)), _) => values,
            (Some(FactKind::YesNo), _) | (None, true) => &[],
            _ => {
                let says = format!("also says \"{}\", which is no fact with answers to choose from", said.fact);
                let near = nearest(name, schema.by_name.keys());
                wrong(says, format!("write scope and name, such as \"person.extorted\"{near}"));
                continue;
            }
        };
        let is_one = |word: &String| match answers {
            [] => matches!(word.as_str(), "yes" | "no"),
            values => values.contains(word),
        };
        for word in said.is.iter().filter(|word| !is_one(word)) {
            let says = format!("also speaks of \"{word}\", which is no answer to \"{}\"", said.fact);
            let known = if answers.is_empty() { "yes, no".to_owned() } else { answers.join(", ") };
            wrong(says, format!("use {known}"));
        }
    }
}

fn problem<T>(entry: &At<T>, about: &str, key: &str, says: String, help: String) -> Problem {
    Problem { file: entry.file.clone(), line: entry.line_of(key), about: about.to_owned(), says, help }
}
