//! Every task of a report through its own page, as an officer does it.

use std::collections::BTreeMap;

use guidance::Value;
use report::{
    Actor, AddDevice, AddPerson, Answer as Word, Choice, Command, Identity, Reporter, Safety,
    StartReport, StateFact, TaskState,
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

struct Desk {
    site: Site,
    actor: Actor,
    reference: String,
}

impl Desk {
    async fn new() -> Self {
        let site = Site::new();
        let id = site.add_named(Role::Officer, "starter").await;
        let actor = Actor {
            id: id.as_str().parse().unwrap(),
            name: "PC Starter".to_owned(),
            role: Role::Officer,
        };
        let begun = record::begin(&site.app, &actor, start(), "start").await.unwrap();
        let reference = begun.reference().to_owned();
        Self { site, actor, reference }
    }

    async fn full() -> Self {
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

    async fn person(&self, name: &str, facts: &[&str]) {
        self.act(Command::AddPerson(AddPerson {
            identity: Identity {
                given_names: name.to_owned(),
                ..Identity::default()
            },
            facts: facts.iter().map(|fact| split(fact)).collect(),
        }))
        .await;
    }

    async fn facts(&self, facts: &str) {
        let facts = facts.split_whitespace().map(|fact| {
            let (name, value) = split(fact);
            StateFact::police(name.parse().unwrap(), value)
        });
        self.act(Command::StateFacts(facts.collect())).await;
    }

    async fn act(&self, command: Command) {
        let opened = self.now().await;
        let key = format!("{}", opened.version);
        act_as(&self.site.app, &self.actor, opened, command, &key).await.unwrap();
    }

    async fn now(&self) -> Opened {
        opened_by(&self.site.app, &self.reference).await.unwrap()
    }

    fn task(&self, duty: &str) -> String {
        routes::task(&self.reference, duty)
    }

    async fn state(&self, duty: &str) -> TaskState {
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
fn mistakes_lead_somewhere(seen: &Seen) -> usize {
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

/// What an officer enters on the page of each duty, and how many mistakes an empty form has.
const WORK: &[(&str, usize, &[(&str, &str)])] = &[
    ("welfare-check", 2, &[("finding", "Both at home with a parent"), ("voice.A", "I want it gone"), ("demeanour.A", "quiet"), ("action", "seen again tomorrow")]),
    ("child-protection-referral:A", 3, &[("to", "Children's social care"), ("means", "telephone"), ("at", "now"), ("reference", "CSC-77")]),
    ("checks:A", 1, CHECKED),
    ("checks:B", 1, CHECKED),
    ("checks:location", 1, CHECKED_PLACE),
    ("strategy-meeting", 2, &[("on", "25/11/2026"), ("with", "Social care and the school")]),
    ("identify:C", 1, &[("note", "Asked the platform to keep the account data")]),
    ("initial-account:A", 4, &[("taken_by", "PC Example"), ("at", "then"), ("at.day", "24/11/2026"), ("at.time", "08:30"), ("setting", "At school with a teacher"), ("needs_met", "Breaks")]),
    ("interview-decision:B", 3, &[("choice", "no-interview"), ("reason", "not needed"), ("follows", "yes")]),
    ("abe-decision:A", 3, &[("choice", "account-is-enough"), ("reason", "she asked for it"), ("follows", "yes")]),
    ("crime-record", 1, &[("recorded", "yes"), ("reference", "07/1234/26"), ("code", "registrar")]),
    ("next-steps-child:A", 2, &[("who", "Ada"), ("told", "yes"), ("by", "PC Example"), ("means", "in-person"), ("at", "now"), ("asked", "Will school know?")]),
    ("signposting:A", 2, &[("services", "childline"), ("services", "report-remove"), ("declined", "childline"), ("leaflet", "no")]),
    ("removal-online", 3, &[("service", "The platform"), ("asked_by", "Ada with her mother"), ("on", "2026-11-24")]),
    ("victim-needs:A", 1, &[("text", "News by telephone once a week")]),
];
const CHECKED: &[(&str, &str)] = &[
    ("pnc.result", "done"), ("pnc", "S-1"), ("pnd.result", "done"), ("pnd", "S-2"), ("visor.result", "cannot"), ("visor", "no access tonight"),
    ("local-crime-intelligence.result", "done"), ("local-crime-intelligence", "S-4"), ("local-crime-intelligence.found", "seen at the same address"),
    ("child-protection.result", "done"), ("child-protection", "S-5"), ("incident-logs.result", "done"), ("incident-logs", "S-6"),
];
const CHECKED_PLACE: &[(&str, &str)] = &[
    ("pnd.L1.result", "done"), ("pnd.L1", "S-2"), ("visor.L1.result", "cannot"), ("visor.L1", "no access tonight"),
    ("local-crime-intelligence.L1.result", "done"), ("local-crime-intelligence.L1", "S-4"),
    ("child-protection.L1.result", "done"), ("child-protection.L1", "S-5"), ("incident-logs.L1.result", "done"), ("incident-logs.L1", "S-6"),
];

async fn do_it(desk: &Desk, browser: &mut Browser<'_>, duty: &str, fields: &[(&str, &str)]) {
    let page = desk.task(duty);
    browser.get(&page).await;
    let seen = browser.post(&page, fields).await;
    assert_eq!(seen.status.as_u16(), 303, "{duty}\n{}", seen.text);
    assert_eq!(seen.to(), format!("{page}?done=recorded"));
    browser.get(seen.to()).await.is(200).says("Recorded so far");
}

#[tokio::test]
async fn every_kind_of_task_is_done_on_its_page() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    for (duty, mistakes, fields) in WORK {
        let page = desk.task(duty);
        let before = desk.state(duty).await;
        assert_ne!(before, TaskState::Done, "{duty}");
        browser.get(&page).await.is(200).says("How to do it").says("Why this is asked").says("Immediate concern").does_not_say("checked>");
        let seen = browser.post(&page, &[]).await;
        seen.is(422);
        assert_eq!(mistakes_lead_somewhere(&seen), *mistakes, "{duty}: {}", seen.text);
        do_it(&desk, &mut browser, duty, fields).await;
        assert_eq!(desk.state(duty).await, TaskState::Done, "{duty}");
    }
    let seen = browser.get(&desk.task("checks:A")).await;
    seen.says("no access tonight").says("seen at the same address").says("Look something up again");
    browser.get(&desk.task("initial-account:A")).await.says("24 November 2026 at 8:30am");
}

#[tokio::test]
async fn nothing_that_was_entered_is_lost_and_every_mistake_is_told_at_once() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("child-protection-referral:A");
    browser.get(&page).await;
    let seen = browser.post(&page, &[("to", ""), ("means", "pigeon"), ("at", "then"), ("at.day", "32/11/2026"), ("at.time", "9:00"), ("reference", "R-<1>")]).await;
    seen.is(422).says("Enter whom it was sent to").says("Select how it was sent").says("Enter the day").says("R-&#60;1&#62;").says("32/11/2026");
    assert_eq!(mistakes_lead_somewhere(&seen), 3);
    // A picture turned into text is refused kindly, on every free text.
    let page = desk.task("identify:C");
    browser.get(&page).await;
    let seen = browser.post(&page, &[("note", "see https://example.test/a.jpg")]).await;
    seen.is(422).says("Waymark never holds or links to imagery");
    let seen = browser.post(&page, &[("note", "later, see the log")]).await;
    seen.is(303);
    // In the future it cannot have been done.
    let page = desk.task("initial-account:A");
    browser.get(&page).await;
    let seen = browser.post(&page, &[("taken_by", "me"), ("at", "then"), ("at.day", "25/11/2026"), ("at.time", "9:00"), ("setting", "x"), ("needs_met", "x")]).await;
    seen.is(422).says("This time is in the future");
}

#[tokio::test]
async fn a_device_is_left_in_one_line_and_seized_only_in_full() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("device-decision:D2");
    browser.get(&page).await.is(200).says("The advice: seize it where possible").says("phone of B").does_not_say("<details class=\"govuk-details\" open>");
    let bare = [("choice", "seize"), ("reason", "he shared it")];
    let seen = browser.post(&page, &bare).await;
    seen.is(422).says("Select the power you rely on").says("<details class=\"govuk-details\" open>");
    assert_eq!(mistakes_lead_somewhere(&seen), 9);
    let full = [
        ("choice", "seize"), ("reason", "he shared it"), ("information", "i"), ("threat_and_risk", "t"), ("powers_and_policy", "p"), ("options", "o"),
        ("action_and_review", "a"), ("power", "pace-s19"), ("necessity", "n"), ("proportionality", "p"), ("lesser_means", "l"), ("exhibit", "EX/1"),
    ];
    do_it(&desk, &mut browser, "device-decision:D2", &full).await;
    browser.get(&page).await.says("PACE 1984 s.19").says("EX/1").does_not_say("Departs from the advice");
    // Leaving it against the advice is a departure, and the record says so by itself.
    let seen = browser.post(&page, &[("choice", "leave"), ("reason", "the school holds it")]).await;
    seen.is(422).says("This departs from the advice");
    let seen = browser.post(&page, &[&full[..1], &[("choice", "leave")], &full[1..7]].concat()).await;
    seen.is(303);
    browser.get(&page).await.says("Departs from the advice");
}

#[tokio::test]
async fn a_form_is_filled_in_from_what_is_known_and_filed_under_a_reference() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    do_it(&desk, &mut browser, "welfare-check", WORK[0].2).await;
    let page = desk.task("vpa:A");
    let seen = browser.get(&page).await;
    seen.is(200).says("value=\"Ada\"").says("value=\"14 years\"").says(&format!("value=\"{}\"", desk.reference)).says("I want it gone").says("value=\"B\"");
    let seen = browser.post(&page, &[]).await;
    seen.is(422);
    assert!(mistakes_lead_somewhere(&seen) >= 8, "{}", seen.text);
    let fields = [
        ("persons", "B"), ("name", "Ada"), ("age", "14"), ("narrative", "She sent it to one boy"), ("voice", "I want it gone"), ("demeanour", "quiet"),
        ("self_harm", "no"), ("other_harm", "not-known"), ("concerns", "c"), ("action", "a"), ("officer", "PC Example"), ("consent", "yes"),
    ];
    let seen = browser.post(&page, &fields).await;
    seen.is(303);
    assert_eq!(seen.to(), routes::filed_form(&desk.reference, "vpa:A", 1));
    let filed = format!("VPA-{}-AB-1", desk.reference);
    browser.get(seen.to()).await.is(200).says(&filed).says("She sent it to one boy").says("Not known").says("About Ada, Ben");
    for duty in ["vpa:A", "vpa:B"] {
        assert_eq!(desk.state(duty).await, TaskState::Done, "{duty}");
    }
    browser.get(&desk.task("vpa:B")).await.says(&filed);
    // The screening is each child's own: it offers to name nobody else.
    browser.get(&desk.task("cse-screening:A")).await.is(200).does_not_say("name anybody else");
    for nothing in ["2", "x"] {
        let at = format!("{page}/forms/{nothing}");
        assert!(browser.get(&at).await.status.is_client_error());
    }
}

#[tokio::test]
async fn a_referral_counts_with_its_reference_and_arrives_when_they_say_so() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let duty = "child-protection-referral:A";
    do_it(&desk, &mut browser, duty, &[("to", "Social care"), ("means", "telephone"), ("at", "now")]).await;
    assert_eq!(desk.state(duty).await, TaskState::PartDone);
    let arrived = routes::acknowledge(&desk.reference, duty, 1);
    browser.get(&desk.task(duty)).await.says(&arrived).says("Nobody has said yet that it arrived");
    browser.get(&arrived).await.is(200).says("Social care");
    let seen = browser.post(&arrived, &[]).await;
    seen.is(422);
    assert_eq!(mistakes_lead_somewhere(&seen), 2);
    let seen = browser.post(&arrived, &[("acknowledged_by", "Duty worker"), ("acknowledged_at", "now"), ("reference", "CSC-9")]).await;
    seen.is(303);
    assert_eq!(desk.state(duty).await, TaskState::Done);
    browser.get(&desk.task(duty)).await.says("Duty worker").says("CSC-9").does_not_say(&arrived);
    browser.get(&arrived).await.is(409);
}

