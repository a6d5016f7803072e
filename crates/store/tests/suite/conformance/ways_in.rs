//! Passkeys, identities at other providers, and the log of what changed about ways in.

use store::{Change, Identity, OtherWays, Passkey, Removed, StoreError, User, limits};

use crate::fixture::*;

/// The force's own sign-in.
const FORCE: &str = "https://sign-in.force.example";

/// Passwords and the force's own sign-in let people in as well.
pub fn any_way() -> OtherWays {
    OtherWays { passwords: true, provider: Some(FORCE.into()) }
}

pub fn passkey(number: u8, whose: &str) -> Passkey {
    Passkey {
        credential: vec![number; 16],
        user: user_id(whose),
        name: format!("Key {number}"),
        checks: "counter 0".into(),
        created_at: at(i64::from(number)),
        last_used_at: None,
    }
}

pub fn identity(subject: &str, whose: &str) -> Identity {
    Identity { issuer: FORCE.into(), subject: subject.into(), user: user_id(whose), created_at: at(5) }
}

fn change(kind: &str, whose: &str) -> Change {
    Change {
        user: user_id(whose),
        by: Some(user_id(whose)),
        session: None,
        kind: kind.into(),
        detail: String::new(),
        at: at(7),
    }
}

/// The kinds of what changed for somebody, newest first.
async fn kinds(store: &Shared, whose: &str) -> Vec<String> {
    let all = store.changes_of(&user_id(whose), None, 100).await.unwrap();
    let kinds = all.into_iter().map(|entry| entry.change.kind);
    kinds.filter(|kind| kind != MADE).collect()
}

pub async fn a_session_is_renewed_under_another_token(store: Shared) {
    add(&*store, user("a")).await.unwrap();
    for number in [1, 2] {
        store.start_session(session(number, "a")).await.unwrap();
    }
    assert_eq!(store.renew_session(&token(1), &token(3), at(60)).await, Ok(true));
    assert_eq!(store.session(&token(1)).await, Ok(None));
    let (renewed, _) = store.session(&token(3)).await.unwrap().unwrap();
    let expected = store::Session { token_hash: token(3), proved_at: at(60), last_seen_at: at(60), ..session(1, "a") };
    assert_eq!(renewed, expected);
    assert_eq!(store.renew_session(&token(1), &token(4), at(60)).await, Ok(false));
    assert_eq!(
        store.renew_session(&token(2), &token(3), at(60)).await,
        Err(StoreError::Duplicate { what: "session token" })
    );
}

pub async fn a_user_changes_together_with_the_log(store: Shared) {
    add(&*store, user("a")).await.unwrap();
    add(&*store, user("b")).await.unwrap();
    store.start_session(session(1, "a")).await.unwrap();
    let disabled = User { disabled: true, ..user("a") };
    let by_b = Change { by: Some(user_id("b")), ..change("disabled", "a") };
    store.change_user(disabled.clone(), vec![by_b, change("role", "a")]).await.unwrap();
    assert_eq!(store.user(&user_id("a")).await, Ok(Some(disabled)));
    assert_eq!(store.session(&token(1)).await, Ok(None));
    assert_eq!(kinds(&store, "a").await, ["role", "disabled"]);

    // What cannot be logged does not happen.
    let nobody = change("role", "no-such");
    let refused = store.change_user(user("a"), vec![change("active", "a"), nobody]);
    assert_eq!(refused.await, Err(StoreError::NotFound { what: "user" }));
    assert!(store.user(&user_id("a")).await.unwrap().unwrap().disabled);
    assert_eq!(kinds(&store, "a").await, ["role", "disabled"]);
    let long = Change { detail: "x".repeat(limits::TEXT + 1), ..change("role", "a") };
    assert!(store.note_change(long).await.is_err());
}

