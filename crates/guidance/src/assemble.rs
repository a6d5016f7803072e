//! Puts a pack together from its entries: names looked up, conditions compiled, cites checked.

use std::collections::{BTreeMap, BTreeSet};

use crate::advice::PackRef;
use crate::compile::Compiled;
use crate::expr::{self, Ast, Who};
use crate::pack::{
    ClassRule, Conditions, ContradictionRule, Core, CrimeRule, DeviceRule, DutyRule, OutcomeCondition, OutcomeRule,
    Pack, Place, PropertyRule, schema_of,
};
use crate::problem::Problem;
use crate::resolve::{Names, nearest};
use crate::schema::{FactKind, Schema, Scope};
use crate::spec::{At, Spec};
use crate::texts::Texts;

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
    check_words(&spec, &schema, problems);
    let names = Names { schema: &schema, defines: &defines, duties: &duties };
    let mut made = Builder { conditions: Conditions { names, list: Vec::new() }, problems };
    let core = made.core(&spec);
    let class_rules = made.class_rules(&spec);
    let grounds = made.grounds(&spec);
    let duty_rules = made.duties(&spec);
    let device_rules = made.devices(&spec);
    let outcome_rules = made.outcomes(&spec, &duties);
    let crime_rules = made.crimes(&spec);
    let contradictions = made.contradictions(&spec, &schema);
    let properties = made.properties(&spec);
    let list = made.conditions.list;
    let mut duty_ids: Vec<(String, Scope, String)> = Vec::new();
    let mut done_names = BTreeMap::new();
    for rule in &duty_rules {
        duty_ids.push((rule.id.clone(), rule.scope, rule.shown.clone()));
        done_names.insert(if rule.scope == Scope::Report { rule.shown.clone() } else { rule.id.clone() }, rule.scope);
    }
    let (compiled, formulas) = match Compiled::new(&schema, &list) {
        Ok(made) => made,
        Err(says) => {
            problems.push(Problem { file: "classification.toml".to_owned(), says, ..Problem::default() });
            return None;
        }
    };
    let pack = spec.pack.as_ref()?;
    let texts = Texts::of(&spec);
    let asked_at = schema
        .facts
        .iter()
        .map(|fact| {
            let name = format!("{}.{}", fact.scope.word(), fact.name);
            texts.questions.iter().position(|question| question.fact == name)
        })
        .collect();
    Some(Pack {
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
        contradictions,
        duty_scopes: done_names,
        duty_ids,
        properties,
        texts,
        asked_at,
        proofs: Vec::new(),
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
    texts.extend(spec.devices.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.crimes.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.contradictions.iter().map(|e| e.it.when.as_str()));
    texts.extend(spec.answered.iter().chain(&spec.attribute).map(|e| e.it.when.as_str()));
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
        line: entry.line,
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
            Err(says) => problems.push(Problem {
                file: entry.file.clone(),
                line: entry.when_line,
                about,
                says,
                help: String::new(),
            }),
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

struct Builder<'a> {
    conditions: Conditions<'a>,
    problems: &'a mut Vec<Problem>,
}

impl Builder<'_> {
    fn when<T>(&mut self, scope: Scope, text: &str, entry: &At<T>, about: String) -> usize {
        let place = Place { file: &entry.file, line: entry.when_line, about };
        self.conditions.text(scope, text, &place, self.problems)
    }

    fn name(&mut self, scope: Scope, name: &str) -> usize {
        let place = Place { file: "classification.toml", line: 0, about: format!("condition {name}") };
        self.conditions.add(scope, Ok(Ast::Name(name.to_owned())), &place, self.problems)
    }

    fn core(&mut self, spec: &Spec) -> Core {
        let mut entry = |scope: Scope, entry: Option<(&str, &str, u32)>, about: &str| {
            let (text, file, line) = entry.unwrap_or(("never", "classification.toml", 0));
            let place = Place { file, line, about: about.to_owned() };
            self.conditions.text(scope, text, &place, self.problems)
        };
        let suspect = spec.suspect.as_ref();
        let suspect_never = entry(Scope::Person, suspect.map(|e| (e.it.never.as_str(), e.file.as_str(), e.line)), "suspect");
        let suspect_possible =
            entry(Scope::Person, suspect.map(|e| (e.it.possible.as_str(), e.file.as_str(), e.line)), "suspect");
        let answered = spec.answered.as_ref();
        let answered = entry(Scope::Person, answered.map(|e| (e.it.when.as_str(), e.file.as_str(), e.when_line)), "answered");
        let attribute = spec.attribute.as_ref();
        let attribute =
            entry(Scope::Person, attribute.map(|e| (e.it.when.as_str(), e.file.as_str(), e.when_line)), "attribute");
        Core {
            takes_part: self.name(Scope::Person, "takes_part"),
            aggravated: self.name(Scope::Person, "aggravated"),
            experimental: self.name(Scope::Person, "experimental"),
            harmed: self.name(Scope::Person, "harmed"),
            report_takes_part: self.name(Scope::Report, "report_takes_part"),
            report_aggravated: self.name(Scope::Report, "report_aggravated"),
            report_experimental: self.name(Scope::Report, "report_experimental"),
            suspect_never,
            suspect_possible,
            answered,
            attribute,
        }
    }

    fn class_rules(&mut self, spec: &Spec) -> Vec<ClassRule> {
        let mut seen = BTreeSet::new();
        let mut rules = Vec::new();
        for entry in &spec.rules {
            let rule = &entry.it;
            let about = format!("rule {}", rule.id);
            if !seen.insert(rule.id.clone()) {
                self.problems.push(twice(entry, &about));
            }
            let scope = Scope::from_word(&rule.scope).filter(|scope| *scope != Scope::Device);
            let Some(scope) = scope else {
                self.problems.push(unknown_scope(entry, &about, &rule.scope));
                continue;
            };
            if !matches!((rule.of.as_str(), scope), ("person", Scope::Person) | ("report", _)) {
                self.problems.push(Problem {
                    file: entry.file.clone(),
                    line: entry.line,
                    about,
                    says: format!("of = \"{}\" does not go with scope \"{}\"", rule.of, rule.scope),
                    help: "a rule about a person is of a person or of the report; one about the report is of the report".to_owned(),
                });
                continue;
            }
            let when = self.when(scope, &rule.when, entry, about);
            rules.push(ClassRule {
                id: rule.id.clone(),
                scope,
                of_person: rule.of == "person",
                when,
                says: rule.says.clone(),
                cites: rule.cites.clone(),
            });
        }
        rules
    }

    fn grounds(&mut self, spec: &Spec) -> Vec<ClassRule> {
        spec.grounds
            .iter()
            .map(|entry| {
                let when = self.when(Scope::Person, &entry.it.when, entry, format!("ground {}", entry.it.id));
                ClassRule {
                    id: entry.it.id.clone(),
                    scope: Scope::Person,
                    of_person: true,
                    when,
                    says: entry.it.says.clone(),
                    cites: entry.it.cites.clone(),
                }
            })
            .collect()
    }

    fn duties(&mut self, spec: &Spec) -> Vec<DutyRule> {
        let mut rules = Vec::new();
        for entry in &spec.duties {
            let duty = &entry.it;
            let Some(scope) = Scope::from_word(&duty.scope) else { continue };
            let when = self.when(scope, &duty.when, entry, format!("duty {}", duty.id));
            rules.push(DutyRule {
                id: duty.id.clone(),
                shown: duty.id_as.clone().unwrap_or_else(|| duty.id.clone()),
                scope,
                when,
                precautionary: duty.precautionary,
                strength: duty.strength,
                due: duty.due.clone(),
                says: duty.says.clone(),
                cites: duty.cites.clone(),
            });
        }
        rules
    }

    fn devices(&mut self, spec: &Spec) -> Vec<DeviceRule> {
        let rules: Vec<DeviceRule> = spec
            .devices
            .iter()
            .map(|entry| DeviceRule {
                advice: entry.it.advice,
                when: self.when(Scope::Device, &entry.it.when, entry, format!("device {}", entry.it.id)),
                says: entry.it.says.clone(),
                cites: entry.it.cites.clone(),
            })
            .collect();
        if spec.devices.last().is_some_and(|last| last.it.when.trim() != "always") {
            self.problems.push(Problem {
                file: "devices.toml".to_owned(),
                says: "the last [[device]] does not always hold".to_owned(),
                help: "end with one that has when = \"always\", so that every device gets advice".to_owned(),
                ..Problem::default()
            });
        }
        rules
    }

    fn outcomes(&mut self, spec: &Spec, duties: &BTreeMap<String, Scope>) -> Vec<OutcomeRule> {
        let mut rules = Vec::new();
        for entry in &spec.outcomes {
            let outcome = &entry.it;
            let about = format!("outcome {}", outcome.code);
            for needed in outcome.needs.iter().filter(|id| *id != EVERY_MUST && !duties.contains_key(*id)) {
                self.problems.push(Problem {
                    file: entry.file.clone(),
                    line: entry.line,
                    about: about.clone(),
                    says: format!("needs names no duty \"{needed}\"{}", nearest(needed, duties.keys())),
                    help: format!("name a duty, or \"{EVERY_MUST}\""),
                });
            }
            let mut conditions = |list: &[crate::spec::ConditionEntry]| -> Vec<OutcomeCondition> {
                list.iter()
                    .map(|condition| {
                        let scope = if condition.audience == "report" { Scope::Report } else { Scope::Person };
                        OutcomeCondition {
                            scope,
                            when: self.when(scope, &condition.when, entry, about.clone()),
                            says: condition.says.clone(),
                            cites: condition.cites.clone(),
                        }
                    })
                    .collect()
            };
            rules.push(OutcomeRule {
                code: outcome.code.clone(),
                for_report: outcome.audience.iter().any(|audience| audience == "report"),
                for_child: outcome.audience.iter().any(|audience| audience == "child"),
                blocked: conditions(&outcome.blocked),
                requires: conditions(&outcome.requires),
                needs: outcome.needs.iter().filter(|id| *id != EVERY_MUST).cloned().collect(),
                every_must: outcome.needs.iter().any(|id| id == EVERY_MUST),
                cites: outcome.cites.clone(),
            });
        }
        rules
    }

    fn crimes(&mut self, spec: &Spec) -> Vec<CrimeRule> {
        spec.crimes
            .iter()
            .map(|entry| CrimeRule {
                act: entry.it.act.clone(),
                code: entry.it.code.clone(),
                when: self.when(Scope::Person, &entry.it.when, entry, format!("crime {}", entry.it.id)),
                from: entry.it.from.clone(),
                until: entry.it.until.clone(),
                confirm: entry.it.confirm.clone(),
                cites: entry.it.cites.clone(),
            })
            .collect()
    }

    fn properties(&mut self, spec: &Spec) -> Vec<PropertyRule> {
        let mut rules = Vec::new();
        for entry in &spec.properties {
            let it = &entry.it;
            let about = format!("property {}", it.id);
            let scope = match it.scope.as_deref().map(Scope::from_word) {
                None => Scope::Person,
                Some(Some(scope)) => scope,
                Some(None) => {
                    self.problems.push(unknown_scope(entry, &about, it.scope.as_deref().unwrap_or("")));
                    continue;
                }
            };
            let when = it.never.as_ref().map(|text| self.when(scope, text, entry, about.clone()));
            let except = it.except.as_ref().map(|text| self.when(Scope::Person, text, entry, about.clone()));
            rules.push(PropertyRule {
                id: it.id.clone(),
                kind: it.kind.clone(),
                says: it.says.clone(),
                when,
                except,
                duty: it.duty.clone(),
                outcome: it.outcome.clone(),
                answers: it.answers.clone(),
                watch: it.watch.clone(),
            });
        }
        rules
    }

    fn contradictions(&mut self, spec: &Spec, schema: &Schema) -> Vec<ContradictionRule> {
        let mut rules = Vec::new();
        for entry in &spec.contradictions {
            let about = format!("contradiction {}", entry.it.id);
            let scope = Scope::from_word(&entry.it.scope).unwrap_or(Scope::Report);
            for fact in &entry.it.facts {
                let name = fact.split('.').nth(1).unwrap_or("");
                if schema.get(name).is_none() {
                    self.problems.push(Problem {
                        file: entry.file.clone(),
                        line: entry.line,
                        about: about.clone(),
                        says: format!("there is no fact \"{fact}\"{}", nearest(name, schema.by_name.keys())),
                        help: "facts are named with their scope, such as \"person.age\"".to_owned(),
                    });
                }
            }
            let when = self.when(scope, &entry.it.when, entry, about);
            rules.push(ContradictionRule { scope, when, facts: entry.it.facts.clone(), says: entry.it.says.clone() });
        }
        rules
    }
}

