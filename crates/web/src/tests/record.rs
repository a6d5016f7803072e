//! The way of a command from a page to the store and back.

use guidance::Value;
use report::{
    Actor, AddPerson, Answer, Command, EventBody, FactName, Identity, LinkFrom, LinkKind, Refusal, Report, Reporter,
    Safety, Seen, StartReport, StateFact,
};
use store::{AccessKind, AccessesOf, Erase, Subject};

use super::Site;
use crate::shared::access::{Permission, Role};
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::page::Problem;
use crate::shared::record::seen::{self, Edit, marked};
use crate::shared::record::{self, Acted, Opened, Recent, act_as, opened_by};
use crate::shared::visit::Signed;

pub async fn actor(site: &Site, role: Role, name: &str) -> Actor {
    let id = site.add_named(role, name).await;
    Actor { id: id.as_str().parse().unwrap(), name: name.to_owned(), role }
}

/// Somebody signed in, as a handler sees them.
pub fn signed(actor: &Actor) -> Signed {
    Signed {
        id: store::UserId::new(actor.id.as_str()).unwrap(),
        name: actor.name.clone(),
        role: actor.role,
        unit: "Safeguarding".to_owned(),
        session: crate::shared::secret::digest("session"),
        means: crate::shared::visit::Means::Password,
        fresh: true,
        ends_at: jiff::Timestamp::MAX,
        ends_for_good_at: jiff::Timestamp::MAX,
        entered: None,
    }
}

pub fn start() -> StartReport {
    StartReport {
        report: "R".parse().unwrap(),
        reference: String::new(),
        reported_at: None,
        unit: "Safeguarding".to_owned(),
        safety: Safety {
            child_where: "At school".to_owned(),
            safe_to_talk: Some(Answer::NotKnown),
            in_danger: Some(Answer::No),
            ..Safety::default()
        },
        reporter: Reporter::default(),
        reported_by: None,
        incident_log: String::new(),
        linked: None,
    }
}

pub async fn begin(site: &Site, actor: &Actor, key: &str) -> Opened {
    record::begin(&site.app, actor, start(), key).await.unwrap()
}

fn answer(fact: &str, value: Value, seen: Seen) -> Command {
    let fact: FactName = fact.parse().unwrap();
    Command::StateFacts(vec![StateFact { seen, ..StateFact::police(fact, value) }])
}

#[tokio::test]
async fn a_report_is_begun_once_however_often_the_form_is_sent() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "officer").await;
    let first = begin(&site, &officer, "a").await;
    let again = begin(&site, &officer, "a").await;
    let other = begin(&site, &officer, "b").await;
    assert_eq!(first.stream, again.stream);
    assert_eq!((first.is_just_begun(), again.is_just_begun()), (true, false));
    assert_eq!(first.reference(), again.reference());
    assert_ne!(first.stream, other.stream);
    assert_ne!(first.reference(), other.reference());
    let row = site.app.store.projection(&first.stream).await.unwrap();
    let row = row.unwrap();
    assert_eq!(row.reference, first.reference());
    assert_eq!((row.state.as_str(), row.class.as_str()), ("new", "undetermined"));
    assert!(row.next_due_at.is_some());
}

#[tokio::test]
async fn looking_is_written_down_before_anything_is_shown() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "officer").await;
    let begun = begin(&site, &officer, "a").await;
    let signed = signed(&officer);
    let read = Permission::ReadReports;
    for _ in 0..2 {
        let entered = record::admit(&site.app, &signed, read, begun.reference()).await;
        let look = record::look(&site.app, &signed, read, &entered.unwrap());
        record::note(&site.app, look.unwrap()).await.unwrap();
    }
    let of = AccessesOf::Report(begun.stream.clone());
    let views = site.app.store.accesses(&of, None, 10).await.unwrap();
    assert_eq!(views.len(), 1);
    assert_eq!(views[0].kind, AccessKind::ReportOpened.word());
    assert_eq!((views[0].purpose.as_str(), views[0].count), ("Taking the report", 2));
    for missing in ["nothing", "", "../x"] {
        let answer = record::admit(&site.app, &signed, read, missing).await;
        assert!(matches!(answer, Err(Problem::NotFound)), "{missing}");
    }
    let unasked = record::open(&site.app, &signed, begun.reference()).await;
    assert!(matches!(unasked, Err(Problem::Forbidden)), "past the door");
}

#[tokio::test]
async fn two_officers_on_different_questions_both_succeed_and_on_the_same_both_learn() {
    let site = Site::new();
    let one = actor(&site, Role::Officer, "one").await;
    let two = actor(&site, Role::Officer, "two").await;
    let begun = begin(&site, &one, "a").await;
    // Everybody acts on the report as they opened it: the second has to be decided anew.
    let ask = |actor, fact, value: &str, token| {
        let (site, opened) = (&site, begun.clone());
        let command = answer(fact, Value::word(value), Seen::Nothing);
        async move { act_as(&site.app, actor, opened, command, token).await }
    };
    let (first, second) = tokio::join!(ask(&one, "report.imagery", "yes", "1"), ask(&two, "report.request", "no", "2"));
    first.unwrap();
    second.unwrap();
    let third = ask(&two, "report.imagery", "no", "3").await;
    assert!(matches!(third, Err(Acted::Conflict(_))), "{third:?}");
    let now = opened_by(&site.app, begun.reference()).await.unwrap();
    for (fact, value) in [("report.imagery", "yes"), ("report.request", "no")] {
        assert_eq!(now.answer(fact), Some(Value::word(value)), "{fact}");
    }
}

