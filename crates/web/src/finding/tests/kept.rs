//! What people are found by follows what is entered, and who was kept before is found too.

use report::{Account, Command, Identity, Thing};
use store::{Append, Findable, PartId, Subject};

use super::search::find;
use super::*;
use crate::shared::record::{act_as, all_findable, make_findable};

#[tokio::test]
async fn what_somebody_is_found_by_follows_what_is_entered() {
    let site = Site::new();
    let mut kept = report_with(&site, "Safeguarding", billie()).await;
    let officer = actor(&site, Role::Officer, "olive").await;
    let mut browser = site.signed_in(Role::Officer).await;
    let account = Account {
        platform: "Example".into(),
        username: "@Quibble_Cat".into(),
        person: Some(first()),
        note: String::new(),
    };
    kept = act_as(&site.app, &officer, kept, Command::AddAccount(account), "1").await.unwrap();
    let by_account = [("account", "quibble_cat")];
    let by_phone = [("phone", "07700 900451")];
    find(&mut browser, &by_account).await.says("Same account name");
    let identity = Identity { phones: vec!["07700 900777".into()], ..billie() };
    let state = Command::StateIdentity { person: first(), identity };
    kept = act_as(&site.app, &officer, kept, state, "2").await.unwrap();
    find(&mut browser, &by_phone).await.says("Nobody was found");
    find(&mut browser, &[("phone", "07700 900777")]).await.says("Wilhelmina");
    find(&mut browser, &by_account).await.says("Wilhelmina");
    let withdraw = |what| Command::WithdrawEntry { what, reason: "entered wrongly".into() };
    let account = Thing::Account(kept.report.accounts[0].number);
    kept = act_as(&site.app, &officer, kept, withdraw(account), "3").await.unwrap();
    find(&mut browser, &by_account).await.says("Nobody was found");
    let by_new_phone = [("phone", "07700 900777")];
    find(&mut browser, &by_new_phone).await.says("Wilhelmina");
    act_as(&site.app, &officer, kept, withdraw(Thing::Person(first())), "4").await.unwrap();
    find(&mut browser, &by_new_phone).await.says("Nobody was found");
}

#[tokio::test]
async fn who_was_kept_before_is_made_findable_once_from_where_it_was_left() {
    let site = Site::new();
    let mut kept = Vec::new();
    for _ in 0..3 {
        kept.push(report_with(&site, "Safeguarding", billie()).await);
    }
    // As a version without an index left them.
    for opened in &kept {
        let forgotten = Append {
            stream: opened.stream.clone(),
            expected_version: opened.version,
            events: vec![],
            projection: None,
            findable: vec![Findable { subject: Subject::Person(PartId::new("A").unwrap()), terms: vec![] }],
        };
        site.app.store.append(forgotten, None).await.unwrap();
    }
    let mut browser = site.signed_in(Role::Officer).await;
    let by_phone = [("phone", "07700 900451")];
    let seen = find(&mut browser, &by_phone).await;
    seen.says("Nobody was found").says("still going through people");
    kept.sort_by(|a, b| a.stream.cmp(&b.stream));
    let far = format!("{} after {}", report::matching::FORM, kept[0].stream);
    site.app.store.set_setting("people-findable", &far).await.unwrap();
    assert_eq!(make_findable(&site.app).await.unwrap(), 2);
    assert!(all_findable(&site.app).await.unwrap());
    let seen = find(&mut browser, &by_phone).await;
    seen.does_not_say(kept[0].reference()).says(kept[1].reference()).says(kept[2].reference());
    seen.does_not_say("still going through people");
    assert_eq!(make_findable(&site.app).await.unwrap(), 0);
    // Another form of the terms: all of them once more.
    site.app.store.set_setting("people-findable", "0 all").await.unwrap();
    assert!(!all_findable(&site.app).await.unwrap());
    assert_eq!(make_findable(&site.app).await.unwrap(), 3);
    find(&mut browser, &by_phone).await.says(kept[0].reference());
}
