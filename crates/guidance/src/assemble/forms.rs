//! What a form says yes or no to is a fact that is answered yes or no.

use crate::problem::Problem;
use crate::schema::{FactKind, Schema};
use crate::spec::Spec;
use crate::words::YES_NO;

pub(super) fn check_forms(spec: &Spec, schema: &Schema, problems: &mut Vec<Problem>) {
    let yes_no = |named: &str| {
        let (scope, name) = named.split_once('.').unwrap_or_default();
        let is_one = schema.get(name).is_some_and(|fact| fact.scope.word() == scope && fact.kind == FactKind::YesNo);
        // What could not be read was told where it stands.
        is_one || schema.is_unread(name)
    };
    for entry in &spec.forms {
        let mut wrong = |says: String, help: &str| {
            problems.push(Problem {
                file: entry.file.clone(),
                line: entry.line,
                about: format!("form {}", entry.it.id),
                says,
                help: help.to_owned(),
            });
        };
        for field in entry.it.section.iter().flat_map(|section| &section.field) {
            let asked = (field.kind == YES_NO && !field.from.is_empty()).then_some(&field.from);
            for named in asked.into_iter().chain(field.says_yes_to.values()).filter(|named| !yes_no(named)) {
                wrong(
                    format!("field \"{}\" names \"{named}\", which is no fact answered yes or no", field.id),
                    "write scope and name of one, such as \"person.in_care\"",
                );
            }
            for value in field.says_yes_to.keys().filter(|value| !field.options.iter().any(|o| o.value == **value)) {
                wrong(
                    format!("field \"{}\" has no option \"{value}\" that could say yes", field.id),
                    "write the value of one of its options",
                );
            }
        }
    }
}