#[tokio::test]
async fn of_two_who_change_the_same_at_the_same_moment_the_second_is_told() {
    let site = Site::new();
    let one = actor(&site, Role::Officer, "one").await;
    let two = actor(&site, Role::Officer, "two").await;
    let begun = begin(&site, &one, "a").await;
    let states = |body: &EventBody| match body {
        EventBody::SafetyStated { safety } => {
            let place = std::slice::from_ref(&safety.child_where);
            Some(Form::default().with("child_where", place))
        }
        _ => None,
    };
    // Both as they opened it, and neither is kept yet when the other is compared.
    let change = |actor: Actor, place: &'static str| {
        let (site, opened) = (&site, begun.clone());
        async move {
            let form = Form::default().with("child_where", &[place.to_owned()]);
            let (form, signed) = (marked(form, &opened), signed(&actor));
            let edit = Edit { states, together: &[] };
            let command = |form: &Form| {
                Command::StateSafety(Safety { child_where: form.text("child_where").to_owned(), ..start().safety })
            };
            seen::edit(&site.app, &signed, opened, &form, &edit, place, command).await
        }
    };
    let (first, second) = tokio::join!(change(one, "At home"), change(two, "In hospital"));
    let told = |done: &Result<Opened, Acted>| matches!(done, Err(Acted::Overtaken(_)));
    assert!(told(&first) != told(&second), "{first:?} {second:?}");
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
}

#[tokio::test]
async fn a_command_sent_twice_is_recorded_once() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "officer").await;
    let begun = begin(&site, &officer, "a").await;
    for _ in 0..2 {
        let add = Command::AddPerson(AddPerson::default());
        let after = act_as(&site.app, &officer, begun.clone(), add, "same").await;
        assert_eq!(after.unwrap().people().count(), 1);
    }
}

#[tokio::test]
async fn a_linked_report_is_known_to_both() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "officer").await;
    let first = begin(&site, &officer, "a").await;
    let linked = LinkFrom {
        report: first.report.id.clone().unwrap(),
        reference: first.reference().to_owned(),
        kind: LinkKind::CounterAllegation,
        people: Vec::new(),
    };
    let next = StartReport { linked: Some(linked), ..start() };
    let second = record::begin(&site.app, &officer, next, "b").await.unwrap();
    let first = opened_by(&site.app, first.reference()).await.unwrap();
    let names = |report: &Report| -> Vec<String> {
        let links = report.standing_links();
        links.map(|link| link.reference.clone()).collect()
    };
    assert_eq!(names(&first.report), [second.reference()]);
    assert_eq!(names(&second.report), [first.reference()]);
}

#[tokio::test]
async fn what_may_not_be_done_changes_nothing() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "officer").await;
    let auditor = actor(&site, Role::Auditor, "auditor").await;
    let begun = begin(&site, &officer, "a").await;
    let add = Command::AddPerson(AddPerson::default());
    let refused = act_as(&site.app, &auditor, begun.clone(), add, "b").await;
    assert!(matches!(refused, Err(Acted::Refused(Refusal::NotAllowed { .. }))), "{refused:?}");
    let now = opened_by(&site.app, begun.reference()).await.unwrap();
    assert_eq!(now.version, begun.version);
}

/// Another server on the same store: it has in memory only what it read itself.
fn elsewhere(site: &Site) -> App {
    site.app.clone().with(|app| app.recent = Recent::default())
}

async fn person_called(app: &App, who: &Actor, opened: Opened, name: &str) -> Opened {
    let add =
        AddPerson { identity: Identity { known_as: name.to_owned(), ..Identity::default() }, ..AddPerson::default() };
    let key = format!("add {name}");
    let added = act_as(app, who, opened, Command::AddPerson(add), &key).await;
    added.unwrap()
}

#[tokio::test]
async fn what_was_opened_before_shows_what_was_added_since_by_whoever() {
    let site = Site::new();
    let there = elsewhere(&site);
    let officer = actor(&site, Role::Officer, "officer").await;
    let begun = begin(&site, &officer, "a").await;
    let other = opened_by(&there, begun.reference()).await.unwrap();
    assert_eq!(other.version, begun.version);
    person_called(&there, &officer, other, "Annabel").await;
    let now = opened_by(&site.app, begun.reference()).await.unwrap();
    assert_eq!(now.person_name("A"), "Annabel");
    let anew = opened_by(&elsewhere(&site), begun.reference()).await;
    let anew = anew.unwrap();
    assert_eq!(
        (&now.report, now.version),
        (&anew.report, anew.version),
        "read on, or read from the beginning: it is the same"
    );
}

#[tokio::test]
async fn what_was_opened_before_an_erasure_is_read_again() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "officer").await;
    let begun = begin(&site, &officer, "a").await;
    let opened = person_called(&site.app, &officer, begun, "Annabel").await;
    // Not through the page that decides it: whatever destroys a key, nothing read with it is shown again.
    let erase = Erase {
        stream: opened.stream.clone(),
        subject: Some(Subject::Person("A".parse().unwrap())),
        actor: signed(&officer).id,
        reason: "The time is over".to_owned(),
        at: site.app.now(),
    };
    site.app.store.erase(erase).await.unwrap();
    let left = opened_by(&site.app, opened.reference()).await.unwrap();
    assert_eq!(left.version, opened.version);
    assert_eq!(left.person_name("A"), "Person A");
    // Somebody had it open, and adds to it: what they do is kept, what they still knew is not shown.
    person_called(&site.app, &officer, opened.clone(), "Ben").await;
    let left = opened_by(&site.app, opened.reference()).await.unwrap();
    assert_eq!(left.person_name("A"), "Person A");
    assert_eq!(left.person_name("B"), "Ben");
}
