//! Puts a pack together from its entries: names looked up, conditions compiled, cites checked.

mod builder;
mod check;
mod duties;
mod forms;
mod once;
mod questions;
mod retention;
mod said;
pub(crate) mod times;

use std::collections::BTreeMap;

use crate::advice::PackRef;
use crate::compile::Compiled;
use crate::expr::{self, Ast, Who};
use crate::pack::{Asked, Conditions, Pack, schema_of};
use crate::problem::Problem;
use crate::resolve::Names;
use crate::rules::DutyRule;
use crate::schema::Scope;
use crate::spec::{At, Spec};
use crate::texts::Texts;
use crate::words::Question;

/// Names every pack has to define, because the shape of the advice asks for them.
const NEEDED: &[(&str, Scope)] = &[("takes_part", Scope::Person), ("child", Scope::Person), ("harmed", Scope::Person)];
/// Names the engine makes from the rules.
const MADE: &[&str] = &[
    "aggravated",
    "experimental",
    "report_aggravated",
    "report_experimental",
    "report_takes_part",
    "suspect_never",
    "suspect_possible",
];

pub(crate) fn assemble(spec: Spec, digest: String, problems: &mut Vec<Problem>) -> Option<Pack> {
    let schema = schema_of(&spec.facts, ages(&spec), problems);
    let duties: BTreeMap<String, Scope> = scopes(&spec, problems);
    let defines = defines(&spec, problems);
    questions::check(&spec, &schema, problems);
    said::check(&spec, &schema, problems);
    check::check_words(&spec, problems);
    check::check_lists(&spec, problems);
    check::check_never(&spec, problems);
    check::check_unsure(&spec, problems);
    duties::check(&spec, problems);
    times::check(&spec, problems);
    forms::check_forms(&spec, &schema, problems);
    check::check_calendar(&spec, problems);
    once::check_ids(&spec, problems);
    once::check_days(&spec, problems);
    once::check_addresses(&spec, problems);
    once::check_services(&spec, &schema, problems);
    once::check_leaflets(&spec, problems);
    retention::check(&spec, problems);
    let names = Names { schema: &schema, defines: &defines, duties: &duties };
    check::check_defines(&spec, &names, problems);
    let mut made = builder::Builder { conditions: Conditions { names, list: Vec::new() }, problems };
    let core = made.core(&spec);
    let class_rules = made.class_rules(&spec);
    let grounds = made.grounds(&spec);
    let duty_rules = made.duties(&spec);
    let device_rules = made.devices(&spec);
    let outcome_rules = made.outcomes(&spec, &duties);
    let crime_rules = made.crimes(&spec);
    let contradictions = made.contradictions(&spec, &schema);
    let properties = made.properties(&spec);
    let record = made.record(&spec);
    let asked_while = made.asked_while(&spec);
    let list = made.conditions.list;
    let mut duty_ids: Vec<(String, Scope, String)> = Vec::new();
    let mut done_names = BTreeMap::new();
    for rule in &duty_rules {
        duty_ids.push((rule.id.to_string(), rule.scope, rule.shown.to_string()));
        done_names
            .insert(if rule.scope == Scope::Report { rule.shown.to_string() } else { rule.id.to_string() }, rule.scope);
    }
    let (compiled, formulas) = match Compiled::new(&schema, &list) {
        Ok(made) => made,
        Err(says) => {
            let (file, help) = (
                "classification.toml".to_owned(),
                "its conditions are too entangled: say less in those about \"any person\"".to_owned(),
            );
            problems.push(Problem { file, says, help, ..Problem::default() });
            return None;
        }
    };
    let pack = spec.pack.as_ref()?;
    let texts = Texts::of(&spec);
    let class_knowns =
        formulas.get(core.report_experimental).map_or_else(Vec::new, |class| compiled.knowns_of(&class.cond));
    // The duty of a place has an id of its own and is shown as one of several: "checks:location" is among "checks".
    let brings = |question: &Question, rule: &DutyRule| rule.shown.split(':').next() == Some(&question.after);
    let asked = schema
        .facts
        .iter()
        .map(|fact| {
            let name = format!("{}.{}", fact.scope.word(), fact.name);
            let (order, question) = texts.questions.iter().enumerate().find(|(_, question)| question.fact == name)?;
            let duties = duty_rules.iter().enumerate();
            let after = duties.filter(|(_, rule)| brings(question, rule)).map(|(at, _)| at).collect();
            Some(Asked { order, after, only_while: asked_while.get(order).copied().flatten() })
        })
        .collect();
    let cases = crate::case::Cases::new(&schema, &duty_ids, (compiled.layout, &compiled.full), &compiled.settled);
    Some(Pack {
        cases,
        reference: PackRef { id: pack.it.id.clone(), version: pack.it.version.clone(), digest },
        schema,
        compiled,
        formulas,
        core,
        class_rules,
        grounds,
        duty_rules,
        device_rules,
        outcome_rules,
        crime_rules,
        record,
        contradictions,
        duty_scopes: done_names,
        duty_ids,
        properties,
        texts,
        class_knowns,
        asked,
        proofs: Vec::new(),
        many: std::sync::OnceLock::new(),
    })
}

