//! People and links, and what is guarded before anything is recorded.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use std::collections::BTreeMap;

use common::{Desk, actor, full, id, note, officer, pack, record, split, two_children};
use report::*;

#[test]
fn a_linked_report_carries_people_and_leaves_age_and_part_behind() {
    let first = two_children();
    let mut second = Desk::empty();
    let linked = LinkFrom {
        report: id("r-1"),
        reference: "R26-0001".into(),
        kind: LinkKind::CounterAllegation,
        people: first.report.carry(&[id("B"), id("A")]),
    };
    let start = StartReport { report: id("r-2"), reference: "R26-0002".into(), linked: Some(linked), ..Desk::start() };
    second.ok(Command::Start(start));
    let people: Vec<String> = second.report.people.iter().map(|p| format!("{} {}", p.id, p.label())).collect();
    assert_eq!(people, ["A Ben", "B Ann"]);
    assert_eq!(second.report.people[0].carried_from, Some((id("r-1"), id("B"))));
    // That it is known who they are goes with who they are; everything else is asked of this act.
    let known = BTreeMap::from([("identified".to_owned(), guidance::Value::word("yes"))]);
    assert!(second.view().facts.person.iter().all(|p| p.facts == known));
    let noted = second.report.statements_on(&id("person.A.identified"));
    assert_eq!(noted.iter().map(|s| s.note.as_str()).collect::<Vec<_>>(), ["Carried over from report R26-0001"]);
    let told: Vec<String> = second.view().timeline.into_iter().map(|e| e.says).collect();
    assert!(told.contains(&"Ben carried over from report R26-0001".to_owned()), "{told:#?}");
}

#[test]
fn of_whom_it_is_not_known_who_they_are_that_is_asked_again() {
    let mut first = two_children();
    first.facts(&["person.A.identified=no".into()]);
    let mut second = Desk::empty();
    let (reference, people) = ("R26-0001".to_owned(), first.report.carry(&[id("A"), id("B")]));
    let linked = Some(LinkFrom { report: id("r-1"), reference, kind: LinkKind::SecondIncident, people });
    let start = StartReport { report: id("r-2"), reference: "R26-0002".into(), linked, ..Desk::start() };
    second.ok(Command::Start(start));
    let facts = |person: usize| second.view().facts.person[person].facts.clone();
    assert!(facts(0).is_empty() && facts(1).contains_key("identified"));
    assert_eq!(second.report.current(&id("report.reported_by")).standing[0].id, StatementId(2));
}

#[test]
fn roles_are_person_involved_unless_somebody_says_why_not() {
    let mut desk = two_children();
    assert_eq!(desk.report.people[0].shown_roles(), [PersonRole::PersonInvolved]);
    let suspect = |person: &str, ndm: Ndm| Command::RecordRoles {
        person: id(person),
        roles: vec![PersonRole::Suspect],
        reason: "the messages".into(),
        ndm,
    };
    assert_eq!(desk.refused(officer(), suspect("B", Ndm::default())).problems().len(), 5);
    desk.ok(suspect("B", full()));
    for (name, age, why) in [
        ("Cal", "age=9", "Cal cannot be a suspect"),
        ("Dee", "age=child", "first find out how old they were"),
        ("Eve", "age=not-known", "It is not known how old Eve was"),
    ] {
        let person = desk.person(name, &[age, "part=received"]);
        let refusal = desk.refused(officer(), suspect(person.as_str(), full()));
        assert_eq!(refusal.problems()[0].field, "roles");
        assert!(refusal.problems()[0].says.contains(why), "{refusal}");
    }
}

#[test]
fn a_suspect_who_turns_out_to_be_none_does_not_stand_unseen() {
    for age in ["9", "not-known"] {
        let mut desk = two_children();
        let roles = |roles| Command::RecordRoles { person: id("B"), roles, reason: "r".into(), ndm: full() };
        desk.ok(roles(vec![PersonRole::Suspect]));
        let shown = |desk: &Desk| {
            let view = desk.view();
            let gate = view.gates.iter().any(|g| g.kind == GateKind::Role(id("B")));
            let lacks = view.missing.first().is_some_and(|m| m.at == Lacks::Role(id("B")));
            let warned = view.warnings.iter().any(|w| w.says.contains("Ben") && w.says.contains("suspect"));
            (gate, lacks, warned)
        };
        assert_eq!(shown(&desk), (false, false, false));
        desk.facts(&[format!("person.B.age={age}")]);
        assert_eq!(shown(&desk), (true, true, true), "{age}");
        desk.refused(officer(), roles(vec![PersonRole::Suspect, PersonRole::Witness]));
        desk.ok(roles(vec![PersonRole::Witness]));
        assert_eq!(shown(&desk), (false, false, false), "{age}");
    }
}

