//! A checked pack, and how it comes to be: read, check, look up, compile.

use std::collections::BTreeMap;

use crate::advice::PackRef;
use crate::case::Case;
use crate::compile::{Compiled, Formula};
use crate::cond::{self, Cond};
use crate::digest::digest;
use crate::expr::{self, Ast};
use crate::facts::Facts;
use crate::node;
use crate::problem::{Problem, Slip};
use crate::read;
use crate::resolve::{Failure, Names, resolve};
use crate::rules::{
    ClassRule, ContradictionRule, Core, CrimeRule, DeviceRule, DutyRule, FormulaIx, OutcomeRule, PropertyRule,
    RecordRule,
};
use crate::schema::{ADULT, Bands, FactDef, FactKind, Schema, Scope};
use crate::shaped::stands_in;
use crate::spec::{At, FILES, FactEntry, Spec};

/// One file of a pack.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name inside the pack's folder, `duties.toml`.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// A checked pack: every name looked up, every condition compiled, every property proved.
#[derive(Debug)]
pub struct Pack {
    pub(crate) reference: PackRef,
    pub(crate) schema: Schema,
    pub(crate) compiled: Compiled,
    pub(crate) formulas: Vec<Formula>,
    pub(crate) core: Core,
    pub(crate) class_rules: Vec<ClassRule>,
    pub(crate) grounds: Vec<ClassRule>,
    pub(crate) duty_rules: Vec<DutyRule>,
    pub(crate) device_rules: Vec<DeviceRule>,
    pub(crate) outcome_rules: Vec<OutcomeRule>,
    pub(crate) crime_rules: Vec<CrimeRule>,
    pub(crate) record: RecordRule,
    pub(crate) contradictions: Vec<ContradictionRule>,
    pub(crate) duty_scopes: BTreeMap<String, Scope>,
    pub(crate) duty_ids: Vec<(String, Scope, String)>,
    pub(crate) texts: crate::texts::Texts,
    /// "known (…)" parts that the class of the report rests on.
    pub(crate) class_knowns: Vec<usize>,
    /// For each fact its place among the questions, if it is asked at all.
    pub(crate) asked: Vec<Option<Asked>>,
    pub(crate) properties: Vec<PropertyRule>,
    pub(crate) cases: crate::case::Cases,
    pub(crate) proofs: Vec<crate::Proof>,
    /// For deciding many at once, made when it is first wanted.
    pub(crate) many: std::sync::OnceLock<crate::many::Many>,
}

/// When a fact is asked.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Its place in the order of asking.
    pub order: usize,
    /// Duties that bring the answer, by their place; while one is still to be done, it is asked last.
    pub after: Vec<usize>,
    /// Asked while this is not ruled out, where the pack says so.
    pub only_while: Option<FormulaIx>,
}

