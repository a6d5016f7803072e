//! Finding people by what is kept as HMACs.

use store::{NewEvent, Subject};

use crate::fixture::*;

pub async fn people_are_found_by_their_terms(store: Shared) {
    let person = |name: &str| Subject::Person(name.parse().unwrap());
    let known = |subject, terms: &[&str]| NewEvent {
        subject,
        terms: terms.iter().map(|term| (*term).to_owned()).collect(),
        ..event("identity-stated")
    };
    let events = vec![
        known(person("A"), &["sound QBL 2011", "phone 0451"]),
        known(person("B"), &["sound QBL 2011"]),
        known(Subject::Report, &[]),
    ];
    store.append(append("r", 0, events), None).await.unwrap();
    let later = known(person("B"), &["phone 0451", "phone 0451", "name b"]);
    store
        .append(append("s", 0, vec![later]), None)
        .await
        .unwrap();
    // A stale append adds nothing.
    let stale = known(person("C"), &["phone 0451"]);
    assert!(
        store
            .append(append("s", 0, vec![stale]), None)
            .await
            .is_err()
    );

    for (terms, limit, expected) in [
        (vec!["phone 0451"], 9, vec![("r", "A", 1), ("s", "B", 1)]),
        (
            vec!["sound QBL 2011", "phone 0451"],
            9,
            vec![("r", "A", 2), ("r", "B", 1), ("s", "B", 1)],
        ),
        (vec!["sound QBL 2011", "phone 0451"], 1, vec![("r", "A", 2)]),
        (vec!["sound QBL"], 9, vec![]),
        (vec![], 9, vec![]),
    ] {
        let terms: Vec<String> = terms.into_iter().map(str::to_owned).collect();
        let found = store.find(terms, limit).await.unwrap();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(report, who, terms)| store::Found {
                stream: stream(report),
                subject: person(who),
                terms,
            })
            .collect();
        assert_eq!(found, expected);
    }
}
