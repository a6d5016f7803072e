//! One report of the demonstration being worked on, step by step.

use std::sync::atomic::{AtomicI64, Ordering};

use guidance::Value;
use jiff::{SignedDuration, Timestamp};
use report::{
    Acknowledgement, Actor, AddDevice, AddPerson, Allocation, Command, DecideOutcome, Evidence, FactName, Named, Ndm,
    StartReport, StateFact, Task, TaskState, Verdict,
};
use web::App;
use web::shared::record::{self, Acted, Opened};

use super::build::{user, who};
use super::data::{self, Demo};
use super::evidence;
use crate::server::failed;
use crate::stop::Stop;

/// Minutes between two steps of a report, where its age leaves room for them.
const STEP: i64 = 4;
/// Rounds of tasks before it is said that they do not end: a task done can raise another, but not for ever.
const ROUNDS: usize = 8;

/// One report being worked on.
pub(super) struct Desk<'a> {
    demo: &'a Demo,
    app: &'a App,
    time: &'a AtomicI64,
    now: Timestamp,
    written: &'a data::Report,
    opened: Opened,
    /// Counts the steps, as the forms of pages would be told apart.
    steps: u32,
}

impl<'a> Desk<'a> {
    /// Begins it and carries out its steps.
    pub(super) async fn work(
        demo: &'a Demo,
        app: &'a App,
        time: &'a AtomicI64,
        now: Timestamp,
        written: &'a data::Report,
        number: u32,
    ) -> Result<(), Stop> {
        let caller = who(demo, report::Role::CallHandler)?;
        let officer = written.officer.as_ref().map(|id| user(demo, id)).transpose()?;
        let start = StartReport {
            // Both are given where the report is begun.
            report: "R0".parse().map_err(|error| Stop::failed(format!("{error}")))?,
            reference: String::new(),
            reported_at: None,
            unit: officer.as_ref().map_or_else(|| caller.1.clone(), |(_, unit)| unit.clone()),
            safety: written.safety.clone(),
            reporter: written.reporter.clone(),
            reported_by: Some(Value::word(&written.reported_by)),
            incident_log: written.incident_log.clone(),
            linked: None,
        };
        let opened = record::begin(app, &caller.0, start, &format!("demo {number}"))
            .await
            .map_err(|acted| refused(acted, "start"))?;
        let mut desk = Self { demo, app, time, now, written, opened, steps: 0 };
        desk.pass();
        let me = match officer {
            Some((officer, unit)) => {
                let allocation = Allocation { to: officer.id.clone(), name: officer.name.clone(), unit };
                desk.by(&officer, Command::Allocate(allocation)).await?;
                officer
            }
            None => caller.0,
        };
        desk.enter(&me).await?;
        for step in &written.steps {
            desk.step(&me, step).await?;
        }
        Ok(())
    }

    /// Everybody and everything, and what was answered.
    async fn enter(&mut self, me: &Actor) -> Result<(), Stop> {
        let written = self.written;
        let mut facts: Vec<StateFact> = Vec::new();
        let name = |text: String| text.parse::<FactName>().map_err(|error| Stop::failed(format!("{text}: {error}")));
        for (fact, value) in &written.facts {
            facts.push(StateFact::police(name(format!("report.{fact}"))?, value.clone()));
        }
        for person in &written.person {
            self.by(
                me,
                Command::AddPerson(AddPerson { identity: person.identity.clone(), facts: person.facts.clone() }),
            )
            .await?;
            let id = self.opened.report.people.last().map(|added| added.id.to_string()).unwrap_or_default();
            for (fact, value) in self.demo.answers(person) {
                facts.push(StateFact::police(name(format!("person.{id}.{fact}"))?, value));
            }
        }
        for place in &written.place {
            self.by(me, Command::AddPlace { address: place.address.clone(), why: place.why.clone() }).await?;
        }
        for device in &written.device {
            let add = AddDevice {
                label: device.label.clone(),
                whereabouts: device.whereabouts.clone(),
                used_or_owned_by: device.users.clone(),
                facts: device.facts.clone(),
            };
            self.by(me, Command::AddDevice(add)).await?;
        }
        if !facts.is_empty() {
            self.by(me, Command::StateFacts(facts)).await?;
        }
        for said in &written.statement {
            let mut fact = StateFact::police(said.fact.clone(), said.value.clone());
            fact.said_by = said.said_by.clone();
            self.by(me, Command::StateFacts(vec![fact])).await?;
        }
        Ok(())
    }

