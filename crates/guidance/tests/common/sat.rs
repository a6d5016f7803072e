//! The pack as a question for a SAT solver: every condition, read from the pack's text by [`super::lang`],
//! becomes clauses over full answers about three people and one device. It shares nothing with the engine.
//!
//! In a full answer everything is known, so "known" and "possible" fall away.

use std::collections::{BTreeMap, HashMap};

use batsat::{BasicSolver, Lit, SolverInterface, lbool};

use super::lang::{self, C};

pub mod answer;

pub const PEOPLE: usize = 3;

/// Whom a condition is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum About {
    Report,
    Person(usize),
    Device,
}

/// Facts as they are in this copy of the report: all as in the first, but for one answer.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Copy(pub Option<(String, usize, bool)>);

pub struct Sat {
    solver: BasicSolver,
    truth: Lit,
    vars: BTreeMap<String, Lit>,
    made: HashMap<(String, About, Copy), Lit>,
    names: BTreeMap<String, (String, C)>,
    scopes: BTreeMap<String, String>,
    ages: Vec<u8>,
    files: BTreeMap<String, toml::Table>,
}

fn list<'t>(table: &'t toml::Table, key: &str) -> &'t [toml::Value] {
    table.get(key).and_then(toml::Value::as_array).map_or(&[], Vec::as_slice)
}

fn word<'t>(entry: &'t toml::Value, key: &str) -> &'t str {
    entry.get(key).and_then(toml::Value::as_str).unwrap_or("")
}

fn ages(c: &C, found: &mut Vec<u8>) {
    match c {
        C::Under(_, years) | C::AtLeast(_, years) => found.push(*years),
        C::Not(inner) | C::Known(inner) | C::Possible(inner) | C::Over(_, _, inner) => ages(inner, found),
        C::And(parts) | C::Or(parts) => parts.iter().for_each(|part| ages(part, found)),
        _ => {}
    }
}

impl Sat {
    pub fn new(files: &[(String, String)]) -> Self {
        let files: BTreeMap<String, toml::Table> =
            files.iter().map(|(name, text)| (name.clone(), text.parse().unwrap())).collect();
        let mut solver = BasicSolver::default();
        let truth = Lit::new(solver.new_var_default(), true);
        solver.add_clause_reuse(&mut vec![truth]);
        let mut sat = Self {
            solver,
            truth,
            vars: BTreeMap::new(),
            made: HashMap::new(),
            names: BTreeMap::new(),
            scopes: BTreeMap::new(),
            ages: vec![10, 13, 16, 18],
            files,
        };
        sat.read_names();
        sat.ages.sort_unstable();
        sat.ages.dedup();
        for who in 0..PEOPLE {
            // Whoever is at least 16 is at least 13.
            for pair in sat.ages.clone().windows(2) {
                let (lower, higher) = (sat.age(who, pair[0]), sat.age(who, pair[1]));
                sat.clause(&[!higher, lower]);
            }
        }
        sat.choices();
        sat
    }

    fn read_names(&mut self) {
        for fact in list(&self.files["facts.toml"], "fact") {
            self.scopes.insert(word(fact, "name").to_owned(), word(fact, "scope").to_owned());
        }
        let class = &self.files["classification.toml"];
        let mut of_person = Vec::new();
        let mut of_report =
            vec![C::Over("any".to_owned(), "person".to_owned(), Box::new(C::Name("aggravated".to_owned())))];
        for rule in list(class, "rule") {
            let when = lang::parse(word(rule, "when"));
            match (word(rule, "of"), word(rule, "scope")) {
                ("person", _) => of_person.push(when),
                (_, "person") => of_report.push(C::Over("any".to_owned(), "person".to_owned(), Box::new(when))),
                _ => of_report.push(when),
            }
        }
        for define in list(class, "define") {
            let when = lang::parse(word(define, "when"));
            ages(&when, &mut self.ages);
            self.names.insert(word(define, "id").to_owned(), (word(define, "scope").to_owned(), when));
        }
        of_person.iter().chain(&of_report).for_each(|when| ages(when, &mut self.ages));
        for duty in list(&self.files["duties.toml"], "duty") {
            ages(&lang::parse(word(duty, "when")), &mut self.ages);
        }
        ages(&lang::parse(class["suspect"]["never"].as_str().unwrap()), &mut self.ages);
        self.names.insert("aggravated".to_owned(), ("person".to_owned(), C::Or(of_person)));
        self.names.insert("report_aggravated".to_owned(), ("report".to_owned(), C::Or(of_report)));
        let nobody = lang::parse("any person (takes_part)");
        self.names.insert(
            "report_experimental".to_owned(),
            ("report".to_owned(), C::And(vec![nobody, lang::parse("not report_aggravated")])),
        );
        let never = lang::parse(class["suspect"]["never"].as_str().unwrap());
        self.names.insert("suspect_never".to_owned(), ("person".to_owned(), never));
    }

