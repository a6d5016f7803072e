//! A desk to work at: one report, its events, a clock that moves a minute a command, and the real Cheshire pack.

#![allow(dead_code, missing_docs)]

mod decisions;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use guidance::{Pack, Source, Value};
use jiff::{SignedDuration, Timestamp};
use report::{
    Actor, AddDevice, AddPerson, Answer, CheckEntry, CheckResult, Command, Context, DutyId, Event, Evidence, FileForm,
    Identity, Link, LinkKind, Means, Ndm, PersonId, Refusal, Report, Reporter, Role, Safety, StartReport, StateFact,
    TaskState, Telling, Verdict, View, handle_on,
};

#[allow(unused_imports, reason = "not every test decides")]
pub use decisions::decision;

pub const START: &str = "2026-11-02T18:00:00Z";

pub fn pack() -> &'static Pack {
    static PACK: OnceLock<Pack> = OnceLock::new();
    PACK.get_or_init(|| pack_with(|_, text| text))
}

/// The Cheshire pack with the text of its files changed.
pub fn pack_with(change: impl Fn(&str, String) -> String) -> Pack {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/cheshire/v1");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = change(&name, std::fs::read_to_string(&path).unwrap());
            (name, text)
        })
        .collect();
    files.sort();
    let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
    Pack::load(&sources).unwrap_or_else(|problems| panic!("{problems:?}"))
}

pub fn actor(id: &str, role: Role) -> Actor {
    Actor { id: id.parse().unwrap(), name: format!("PC {id}"), role }
}

pub fn officer() -> Actor {
    actor("olive", Role::Officer)
}

pub fn supervisor() -> Actor {
    actor("sam", Role::Supervisor)
}

pub fn id<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

pub fn full() -> Ndm {
    Ndm {
        information: "what is known".into(),
        threat_and_risk: "who may come to harm".into(),
        powers_and_policy: "the guidance".into(),
        options: "the other ways".into(),
        action_and_review: "done today, looked at tomorrow".into(),
    }
}

pub fn note() -> Evidence {
    Evidence::Note { text: "done".into() }
}

/// Another report that has the same incident.
pub fn same_incident() -> Link {
    Link { report: id("r-0"), reference: "R26-0000".into(), kind: LinkKind::SameIncident }
}

/// The stored words of an enum, read from its source, so that none can be added without a line in the fixtures.
pub fn words(source: &str, enum_name: &str) -> BTreeSet<String> {
    let (_, after) = source.split_once(&format!("pub enum {enum_name} {{")).unwrap();
    let (body, _) = after.split_once("\n}").unwrap();
    let renames = body.lines().filter_map(|line| line.strip_prefix("    #[serde(rename = \"")?.split_once('"'));
    renames.map(|(word, _)| word.to_owned()).collect()
}

pub struct Desk {
    pub report: Report,
    pub events: Vec<Event>,
    pub now: Timestamp,
    count: u32,
}

impl Desk {
    /// Somebody takes it for a second report of one incident, takes that back, asks again, and a supervisor does not agree.
    pub fn asked_to_end_and_sent_back(&mut self) {
        let safe = Safety { in_danger: Some(Answer::No), safe_to_talk: Some(Answer::Yes), ..Safety::default() };
        self.ok(Command::StateSafety(safe));
        let twice = || Command::AskToEnd { same_as: Some(same_incident()), reason: "the school rang twice".into() };
        self.ok(twice());
        self.ok(Command::TakeBackEnding);
        self.ok(twice());
        self.by(supervisor(), self.review(Verdict::SendBack));
    }

    pub fn empty() -> Self {
        Self { report: Report::default(), events: Vec::new(), now: START.parse().unwrap(), count: 0 }
    }

    pub fn start() -> StartReport {
        StartReport {
            report: id("r-1"),
            reference: "R26-0001".into(),
            reported_at: None,
            unit: "Team 1".into(),
            safety: Safety {
                child_where: "at school".into(),
                safe_to_talk: Some(Answer::Yes),
                with_whom: "the designated safeguarding lead".into(),
                in_danger: Some(Answer::No),
                ..Safety::default()
            },
            reporter: Reporter { name: "Test Teacher".into(), ..Reporter::default() },
            reported_by: Some(Value::word("school")),
            incident_log: "LOG-1".into(),
            linked: None,
        }
    }

    pub fn started() -> Self {
        let mut desk = Self::empty();
        desk.ok(Command::Start(Self::start()));
        desk
    }

