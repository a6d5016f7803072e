//! The way of a command from a page to the store and back.

use guidance::Value;
use report::{
    Actor, AddPerson, Answer, Command, FactName, Refusal, Report, Reporter, Safety, Seen,
    StartReport, StateFact,
};
use store::{StreamId, ViewsOf};

use super::Site;
use crate::shared::access::Role;
use crate::shared::form::Form;
use crate::shared::page::Problem;
use crate::shared::record::{carry_out, open, start};

pub fn form(token: &str) -> Form {
    Form::from_pairs(vec![("form_token".to_owned(), token.to_owned())])
}

pub async fn actor(site: &Site, role: Role, name: &str) -> Actor {
    let id = site.add_named(role, name).await;
    Actor {
        id: id.as_str().parse().unwrap(),
        name: name.to_owned(),
        role,
    }
}

pub async fn begin(site: &Site, actor: &Actor, form: &Form) -> Report {
    let with = |report, reference| StartReport {
        report,
        reference,
        reported_at: None,
        unit: "Response".to_owned(),
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
    };
    start(&site.app, actor, form, with).await.unwrap().unwrap()
}

fn answer(fact: &str, value: Value, seen: Seen) -> Command {
    let fact: FactName = fact.parse().unwrap();
    Command::StateFacts(vec![StateFact {
        seen,
        ..StateFact::police(fact, value)
    }])
}

#[tokio::test]
async fn a_report_is_begun_once_however_often_the_form_is_sent() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "officer").await;
    let first = begin(&site, &officer, &form("a")).await;
    let again = begin(&site, &officer, &form("a")).await;
    let other = begin(&site, &officer, &form("b")).await;
    assert_eq!(first.id, again.id);
    assert_eq!(first.reference, again.reference);
    assert_ne!(first.id, other.id);
    let id = first.id.unwrap();
    let row = site
        .app
        .store
        .projection(&StreamId::new(id.as_str()).unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.reference, first.reference);
    assert_eq!(
        (row.state.as_str(), row.class.as_str()),
        ("new", "undetermined")
    );
    assert!(row.next_due_at.is_some());
}

#[tokio::test]
async fn looking_is_written_down_before_anything_is_shown() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "officer").await;
    let auditor = actor(&site, Role::Auditor, "auditor").await;
    let id = begin(&site, &officer, &form("a")).await.id.unwrap();
    let seen = open(&site.app, &auditor, id.as_str(), "Audit")
        .await
        .unwrap();
    assert_eq!(
        seen.version,
        open(&site.app, &auditor, id.as_str(), "Audit")
            .await
            .unwrap()
            .version
    );
    let of = ViewsOf::Report(StreamId::new(id.as_str()).unwrap());
    let views = site.app.store.views(&of, None, 10).await.unwrap();
    assert_eq!(views.len(), 1);
    assert_eq!((views[0].purpose.as_str(), views[0].count), ("Audit", 2));
    for missing in ["nothing", "", "../x"] {
        let answer = open(&site.app, &officer, missing, "Look").await;
        assert!(matches!(answer, Err(Problem::NotFound)), "{missing}");
    }
}

#[tokio::test]
async fn two_officers_on_different_questions_both_succeed_and_on_the_same_both_learn() {
    let site = Site::new();
    let one = actor(&site, Role::Officer, "one").await;
    let two = actor(&site, Role::Officer, "two").await;
    let id = begin(&site, &one, &form("a")).await.id.unwrap();
    let (app, id) = (&site.app, id.as_str());
    let ask = |actor, fact, value: &str, token| {
        let command = answer(fact, Value::word(value), Seen::Nothing);
        async move {
            carry_out(app, actor, id, command, Some(&form(token)))
                .await
                .unwrap()
        }
    };
    let (first, second) = tokio::join!(
        ask(&one, "report.imagery", "yes", "1"),
        ask(&two, "report.request", "no", "2")
    );
    first.unwrap();
    second.unwrap();
    let third = ask(&two, "report.imagery", "no", "3").await;
    assert!(matches!(third, Err(Refusal::Conflict(_))), "{third:?}");
    let now = open(app, &one, id, "Look").await.unwrap();
    for (fact, value) in [("report.imagery", "yes"), ("report.request", "no")] {
        let fact: FactName = fact.parse().unwrap();
        let stands = now.current(&fact).value;
        assert_eq!(stands, Some(Value::word(value)), "{fact}");
    }
}

#[tokio::test]
async fn what_may_not_be_done_changes_nothing() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "officer").await;
    let auditor = actor(&site, Role::Auditor, "auditor").await;
    let begun = begin(&site, &officer, &form("a")).await;
    let id = begun.id.unwrap();
    let add = Command::AddPerson(AddPerson::default());
    let refused = carry_out(&site.app, &auditor, id.as_str(), add, None)
        .await
        .unwrap();
    assert!(
        matches!(refused, Err(Refusal::NotAllowed { .. })),
        "{refused:?}"
    );
    assert_eq!(
        open(&site.app, &officer, id.as_str(), "Look")
            .await
            .unwrap()
            .version,
        begun.version
    );
}