#[test]
fn an_entry_made_by_mistake_is_withdrawn_and_kept() {
    let mut desk = two_children();
    desk.ok(Command::WithdrawEntry { what: Thing::Person(id("A")), reason: "entered twice".into() });
    let facts = desk.view().facts;
    assert_eq!(facts.person.len(), 1);
    assert_eq!(facts.device[0].facts["used_or_owned_by"], guidance::Value::Words(vec![]));
    assert_eq!(desk.report.people.len(), 2);
    assert_eq!(desk.person("Dee", &[]).as_str(), "C", "a pseudonym is never used twice");
}

#[test]
fn a_reference_or_an_account_entered_wrongly_is_withdrawn_and_kept() {
    let mut desk = two_children();
    let lacks_log = |desk: &Desk| desk.view().missing.iter().any(|m| m.at == Lacks::IncidentLog);
    // One came with the report.
    let (kind, reference) = (ReferenceKind::IncidentLog, "LOG-2".into());
    desk.ok(Command::AddReference(Reference { kind, reference, note: String::new() }));
    for username in ["x_2009", "x_2010"] {
        let (platform, username, note) = ("Example app".into(), username.into(), String::new());
        desk.ok(Command::AddAccount(Account { platform, username, person: Some(id("B")), note }));
    }
    let withdraw = |what: &Thing, reason: &str| Command::WithdrawEntry { what: what.clone(), reason: reason.into() };
    let line = |desk: &Desk| desk.view().timeline.into_iter().rfind(|e| e.says.ends_with("withdrawn")).unwrap();
    let (log, account) = (desk.report.references[0].number, desk.report.accounts[0].number);
    for (what, says) in [
        (Thing::Reference(log), "incident log LOG-1 withdrawn"),
        (Thing::Account(account), "Account x_2009 on Example app withdrawn"),
    ] {
        assert_eq!(desk.refused(officer(), withdraw(&what, "")).problems()[0].field, "reason");
        desk.ok(withdraw(&what, "of another report"));
        let told = desk.refused(officer(), withdraw(&what, "again")).problems();
        assert!(told[0].says.contains("withdrawn already"), "{told:?}");
        let entry = line(&desk);
        assert_eq!((entry.says.as_str(), entry.detail.as_str()), (says, "of another report"));
    }
    desk.refused(officer(), withdraw(&Thing::Account(log), "a reference is no account"));
    assert_eq!(desk.report.standing_references().map(|r| r.reference.as_str()).collect::<Vec<_>>(), ["LOG-2"]);
    assert_eq!(desk.report.standing_accounts().map(|a| a.username.as_str()).collect::<Vec<_>>(), ["x_2010"]);
    assert_eq!((desk.report.references.len(), desk.report.accounts.len()), (2, 2), "kept");
    assert!(!lacks_log(&desk));
    let other = desk.report.references[1].number;
    desk.ok(withdraw(&Thing::Reference(other), "of another report too"));
    assert!(lacks_log(&desk), "asked for again");
    // Erased, it is still the one that was withdrawn.
    let mut events = desk.events.clone();
    let words = events.iter_mut().find(|event| event.version == account).unwrap();
    words.body = EventBody::Erased { about: words.body.about() };
    let left = Report::fold(&events);
    assert_eq!(left.standing_accounts().map(|a| a.username.as_str()).collect::<Vec<_>>(), ["x_2010"]);
    // The account may be somebody else's, so that its name is given to nobody.
    let own = desk.report.own_data(pack(), &id("B"), ReadBy::Them).unwrap();
    let given = serde_json::to_string(&own.sections).unwrap();
    assert_eq!((given.contains("x_2009"), given.contains("x_2010")), (false, true));
    assert!(own.held.iter().any(|held| held.what.contains("entered for you by mistake")));
}

#[test]
fn roles_closing_and_text_are_guarded_whatever_the_shell_does() {
    let mut desk = Desk::empty();
    desk.refused(officer(), Command::AskForReview { note: String::new(), by_when: String::new() });
    let mut start = Desk::start();
    start.reported_at = Some("2027-01-01T00:00:00Z".parse().unwrap());
    start.safety.in_danger = None;
    start.safety.child_where = "https://example.org/x.jpg".into();
    start.reference = "no spaces please".into();
    let fields: Vec<String> =
        desk.refused(officer(), Command::Start(start)).problems().into_iter().map(|w| w.field).collect();
    assert_eq!(fields, ["reference", "in_danger", "child_where", "reported_at"]);

    let mut desk = two_children();
    let (name, value) = split("person.A.malicious=yes");
    let state = Command::StateFacts(vec![StateFact::police(id(&name), value)]);
    for role in [Role::Auditor, Role::Author] {
        desk.refused(actor("ann", role), state.clone());
    }
    let before: Report = desk.report.clone();
    desk.refused(officer(), Command::AddAddendum { text: "data:image/png;base64,AAAA".into() });
    desk.refused(officer(), record("vpa:A", note()));
    desk.refused(officer(), record("no-such-duty", note()));
    desk.refused(officer(), record("signposting:Z", note()));
    assert_eq!(desk.report, before, "a refusal changes nothing");
}