impl Pack {
    /// Reads, checks, compiles and proves a pack.
    ///
    /// # Errors
    /// Every problem of the pack at once, each with file, line and what to do; where everything can be
    /// read, every property that does not hold, with the case that breaks it.
    pub fn load(files: &[Source<'_>]) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut spec = Spec::default();
        let mut canon = serde_json::Map::new();
        for name in FILES {
            if !files.iter().any(|file| file.name == *name) {
                problems.push(Problem {
                    file: (*name).to_owned(),
                    says: "is missing".to_owned(),
                    help: "every pack has this file".to_owned(),
                    ..Problem::default()
                });
            }
        }
        for file in files {
            match node::from_toml(file.text) {
                Ok(root) => {
                    canon.insert(file.name.to_owned(), root.json());
                    spec.take(file.name, &root, &mut problems);
                }
                Err(found) => {
                    problems.extend(found.into_iter().map(|problem| Problem { file: file.name.to_owned(), ..problem }))
                }
            }
        }
        let unread = FILES.iter().any(|name| !canon.contains_key(*name));
        if unread {
            // While a file could not be read, what others look up in it is no fault of theirs.
            problems.sort();
            problems.dedup();
            return Err(problems);
        }
        let digest = digest(&serde_json::Value::Object(canon));
        let pack = crate::assemble::assemble(spec, digest, &mut problems);
        match pack {
            Some(mut pack) if problems.is_empty() => {
                let [one, other] = [pack.core.report_aggravated, pack.core.report_experimental];
                let [one, other] = [one, other].map(|at| pack.formula(at).node);
                pack.compiled.classes_apart = pack.compiled.diagrams.are_apart(one, other);
                let proofs = crate::prove::prove(&pack);
                let broken: Vec<Problem> = proofs.iter().filter_map(crate::prove::Proof::problem).collect();
                if broken.is_empty() {
                    pack.proofs = proofs;
                    Ok(pack)
                } else {
                    Err(broken)
                }
            }
            _ => {
                crate::shaped::leave_out(&mut problems);
                problems.sort();
                problems.dedup();
                Err(problems)
            }
        }
    }

    /// Reads facts written in TOML; every problem at once, with its line.
    ///
    /// # Errors
    /// Unknown keys, unknown ids, wrong values, too much of anything.
    pub fn read_toml(&self, text: &str) -> Result<Facts, Vec<Problem>> {
        read::facts(&self.schema, &self.duty_scopes, &node::from_toml(text)?)
    }

    /// Reads facts written in JSON; every problem at once, with its line.
    ///
    /// # Errors
    /// As for TOML.
    pub fn read_json(&self, text: &str) -> Result<Facts, Vec<Problem>> {
        read::facts(&self.schema, &self.duty_scopes, &node::from_json(text)?)
    }

    /// Checks facts that did not come as text.
    ///
    /// # Errors
    /// As for TOML, without lines.
    pub fn check(&self, facts: &Facts) -> Result<Case, Vec<Problem>> {
        let facts = read::facts(&self.schema, &self.duty_scopes, &read::tree(facts))?;
        Ok(self.case(facts))
    }

    /// For facts that [`Self::read_toml`] or [`Self::read_json`] gave: they are checked already.
    pub fn case(&self, facts: Facts) -> Case {
        Case::new(self, facts)
    }

    pub(crate) fn formula(&self, at: FormulaIx) -> &Formula {
        static NOTHING: std::sync::LazyLock<Formula> = std::sync::LazyLock::new(|| Formula {
            cond: Cond::Const(false),
            node: crate::mdd::FALSE,
            person_view: crate::mdd::FALSE,
            atoms: Vec::new(),
            quantifiers: None,
            group: 0,
            support: Vec::new(),
            slot: None,
        });
        // INVARIANT (formula numbers): every FormulaIx was handed out by the builder for this very list.
        self.formulas.get(at).unwrap_or(&NOTHING)
    }

    /// Answers the pack says can only make things graver: the fact and the graver value.
    pub(crate) fn worsening(&self) -> Vec<(&FactDef, crate::mdd::Mask)> {
        self.properties
            .iter()
            .filter(|property| property.kind == "never-lowers")
            .flat_map(|property| &property.answers)
            .filter_map(|answer| {
                let (fact, value) = answer.split_once(" is ")?;
                let (_, name) = fact.split_once('.')?;
                let worse = if value == "yes" { crate::schema::YES } else { crate::schema::NO };
                Some((self.schema.get(name)?, worse))
            })
            .collect()
    }

    /// What was proved when the pack was loaded.
    pub fn proofs(&self) -> &[crate::Proof] {
        &self.proofs
    }
}

/// The facts a pack declares, with every age at which something changes.
pub(crate) fn schema_of(entries: &[At<FactEntry>], ages: Vec<u8>, problems: &mut Vec<Problem>) -> Schema {
    let mut schema = Schema { bands: bands(ages, problems), ..Schema::default() };
    let mut next: BTreeMap<Scope, usize> = BTreeMap::new();
    for entry in entries {
        let fact = &entry.it;
        let mut bad = |key: &str, says: String, help: &str| {
            problems.push(Problem {
                file: entry.file.clone(),
                line: entry.line_of(key),
                about: format!("fact {}", fact.name),
                says,
                help: help.to_owned(),
            });
        };
        let Some((scope, kind)) = scope_and_kind(fact, &mut bad) else {
            schema.unread.insert(fact.name.clone());
            continue;
        };
        if stands_in(&fact.name) {
            schema.unread.insert(fact.name.clone());
            continue;
        }
        if schema.by_name.contains_key(&fact.name) {
            bad("", "is declared twice".to_owned(), "a name is used once in all scopes");
            continue;
        }
        let first = next.entry(scope).or_default();
        let changeable = kind != FactKind::Age;
        let def = FactDef {
            at: schema.facts.len(),
            name: fact.name.clone(),
            scope,
            kind,
            settled_by: fact.settled_by.as_ref().map(|s| (s.duty.clone(), s.value.clone())),
            first_var: *first,
            changeable,
        };
        *first += def.width();
        schema.by_var.entry(scope).or_default().extend(vec![schema.facts.len(); def.width()]);
        schema.by_name.insert(fact.name.clone(), schema.facts.len());
        schema.place.insert(fact.name.clone(), schema.facts.len());
        schema.facts.push(def);
    }
    schema
}

/// What a fact is about and what kind of answer it takes; nothing where that cannot be read, which is told.
fn scope_and_kind(fact: &FactEntry, bad: &mut impl FnMut(&str, String, &str)) -> Option<(Scope, FactKind)> {
    let scope = Scope::from_word(&fact.scope);
    if scope.is_none() {
        bad("scope", format!("scope \"{}\" is unknown", fact.scope), "use report, person or device");
    }
    let kind = match fact.kind.as_str() {
        "yes-no" => FactKind::YesNo,
        "age" => FactKind::Age,
        "choice" => FactKind::Choice(fact.values.clone()),
        "set" => FactKind::Set(fact.values.clone()),
        "people" => FactKind::People,
        "words" => FactKind::Words,
        "day" => FactKind::Day,
        other => {
            let help = "use yes-no, age, choice, set, people, words or day";
            bad("kind", format!("kind \"{other}\" is unknown"), help);
            return None;
        }
    };
    match &kind {
        FactKind::Choice(values) | FactKind::Set(values) if values.is_empty() || values.len() > 16 => {
            bad("values", format!("has {} values", values.len()), "give 1 to 16 values");
            None
        }
        FactKind::Choice(values) | FactKind::Set(values) if values.iter().any(|value| stands_in(value)) => None,
        _ => Some((scope?, kind)),
    }
}

fn bands(mut ages: Vec<u8>, problems: &mut Vec<Problem>) -> Bands {
    ages.push(ADULT);
    ages.sort_unstable();
    ages.dedup();
    if ages.len() > 15 {
        problems.push(Problem {
            file: "classification.toml".to_owned(),
            says: format!("{} different ages are named in conditions; at most 15 can be told apart", ages.len()),
            help: "use an age that is named already, or take conditions with other ages out".to_owned(),
            ..Problem::default()
        });
        ages.truncate(15);
    }
    Bands(ages)
}

/// Collects conditions, so that all are compiled together.
pub(crate) struct Conditions<'a> {
    pub names: Names<'a>,
    pub list: Vec<(Scope, Cond)>,
}