    /// A choice has exactly one value in a full answer.
    fn choices(&mut self) {
        let facts: Vec<(String, String, Vec<String>)> = list(&self.files["facts.toml"], "fact")
            .iter()
            .filter(|fact| word(fact, "kind") == "choice")
            .map(|fact| {
                let values =
                    fact["values"].as_array().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect();
                (word(fact, "name").to_owned(), word(fact, "scope").to_owned(), values)
            })
            .collect();
        for (name, scope, values) in facts {
            let whose: Vec<About> =
                if scope == "report" { vec![About::Report] } else { (0..PEOPLE).map(About::Person).collect() };
            for about in whose {
                let all: Vec<Lit> = values.iter().map(|value| self.var(&format!("{name} {value}"), about)).collect();
                self.clause(&all);
                for (at, one) in all.iter().enumerate() {
                    all[..at].iter().for_each(|other| self.clause(&[!*one, !*other]));
                }
            }
        }
    }

    fn clause(&mut self, lits: &[Lit]) {
        self.solver.add_clause_reuse(&mut lits.to_vec());
    }

    /// The variable of a name, made when it is first asked for.
    fn var(&mut self, name: &str, about: About) -> Lit {
        let key = format!("{name} {about:?}");
        if let Some(lit) = self.vars.get(&key) {
            return *lit;
        }
        let lit = Lit::new(self.solver.new_var_default(), true);
        self.vars.insert(key, lit);
        lit
    }

    fn age(&mut self, who: usize, years: u8) -> Lit {
        self.var(&format!("at least {years}"), About::Person(who))
    }

    pub fn constant(&self, value: bool) -> Lit {
        if value { self.truth } else { !self.truth }
    }

    pub fn and(&mut self, parts: &[Lit]) -> Lit {
        let all = Lit::new(self.solver.new_var_default(), true);
        let mut back = vec![all];
        for part in parts {
            self.clause(&[!all, *part]);
            back.push(!*part);
        }
        self.clause(&back);
        all
    }

    pub fn or(&mut self, parts: &[Lit]) -> Lit {
        let none: Vec<Lit> = parts.iter().map(|part| !*part).collect();
        !self.and(&none)
    }

    /// The literal of a condition, written in the language of the pack.
    pub fn when(&mut self, text: &str, about: About, copy: &Copy) -> Lit {
        self.lit(&lang::parse(text), about, copy)
    }

    fn lit(&mut self, c: &C, about: About, copy: &Copy) -> Lit {
        let key = (c.to_string(), about, copy.clone());
        if let Some(lit) = self.made.get(&key) {
            return *lit;
        }
        let lit = match c {
            C::Const(value) => self.constant(*value),
            C::Not(inner) => !self.lit(inner, about, copy),
            C::Known(inner) | C::Possible(inner) => self.lit(inner, about, copy),
            C::And(parts) | C::Or(parts) => {
                let lits: Vec<Lit> = parts.iter().map(|part| self.lit(part, about, copy)).collect();
                if matches!(c, C::And(_)) { self.and(&lits) } else { self.or(&lits) }
            }
            C::Over(how, who, inner) => {
                let mut each = Vec::new();
                for person in 0..PEOPLE {
                    let holds = self.lit(inner, About::Person(person), copy);
                    let counts =
                        if who == "owner" { self.var(&format!("owner {person}"), About::Device) } else { self.truth };
                    each.push(if how == "any" { self.and(&[counts, holds]) } else { self.or(&[!counts, holds]) });
                }
                if how == "any" { self.or(&each) } else { self.and(&each) }
            }
            C::Done(duty) => self
                .var(&format!("done {duty}"), if self.scope_of_duty(duty) == "report" { About::Report } else { about }),
            C::AllDone(duty) => {
                let whose: Vec<About> = match self.scope_of_duty(duty).as_str() {
                    "person" => (0..PEOPLE).map(About::Person).collect(),
                    "device" => vec![About::Device],
                    _ => vec![About::Report],
                };
                let all: Vec<Lit> = whose.into_iter().map(|about| self.var(&format!("done {duty}"), about)).collect();
                self.and(&all)
            }
            C::Is(fact, values) => {
                let about = self.whose(fact, about);
                let lits: Vec<Lit> = values.iter().map(|value| self.is(fact, value, about, copy)).collect();
                self.or(&lits)
            }
            C::Has(fact, values) => {
                let lits: Vec<Lit> = values.iter().map(|value| self.var(&format!("{fact} {value}"), about)).collect();
                self.or(&lits)
            }
            C::AtLeast(_, years) | C::Under(_, years) => {
                let About::Person(who) = about else { panic!("whose age?") };
                let at_least = self.age(who, *years);
                if matches!(c, C::AtLeast(..)) { at_least } else { !at_least }
            }
            C::Name(name) => {
                let (scope, meaning) = self.names.get(name).unwrap_or_else(|| panic!("no name {name}")).clone();
                let about = if scope == "report" { About::Report } else { about };
                self.lit(&meaning, about, copy)
            }
        };
        self.made.insert(key, lit);
        lit
    }