pub async fn passkeys_read_back_until_they_are_removed(store: Shared) {
    for name in ["a", "b"] {
        add(&*store, user(name)).await.unwrap();
    }
    for number in [2, 1] {
        let added = store.add_passkey(passkey(number, "a"), change("added", "a"));
        added.await.unwrap();
    }
    let again = store.add_passkey(passkey(1, "b"), change("added", "b"));
    assert_eq!(again.await, Err(StoreError::Duplicate { what: "passkey" }));
    let whose = store.add_passkey(passkey(9, "no-such"), change("added", "a"));
    assert_eq!(whose.await, Err(StoreError::NotFound { what: "user" }));
    let nameless = Passkey { name: String::new(), ..passkey(9, "a") };
    assert!(store.add_passkey(nameless, change("added", "a")).await.is_err());

    assert_eq!(store.passkeys_of(&user_id("a")).await, Ok(vec![passkey(1, "a"), passkey(2, "a")]));
    assert_eq!(store.passkeys_of(&user_id("b")).await, Ok(vec![]));
    assert_eq!(store.passkey(&[2; 16]).await, Ok(Some(passkey(2, "a"))));
    assert_eq!(store.passkey(&[9; 16]).await, Ok(None));

    // Nobody removes another's.
    let theirs = store.remove_passkey(&user_id("b"), &[1; 16], &any_way(), change("removed", "b"));
    assert_eq!(theirs.await, Ok(Removed::Unknown));
    let own = store.remove_passkey(&user_id("a"), &[1; 16], &any_way(), change("removed", "a"));
    assert_eq!(own.await, Ok(Removed::Done));
    assert_eq!(store.passkey(&[1; 16]).await, Ok(None));
    assert_eq!(kinds(&store, "a").await, ["removed", "added", "added"]);
    assert!(kinds(&store, "b").await.is_empty());

    for number in 10..(9 + u8::try_from(limits::PASSKEYS).unwrap()) {
        let added = store.add_passkey(passkey(number, "a"), change("added", "a"));
        added.await.unwrap();
    }
    let beyond = store.add_passkey(passkey(200, "a"), change("added", "a"));
    assert!(matches!(beyond.await, Err(StoreError::TooLong { .. })));
}

pub async fn a_passkey_moves_on_once_for_each_use(store: Shared) {
    add(&*store, user("a")).await.unwrap();
    let added = store.add_passkey(passkey(1, "a"), change("added", "a"));
    added.await.unwrap();
    let used = |was: &'static str, now: &'static str| {
        let store = store.clone();
        async move { store.use_passkey(&[1; 16], was, now, at(50)).await }
    };
    assert_eq!(used("counter 0", "counter 1").await, Ok(true));
    assert_eq!(used("counter 0", "counter 1").await, Ok(false));
    let expected = Passkey { checks: "counter 1".into(), last_used_at: Some(at(50)), ..passkey(1, "a") };
    assert_eq!(store.passkey(&[1; 16]).await, Ok(Some(expected)));
    let two = tokio::join!(used("counter 1", "counter 2"), used("counter 1", "counter 3"));
    assert_ne!(two.0, two.1, "of two at the same moment one is told no");
}

/// Somebody with so many passkeys, and what else lets them in.
struct Last {
    passkeys: usize,
    password: bool,
    /// Providers that know them.
    known: &'static [&'static str],
    /// What lets people in beside passkeys.
    others: (bool, Option<&'static str>),
    /// Whether one of the passkeys may go.
    goes: bool,
}

const ELSEWHERE: &str = "https://another.example";

const fn last(
    passkeys: usize,
    password: bool,
    known: &'static [&'static str],
    others: (bool, Option<&'static str>),
    goes: bool,
) -> Last {
    Last { passkeys, password, known, others, goes }
}

