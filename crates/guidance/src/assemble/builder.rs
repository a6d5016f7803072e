//! Turns the entries of a pack into rules, each condition looked up once.

use std::collections::{BTreeMap, BTreeSet};

use super::{twice, unknown_scope};
use crate::expr::Ast;
use crate::near::nearest;
use crate::pack::{Conditions, Place};
use crate::problem::Problem;
use crate::rules::{
    Bits, ClassRule, ContradictionRule, Core, CrimeRule, DeviceRule, DutyRule, OutcomeCondition, OutcomeRule,
    Precaution, PropertyRule, RecordRule, Unsure, ids, put,
};
use crate::schema::{Schema, Scope};
use crate::shaped::stands_in;
use crate::spec::{At, CrimeEntry, Spec};
use crate::words::Question;

/// What `needs` says for "every must duty that has to be done before an outcome".
pub(crate) const EVERY_MUST: &str = "every-must-before-outcome";

pub(super) struct Builder<'a> {
    pub conditions: Conditions<'a>,
    pub problems: &'a mut Vec<Problem>,
}

impl Builder<'_> {
    fn when<T>(&mut self, scope: Scope, text: &str, entry: &At<T>, about: String) -> usize {
        let place = Place { file: &entry.file, line: entry.line_of("when"), about };
        self.conditions.text(scope, text, &place, self.problems)
    }

    /// For an entry whose scope is none: what is wrong with its condition is told all the same.
    fn in_any_scope<T>(&mut self, text: &str, entry: &At<T>, about: String) {
        let place = Place { file: &entry.file, line: entry.line_of("when"), about };
        self.conditions.in_any_scope(text, &place, self.problems);
    }

    fn name(&mut self, scope: Scope, name: &str) -> usize {
        let place = Place { file: "classification.toml", line: 0, about: format!("condition {name}") };
        self.conditions.add(scope, Ok(Ast::Name(name.to_owned())), &place, self.problems)
    }

    pub(super) fn core(&mut self, spec: &Spec) -> Core {
        let mut entry = |scope: Scope, entry: Option<(&str, &str, u32)>, about: &str| {
            let (text, file, line) = entry.unwrap_or(("never", "classification.toml", 0));
            let place = Place { file, line, about: about.to_owned() };
            self.conditions.text(scope, text, &place, self.problems)
        };
        let suspect = spec.suspect.as_ref();
        let suspect_never =
            entry(Scope::Person, suspect.map(|e| (e.it.never.as_str(), e.file.as_str(), e.line)), "suspect");
        let suspect_possible =
            entry(Scope::Person, suspect.map(|e| (e.it.possible.as_str(), e.file.as_str(), e.line)), "suspect");
        let answered = spec.answered.as_ref();
        let answered = entry(
            Scope::Person,
            answered.map(|e| (e.it.when.as_str(), e.file.as_str(), e.line_of("when"))),
            "answered",
        );
        let attribute = spec.attribute.as_ref();
        let attribute = entry(
            Scope::Person,
            attribute.map(|e| (e.it.when.as_str(), e.file.as_str(), e.line_of("when"))),
            "attribute",
        );
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
            harmed_cites: spec
                .defines
                .iter()
                .filter(|e| e.it.id == "harmed")
                .flat_map(|e| e.it.cites.clone())
                .collect(),
            suspect_cites: suspect.map(|e| e.it.cites.clone()).unwrap_or_default().into(),
        }
    }

    pub(super) fn class_rules(&mut self, spec: &Spec) -> Vec<ClassRule> {
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
                self.in_any_scope(&rule.when, entry, about);
                continue;
            };
            if !matches!((rule.of.as_str(), scope), ("person", Scope::Person) | ("report", _)) {
                self.problems.push(Problem {
                    file: entry.file.clone(),
                    line: entry.line,
                    about,
                    says: format!("of = \"{}\" does not go with scope \"{}\"", rule.of, rule.scope),
                    help:
                        "a rule about a person is of a person or of the report; one about the report is of the report"
                            .to_owned(),
                });
                continue;
            }
            let when = self.when(scope, &rule.when, entry, about);
            rules.push(ClassRule {
                id: rule.id.as_str().into(),
                scope,
                of_person: rule.of == "person",
                when,
                says: rule.says.as_str().into(),
                cites: rule.cites.clone().into(),
            });
        }
        rules
    }

    pub(super) fn grounds(&mut self, spec: &Spec) -> Vec<ClassRule> {
        spec.grounds
            .iter()
            .map(|entry| {
                let when = self.when(Scope::Person, &entry.it.when, entry, format!("ground {}", entry.it.id));
                ClassRule {
                    id: entry.it.id.as_str().into(),
                    scope: Scope::Person,
                    of_person: true,
                    when,
                    says: entry.it.says.as_str().into(),
                    cites: entry.it.cites.clone().into(),
                }
            })
            .collect()
    }

    pub(super) fn duties(&mut self, spec: &Spec) -> Vec<DutyRule> {
        let mut rules = Vec::new();
        for entry in &spec.duties {
            let duty = &entry.it;
            let Some(scope) = Scope::from_word(&duty.scope) else {
                self.in_any_scope(&duty.when, entry, format!("duty {}", duty.id));
                continue;
            };
            let when = self.when(scope, &duty.when, entry, format!("duty {}", duty.id));
            let for_whom = duty.precaution_for.as_ref().map(|text| {
                let place = Place {
                    file: &entry.file,
                    line: entry.line_of("precaution_for"),
                    about: format!("duty {}", duty.id),
                };
                self.conditions.text(scope, text, &place, self.problems)
            });
            rules.push(DutyRule {
                id: duty.id.as_str().into(),
                title: duty.title.as_str().into(),
                shown: duty.id_as.as_ref().unwrap_or(&duty.id).as_str().into(),
                scope,
                when,
                precaution: duty
                    .precautionary
                    .then(|| Precaution { stays: self.conditions.as_if_told(when), for_whom }),
                strength: duty.strength,
                due: duty.due.as_str().into(),
                times: self.times(scope, entry),
                asks: self.asks(entry),
                says: duty.says.as_str().into(),
                cites: duty.cites.clone().into(),
            });
        }
        rules
    }

    pub(super) fn devices(&mut self, spec: &Spec) -> Vec<DeviceRule> {
        let rules: Vec<DeviceRule> = spec
            .devices
            .iter()
            .map(|entry| {
                let when = self.when(Scope::Device, &entry.it.when, entry, format!("device {}", entry.it.id));
                DeviceRule {
                    id: ids::device(&entry.it.id).into(),
                    advice: entry.it.advice,
                    when,
                    told: self.conditions.as_if_told(when),
                    says: entry.it.says.as_str().into(),
                    cites: entry.it.cites.clone().into(),
                }
            })
            .collect();
        if spec.devices.last().is_some_and(|last| !stands_in(&last.it.when) && last.it.when.trim() != "always") {
            self.problems.push(Problem {
                file: "devices.toml".to_owned(),
                says: "the last [[device]] does not always hold".to_owned(),
                help: "end with one that has when = \"always\", so that every device gets advice".to_owned(),
                ..Problem::default()
            });
        }
        rules
    }

    pub(super) fn outcomes(&mut self, spec: &Spec, duties: &BTreeMap<String, Scope>) -> Vec<OutcomeRule> {
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
            let mut conditions =
                |key: &str, list: &[crate::spec::ConditionEntry], before: usize| -> Vec<OutcomeCondition> {
                    let lines = entry.inner_lines.get(key).map_or(&[][..], Vec::as_slice);
                    (before..)
                        .zip(list)
                        .zip(lines)
                        .map(|((at, condition), line)| {
                            let scope = if condition.audience == "report" { Scope::Report } else { Scope::Person };
                            let place = Place { file: &entry.file, line: *line, about: about.clone() };
                            OutcomeCondition {
                                id: ids::outcome(&outcome.code, key, at).into(),
                                scope,
                                when: self.conditions.text(scope, &condition.when, &place, self.problems),
                                says: condition.says.as_str().into(),
                                cites: condition.cites.clone().into(),
                            }
                        })
                        .collect()
                };
            let needs: Vec<usize> = spec
                .duties
                .iter()
                .enumerate()
                .filter(|(_, duty)| outcome.needs.contains(&duty.it.id))
                .map(|(at, _)| at)
                .collect();
            let mut needed = Bits::new();
            needs.iter().for_each(|at| put(&mut needed, *at));
            rules.push(OutcomeRule {
                code: outcome.code.as_str().into(),
                for_report: outcome.audience.iter().any(|audience| audience == "report"),
                for_child: outcome.audience.iter().any(|audience| audience == "child"),
                blocked: conditions("blocked", &outcome.blocked, 0),
                requires: conditions("requires", &outcome.requires, outcome.blocked.len()),
                needs,
                needed,
                every_must: outcome.needs.iter().any(|id| id == EVERY_MUST),
                confirm: outcome.confirm.as_deref().map(Into::into),
                cites: outcome.cites.clone().into(),
            });
        }
        rules
    }

    pub(super) fn crimes(&mut self, spec: &Spec) -> Vec<CrimeRule> {
        spec.crimes
            .iter()
            .map(|entry| CrimeRule {
                id: ids::crime(&entry.it.id).into(),
                act: entry.it.act.as_str().into(),
                code: entry.it.code.as_deref().map(Into::into),
                when: self.when(Scope::Person, &entry.it.when, entry, format!("crime {}", entry.it.id)),
                from: entry.it.from.as_deref().map(Into::into),
                until: entry.it.until.as_deref().map(Into::into),
                confirm: entry.it.confirm.as_deref().map(Into::into),
                unsure: self.unsure(entry),
                cites: entry.it.cites.clone().into(),
            })
            .collect()
    }

    fn unsure(&mut self, entry: &At<CrimeEntry>) -> Option<Unsure> {
        let unsure = entry.it.unsure.as_ref()?;
        let line = entry.inner_lines.get("unsure").and_then(|lines| lines.first()).copied().unwrap_or(entry.line);
        let place = Place { file: &entry.file, line, about: format!("crime {}", entry.it.id) };
        Some(Unsure {
            when: self.conditions.text(Scope::Person, &unsure.when, &place, self.problems),
            confirm: unsure.confirm.as_str().into(),
            cites: unsure.cites.clone().into(),
        })
    }

    pub(super) fn record(&mut self, spec: &Spec) -> RecordRule {
        // Where it is missing the pack is refused; nothing stands in for it.
        let when =
            spec.record.as_ref().map(|entry| self.when(Scope::Report, &entry.it.when, entry, "record".to_owned()));
        let (says, cites) = spec.record.as_ref().map(|e| (e.it.says.as_str(), e.it.cites.clone())).unwrap_or_default();
        RecordRule { when: when.unwrap_or(usize::MAX), says: says.into(), cites: cites.into() }
    }

    /// While what each question is asked, in their order; nothing of one that is always asked.
    pub(super) fn asked_while(&mut self, spec: &Spec) -> Vec<Option<usize>> {
        let condition = |entry: &At<Question>| {
            let question = &entry.it;
            let (scope, _) = question.fact.split_once('.')?;
            let scope = Scope::from_word(scope).filter(|_| !question.asked_while.is_empty())?;
            let (line, about) = (entry.line_of("asked_while"), format!("question {}", question.fact));
            let place = Place { file: &entry.file, line, about };
            Some(self.conditions.text(scope, &question.asked_while, &place, self.problems))
        };
        spec.questions.iter().map(condition).collect()
    }

    pub(super) fn properties(&mut self, spec: &Spec) -> Vec<PropertyRule> {
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
                place: (entry.file.clone(), entry.line),
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

    pub(super) fn contradictions(&mut self, spec: &Spec, schema: &Schema) -> Vec<ContradictionRule> {
        let mut rules = Vec::new();
        for entry in &spec.contradictions {
            let about = format!("contradiction {}", entry.it.id);
            let scope = Scope::from_word(&entry.it.scope).unwrap_or(Scope::Report);
            for fact in &entry.it.facts {
                let name = fact.split('.').nth(1).unwrap_or("");
                if schema.get(name).is_none() && !schema.is_unread(name) {
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
            rules.push(ContradictionRule {
                id: ids::contradiction(&entry.it.id).into(),
                scope,
                when,
                facts: entry.it.facts.clone(),
                says: entry.it.says.clone(),
            });
        }
        rules
    }
}