    async fn step(&mut self, me: &Actor, step: &str) -> Result<(), Stop> {
        let words = |what: &str| self.demo.say(what);
        let (verb, object) = step.split_once(' ').unwrap_or((step, ""));
        match (verb, object) {
            ("do", "all") => self.do_all(me).await,
            ("do", count) => {
                let count = count.parse().map_err(|_| Stop::failed(format!("{step}: how many?")))?;
                self.do_some(me, count).await.map(drop)
            }
            ("concern", _) => {
                let concern = self.written.concern.as_ref().ok_or_else(|| Stop::failed("there is no concern"))?;
                let command = Command::RaiseConcern {
                    kind: concern.kind,
                    person: concern.person.clone(),
                    words: concern.words.clone(),
                    action: concern.action.clone(),
                };
                self.by(me, command).await
            }
            ("ask-review", _) => self.by(me, Command::AskForReview { note: words(verb), by_when: String::new() }).await,
            ("agree" | "send-back", _) => {
                let (supervisor, _) = who(self.demo, report::Role::Supervisor)?;
                let verdict = if verb == "agree" { Verdict::Agree } else { Verdict::SendBack };
                self.by(
                    &supervisor,
                    Command::Review {
                        verdict,
                        reasons: words(verb),
                        seen: self.opened.report.review_matter(&self.app.pack),
                    },
                )
                .await
            }
            ("outcome", code) => {
                let pack = &self.app.pack;
                let of_pack = pack.outcomes().iter().find(|words| words.code == code);
                let ndm = match of_pack.is_some_and(|words| words.intrusive) {
                    true => self.demo.ndm.clone(),
                    false => Ndm::default(),
                };
                let outcome = DecideOutcome {
                    code: code.to_owned(),
                    report: true,
                    persons: self.opened.view.outcomes_to_decide.clone(),
                    reason: words(verb),
                    ndm,
                };
                self.by(me, Command::DecideOutcome(outcome)).await
            }
            ("pass", unit) => {
                let command = Command::PassToUnit { unit: unit.to_owned(), reason: words(verb) };
                self.by(me, command).await
            }
            ("restrict", id) => self.restrict(id).await,
            ("keep", days) => self.keep(days).await,
            ("acknowledge", _) => self.acknowledge(me).await,
            ("end", _) => {
                let command = Command::AskToEnd { same_as: None, reason: words(verb) };
                self.by(me, command).await
            }
            ("close", _) => self.by(me, Command::Close { note: words(verb) }).await,
            _ => Err(Stop::failed(format!("there is no step \"{step}\""))),
        }
    }

    /// A supervisor who has left since decides that it is kept for some days: the one who is there may then decide alone.
    async fn keep(&mut self, days: &str) -> Result<(), Stop> {
        let id = "supervisor-two".parse().map_err(|error| Stop::failed(format!("supervisor-two: {error}")))?;
        let name = "Supervisor Example Two".to_owned();
        let supervisor = Actor { id, name, role: report::Role::Supervisor };
        let hours = days.parse::<i64>().map(|days| days * 24);
        let hours = hours.map_err(|_| Stop::failed(format!("keep {days}: how many days?")))?;
        let until = self.app.now() + SignedDuration::from_hours(hours);
        let command = Command::KeepUntil { until: web::shared::time::today(until), reasons: self.demo.say("keep") };
        self.by(&supervisor, command).await
    }

    /// The supervisor restricts it to themselves and one other.
    async fn restrict(&mut self, id: &str) -> Result<(), Stop> {
        let (supervisor, unit) = who(self.demo, report::Role::Supervisor)?;
        let (member, its_unit) = user(self.demo, id)?;
        let command = Command::Restrict {
            members: vec![Named { id: member.id, name: member.name, unit: its_unit }],
            unit,
            reason: self.demo.say("restrict"),
        };
        self.by(&supervisor, command).await
    }

    async fn do_all(&mut self, me: &Actor) -> Result<(), Stop> {
        for _ in 0..ROUNDS {
            if self.do_some(me, usize::MAX).await? == 0 {
                return Ok(());
            }
        }
        let open: Vec<String> = self.due().into_iter().map(|task| task.id.to_string()).collect();
        Err(Stop::failed(format!("these tasks stay due: {}", open.join(", "))))
    }

    /// Does the first tasks that are due. Tells how many it did.
    async fn do_some(&mut self, me: &Actor, count: usize) -> Result<usize, Stop> {
        let tasks: Vec<Task> = self.due().into_iter().take(count).collect();
        for task in &tasks {
            let command =
                evidence::command(self.demo, self.written, &self.opened, task, self.app.now()).map_err(Stop::Failed)?;
            self.by(me, command).await?;
        }
        Ok(tasks.len())
    }

    async fn acknowledge(&mut self, me: &Actor) -> Result<(), Stop> {
        let waiting: Vec<Task> =
            self.opened.view.tasks.iter().filter(|task| task.awaits_acknowledgement).cloned().collect();
        for task in waiting {
            let Some(filed) = self.opened.report.evidence_for(&task.id).last().copied().cloned() else {
                continue;
            };
            let Evidence::Referral { to, reference, .. } = filed.evidence else {
                continue;
            };
            let acknowledgement = Acknowledgement { by: to, at: self.app.now() };
            let command =
                Command::AcknowledgeReferral { duty: task.id, number: filed.number, reference, acknowledgement };
            self.by(me, command).await?;
        }
        Ok(())
    }

    fn due(&self) -> Vec<Task> {
        let due =
            |task: &&Task| matches!(task.state, TaskState::Due | TaskState::PartDone) && task.evidence != "review";
        self.opened.view.tasks.iter().filter(due).cloned().collect()
    }

    /// Carries a command out the way pages do, and lets some minutes pass.
    async fn by(&mut self, actor: &Actor, command: Command) -> Result<(), Stop> {
        let shown = format!("{command:?}");
        self.steps += 1;
        let key = format!("{} {}", self.opened.stream, self.steps);
        let done = record::act_as(self.app, actor, self.opened.clone(), command, &key).await;
        self.opened = done.map_err(|acted| refused(acted, &shown))?;
        self.pass();
        Ok(())
    }

    fn pass(&self) {
        let next = self.app.now() + SignedDuration::from_mins(STEP);
        self.time.store(next.min(self.now).as_microsecond(), Ordering::Relaxed);
    }
}

/// Why a step was not carried out.
fn refused(acted: Acted, command: &str) -> Stop {
    match acted {
        Acted::Problem(problem) => failed(&problem),
        Acted::Refused(refusal) => Stop::failed(format!("refused: {refusal}\n{command}")),
        Acted::Conflict(_) | Acted::Overtaken(_) => {
            Stop::failed(format!("answered by somebody else meanwhile\n{command}"))
        }
    }
}