    pub fn attempt(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        self.count += 1;
        self.now = self.now.checked_add(SignedDuration::from_mins(1)).unwrap();
        let context = Context { at: self.now, actor, command: id(&format!("c{}", self.count)) };
        let Some((events, after)) = handle_on(&self.report, command, &context, pack())? else {
            return Ok(Vec::new());
        };
        for event in &events {
            self.report.evolve(event);
        }
        assert_eq!(after, self.report, "what is told to be after the events is after them");
        self.events.extend(events.iter().cloned());
        Ok(events)
    }

    pub fn ok(&mut self, command: Command) -> Vec<Event> {
        self.by(officer(), command)
    }

    pub fn by(&mut self, actor: Actor, command: Command) -> Vec<Event> {
        let shown = format!("{command:?}");
        self.attempt(actor, command).unwrap_or_else(|refusal| panic!("{shown}\nrefused: {refusal}"))
    }

    pub fn refused(&mut self, actor: Actor, command: Command) -> Refusal {
        let shown = format!("{command:?}");
        self.attempt(actor, command).err().unwrap_or_else(|| panic!("{shown}\nwas not refused"))
    }

    /// A review of the record as it is now.
    pub fn review(&self, verdict: report::Verdict) -> Command {
        Command::Review { verdict, reasons: "read in full".into(), seen: self.report.review_matter(pack()) }
    }

    pub fn view(&self) -> View {
        self.report.view(pack(), self.now).unwrap()
    }

    /// Adds a person; `facts` as `name=value`, lists with `+`.
    pub fn person(&mut self, name: &str, facts: &[&str]) -> PersonId {
        let before = self.report.people.len();
        self.ok(Command::AddPerson(AddPerson {
            identity: Identity { given_names: name.into(), ..Identity::default() },
            facts: facts.iter().map(|fact| split(fact)).collect(),
        }));
        self.report.people[before].id.clone()
    }

    pub fn device(&mut self, user: &str) {
        self.ok(Command::AddDevice(AddDevice {
            label: "black phone".into(),
            whereabouts: "with its owner".into(),
            used_or_owned_by: vec![id(user)],
            facts: BTreeMap::from([split("holds_evidence=yes"), split("secured_elsewhere=no")]),
        }));
    }

    /// States facts found by the police: `person.A.threatened=no`.
    pub fn facts(&mut self, facts: &[String]) {
        let facts = facts.iter().map(|fact| {
            let (name, value) = split(fact);
            StateFact::police(id(&name), value)
        });
        self.ok(Command::StateFacts(facts.collect()));
    }

    /// Answers every question about the report and about a child so that nothing is wrong.
    pub fn nothing_wrong(&mut self, child: &str, pictured: bool) {
        let mut facts: Vec<String> = Vec::new();
        for question in pack().questions() {
            let (scope, name) = question.fact.split_once('.').unwrap();
            let value = match (question.section.as_str(), name) {
                ("aggravating" | "welfare" | "conduct", "age_appropriate") => continue,
                ("aggravating" | "welfare" | "conduct", _) | ("circumstances", _) => "no",
                ("pictured", _) if pictured => "yes",
                ("reason", _) => "romantic-interest",
                ("what", "imagery") => "yes",
                ("what", "reported_by" | "act_on") => continue,
                ("what", _) => "no",
                _ => continue,
            };
            facts.push(if scope == "person" {
                format!("person.{child}.{name}={value}")
            } else {
                format!("report.{name}={value}")
            });
        }
        self.facts(&facts);
    }

    /// Gives every duty that is due, and is no review, the evidence it asks for. Returns how many.
    pub fn do_what_is_due(&mut self) -> usize {
        let due: Vec<(DutyId, String)> = self
            .view()
            .tasks
            .into_iter()
            .filter(|t| matches!(t.state, TaskState::Due | TaskState::PartDone) && t.evidence != "review")
            .map(|t| (t.id, t.evidence))
            .collect();
        for (duty, kind) in &due {
            let command = self.evidence_for(duty, kind);
            self.ok(command);
        }
        due.len()
    }