impl Conditions<'_> {
    /// Looks a condition up; a problem is told and stands for "never".
    pub(crate) fn add(
        &mut self,
        scope: Scope,
        ast: Result<Ast, Slip>,
        place: &Place<'_>,
        problems: &mut Vec<Problem>,
    ) -> FormulaIx {
        let found = match ast {
            Ok(ast) => resolve(&self.names, scope, None, &ast),
            Err(slip) => Err(vec![Failure { slip, within: None }]),
        };
        let cond = found.unwrap_or_else(|failures| {
            // A fault in a named condition is told where that is written.
            let own = failures.into_iter().filter(|failure| failure.within.is_none());
            problems.extend(own.map(|failure| place.problem(failure.slip)));
            Cond::Const(false)
        });
        self.list.push((scope, cond));
        self.list.len() - 1
    }

    /// Of conditions that were added: this one holds, or any does, and none of those.
    pub(crate) fn without(&mut self, scope: Scope, this: Option<FormulaIx>, those: &[FormulaIx]) -> FormulaIx {
        let of = |at: &FormulaIx| self.list.get(*at).map_or(Cond::Const(false), |(_, cond)| cond.clone());
        let parts = this.iter().map(of).chain(those.iter().map(|at| cond::negate(of(at)))).collect();
        self.list.push((scope, cond::and(parts)));
        self.list.len() - 1
    }

    /// A condition that was added, as if everything were told.
    pub(crate) fn as_if_told(&mut self, at: FormulaIx) -> FormulaIx {
        let told = self.list.get(at).map(|(scope, cond)| (*scope, cond::as_if_told(cond)));
        self.list.extend(told);
        self.list.len().saturating_sub(1)
    }

    /// The same for a condition still in words.
    pub(crate) fn text(
        &mut self,
        scope: Scope,
        text: &str,
        place: &Place<'_>,
        problems: &mut Vec<Problem>,
    ) -> FormulaIx {
        self.add(scope, expr::parse(text), place, problems)
    }

    /// Tells what is wrong with a condition wherever it belongs: nobody knows, as the scope of its entry is none.
    pub(crate) fn in_any_scope(&self, text: &str, place: &Place<'_>, problems: &mut Vec<Problem>) {
        let ast = match expr::parse(text) {
            Ok(ast) => ast,
            Err(slip) => return problems.push(place.problem(slip)),
        };
        let wrong = |scope| resolve(&self.names, scope, None, &ast).err().unwrap_or_default();
        let least = [Scope::Person, Scope::Report, Scope::Device].map(wrong).into_iter().min_by_key(Vec::len);
        let own = least.unwrap_or_default().into_iter().filter(|failure| failure.within.is_none());
        problems.extend(own.map(|failure| place.problem(failure.slip)));
    }
}

/// Where a condition stands.
pub(crate) struct Place<'a> {
    pub file: &'a str,
    pub line: u32,
    pub about: String,
}

impl Place<'_> {
    fn problem(&self, slip: Slip) -> Problem {
        let (file, about) = (self.file.to_owned(), self.about.clone());
        Problem { file, line: self.line, about, says: slip.says, help: slip.help }
    }
}