const LAST: &[Last] = &[
    last(1, false, &[], (true, Some(FORCE)), false),
    last(2, false, &[], (true, Some(FORCE)), true),
    last(1, true, &[], (true, Some(FORCE)), true),
    // A password that lets nobody in is no way in.
    last(1, true, &[], (false, Some(FORCE)), false),
    last(2, true, &[], (false, None), true),
    last(1, false, &[FORCE], (true, Some(FORCE)), true),
    last(1, false, &[FORCE], (false, Some(FORCE)), true),
    // Neither is a provider that the settings name no more.
    last(1, false, &[FORCE], (true, None), false),
    last(1, false, &[ELSEWHERE], (false, Some(FORCE)), false),
    last(1, true, &[ELSEWHERE], (false, Some(FORCE)), false),
    last(1, false, &[ELSEWHERE, FORCE], (false, Some(FORCE)), true),
];

pub async fn the_last_way_in_stays(store: Shared) {
    for (case, row) in (0_u8..).zip(LAST) {
        let name = format!("u{case}");
        let password_hash = user("a").password_hash.filter(|_| row.password);
        let somebody = User { password_hash, ..user(&name) };
        add(&*store, somebody).await.unwrap();
        let number = |key: usize| case * 4 + u8::try_from(key).unwrap();
        for key in 0..row.passkeys {
            let added = store.add_passkey(passkey(number(key), &name), change("added", &name));
            added.await.unwrap();
        }
        for issuer in row.known {
            let one = Identity { issuer: (*issuer).to_owned(), ..identity(&name, &name) };
            let known = store.add_identity(one, change("known", &name));
            known.await.unwrap();
        }
        let (passwords, provider) = row.others;
        let others = OtherWays { passwords, provider: provider.map(str::to_owned) };
        let gone = change("removed", &name);
        let answer = store.remove_passkey(&user_id(&name), &[number(0); 16], &others, gone);
        let expected = match row.goes {
            true => Removed::Done,
            false => Removed::LastWayIn,
        };
        assert_eq!(answer.await, Ok(expected), "case {case}");
        let stays = store.passkey(&[number(0); 16]).await.unwrap().is_some();
        assert_eq!(stays, !row.goes, "case {case}");
    }
}

/// Two browsers of one person at the same moment, each with one of the last two.
pub async fn of_the_last_two_passkeys_one_stays(store: Shared) {
    for (case, passwords) in [(0, false), (1, false), (2, true)] {
        let name = format!("u{case}");
        // A password that is switched off, or none at all.
        let password_hash = user("a").password_hash.filter(|_| !passwords);
        let somebody = User { password_hash, ..user(&name) };
        add(&*store, somebody).await.unwrap();
        for key in [case * 2, case * 2 + 1] {
            let added = store.add_passkey(passkey(key, &name), change("added", &name));
            added.await.unwrap();
        }
        let others = OtherWays { passwords, provider: None };
        let removed = |key: u8| {
            let gone = change("removed", &name);
            store.remove_passkey(&user_id(&name), &[key; 16], &others, gone)
        };
        let two = tokio::join!(removed(case * 2), removed(case * 2 + 1));
        let answers = [two.0.unwrap(), two.1.unwrap()];
        assert!(answers.contains(&Removed::Done), "{answers:?}");
        assert!(answers.contains(&Removed::LastWayIn), "{answers:?}");
        let left = store.passkeys_of(&user_id(&name)).await.unwrap();
        assert_eq!(left.len(), 1);
    }
}

pub async fn an_identity_belongs_to_one_user(store: Shared) {
    for name in ["a", "b"] {
        add(&*store, user(name)).await.unwrap();
    }
    let taken = Err(StoreError::Duplicate { what: "identity" });
    let known = |identity: Identity| {
        let change = change("known", identity.user.as_str());
        store.add_identity(identity, change)
    };
    known(identity("s1", "a")).await.unwrap();
    assert_eq!(known(identity("s1", "b")).await, taken);
    assert_eq!(known(identity("s2", "a")).await, taken);
    let elsewhere = Identity { issuer: "https://another.example".into(), ..identity("s1", "a") };
    known(elsewhere.clone()).await.unwrap();
    let found = store.identity("https://sign-in.force.example", "s1");
    assert_eq!(found.await, Ok(Some(identity("s1", "a"))));
    let unknown = store.identity("https://sign-in.force.example", "S1");
    assert_eq!(unknown.await, Ok(None));
    assert_eq!(store.identities_of(&user_id("a")).await, Ok(vec![elsewhere, identity("s1", "a")]));
    assert_eq!(kinds(&store, "a").await, ["known", "known"]);
    assert!(known(identity("", "b")).await.is_err());
}