    pub fn evidence_for(&self, duty: &DutyId, kind: &str) -> Command {
        let evidence = match kind {
            "welfare" => Evidence::Welfare {
                finding: "safe and with a parent".into(),
                children: Vec::new(),
                action: "none needed".into(),
            },
            "referral" => Evidence::Referral {
                to: "children's social care".into(),
                means: Means::Telephone,
                at: self.now,
                reference: "CSC-1".into(),
                acknowledged: None,
            },
            "meeting" => Evidence::Meeting {
                on: "2026-11-02".parse().unwrap(),
                with: "social care".into(),
                reference: String::new(),
                before_checks_because: "could not wait".into(),
            },
            "checks" => Evidence::Checks {
                no_place: match self.report.matrix(pack(), duty).len() {
                    0 => "the caller would not say".into(),
                    _ => String::new(),
                },
                entries: self
                    .report
                    .matrix(pack(), duty)
                    .into_iter()
                    .map(|field| CheckEntry {
                        system: field.system,
                        place: field.place,
                        result: CheckResult::Done { reference: "S-1".into(), found: String::new() },
                    })
                    .collect(),
            },
            "account" => Evidence::Account {
                taken_by: "PC olive".into(),
                at: self.now,
                setting: "at home with a parent".into(),
                needs_met: "short, with breaks".into(),
                body_worn_video: "BWV-1".into(),
                before_checks_because: String::new(),
            },
            "decision" => {
                let device = duty.subject().and_then(|d| self.view().advice.devices.get(d).cloned());
                return self.decision_for(duty, device.map(|d| d.advice));
            }
            "form" => return self.form(duty.duty(), &[duty.subject().unwrap()]),
            "told" => Evidence::Told {
                who: "the child and the mother".into(),
                by: "PC olive".into(),
                telling: Telling::Told { at: self.now, means: Means::InPerson, asked: String::new(), then: None },
                before_checks_because: String::new(),
            },
            "signposting" => Evidence::Signposting {
                who: "the child and the mother".into(),
                at: Some(self.now),
                services: vec![pack().services()[0].id.clone()],
                declined: Vec::new(),
                leaflet: true,
            },
            "removal" => Evidence::Removal {
                service: "the platform".into(),
                asked_by: "PC olive".into(),
                on: "2026-11-03".parse().unwrap(),
                reference: String::new(),
                result: String::new(),
            },
            "identify" => Evidence::Identify { note: "asked the school".into() },
            "crime" => Evidence::Crime {
                record: report::CrimeRecord::Recorded {
                    reference: "07/1/26".into(),
                    code: "86/2".into(),
                    persons: Vec::new(),
                },
            },
            _ => note(),
        };
        Command::RecordEvidence { duty: duty.clone(), evidence }
    }

    /// A form with everything that is required filled in.
    pub fn form(&self, form: &str, persons: &[&str]) -> Command {
        let words = pack().forms().iter().find(|f| f.id == form).unwrap();
        let fields = words.section.iter().flat_map(|s| &s.field).filter(|f| f.required);
        let answers = fields.map(|field| {
            let answer = match field.kind.as_str() {
                // As a form is filled in: with what the report says.
                "yes-no" => {
                    let fact = field.from.replacen("person.", &format!("person.{}.", persons[0]), 1);
                    let said = fact.parse::<report::FactName>().ok().and_then(|fact| self.report.current(&fact).value);
                    said.and_then(|said| said.as_word().map(str::to_owned)).unwrap_or_else(|| "not-known".to_owned())
                }
                "choice" => field.options[0].value.clone(),
                _ => "known to the officer".to_owned(),
            };
            (field.id.clone(), answer)
        });
        Command::FileForm(FileForm {
            form: form.into(),
            persons: persons.iter().map(|p| id(p)).collect(),
            answers: answers.collect(),
        })
    }
}

/// `age=14`, `part=made+sent`, `aware=yes`.
pub fn split(fact: &str) -> (String, Value) {
    let (name, value) = fact.split_once('=').unwrap();
    let value = match value.parse::<u8>() {
        Ok(years) => Value::Years(years),
        Err(_) if name.ends_with("part") || name.ends_with("used_or_owned_by") => {
            Value::Words(value.split('+').map(str::to_owned).collect())
        }
        Err(_) => Value::word(value),
    };
    (name.to_owned(), value)
}

pub fn two_children() -> Desk {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured+made+sent", "identified=yes"]);
    desk.person("Ben", &["age=14", "part=received", "identified=yes"]);
    desk.nothing_wrong("A", true);
    desk.nothing_wrong("B", false);
    desk.device("A");
    desk
}

pub fn state(desk: &Desk, duty: &str) -> Option<TaskState> {
    desk.view().tasks.into_iter().find(|t| t.id.as_str() == duty).map(|t| t.state)
}

pub fn record(duty: &str, evidence: Evidence) -> Command {
    Command::RecordEvidence { duty: id(duty), evidence }
}
