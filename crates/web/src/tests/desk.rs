//! A report taken as far as a test wants it: by commands, as pages would send them.

use std::collections::BTreeMap;

use guidance::Value;
use guidance::advice::DeviceAdvice;
use jiff::Timestamp;
use report::{
    Actor, AddDevice, AddPerson, Allocation, CheckEntry, CheckResult, Choice, Command, CrimeRecord, Decision, DutyId,
    Evidence, FileForm, Identity, Intrusion, Means, Ndm, Power, StateFact, TaskState, Telling, Verdict, duty_words,
};

use super::Site;
use super::record::begin;
use crate::shared::record::{Opened, act_as, opened_by};

pub struct Desk<'a> {
    pub site: &'a Site,
    pub officer: Actor,
    pub reference: String,
    count: std::cell::Cell<u32>,
}

/// The five steps, written in full.
pub const FULL: [(&str, &str); 5] = [
    ("information", "what is known"),
    ("threat_and_risk", "who may come to harm"),
    ("powers_and_policy", "the guidance"),
    ("options", "the other ways"),
    ("action_and_review", "looked at tomorrow"),
];

impl<'a> Desk<'a> {
    /// A report that was just begun, with the officer who works on it.
    pub async fn new(site: &'a Site, officer: Actor) -> Self {
        let opened = begin(site, &officer, "begin").await;
        let desk = Self { site, reference: opened.reference().to_owned(), officer, count: std::cell::Cell::new(0) };
        desk.act(Command::Allocate(Allocation {
            to: desk.officer.id.clone(),
            name: desk.officer.name.clone(),
            unit: "Safeguarding".to_owned(),
        }))
        .await;
        desk
    }

    /// Two friends of 14, nothing aggravating, every question answered.
    pub async fn two_friends(site: &'a Site, officer: Actor) -> Self {
        let desk = Self::new(site, officer).await;
        desk.person("Ann", &["age=14", "part=pictured+made+sent", "identified=yes"]).await;
        desk.person("Ben", &["age=14", "part=received", "identified=yes"]).await;
        desk.nothing_wrong("A", true).await;
        desk.nothing_wrong("B", false).await;
        desk.act(Command::AddPlace { address: "1 Example Street".to_owned(), why: "home of Ann".to_owned() }).await;
        desk.act(Command::AddDevice(AddDevice {
            label: "black phone".to_owned(),
            whereabouts: "with its owner".to_owned(),
            used_or_owned_by: vec!["A".parse().unwrap()],
            facts: BTreeMap::from([split("holds_evidence=yes"), split("secured_elsewhere=no")]),
        }))
        .await;
        desk
    }

    pub async fn opened(&self) -> Opened {
        opened_by(&self.site.app, &self.reference).await.unwrap()
    }

    pub async fn act(&self, command: Command) -> Opened {
        self.count.set(self.count.get() + 1);
        let key = format!("desk {}", self.count.get());
        let shown = format!("{command:?}");
        act_as(&self.site.app, &self.officer, self.opened().await, command, &key)
            .await
            .unwrap_or_else(|why| panic!("{shown}: {why:?}"))
    }

    async fn person(&self, name: &str, facts: &[&str]) {
        self.act(Command::AddPerson(AddPerson {
            identity: Identity { given_names: name.to_owned(), ..Identity::default() },
            facts: facts.iter().map(|fact| split(fact)).collect(),
        }))
        .await;
    }

    /// States facts found by the police: `person.A.threatened=no`.
    pub async fn facts(&self, facts: &[&str]) {
        let facts = facts.iter().map(|fact| {
            let (name, value) = split(fact);
            StateFact::police(name.parse().unwrap(), value)
        });
        self.act(Command::StateFacts(facts.collect())).await;
    }

    /// Answers every question about the report and about a child so that nothing is wrong.
    async fn nothing_wrong(&self, child: &str, pictured: bool) {
        let mut facts: Vec<String> = Vec::new();
        for question in self.site.app.pack.questions() {
            let (scope, name) = question.fact.split_once('.').unwrap();
            let value = match (question.section.as_str(), name) {
                (_, "age_appropriate" | "reported_by" | "act_on") => continue,
                ("aggravating" | "welfare" | "conduct" | "circumstances", _) => "no",
                ("pictured", _) if pictured => "yes",
                ("reason", _) => "romantic-interest",
                ("what", "imagery") => "yes",
                ("what", _) => "no",
                _ => continue,
            };
            facts.push(match scope {
                "person" => format!("person.{child}.{name}={value}"),
                _ => format!("report.{name}={value}"),
            });
        }
        let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
        self.facts(&facts).await;
    }

    /// A supervisor agrees to the record as it is.
    pub async fn agreed(&self, supervisor: &Actor) {
        let opened = self.opened().await;
        let review = Command::Review {
            verdict: Verdict::Agree,
            reasons: "read in full".to_owned(),
            seen: opened.report.review_matter(opened.pack()),
        };
        let agreed = act_as(&self.site.app, supervisor, opened, review, "agreed").await;
        agreed.unwrap_or_else(|why| panic!("{why:?}"));
    }

    /// Gives every duty that is due, and is no review, the evidence it asks for, until none is.
    pub async fn do_everything(&self) {
        for _ in 0..5 {
            let opened = self.opened().await;
            let due: Vec<_> = opened
                .view
                .tasks
                .iter()
                .filter(|task| matches!(task.state, TaskState::Due | TaskState::PartDone))
                .filter(|task| task.evidence != "review")
                .map(|task| (task.id.clone(), task.evidence.clone()))
                .collect();
            if due.is_empty() {
                return;
            }
            for (duty, kind) in due {
                let opened = self.opened().await;
                self.act(command(&opened, &duty, &kind, self.site.app.now())).await;
            }
        }
        panic!("duties stay due: {:?}", self.opened().await.view.gates);
    }
}