/// Every age named anywhere in the conditions.
fn ages(spec: &Spec) -> Vec<u8> {
    let mut found = Vec::new();
    let mut texts: Vec<&str> = Vec::new();
    texts.extend(spec.defines.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.rules.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.grounds.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.duties.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.duties.iter().filter_map(|e| e.it.precaution_for.as_deref()));
    texts.extend(spec.duties.iter().filter_map(|e| e.it.asks.as_ref()).map(|asks| asks.when.as_str()));
    texts.extend(spec.duties.iter().flat_map(|e| e.it.due_when.iter().map(|time| time.when.as_str())));
    texts.extend(spec.devices.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.crimes.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.crimes.iter().filter_map(|e| e.it.unsure.as_ref()).map(|unsure| unsure.when.as_str()));
    texts.extend(spec.contradictions.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.answered.iter().chain(&spec.attribute).map(|e| e.it.when.as_str()));
    texts.extend(spec.questions.iter().map(|e| e.it.asked_while.as_str()));
    texts.extend(spec.record.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.suspect.iter().flat_map(|e| [e.it.never.as_str(), e.it.possible.as_str()]));
    for outcome in &spec.outcomes {
        texts.extend(outcome.it.blocked.iter().chain(&outcome.it.requires).map(|c| c.when.as_str()));
    }
    texts.extend(spec.properties.iter().filter_map(|e| e.it.never.as_deref()));
    for text in texts {
        if let Ok(ast) = expr::parse(text) {
            expr::thresholds(&ast, &mut found);
        }
    }
    found
}

fn scopes(spec: &Spec, problems: &mut Vec<Problem>) -> BTreeMap<String, Scope> {
    let mut all = BTreeMap::new();
    for entry in &spec.duties {
        let Some(scope) = Scope::from_word(&entry.it.scope) else {
            problems.push(unknown_scope(entry, &format!("duty {}", entry.it.id), &entry.it.scope));
            continue;
        };
        if all.insert(entry.it.id.clone(), scope).is_some() {
            problems.push(twice(entry, &format!("duty {}", entry.it.id)));
        }
    }
    all
}

fn unknown_scope<T>(entry: &At<T>, about: &str, scope: &str) -> Problem {
    Problem {
        file: entry.file.clone(),
        line: entry.line_of("scope"),
        about: about.to_owned(),
        says: format!("scope \"{scope}\" is unknown"),
        help: "use report, person or device".to_owned(),
    }
}

fn twice<T>(entry: &At<T>, about: &str) -> Problem {
    Problem {
        file: entry.file.clone(),
        line: entry.line,
        about: about.to_owned(),
        says: "is given twice".to_owned(),
        help: "every id is used once".to_owned(),
    }
}

fn defines(spec: &Spec, problems: &mut Vec<Problem>) -> BTreeMap<String, (Scope, Ast)> {
    let mut all = BTreeMap::new();
    for entry in &spec.defines {
        let about = format!("define {}", entry.it.id);
        let Some(scope) = Scope::from_word(&entry.it.scope) else {
            problems.push(unknown_scope(entry, &about, &entry.it.scope));
            continue;
        };
        if MADE.contains(&entry.it.id.as_str()) {
            problems.push(Problem {
                file: entry.file.clone(),
                line: entry.line,
                about,
                says: "this name is made by the engine from the rules".to_owned(),
                help: "choose another name".to_owned(),
            });
            continue;
        }
        match expr::parse(&entry.it.when) {
            Ok(ast) => {
                if all.insert(entry.it.id.clone(), (scope, ast)).is_some() {
                    problems.push(twice(entry, &about));
                }
            }
            Err(slip) => {
                problems.push(Problem {
                    file: entry.file.clone(),
                    line: entry.line_of("when"),
                    about,
                    says: slip.says,
                    help: slip.help,
                });
                // Told here; whatever rests on it is not told again.
                all.entry(entry.it.id.clone()).or_insert((scope, Ast::Const(false)));
            }
        }
    }
    for (name, scope) in NEEDED {
        if all.get(*name).is_none_or(|(found, _)| found != scope) {
            problems.push(Problem {
                file: "classification.toml".to_owned(),
                says: format!("there is no [[define]] \"{name}\" about a {}", scope.word()),
                help: "every pack has to say what it means".to_owned(),
                ..Problem::default()
            });
            all.insert((*name).to_owned(), (*scope, Ast::Const(false)));
        }
    }
    made_from_rules(spec, &mut all);
    all
}

/// The class as a condition, so that duties, devices and outcomes can rest on it.
fn made_from_rules(spec: &Spec, all: &mut BTreeMap<String, (Scope, Ast)>) {
    let mut of_person = Vec::new();
    let mut of_report = vec![Ast::Any(Who::Person, Box::new(Ast::Name("aggravated".to_owned())))];
    for entry in &spec.rules {
        let Ok(when) = expr::parse(&entry.it.when) else { continue };
        match (entry.it.of.as_str(), entry.it.scope.as_str()) {
            ("person", _) => of_person.push(when),
            (_, "person") => of_report.push(Ast::Any(Who::Person, Box::new(when))),
            _ => of_report.push(when),
        }
    }
    let name = |name: &str| Ast::Name(name.to_owned());
    all.insert("aggravated".to_owned(), (Scope::Person, Ast::Or(of_person)));
    all.insert("report_aggravated".to_owned(), (Scope::Report, Ast::Or(of_report)));
    let own = vec![name("takes_part"), Ast::Not(Box::new(name("aggravated")))];
    all.insert("experimental".to_owned(), (Scope::Person, Ast::And(own)));
    if let Some(suspect) = &spec.suspect {
        for (id, text) in [("suspect_never", &suspect.it.never), ("suspect_possible", &suspect.it.possible)] {
            if let Ok(ast) = expr::parse(text) {
                all.insert(id.to_owned(), (Scope::Person, ast));
            }
        }
    }
    all.insert("report_takes_part".to_owned(), (Scope::Report, Ast::Any(Who::Person, Box::new(name("takes_part")))));
    all.insert(
        "report_experimental".to_owned(),
        (Scope::Report, Ast::And(vec![name("report_takes_part"), Ast::Not(Box::new(name("report_aggravated")))])),
    );
}