#[tokio::test]
async fn departing_needs_full_reasons_and_can_end() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let duty = "strategy-meeting";
    let depart = routes::depart(&desk.reference, duty);
    browser.get(&desk.task(duty)).await.says(&depart);
    browser.get(&depart).await.is(200).says("What the guidance asks");
    let seen = browser.post(&depart, &[("reason", "held last week")]).await;
    seen.is(422).says("held last week");
    assert_eq!(mistakes_lead_somewhere(&seen), 5);
    let full = [("reason", "held last week"), ("information", "i"), ("threat_and_risk", "t"), ("powers_and_policy", "p"), ("options", "o"), ("action_and_review", "a")];
    browser.post(&depart, &full).await.is(303);
    assert_eq!(desk.state(duty).await, TaskState::Departed);
    browser.get(&desk.task(duty)).await.says("held last week").says("Do it after all");
    browser.get(&depart).await.is(200).says("Do it after all");
    browser.post(&depart, &[("ends", "yes"), ("reason", "")]).await.is(422);
    browser.post(&depart, &[("ends", "yes"), ("reason", "they asked for one")]).await.is(303);
    assert_eq!(desk.state(duty).await, TaskState::Due);
}

#[tokio::test]
async fn what_was_recorded_by_mistake_is_withdrawn_and_stays_in_sight() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    do_it(&desk, &mut browser, "identify:C", &[("note", "wrong report")]).await;
    let withdraw = routes::withdraw_evidence(&desk.reference, "identify:C", 1);
    browser.get(&desk.task("identify:C")).await.says(&withdraw);
    browser.get(&withdraw).await.is(200).says("wrong report");
    browser.post(&withdraw, &[]).await.is(422).says("Say why it is withdrawn");
    browser.post(&withdraw, &[("reason", "meant for another")]).await.is(303);
    assert_eq!(desk.state("identify:C").await, TaskState::Due);
    browser.get(&desk.task("identify:C")).await.says("wrong report").says("Withdrawn: meant for another").does_not_say(&withdraw);
    browser.get(&withdraw).await.is(404);
}