    fn whose(&self, fact: &str, about: About) -> About {
        if self.scopes[fact] == "report" { About::Report } else { about }
    }

    /// A fact of yes or no is one variable; a choice has one for each value.
    fn is(&mut self, fact: &str, value: &str, about: About, copy: &Copy) -> Lit {
        if !matches!(value, "yes" | "no") {
            return self.var(&format!("{fact} {value}"), about);
        }
        let whose = if let About::Person(who) = about { who } else { 0 };
        let yes = match &copy.0 {
            Some((changed, who, to)) if changed == fact && *who == whose => self.constant(*to),
            _ => self.var(&format!("{fact} yes"), about),
        };
        if value == "yes" { yes } else { !yes }
    }

    fn scope_of_duty(&self, duty: &str) -> String {
        let entry = list(&self.files["duties.toml"], "duty").iter().find(|entry| word(entry, "id") == duty).unwrap();
        word(entry, "scope").to_owned()
    }

    pub fn duty(&mut self, duty: &str, about: About, copy: &Copy) -> Lit {
        let entry = list(&self.files["duties.toml"], "duty").iter().find(|entry| word(entry, "id") == duty).unwrap();
        let when = word(entry, "when").to_owned();
        self.when(&when, about, copy)
    }

    /// The advice on the device is to seize it: the first condition that holds says so.
    pub fn seize(&mut self, copy: &Copy) -> Lit {
        let rules: Vec<(String, bool)> = list(&self.files["devices.toml"], "device")
            .iter()
            .map(|rule| (word(rule, "when").to_owned(), word(rule, "advice") == "seize-where-possible"))
            .collect();
        let mut seize = self.constant(false);
        for (when, says) in rules.iter().rev() {
            let holds = self.when(when, About::Device, copy);
            let says = self.constant(*says);
            let (now, later) = (self.and(&[holds, says]), self.and(&[!holds, seize]));
            seize = self.or(&[now, later]);
        }
        seize
    }

    /// Outcome 21 for the report is open.
    pub fn open_21(&mut self, copy: &Copy) -> Lit {
        let outcome = list(&self.files["outcomes.toml"], "outcome")
            .iter()
            .find(|outcome| word(outcome, "code") == "21")
            .unwrap()
            .clone();
        let mut parts = Vec::new();
        for (kind, wanted) in [("requires", true), ("blocked", false)] {
            for condition in outcome
                .get(kind)
                .and_then(toml::Value::as_array)
                .into_iter()
                .flatten()
                .filter(|c| word(c, "for") == "report")
            {
                let holds = self.when(word(condition, "when"), About::Report, copy);
                parts.push(if wanted { holds } else { !holds });
            }
        }
        let needs: Vec<&str> = outcome["needs"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
        for duty in list(&self.files["duties.toml"], "duty").to_vec() {
            let id = word(&duty, "id");
            let every = needs.contains(&"every-must-before-outcome")
                && word(&duty, "strength") == "must"
                && word(&duty, "due") != "after-outcome";
            if !every && !needs.contains(&id) {
                continue;
            }
            let whose: Vec<About> = match word(&duty, "scope") {
                "person" => (0..PEOPLE).map(About::Person).collect(),
                "device" => vec![About::Device],
                _ => vec![About::Report],
            };
            for about in whose {
                let (raised, done) = (self.duty(id, about, copy), self.var(&format!("done {id}"), about));
                parts.push(self.or(&[!raised, done]));
            }
        }
        self.and(&parts)
    }

    /// Is there a full answer in which all of these hold?
    pub fn possible(&mut self, lits: &[Lit]) -> bool {
        self.solver.solve_limited(lits) == lbool::TRUE
    }

    /// Every variable by name.
    pub fn vars(&self) -> &BTreeMap<String, Lit> {
        &self.vars
    }

    /// In the answer found last.
    pub fn holds(&self, lit: Lit) -> bool {
        self.solver.value_lit(lit) == lbool::TRUE
    }

    pub fn thresholds(&self) -> &[u8] {
        &self.ages
    }
}
