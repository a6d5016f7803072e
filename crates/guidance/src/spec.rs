//! What the files of a pack say, before names are looked up.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::node::{Kind, Node};
use crate::problem::Problem;
use crate::retention::{Hold, OwnDataWords, Review, Schedule};
use crate::shaped;
use crate::shown;
use crate::words::{
    AnswerWords, Calendar, ChoiceWords, Form, Leaflets, Question, Said, Service, Statement, System, TellingWords,
};

/// Most entries of one kind in a pack, such as rules or questions.
pub(crate) const MAX_ENTRIES: usize = 500;

/// An entry and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub it: T,
    pub file: String,
    pub line: u32,
    /// Lines of what its keys say.
    pub lines: BTreeMap<String, u32>,
    /// False where something stands in for a part of it that could not be read.
    pub whole: bool,
    /// Lines of the conditions in lists and tables inside it, by the name of the list or table.
    pub inner_lines: BTreeMap<String, Vec<u32>>,
}

impl<T> At<T> {
    /// Line of what this key says.
    pub(crate) fn line_of(&self, key: &str) -> u32 {
        self.lines.get(key).copied().unwrap_or(self.line)
    }
}

macro_rules! entry {
    ($name:ident { $($(#[$meta:meta])* $field:ident : $kind:ty),+ $(,)? }) => {
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name { $($(#[$meta])* pub $field: $kind,)+ }
    };
}

entry!(FactEntry {
    name: String,
    scope: String,
    kind: String,
    #[serde(default)] values: Vec<String>,
    #[serde(default)] settled_by: Option<SettledBy>,
    #[serde(default)] words: String,
    #[serde(default)] options: Vec<AnswerWords>,
});
entry!(SettledBy {
    duty: String,
    #[serde(rename = "as")]
    value: String,
});
entry!(DefineEntry {
    id: String,
    scope: String,
    says: String,
    when: String,
    #[serde(default)] cites: Vec<String>,
});
entry!(RuleEntry { id: String, scope: String, of: String, when: String, says: String, cites: Vec<String>, });
entry!(GroundEntry { id: String, scope: String, when: String, says: String, cites: Vec<String>, });
entry!(SuspectEntry { never: String, possible: String, #[serde(default)] cites: Vec<String>, });
entry!(WhenEntry { when: String });
entry!(ContradictionEntry { id: String, scope: String, when: String, facts: Vec<String>, says: String, });
entry!(DutyEntry {
    id: String,
    #[serde(default)] id_as: Option<String>,
    scope: String,
    when: String,
    #[serde(default)] precautionary: bool,
    #[serde(default)] precaution_for: Option<String>,
    title: String,
    says: String,
    how: Vec<String>,
    who: String,
    strength: crate::advice::Strength,
    due: String,
    #[serde(default)] due_when: Vec<DueEntry>,
    #[serde(default)] asks: Option<AsksEntry>,
    evidence: String,
    #[serde(default)] at_once: bool,
    #[serde(default)] choices: Vec<ChoiceWords>,
    #[serde(default)] step_in: Vec<AnswerWords>,
    #[serde(default)] also: Vec<Said>,
    #[serde(default)] away_from_home: String,
    #[serde(default)] done_before: String,
    #[serde(default)] telling: Option<TellingWords>,
    cites: Vec<String>,
});
entry!(DueEntry {
    when: String,
    #[serde(default)] due: Option<String>,
    #[serde(default)] says: String,
    cites: Vec<String>,
});
entry!(AsksEntry { when: String, says: String });
entry!(DeviceEntry { id: String, advice: crate::advice::DeviceAdvice, when: String, says: String, cites: Vec<String>, });
entry!(OutcomeEntry {
    code: String,
    #[serde(rename = "for")] audience: Vec<String>,
    title: String,
    says: String,
    cites: Vec<String>,
    needs: Vec<String>,
    #[serde(default)] confirm: Option<String>,
    #[serde(default)] intrusive: bool,
    #[serde(default)] names_crime: bool,
    #[serde(default)] order: u32,
    #[serde(default)] blocked: Vec<ConditionEntry>,
    #[serde(default)] requires: Vec<ConditionEntry>,
});
entry!(ConditionEntry {
    #[serde(rename = "for")] audience: String,
    when: String,
    says: String,
    cites: Vec<String>,
    #[serde(default)] never: bool,
});
entry!(CrimeEntry {
    id: String,
    act: String,
    #[serde(default)] code: Option<String>,
    scope: String,
    when: String,
    #[serde(default)] from: Option<String>,
    #[serde(default)] until: Option<String>,
    #[serde(default)] confirm: Option<String>,
    #[serde(default)] unsure: Option<UnsureEntry>,
    cites: Vec<String>,
});
entry!(UnsureEntry { when: String, confirm: String, cites: Vec<String>, });
entry!(RecordEntry { when: String, says: String, cites: Vec<String>, });
entry!(PropertyEntry {
    id: String,
    kind: String,
    says: String,
    #[serde(default)] scope: Option<String>,
    #[serde(default)] never: Option<String>,
    #[serde(default)] except: Option<String>,
    #[serde(default)] duty: Option<String>,
    #[serde(default)] outcome: Option<String>,
    #[serde(default)] answers: Vec<String>,
    #[serde(default)] watch: Vec<String>,
    cites: Vec<String>,
});
entry!(PackEntry {
    id: String,
    version: String,
    title: String,
    jurisdiction: String,
    says: String,
    in_force_from: String,
});
entry!(SourceEntry {
    id: String,
    title: String,
    says: String,
    #[serde(rename = "where")]
    place: String,
});

/// All files, entry by entry.
#[derive(Debug, Default)]
pub(crate) struct Spec {
    pub pack: Option<At<PackEntry>>,
    pub sources: Vec<At<SourceEntry>>,
    pub systems: Vec<At<System>>,
    pub calendar: Option<At<Calendar>>,
    pub facts: Vec<At<FactEntry>>,
    pub questions: Vec<At<Question>>,
    pub defines: Vec<At<DefineEntry>>,
    pub rules: Vec<At<RuleEntry>>,
    pub grounds: Vec<At<GroundEntry>>,
    pub suspect: Option<At<SuspectEntry>>,
    pub answered: Option<At<WhenEntry>>,
    pub attribute: Option<At<WhenEntry>>,
    pub contradictions: Vec<At<ContradictionEntry>>,
    pub duties: Vec<At<DutyEntry>>,
    pub devices: Vec<At<DeviceEntry>>,
    pub outcomes: Vec<At<OutcomeEntry>>,
    pub crimes: Vec<At<CrimeEntry>>,
    pub record: Option<At<RecordEntry>>,
    pub services: Vec<At<Service>>,
    pub leaflets: Option<At<Leaflets>>,
    pub forms: Vec<At<Form>>,
    pub statements: Vec<At<Statement>>,
    pub properties: Vec<At<PropertyEntry>>,
    pub schedule: Option<At<Schedule>>,
    pub reviews: Vec<At<Review>>,
    pub holds: Vec<At<Hold>>,
    pub own_data: Option<At<OwnDataWords>>,
}

/// Files a pack must have; `examples/` lies beside them and is read by tests and tools.
pub(crate) const FILES: &[&str] = &[
    "pack.toml",
    "facts.toml",
    "questions.toml",
    "classification.toml",
    "duties.toml",
    "devices.toml",
    "outcomes.toml",
    "crime.toml",
    "services.toml",
    "forms.toml",
    "statements.toml",
    "properties.toml",
];
/// A file that a pack may do without.
pub(crate) const RETENTION: &str = "retention.toml";

impl Spec {
    /// Takes the entries of one file.
    pub(crate) fn take(&mut self, file: &str, root: &Node, problems: &mut Vec<Problem>) {
        let mut rest: Vec<&str> = root.table().into_iter().flatten().map(|(key, ..)| key.as_str()).collect();
        let mut from = Taker { file, root, problems, rest: &mut rest };
        match file {
            "pack.toml" => {
                self.pack = from.one("pack");
                self.sources = from.many("source");
                self.systems = from.many("system");
                self.calendar = from.maybe("calendar");
            }
            "facts.toml" => self.facts = from.many("fact"),
            "questions.toml" => self.questions = from.many("question"),
            "classification.toml" => {
                self.defines = from.many("define");
                self.rules = from.many("rule");
                self.grounds = from.many("ground");
                self.suspect = from.one("suspect");
                self.answered = from.one("answered");
                self.contradictions = from.many("contradiction");
            }
            "duties.toml" => self.duties = from.many("duty"),
            "devices.toml" => self.devices = from.many("device"),
            "outcomes.toml" => self.outcomes = from.many("outcome"),
            "crime.toml" => {
                self.crimes = from.many("crime");
                self.attribute = from.one("attribute");
                self.record = from.one("record");
            }
            "services.toml" => {
                self.services = from.many("service");
                self.leaflets = from.maybe("leaflet");
            }
            "forms.toml" => self.forms = from.many("form"),
            "statements.toml" => self.statements = from.many("statement"),
            "properties.toml" => self.properties = from.many("property"),
            RETENTION => {
                self.schedule = from.one("schedule");
                self.reviews = from.many("review");
                self.holds = from.many("hold");
                self.own_data = from.one("own_data");
            }
            other => problems.push(Problem {
                file: other.to_owned(),
                says: "is no file of a pack".to_owned(),
                help: format!("a pack has {}, and may have {RETENTION}", FILES.join(", ")),
                ..Problem::default()
            }),
        }
        if FILES.contains(&file) || file == RETENTION {
            for key in rest {
                let line = root.table().into_iter().flatten().find(|(k, ..)| k == key).map_or(0, |(_, line, _)| *line);
                problems.push(Problem {
                    file: file.to_owned(),
                    line,
                    says: format!("unknown key \"{key}\""),
                    help: "check the spelling; entries are written [[name]]".to_owned(),
                    ..Problem::default()
                });
            }
        }
    }
}

fn inner_lines(node: &Node) -> BTreeMap<String, Vec<u32>> {
    let all = |value: &'_ Node| match &value.kind {
        Kind::List(list) => Some(list.iter().map(line_of_condition).collect()),
        Kind::Table(_) => Some(vec![line_of_condition(value)]),
        _ => None,
    };
    node.table().into_iter().flatten().filter_map(|(key, _, value)| Some((key.clone(), all(value)?))).collect()
}

fn line_of_condition(item: &Node) -> u32 {
    item.get("when").map_or(item.line, |when| when.line)
}

struct Taker<'a, 'b> {
    file: &'a str,
    root: &'a Node,
    problems: &'b mut Vec<Problem>,
    rest: &'b mut Vec<&'a str>,
}

impl Taker<'_, '_> {
    fn entry<T: DeserializeOwned>(&mut self, key: &str, node: &Node) -> Option<At<T>> {
        let about = ["id", "name", "code", "fact"].iter().find_map(|k| node.get(k)?.text()).unwrap_or("");
        let (it, faults) = shaped::entry(key, node);
        let whole = faults.is_empty();
        self.problems.extend(faults.into_iter().chain(shown::faults(key, node)).map(|(line, slip)| Problem {
            file: self.file.to_owned(),
            line,
            about: format!("{key} {about}").trim_end().to_owned(),
            says: slip.says,
            help: slip.help,
        }));
        let rows = node.table().into_iter().flatten();
        Some(At {
            it: it?,
            file: self.file.to_owned(),
            line: node.line,
            lines: rows.map(|(key, _, value)| (key.clone(), value.line)).collect(),
            whole,
            inner_lines: inner_lines(node),
        })
    }

    fn one<T: DeserializeOwned>(&mut self, key: &str) -> Option<At<T>> {
        self.rest.retain(|k| *k != key);
        match self.root.get(key) {
            Some(node) => self.entry(key, node),
            None => {
                self.missing(key, &format!("add [{key}]"));
                None
            }
        }
    }

    /// One that a pack may do without.
    fn maybe<T: DeserializeOwned>(&mut self, key: &str) -> Option<At<T>> {
        self.rest.retain(|k| *k != key);
        self.root.get(key).and_then(|node| self.entry(key, node))
    }

    fn many<T: DeserializeOwned>(&mut self, key: &str) -> Vec<At<T>> {
        self.rest.retain(|k| *k != key);
        let Some(Kind::List(list)) = self.root.get(key).map(|node| &node.kind) else {
            self.missing(key, &format!("add at least one [[{key}]]"));
            return Vec::new();
        };
        if list.len() > MAX_ENTRIES {
            self.problems.push(Problem {
                file: self.file.to_owned(),
                line: list.get(MAX_ENTRIES).map_or(0, |first| first.line),
                says: format!("has {} entries [[{key}]]; at most {MAX_ENTRIES} are read", list.len()),
                help: "take out those from here on".to_owned(),
                ..Problem::default()
            });
            return Vec::new();
        }
        list.iter().filter_map(|node| self.entry(key, node)).collect()
    }

    fn missing(&mut self, key: &str, help: &str) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            says: format!("has no entry \"{key}\""),
            help: help.to_owned(),
            ..Problem::default()
        });
    }
}
