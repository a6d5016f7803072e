//! A report with somebody of every kind in it, and a browser's way through a task.

use std::collections::BTreeMap;

use guidance::Value;
use report::{
    Actor, AddDevice, AddPerson, Answer as Word, Command, Identity, Reporter, Safety, StartReport, StateFact, TaskState,
};

use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::{self, Opened, act_as, opened_by};
use crate::tests::{Browser, Seen, Site};

/// A report with somebody of every kind in it: a girl of 14 who sent, a boy of 15 who threatened, an account nobody
/// knows, a phone each, a place, and an image that is online.
const FACTS: &str = "
    report.imagery=yes report.sexual_messages=no report.request=no report.uploaded_online=yes report.significant_risk=no
    report.safeguarding_cannot_wait=no report.multi_agency_meeting_planned=no report.discussion_with_family_planned=no
    report.sufficient_evidence=no person.A.aware=yes person.A.willing=yes person.B.threatened=yes person.B.family_or_partner=yes
    person.A.in_care=yes person.A.threatened=no person.B.in_care=no";

pub struct Desk {
    pub site: Site,
    actor: Actor,
    pub reference: String,
}

impl Desk {
    pub async fn new() -> Self {
        let site = Site::new();
        let id = site.add_named(Role::Officer, "starter").await;
        let actor = Actor { id: id.as_str().parse().unwrap(), name: "PC Starter".to_owned(), role: Role::Officer };
        let begun = record::begin(&site.app, &actor, start(), "start").await.unwrap();
        let reference = begun.reference().to_owned();
        Self { site, actor, reference }
    }

    pub async fn full() -> Self {
        let desk = Self::new().await;
        desk.person("Ada", &["age=14", "part=pictured+made+sent", "identified=yes"]).await;
        desk.person("Ben", &["age=15", "part=received+forwarded", "identified=yes"]).await;
        desk.person("", &["age=not-known", "part=received", "identified=no", "online_only=yes"]).await;
        for user in ["A", "B"] {
            desk.act(Command::AddDevice(AddDevice {
                label: format!("phone of {user}"),
                whereabouts: "with its owner".to_owned(),
                used_or_owned_by: vec![user.parse().unwrap()],
                facts: BTreeMap::from([split("holds_evidence=yes"), split("secured_elsewhere=no")]),
            }))
            .await;
        }
        desk.act(Command::AddPlace {
            address: "Exampleton High School".to_owned(),
            why: "where it was shown".to_owned(),
        })
        .await;
        desk.facts(FACTS).await;
        desk
    }

    pub async fn person(&self, name: &str, facts: &[&str]) {
        self.act(Command::AddPerson(AddPerson {
            identity: Identity { given_names: name.to_owned(), ..Identity::default() },
            facts: facts.iter().map(|fact| split(fact)).collect(),
        }))
        .await;
    }

    pub async fn facts(&self, facts: &str) {
        let facts = facts.split_whitespace().map(|fact| {
            let (name, value) = split(fact);
            StateFact::police(name.parse().unwrap(), value)
        });
        self.act(Command::StateFacts(facts.collect())).await;
    }

    pub async fn act(&self, command: Command) {
        let opened = self.now().await;
        let key = format!("{}", opened.version);
        act_as(&self.site.app, &self.actor, opened, command, &key).await.unwrap();
    }

    pub async fn now(&self) -> Opened {
        opened_by(&self.site.app, &self.reference).await.unwrap()
    }

    pub fn task(&self, duty: &str) -> String {
        routes::task(&self.reference, duty)
    }

    pub async fn state(&self, duty: &str) -> TaskState {
        self.now().await.task(duty).unwrap_or_else(|| panic!("no task {duty}")).state
    }
}

fn start() -> StartReport {
    StartReport {
        report: "R".parse().unwrap(),
        reference: String::new(),
        reported_at: None,
        unit: "Safeguarding".to_owned(),
        safety: Safety {
            child_where: "At school".to_owned(),
            safe_to_talk: Some(Word::NotKnown),
            in_danger: Some(Word::No),
            ..Safety::default()
        },
        reporter: Reporter::default(),
        reported_by: None,
        incident_log: String::new(),
        linked: None,
    }
}

fn split(fact: &str) -> (String, Value) {
    let (name, value) = fact.split_once('=').unwrap();
    let value = match value.parse::<u8>() {
        Ok(years) => Value::Years(years),
        Err(_) if name == "part" => Value::Words(value.split('+').map(str::to_owned).collect()),
        Err(_) => Value::word(value),
    };
    (name.to_owned(), value)
}

/// Every mistake of a page leads somewhere on it.
#[track_caller]
pub fn mistakes_lead_somewhere(seen: &Seen) -> usize {
    let (_, summary) = seen.text.split_once("govuk-error-summary__list").unwrap();
    let (summary, _) = summary.split_once("</ul>").unwrap();
    let mut count = 0;
    for link in summary.split("href=\"#").skip(1) {
        let field = link.split('"').next().unwrap();
        assert!(seen.text.contains(&format!("id=\"{field}\"")), "nothing has the id {field}\n{}", seen.text);
        count += 1;
    }
    count
}

/// Records something for a duty, and looks at what came of it.
pub async fn do_it(desk: &Desk, browser: &mut Browser<'_>, duty: &str, fields: &[(&str, &str)]) {
    let page = desk.task(duty);
    browser.get(&page).await;
    let seen = browser.post(&page, fields).await;
    assert_eq!(seen.status.as_u16(), 303, "{duty}\n{}", seen.text);
    assert_eq!(seen.to(), format!("{page}?done=recorded"));
    browser.get(seen.to()).await.is(200).says("Recorded so far");
}