#[test]
fn age_is_the_age_on_the_day_of_the_act() {
    for (born, act, age) in [
        ("2012-06-15", "2026-06-15", Some(14)),
        ("2012-06-15", "2026-06-14", Some(13)),
        ("2012-02-29", "2026-02-28", Some(13)),
        ("2012-02-29", "2026-03-01", Some(14)),
        ("2026-06-15", "2026-06-14", None),
        ("1800-01-01", "2026-01-01", None),
    ] {
        assert_eq!(age_at(born.parse().unwrap(), act.parse().unwrap()), age, "{born} {act}");
    }
}

#[test]
fn what_nobody_could_be_found_by_and_a_name_that_is_there_already_are_refused() {
    let mut desk = Desk::started();
    desk.person("Ida", &["age=14", "part=pictured"]);
    desk.person("Ben", &["age=15", "part=received"]);
    let who = |known_as: &str, phone: &str, email: &str| Identity {
        known_as: known_as.into(),
        phones: vec![phone.into()],
        emails: vec![email.into()],
        ..Identity::default()
    };
    for (identity, wrong) in [
        (who("Ben", "01632 960001", "ben@example.org"), &[][..]),
        (who("Ben", "zzz", "ben@example.org"), &["phones"]),
        (who("Ben", "01632 960001", "nope"), &["emails"]),
        (who("Ben", "01632 960001", "@example.org"), &["emails"]),
        (who(" ida", "zzz", "ben@example.org"), &["phones", "known_as"]),
    ] {
        let command = Command::StateIdentity { person: id("B"), identity };
        let refused = desk.attempt(officer(), command).err();
        let fields = refused.map_or_else(Vec::new, |refusal| refusal.problems().into_iter().map(|w| w.field).collect());
        assert_eq!(fields, wrong);
    }
    let add =
        AddPerson { identity: who("Ida", "01632 960001", "ida@example.org"), facts: std::collections::BTreeMap::new() };
    assert_eq!(desk.refused(officer(), Command::AddPerson(add)).problems()[0].field, "known_as");
}

#[test]
fn a_link_made_by_mistake_is_withdrawn_unless_a_report_ends_for_it() {
    let mut desk = two_children();
    let link = common::same_incident;
    desk.ok(Command::LinkReport(link()));
    let number = desk.report.links[0].number;
    let withdraw = |number, reason: &str| Command::WithdrawEntry { what: Thing::Link(number), reason: reason.into() };
    assert_eq!(desk.refused(officer(), withdraw(number, "")).problems()[0].field, "reason");
    desk.refused(officer(), withdraw(number + 1, "r"));
    desk.ok(withdraw(number, "another school of the same name"));
    assert_eq!(desk.report.standing_links().count(), 0);
    let told = desk.view().timeline.into_iter().last().unwrap();
    assert_eq!(
        (told.says.as_str(), told.detail.as_str()),
        ("Link with report R26-0000, same incident, reported twice, withdrawn", "another school of the same name")
    );
    desk.refused(officer(), withdraw(number, "r"));

    // It can be made again, and then be what a report is ended for.
    desk.ok(Command::LinkReport(link()));
    let mut desk = Desk::started();
    desk.ok(Command::AskToEnd { same_as: Some(link()), reason: "the school rang twice".into() });
    let number = desk.report.links[0].number;
    let refused = desk.refused(officer(), withdraw(number, "r")).to_string();
    assert!(refused.contains("because both have the same incident"), "{refused}");
    desk.by(common::supervisor(), desk.review(Verdict::Agree));
    desk.refused(officer(), withdraw(number, "r"));
    desk.by(common::supervisor(), Command::Reopen { reason: "two incidents after all".into() });
    desk.ok(withdraw(number, "two incidents after all"));
}

#[test]
fn a_link_of_a_closed_report_can_be_withdrawn() {
    let mut desk = Desk::started();
    desk.ok(Command::LinkReport(Link { kind: LinkKind::SecondIncident, ..common::same_incident() }));
    desk.ok(Command::AskToEnd { same_as: None, reason: "the wrong form".into() });
    desk.by(common::supervisor(), desk.review(Verdict::Agree));
    let number = desk.report.links[0].number;
    desk.ok(Command::WithdrawEntry { what: Thing::Link(number), reason: "the wrong report".into() });
    assert_eq!(desk.report.standing_links().count(), 0);
}
