//! Facts as they come in: every problem at once, each with its place and what to do.

mod value;

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Entity, Facts, Value};
use crate::near::{meant, nearest};
use crate::node::{Kind, Node};
use crate::problem::Problem;
use crate::schema::{FactDef, FactKind, Schema, Scope};

use value::{good_id, value_of, wrong_items};

/// Most people and most devices in one report; the contract asks for at least 60 of each.
pub const MAX_ENTITIES: usize = 100;
/// Longest free words, in characters.
pub const MAX_WORDS: usize = 500;
/// Longest id, in characters.
pub const MAX_ID: usize = 32;

/// Reads the tree of a report against the facts of a pack. `duties` are the ids `done` may name.
pub(crate) fn facts(schema: &Schema, duties: &BTreeMap<String, Scope>, root: &Node) -> Result<Facts, Vec<Problem>> {
    let mut reader = Reader { schema, duties, problems: Vec::new() };
    let facts = reader.root(root);
    reader.check_ids(root);
    if reader.problems.is_empty() { Ok(facts) } else { Err(sorted(reader.problems)) }
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.line);
    problems
}

struct Reader<'a> {
    schema: &'a Schema,
    duties: &'a BTreeMap<String, Scope>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, line: u32, about: &str, says: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem {
            line,
            about: about.to_owned(),
            says: says.into(),
            help: help.into(),
            ..Problem::default()
        });
    }

    fn root(&mut self, root: &Node) -> Facts {
        let mut facts = Facts::default();
        let Some(rows) = root.table() else {
            self.problem(root.line, "", "this is no report", "write a table with [report], [[person]] and [[device]]");
            return facts;
        };
        for (key, line, value) in rows {
            match key.as_str() {
                "done" => facts.done = self.words(value, "done"),
                "report" => match value.table() {
                    Some(rows) => facts.report = self.answers(Scope::Report, "report", rows),
                    None => self.problem(
                        *line,
                        "report",
                        format!("must be a table, not {}", value.shown()),
                        "write [report]",
                    ),
                },
                "person" => facts.person = self.entities(Scope::Person, value, *line),
                "device" => facts.device = self.entities(Scope::Device, value, *line),
                // What worked examples carry beside the facts; nothing is concluded from it.
                "about" | "source" | "expect" => {}
                other => {
                    let known = ["done", "report", "person", "device"].map(str::to_owned);
                    let help = nearest(other, known.iter());
                    self.problem(
                        *line,
                        "",
                        format!("unknown key \"{}\"{help}", shorten(other)),
                        "known are done, report, person and device",
                    );
                }
            }
        }
        facts
    }

    fn words(&mut self, node: &Node, about: &str) -> Vec<String> {
        let Some(list) = node.list() else {
            self.problem(
                node.line,
                about,
                format!("must be a list of words, not {}", node.shown()),
                "write [\"…\", \"…\"]",
            );
            return Vec::new();
        };
        let mut words = Vec::new();
        for item in list {
            match item.text() {
                Some(text) => words.push(text.to_owned()),
                None => self.problem(
                    item.line,
                    about,
                    format!("{} is not a word in quotes", item.shown()),
                    "put it in quotes",
                ),
            }
        }
        words
    }

    fn entities(&mut self, scope: Scope, node: &Node, line: u32) -> Vec<Entity> {
        let what = scope.word();
        let Some(list) = node.list() else {
            self.problem(
                line,
                what,
                format!("must be a list of tables, not {}", node.shown()),
                format!("write [[{what}]]"),
            );
            return Vec::new();
        };
        if list.len() > MAX_ENTITIES {
            self.problem(
                line,
                what,
                format!("{} are given; at most {MAX_ENTITIES} can be in one report", list.len()),
                "split the report in two and link them",
            );
            return Vec::new();
        }
        let mut entities = Vec::with_capacity(list.len());
        for (at, item) in list.iter().enumerate() {
            let about = called(what, at, item);
            let Some(rows) = item.table() else {
                let says = format!("must be a table, not {}", item.shown());
                self.problem(item.line, &about, says, format!("write [[{what}]]"));
                continue;
            };
            let id = self.id(what, &about, item);
            if entities.iter().any(|other: &Entity| id == Some(other.id.as_str())) {
                self.problem(item.line, &about, "is given twice", "every id is used once");
            }
            // A wrong id hides nothing else: what is answered is looked at all the same.
            let rows: Vec<&(String, u32, Node)> = rows.iter().filter(|(key, ..)| key != "id").collect();
            let facts = self.answers(scope, &about, rows);
            entities.extend(id.map(|id| Entity { id: id.to_owned(), facts }));
        }
        entities
    }

    /// The id of an entry, if it has one that is allowed.
    fn id<'n>(&mut self, what: &str, about: &str, item: &'n Node) -> Option<&'n str> {
        let Some(id) = item.get("id") else {
            self.problem(item.line, about, "has no id", "add id = \"A\"");
            return None;
        };
        match id.text() {
            Some(text) if good_id(text) => {
                self.taken(text, (id.line, what));
                Some(text)
            }
            _ => {
                let says = format!("id {} is not allowed", id.shown());
                self.problem(id.line, about, says, format!("use 1 to {MAX_ID} letters, digits, - or _"));
                None
            }
        }
    }

    /// A duty of the report may be shown as done for something that is nobody, as "checks:location": somebody of that
    /// id would have a duty of the same name, and doing one would stand for both.
    fn taken(&mut self, id: &str, (line, what): (u32, &str)) {
        let mut of_report = self.duties.iter().filter(|(_, scope)| **scope == Scope::Report).map(|(duty, _)| duty);
        let same = of_report.find(|duty| duty.split_once(':').is_some_and(|(_, subject)| subject == id));
        if let Some(duty) = same {
            let says = format!("the id is taken: the duty \"{duty}\" of the report ends with it");
            self.problem(line, &format!("{what} {id}"), says, "give another id");
        }
    }

    fn answers<'n>(
        &mut self,
        scope: Scope,
        about: &str,
        rows: impl IntoIterator<Item = &'n (String, u32, Node)>,
    ) -> BTreeMap<String, Value> {
        let mut answers = BTreeMap::new();
        for (key, line, node) in rows {
            let schema = self.schema;
            match schema.get(key).filter(|fact| fact.scope == scope) {
                Some(fact) => {
                    if let Some(value) = self.value(fact, about, node) {
                        answers.insert(key.clone(), value);
                    }
                }
                None => {
                    let names: Vec<String> = schema.in_scope(scope).map(|fact| fact.name.clone()).collect();
                    self.problem(
                        *line,
                        about,
                        format!("unknown fact \"{}\"", shorten(key)),
                        match schema.get(key) {
                            Some(fact) => format!("it is a fact of a {}: say it there", fact.scope.word()),
                            None => meant(key, names.iter(), "leave it out, or use a fact of this guidance"),
                        },
                    );
                }
            }
        }
        answers
    }

    fn value(&mut self, fact: &FactDef, about: &str, node: &Node) -> Option<Value> {
        match value_of(fact, node) {
            Ok(value) => Some(value),
            Err(says) => {
                // Of a list, whatever is wrong in it is shown, and not the list.
                for wrong in wrong_items(fact, node) {
                    self.problem(wrong.line, about, format!("{} {says}, not {}", fact.name, wrong.shown()), "");
                }
                None
            }
        }
    }

    /// Whoever is named has to be there. Read from what is written: of what was refused for something else nobody is missing.
    fn check_ids(&mut self, root: &Node) {
        let ids = |what: &str| -> BTreeSet<&str> {
            items(root.get(what)).iter().filter_map(|item| item.get("id")?.text()).collect()
        };
        let (people, devices) = (ids("person"), ids("device"));
        for (at, device) in items(root.get("device")).iter().enumerate() {
            for fact in self.schema.in_scope(Scope::Device).filter(|fact| fact.kind == FactKind::People) {
                for named in items(device.get(&fact.name)) {
                    // What is no id at all was told with the other answers.
                    let Some(id) = named.text().filter(|id| good_id(id) && !people.contains(id)) else { continue };
                    self.problems.push(Problem {
                        line: named.line,
                        about: called("device", at, device),
                        says: format!("{} names \"{}\", who is not among the people", fact.name, shorten(id)),
                        help: "add a [[person]] with this id, or take it out".to_owned(),
                        ..Problem::default()
                    });
                }
            }
        }
        for item in items(root.get("done")) {
            let Some(Err(says)) = item.text().map(|id| done_id(id, self.duties, &people, &devices)) else { continue };
            self.problem(item.line, "done", says, "a duty is named with whom it is for: \"vpa:A\"");
        }
    }
}

