//! Erasing.

use store::{Append, Erase, Findable, NewEvent, StoreError, Subject};

use super::finding;
use crate::fixture::*;

fn person(name: &str) -> Subject {
    Subject::Person(name.parse().unwrap())
}

fn known(subject: Subject) -> NewEvent {
    NewEvent { subject, ..event("identity-stated") }
}

fn findable(subject: Subject, term: &str) -> Findable {
    Findable { subject, terms: vec![term.into()] }
}

fn erase(name: &str, subject: Option<Subject>) -> Erase {
    Erase { stream: stream(name), subject, actor: user_id("a"), reason: "The time is over".into(), at: at(50) }
}

async fn fill(store: &Shared) {
    for name in ["r", "other"] {
        let events = vec![event("started"), known(person("A")), known(person("B")), event("noted")];
        let append = Append {
            projection: Some(row(name)),
            findable: vec![findable(person("A"), "same"), findable(person("B"), "same")],
            ..append(name, 0, events)
        };
        store.append(append, Some(format!("key of {name}"))).await.unwrap();
    }
}

/// Whose words are gone, event by event.
async fn gone(store: &Shared, name: &str) -> Vec<Option<String>> {
    let kept = store.load(&stream(name), 0).await.unwrap();
    for event in &kept {
        assert_eq!(event.body.is_empty(), event.erased.is_some());
    }
    kept.into_iter().map(|event| event.erased.map(|of| of.to_string())).collect()
}

pub async fn one_persons_words_go_and_the_rest_stays(store: Shared) {
    fill(&store).await;
    let head = store.ledger_head().await.unwrap();
    let destroyed = store.keys_destroyed();
    let erased = store.erase(erase("r", Some(person("A")))).await.unwrap();
    let now = store.keys_destroyed();
    assert_ne!(now, destroyed, "what was read before is known to be stale");
    store.load(&stream("r"), 0).await.unwrap();
    assert_eq!(now, store.keys_destroyed(), "and nothing else is");
    assert!(erased.is_done && erased.subject == Some(person("A")) && erased.leaf == head.size);
    assert_eq!(gone(&store, "r").await, [None, Some("person/A".into()), None, None]);
    assert_eq!(gone(&store, "other").await, [None, None, None, None]);
    let (found, _) = finding::found(&store, finding::search(&["same"])).await;
    assert_eq!(found, ["other person/A 1", "other person/B 1", "r person/B 1"]);
    assert_eq!(store.projection(&stream("r")).await, Ok(Some(row("r"))));
    assert_eq!(store.ledger_head().await.unwrap().size, head.size + 2);
    assert_eq!(store.erasures("r").await, Ok(vec![erased]));

    // Who they are can be said anew, and erased again.
    store.append(append("r", 4, vec![known(person("A"))]), None).await.unwrap();
    assert_eq!(gone(&store, "r").await.last(), Some(&None));
    store.erase(erase("r", Some(person("A")))).await.unwrap();
    assert_eq!(gone(&store, "r").await.last(), Some(&Some("person/A".into())));
}

pub async fn a_whole_report_goes_and_its_place_in_the_log_stays(store: Shared) {
    fill(&store).await;
    let erased = store.erase(erase("r", None)).await.unwrap();
    assert_eq!(erased.reference, Some(row("r").reference));
    let whose = ["report", "person/A", "person/B", "report"].map(|of| Some(of.to_owned()));
    assert_eq!(gone(&store, "r").await, whose);
    assert_eq!(store.projection(&stream("r")).await, Ok(None));
    let (found, _) = finding::found(&store, finding::search(&["same"])).await;
    assert_eq!(found.len(), 2);
    let refused = store.append(append("r", 4, vec![event("late")]), None).await;
    assert_eq!(refused, Err(StoreError::NotFound { what: "report" }.into()));
    assert_eq!(store.erasures(&row("r").reference).await, Ok(vec![erased]));
    assert_eq!(store.erasures("other").await, Ok(vec![]));
    assert_eq!(gone(&store, "other").await, [None, None, None, None]);
}

pub async fn what_is_not_there_cannot_be_erased(store: Shared) {
    fill(&store).await;
    let missing = Err(StoreError::NotFound { what: "report" });
    assert_eq!(store.erase(erase("nowhere", None)).await, missing);
    store.erase(erase("r", None)).await.unwrap();
    let head = store.ledger_head().await.unwrap();
    assert_eq!(store.erase(erase("r", None)).await, missing);
    assert_eq!(store.erase(erase("r", Some(person("A")))).await, missing);
    let wordless = Erase { reason: "  ".into(), ..erase("other", None) };
    assert_eq!(store.erase(wordless).await, Err(StoreError::Empty { what: "reason" }));
    assert_eq!(store.ledger_head().await, Ok(head));
}