/// What `needs` says for "every must duty that has to be done before an outcome".
pub(crate) const EVERY_MUST: &str = "every-must-before-outcome";

/// Questions name facts, options name values, cites name statements or sources.
fn check_words(spec: &Spec, schema: &Schema, problems: &mut Vec<Problem>) {
    for entry in &spec.questions {
        let question = &entry.it;
        let about = format!("question {}", question.fact);
        let (scope, name) = question.fact.split_once('.').unwrap_or(("", ""));
        let Some(fact) = schema.get(name).filter(|fact| fact.scope.word() == scope) else {
            problems.push(Problem {
                file: entry.file.clone(),
                line: entry.line,
                about,
                says: "names no fact".to_owned(),
                help: format!("write scope and name, such as \"person.age\"{}", nearest(name, schema.by_name.keys())),
            });
            continue;
        };
        if let FactKind::Choice(values) | FactKind::Set(values) = &fact.kind {
            for option in question.options.iter().filter(|o| o.value != "not-known" && !values.contains(&o.value)) {
                problems.push(Problem {
                    file: entry.file.clone(),
                    line: entry.line,
                    about: about.clone(),
                    says: format!("has an option \"{}\" that the fact does not have", option.value),
                    help: format!("the fact has {}", values.join(", ")),
                });
            }
        }
    }
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
    }
    for e in &spec.questions {
        cite(&e.file, e.line, format!("question {}", e.it.fact), &e.it.cites);
    }
    for e in &spec.devices {
        cite(&e.file, e.line, format!("device {}", e.it.id), &e.it.cites);
    }
    for e in &spec.outcomes {
        cite(&e.file, e.line, format!("outcome {}", e.it.code), &e.it.cites);
    }
}

/// `G` and two digits.
fn looks_like_statement(cite: &str) -> bool {
    cite.len() == 3 && cite.starts_with('G') && cite.bytes().skip(1).all(|b| b.is_ascii_digit())
}