fn command(opened: &Opened, duty: &DutyId, kind: &str, now: Timestamp) -> Command {
    let text = |text: &str| text.to_owned();
    let evidence = match kind {
        "welfare" => Evidence::Welfare {
            finding: text("safe and with a parent"),
            children: Vec::new(),
            action: text("none needed"),
        },
        "referral" => Evidence::Referral {
            to: text("children's social care"),
            means: Means::Telephone,
            at: now,
            reference: text("CSC-1"),
            acknowledged: None,
        },
        "meeting" => Evidence::Meeting {
            on: "2026-11-24".parse().unwrap(),
            with: text("social care"),
            reference: String::new(),
            before_checks_because: text("could not wait"),
        },
        "checks" => Evidence::Checks {
            no_place: String::new(),
            entries: opened
                .report
                .matrix(opened.pack(), duty)
                .into_iter()
                .map(|field| CheckEntry {
                    system: field.system,
                    place: field.place,
                    result: CheckResult::Done { reference: text("S-1"), found: String::new() },
                })
                .collect(),
        },
        "account" => Evidence::Account {
            taken_by: text("PC Example"),
            at: now,
            setting: text("at home with a parent"),
            needs_met: text("short, with breaks"),
            body_worn_video: String::new(),
            before_checks_because: String::new(),
        },
        "decision" => decision(opened, duty),
        "form" => return form(opened, duty),
        "told" => Evidence::Told {
            who: text("the child and the mother"),
            by: text("PC Example"),
            telling: Telling::Told { at: now, means: Means::InPerson, asked: String::new(), then: None },
            before_checks_because: String::new(),
        },
        "signposting" => Evidence::Signposting {
            who: text("the child and the mother"),
            at: Some(now),
            services: Vec::new(),
            declined: Vec::new(),
            leaflet: true,
        },
        "identify" => Evidence::Identify { note: text("asked the school") },
        "crime" => Evidence::Crime {
            record: CrimeRecord::Recorded { reference: text("07/1/26"), code: text("86/2"), persons: Vec::new() },
        },
        _ => Evidence::Note { text: text("done") },
    };
    let duty = duty.clone();
    Command::RecordEvidence { duty, evidence }
}

fn decision(opened: &Opened, duty: &DutyId) -> Evidence {
    let devices = &opened.advice().devices;
    let device = duty.subject().and_then(|device| devices.get(device));
    let choice = match device.map(|device| device.advice) {
        Some(DeviceAdvice::Leave) => Choice::Leave,
        Some(DeviceAdvice::Preserve) => Choice::Preserve,
        Some(DeviceAdvice::SeizeWherePossible) => Choice::Seize,
        None => duty_words(opened.pack(), duty).unwrap().choices[0].value.parse().unwrap(),
    };
    let intrusive = choice.is_intrusive();
    let step = |name: &str| {
        let (_, text) = FULL.iter().find(|(step, _)| *step == name).unwrap();
        if intrusive { (*text).to_owned() } else { String::new() }
    };
    Evidence::Decision(Decision {
        choice,
        reason: "follows the advice".to_owned(),
        follows_advice: true,
        ndm: Ndm {
            information: step("information"),
            threat_and_risk: step("threat_and_risk"),
            powers_and_policy: step("powers_and_policy"),
            options: step("options"),
            action_and_review: step("action_and_review"),
        },
        intrusion: intrusive.then(|| Intrusion {
            power: Some(Power::Pace19),
            necessity: "needed".to_owned(),
            proportionality: "least that does".to_owned(),
            lesser_means: "asked the school".to_owned(),
            exhibit: String::new(),
        }),
        consulted: "Test Registrar".to_owned(),
    })
}

/// A form with everything that is required filled in.
fn form(opened: &Opened, duty: &DutyId) -> Command {
    let words = opened.pack().forms().iter().find(|form| form.id == duty.duty()).unwrap();
    let fields = words.section.iter().flat_map(|section| &section.field);
    let subject = duty.subject().unwrap();
    let answers = fields.filter(|field| field.required).map(|field| {
        let answer = match field.kind.as_str() {
            // As a form is filled in: with what the report says.
            "yes-no" => {
                let fact = field.from.replacen("person.", &format!("person.{subject}."), 1);
                let said = opened.answer(&fact);
                said.as_ref().and_then(Value::as_word).unwrap_or("not-known").to_owned()
            }
            "choice" => field.options[0].value.clone(),
            _ => "known to the officer".to_owned(),
        };
        (field.id.clone(), answer)
    });
    Command::FileForm(FileForm {
        form: duty.duty().to_owned(),
        persons: vec![duty.subject().unwrap().parse().unwrap()],
        answers: answers.collect(),
    })
}

/// `age=14`, `part=made+sent`, `aware=yes`.
fn split(fact: &str) -> (String, Value) {
    let (name, value) = fact.split_once('=').unwrap();
    let value = match value.parse::<u8>() {
        Ok(years) => Value::Years(years),
        Err(_) if name.ends_with("part") => Value::Words(value.split('+').map(str::to_owned).collect()),
        Err(_) => Value::word(value),
    };
    (name.to_owned(), value)
}