#[tokio::test]
async fn who_may_only_read_or_may_not_decide_is_offered_no_form() {
    let desk = Desk::full().await;
    let page = desk.task("device-decision:D1");
    let mut auditor = desk.site.signed_in(Role::Auditor).await;
    auditor.get(&page).await.is(200).does_not_say("Record your decision").does_not_say("depart from this");
    auditor.post(&page, &[("choice", "leave"), ("reason", "r")]).await.is(403);
    let mut handler = desk.site.signed_in(Role::CallHandler).await;
    handler.get(&page).await.is(200).says("An officer or a supervisor decides this").does_not_say("Record your decision");
    handler.post(&page, &[("choice", "leave"), ("reason", "r")]).await.is(403);
    handler.get(&routes::depart(&desk.reference, "strategy-meeting")).await.is(403);
    do_it(&desk, &mut handler, "welfare-check", WORK[0].2).await;
    let mut author = desk.site.signed_in(Role::Author).await;
    author.get(&page).await.is(403);
}

#[tokio::test]
async fn what_comes_later_or_is_done_elsewhere_or_is_nothing() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    browser.get(&desk.task("outcome-explained:A")).await.is(200).says("This comes after the outcome").does_not_say("novalidate");
    browser.get(&desk.task("supervisor-review")).await.is(200).does_not_say("novalidate");
    for nothing in ["nonsense", "vpa:Z", "vpa", "checks:D1", "a%20b"] {
        browser.get(&desk.task(nothing)).await.is(404);
        browser.post(&desk.task(nothing), &[]).await.is(404);
    }
}

/// What the pack writes has to be something that a page can take.
#[test]
fn every_duty_of_the_pack_has_a_page_that_can_complete_it() {
    let pack = crate::tests::pack();
    const KINDS: &[&str] = &[
        "welfare", "referral", "meeting", "checks", "account", "decision", "form", "told", "signposting", "removal", "identify", "crime", "note", "review",
    ];
    for duty in pack.duties() {
        assert!(KINDS.contains(&duty.evidence.as_str()), "{}: {}", duty.id, duty.evidence);
        let choices: Vec<Choice> = duty.choices.iter().map(|choice| choice.value.parse().unwrap()).collect();
        let is_decision = duty.evidence == "decision";
        assert_eq!(!choices.is_empty(), is_decision, "{}", duty.id);
        assert!(!is_decision || choices.contains(&Choice::Later), "{}", duty.id);
        let has_form = pack.forms().iter().any(|form| form.id == duty.id);
        assert_eq!(has_form, duty.evidence == "form", "{}", duty.id);
    }
}
