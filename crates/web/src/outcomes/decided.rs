//! What was decided, in sentences.

use report::OutcomeDecision;

use super::lines::who;
use crate::shared::record::Opened;
use crate::shared::time;

/// The outcome that counts for the report and for each child: a sentence for all that were decided together.
pub fn decided(opened: &Opened) -> Vec<String> {
    let report = &opened.report;
    let people = opened.people().map(|person| Some(&person.id));
    let mut together: Vec<(&OutcomeDecision, Vec<String>)> = Vec::new();
    for decision in std::iter::once(None).chain(people).filter_map(|person| report.outcome(person)) {
        let whom = who(opened, decision.person.as_ref().map(report::PersonId::as_str));
        let with = |other: &OutcomeDecision| {
            other.code == decision.code
                && other.at == decision.at
                && other.reason == decision.reason
                && other.departs == decision.departs
                && counts(opened, other) == counts(opened, decision)
        };
        match together.iter_mut().find(|(other, _)| with(other)) {
            Some((_, names)) => names.push(whom),
            None => together.push((decision, vec![whom])),
        }
    }
    together.into_iter().map(|(decision, names)| sentence(opened, decision, &names.join(", "))).collect()
}

/// Was it decided for somebody for whom the advice answers no outcome now?
fn is_left_out(opened: &Opened, decision: &OutcomeDecision) -> bool {
    decision.person.as_ref().is_some_and(|person| {
        let mut answered = opened.advice().outcomes.iter();
        !answered.any(|outcome| outcome.subject.as_deref() == Some(person.as_str()))
    })
}

/// What has become of it since; empty where it stands.
fn counts(opened: &Opened, decision: &OutcomeDecision) -> &'static str {
    let is_it = |one: &report::Overtaken| one.person == decision.person;
    if is_left_out(opened, decision) {
        " It no longer counts: from what is known now, no outcome is decided for them."
    } else if opened.view.overtaken.iter().any(is_it) {
        " It no longer stands as it was decided. Decide again."
    } else {
        ""
    }
}

fn sentence(opened: &Opened, decision: &OutcomeDecision, whom: &str) -> String {
    let title = opened
        .pack()
        .outcomes()
        .iter()
        .find(|outcome| outcome.code == decision.code)
        .map_or_else(String::new, |outcome| format!(", {}", outcome.title));
    let departs = if decision.departs { " This departs from the advice." } else { "" };
    let counts = counts(opened, decision);
    format!(
        "{whom}: Outcome {}{title}. Decided by {} on {}. {}.{departs}{counts}",
        decision.code,
        decision.by.name,
        time::moment(decision.at),
        decision.reason.trim_end_matches('.'),
    )
}

#[cfg(test)]
mod tests {
    use report::{Choice, Command, Decision, Evidence, Ndm};

    use crate::outcomes::Card;
    use crate::routes;
    use crate::shared::access::Role;
    use crate::tests::Site;
    use crate::tests::desk::Desk;
    use crate::tests::record::actor;

    /// A decision against an outcome is on its card, by whom and when, and takes the words "Open" away; the record that a
    /// departure needs is asked for.
    #[tokio::test]
    async fn what_somebody_decided_against_is_not_offered_as_open() {
        let site = Site::new();
        let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
        desk.facts(&["person.B.persistent=yes"]).await;
        desk.do_everything().await;
        let decide = |choice| Command::RecordEvidence {
            duty: "persistence-decision:B".parse().unwrap(),
            evidence: Evidence::Decision(Decision {
                choice,
                reason: "the third time".to_owned(),
                follows_advice: true,
                ndm: Ndm::default(),
                intrusion: None,
                consulted: String::new(),
            }),
        };
        let mut browser = site.signed_in(Role::Officer).await;
        let page = routes::outcome(&desk.reference, "21");
        for (choice, against) in [(Choice::No, true), (Choice::Yes, false)] {
            desk.act(decide(choice)).await;
            let card = Card::of(&desk.opened().await, "21", true).unwrap();
            let states: Vec<(&str, String)> =
                card.states().into_iter().map(|(_, words, names)| (words, names)).collect();
            let of_ben = states.iter().find(|(_, names)| names.contains("Ben"));
            assert_eq!(of_ben.unwrap().0 == "Decided against", against, "{states:?}");
            let says = "decided against it, ";
            let seen = browser.get(&page).await;
            seen.is(200);
            if against {
                seen.says(says).says("Outcome 21 is not right for this child");
            } else {
                seen.does_not_say(says);
            }
        }
    }
}