/// What stands in a list; nothing where there is none.
fn items(node: Option<&Node>) -> &[Node] {
    node.and_then(Node::list).unwrap_or_default()
}

/// What an entry is called where something is wrong with it: by its id, or by its place where it has none that is allowed.
fn called(what: &str, at: usize, item: &Node) -> String {
    match item.get("id").and_then(Node::text).filter(|id| good_id(id)) {
        Some(id) => format!("{what} {id}"),
        None => format!("{what} {}", at + 1),
    }
}

fn done_id(
    id: &str,
    duties: &BTreeMap<String, Scope>,
    people: &BTreeSet<&str>,
    devices: &BTreeSet<&str>,
) -> Result<(), String> {
    if duties.get(id) == Some(&Scope::Report) {
        return Ok(());
    }
    let (duty, subject) = id.split_once(':').unwrap_or((id, ""));
    let found = match duties.get(duty) {
        Some(Scope::Person) => people.contains(subject),
        Some(Scope::Device) => devices.contains(subject),
        Some(Scope::Report) | None => {
            let known: Vec<String> = duties.keys().cloned().collect();
            return Err(format!("\"{}\" is no duty of this guidance{}", shorten(id), nearest(duty, known.iter())));
        }
    };
    if found { Ok(()) } else { Err(format!("\"{}\" is for nobody and nothing in this report", shorten(id))) }
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The tree of facts that did not come as text, so that they pass the same checks.
pub(crate) fn tree(facts: &Facts) -> Node {
    let text = |word: &str| Node { line: 0, kind: Kind::Text(word.to_owned()) };
    let list = |words: &[String]| Node { line: 0, kind: Kind::List(words.iter().map(|w| text(w)).collect()) };
    let value = |value: &Value| match value {
        Value::Years(years) => Node { line: 0, kind: Kind::Int(i64::from(*years)) },
        Value::Word(word) => text(word),
        Value::Words(words) => list(words),
    };
    let rows = |facts: &BTreeMap<String, Value>| -> Vec<(String, u32, Node)> {
        facts.iter().map(|(key, v)| (key.clone(), 0, value(v))).collect()
    };
    let entities = |entities: &[Entity]| Node {
        line: 0,
        kind: Kind::List(
            entities
                .iter()
                .map(|entity| {
                    let mut all = vec![("id".to_owned(), 0, text(&entity.id))];
                    all.extend(rows(&entity.facts));
                    Node { line: 0, kind: Kind::Table(all) }
                })
                .collect(),
        ),
    };
    Node {
        line: 0,
        kind: Kind::Table(vec![
            ("done".to_owned(), 0, list(&facts.done)),
            ("report".to_owned(), 0, Node { line: 0, kind: Kind::Table(rows(&facts.report)) }),
            ("person".to_owned(), 0, entities(&facts.person)),
            ("device".to_owned(), 0, entities(&facts.device)),
        ]),
    }
}