pub async fn changes_read_newest_first_and_stay(store: Shared) {
    for name in ["a", "b"] {
        add(&*store, user(name)).await.unwrap();
    }
    for (kind, whose) in [("1", "a"), ("2", "b"), ("3", "a"), ("4", "a")] {
        store.note_change(change(kind, whose)).await.unwrap();
    }
    let first = store.changes_of(&user_id("a"), None, 2).await.unwrap();
    assert_eq!(first[0].change, change("4", "a"));
    assert_eq!(first[1].change, change("3", "a"));
    let rest = store.changes_of(&user_id("a"), Some(first[1].id), 1);
    let rest = rest.await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].change, change("1", "a"));
    let nobody = store.note_change(change("5", "no-such"));
    assert_eq!(nobody.await, Err(StoreError::NotFound { what: "user" }));
}

/// Somebody who is in already is out when what let them in is another; whoever changes it goes on where they are.
pub async fn whoever_is_signed_in_elsewhere_is_out_when_a_way_in_changes(store: Shared) {
    for name in ["a", "b"] {
        add(&*store, user(name)).await.unwrap();
    }
    store.start_session(session(9, "b")).await.unwrap();
    let supervisor = User { role: "supervisor".into(), ..user("a") };
    let with_another = User { password_hash: Some("$argon2id$another".into()), ..supervisor.clone() };
    let moved = User { name: "Officer c".into(), unit: "south".into(), ..with_another.clone() };
    for here in [None, Some(token(1))] {
        let told = |kind| Change { session: here, ..change(kind, "a") };
        store.change_user(user("a"), vec![told("back")]).await.unwrap();
        for what in ["role", "password", "added", "removed", "known", "moved"] {
            for number in [1, 2, 3] {
                store.end_session(&token(number)).await.unwrap();
                store.start_session(session(number, "a")).await.unwrap();
            }
            let subject = format!("subject {}", here.is_some());
            match what {
                "role" => store.change_user(supervisor.clone(), vec![told(what)]).await.unwrap(),
                "password" => store.change_user(with_another.clone(), vec![told(what)]).await.unwrap(),
                "added" => store.add_passkey(passkey(1, "a"), told(what)).await.unwrap(),
                "removed" => {
                    let removed = store.remove_passkey(&user_id("a"), &[1; 16], &any_way(), told(what));
                    assert_eq!(removed.await, Ok(Removed::Done));
                }
                "known" if here.is_none() => store.add_identity(identity(&subject, "a"), told(what)).await.unwrap(),
                // Nobody has two with one provider: the first time it was theirs.
                "known" => {
                    let other = Identity { issuer: "https://other.example".into(), ..identity(&subject, "a") };
                    store.add_identity(other, told(what)).await.unwrap();
                }
                _ => store.change_user(moved.clone(), vec![told(what)]).await.unwrap(),
            }
            let left: Vec<_> = store.sessions_of(&user_id("a")).await.unwrap();
            let left: Vec<_> = left.into_iter().map(|session| session.token_hash).collect();
            let expected: Vec<_> = match (what, here) {
                ("moved", _) => [1, 2, 3].map(token).into(),
                (_, here) => here.into_iter().collect(),
            };
            assert_eq!(left, expected, "{what}, {here:?}");
        }
    }
    assert!(store.session(&token(9)).await.unwrap().is_some(), "nobody else's");
}
