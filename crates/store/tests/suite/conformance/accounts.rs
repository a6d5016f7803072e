//! Users, sessions, one-time tokens, failed sign-ins, settings.

use store::{Failures, OneTimeToken, StoreError, TokenUse, User, limits};

use crate::fixture::*;

pub async fn users_read_back_as_saved(store: Shared) {
    for name in ["c", "a", "b"] {
        add(&*store, user(name)).await.unwrap();
    }
    assert_eq!(add(&*store, user("a")).await, Err(StoreError::Duplicate { what: "user id" }));
    assert_eq!(store.user(&user_id("nobody")).await, Ok(None));

    let changed = User {
        name: "Sergeant Ó Briain".into(),
        sign_in_name: "ob@force.example".into(),
        role: "supervisor".into(),
        unit: "south".into(),
        password_hash: None,
        ..user("a")
    };
    let saved = User { created_at: at(99), ..changed.clone() };
    save(&*store, saved).await.unwrap();
    assert_eq!(store.user(&user_id("a")).await, Ok(Some(changed.clone())));
    assert_eq!(save(&*store, user("nobody")).await, Err(StoreError::NotFound { what: "user" }));

    assert_eq!(store.users(None, 2).await, Ok(vec![changed, user("b")]));
    assert_eq!(store.users(Some(&user_id("b")), 2).await, Ok(vec![user("c")]));
    let nameless = User { name: String::new(), ..user("d") };
    assert_eq!(add(&*store, nameless).await, Err(StoreError::Empty { what: "name" }));
}

pub async fn sign_in_names_ignore_case_and_belong_to_one_user(store: Shared) {
    let taken = Err(StoreError::Duplicate { what: "sign-in name" });
    add(&*store, User { sign_in_name: " Åse@Force.example ".into(), ..user("a") }).await.unwrap();
    let kept = User { sign_in_name: "åse@force.example".into(), ..user("a") };
    for typed in ["åse@force.example", "ÅSE@FORCE.EXAMPLE", " Åse@force.example"] {
        assert_eq!(store.user_by_sign_in_name(typed).await, Ok(Some(kept.clone())), "{typed}");
    }
    assert_eq!(store.user_by_sign_in_name("ase@force.example").await, Ok(None));

    let same = User { sign_in_name: "ÅSE@force.example".into(), ..user("b") };
    assert_eq!(add(&*store, same.clone()).await, taken);
    add(&*store, user("b")).await.unwrap();
    assert_eq!(save(&*store, same).await, taken);
    assert_eq!(store.user(&user_id("b")).await, Ok(Some(user("b"))));
}

pub async fn a_disabled_user_has_no_session(store: Shared) {
    let nobody = Err(StoreError::NotFound { what: "user" });
    add(&*store, user("a")).await.unwrap();
    add(&*store, user("b")).await.unwrap();
    for (number, name) in [(1, "a"), (2, "a"), (3, "b")] {
        store.start_session(session(number, name)).await.unwrap();
    }
    save(&*store, User { disabled: true, ..user("a") }).await.unwrap();
    assert_eq!(store.session(&token(1)).await, Ok(None));
    assert_eq!(store.sessions_of(&user_id("a")).await, Ok(vec![]));
    assert_eq!(store.session(&token(3)).await, Ok(Some((session(3, "b"), user("b")))));

    assert_eq!(store.start_session(session(4, "a")).await, nobody);
    assert_eq!(store.start_session(session(4, "no-such")).await, nobody);
    save(&*store, user("a")).await.unwrap();
    assert_eq!(store.start_session(session(4, "a")).await, Ok(()));
}

pub async fn sessions_begin_move_on_and_end(store: Shared) {
    add(&*store, user("a")).await.unwrap();
    for number in [3, 1, 2] {
        store.start_session(session(number, "a")).await.unwrap();
    }
    assert_eq!(store.start_session(session(1, "a")).await, Err(StoreError::Duplicate { what: "session token" }));
    let numbered = |s: Vec<store::Session>| s.iter().map(|s| s.token_hash).collect::<Vec<_>>();
    assert_eq!(store.sessions_of(&user_id("a")).await.map(numbered), Ok(vec![token(1), token(2), token(3)]));

    for (seen, expected) in [(50, 50), (20, 50), (60, 60)] {
        assert_eq!(store.touch_session(&token(1), at(seen)).await, Ok(true));
        let (session, _) = store.session(&token(1)).await.unwrap().unwrap();
        assert_eq!(session.last_seen_at, at(expected));
    }
    assert_eq!(store.touch_session(&token(9), at(50)).await, Ok(false));

    assert_eq!(store.end_session(&token(1)).await, Ok(true));
    assert_eq!(store.end_session(&token(1)).await, Ok(false));
    assert_eq!(store.session(&token(1)).await, Ok(None));
    assert_eq!(store.touch_session(&token(1), at(70)).await, Ok(false));
    assert_eq!(store.end_sessions_of(&user_id("a"), None).await, Ok(2));
    assert_eq!(store.end_sessions_of(&user_id("a"), None).await, Ok(0));
}

fn link(number: u8, user: Option<&str>) -> OneTimeToken {
    OneTimeToken { token_hash: token(number), purpose: "sign-in".into(), user: user.map(user_id), expires_at: at(100) }
}

pub async fn a_token_works_once(store: Shared) {
    add(&*store, user("a")).await.unwrap();
    store.add_token(link(1, Some("a")), None).await.unwrap();
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let store = Shared::clone(&store);
            tokio::spawn(async move { store.take_token(&token(1), "sign-in", at(10)).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for answer in tries {
        match answer.await.unwrap() {
            TokenUse::Taken(token) => {
                assert_eq!(token, link(1, Some("a")));
                taken += 1;
            }
            other => assert_eq!(other, TokenUse::AlreadyUsed),
        }
    }
    assert_eq!(taken, 1);
}

pub async fn a_token_works_for_its_purpose_and_time(store: Shared) {
    store.add_token(link(1, None), None).await.unwrap();
    assert_eq!(store.add_token(link(1, None), None).await, Err(StoreError::Duplicate { what: "one-time token" }));
    assert_eq!(store.add_token(link(2, Some("nobody")), None).await, Err(StoreError::NotFound { what: "user" }));
    let aimless = OneTimeToken { purpose: String::new(), ..link(2, None) };
    assert_eq!(store.add_token(aimless, None).await, Err(StoreError::Empty { what: "purpose" }));

    for (number, purpose, now, expected) in [
        (2, "sign-in", 10, TokenUse::Unknown),
        (1, "bootstrap", 10, TokenUse::Unknown),
        (1, "sign-in", 100, TokenUse::Expired),
        (1, "sign-in", 99, TokenUse::Taken(link(1, None))),
        (1, "sign-in", 99, TokenUse::AlreadyUsed),
        (1, "sign-in", 200, TokenUse::AlreadyUsed),
    ] {
        let answer = store.take_token(&token(number), purpose, at(now)).await;
        assert_eq!(answer, Ok(expected), "token {number} for {purpose} at {now}");
    }
}

pub async fn failures_are_counted_within_a_window(store: Shared) {
    assert_eq!(store.failures("a").await, Ok(None));
    // Seconds of the failure, of the window's start, and what is counted then.
    for (seconds, window, count, since) in
        [(10, 0, 1, 10), (20, 0, 2, 10), (30, 10, 3, 10), (40, 11, 1, 40), (41, 11, 2, 40)]
    {
        let expected = Failures { count, since: at(since), last: at(seconds) };
        assert_eq!(store.count_failure("a", at(seconds), at(window)).await, Ok(expected));
        assert_eq!(store.failures("a").await, Ok(Some(expected)));
    }
    assert_eq!(store.count_failure("b", at(50), at(0)).await.map(|f| f.count), Ok(1));
    store.clear_failures("a").await.unwrap();
    assert_eq!(store.failures("a").await, Ok(None));
    assert_eq!(store.failures("b").await.map(|f| f.is_some()), Ok(true));
    assert_eq!(store.count_failure("", at(1), at(0)).await, Err(StoreError::Empty { what: "key" }));
}

pub async fn failure_counters_are_bounded_and_the_strongest_stay(store: Shared) {
    for _ in 0..5 {
        store.count_failure("under-attack", at(0), at(0)).await.unwrap();
    }
    let many: Vec<_> = (0..limits::FAILURE_KEYS + 50)
        .map(|n| {
            let store = Shared::clone(&store);
            tokio::spawn(async move { store.count_failure(&format!("made-up-{n}"), at(1), at(0)).await.unwrap() })
        })
        .collect();
    for counted in many {
        counted.await.unwrap();
    }
    let mut kept = 0;
    for n in 0..limits::FAILURE_KEYS + 50 {
        kept += u32::from(store.failures(&format!("made-up-{n}")).await.unwrap().is_some());
    }
    assert_eq!(kept, limits::FAILURE_KEYS - 1);
    assert_eq!(store.count_failure("under-attack", at(2), at(0)).await.map(|f| f.count), Ok(6));
    assert_eq!(store.count_failure("one-more", at(2), at(0)).await.map(|f| f.count), Ok(1));
}

pub async fn settings_keep_the_last_value(store: Shared) {
    assert_eq!(store.setting("pack").await, Ok(None));
    for value in ["sha256:one", "", "sha256:two"] {
        store.set_setting("pack", value).await.unwrap();
        assert_eq!(store.setting("pack").await, Ok(Some(value.to_owned())));
    }
    let long = "x".repeat(limits::VALUE + 1);
    let refused = StoreError::TooLong { what: "setting", limit: limits::VALUE };
    assert_eq!(store.set_setting("pack", &long).await, Err(refused));
}

pub async fn what_has_ended_is_forgotten(store: Shared) {
    add(&*store, user("a")).await.unwrap();
    for (number, end) in [(1, 10), (2, 20), (3, 30)] {
        store.start_session(store::Session { expires_at: at(end), ..session(number, "a") }).await.unwrap();
        store.add_token(OneTimeToken { expires_at: at(end), ..link(number, Some("a")) }, None).await.unwrap();
    }
    assert_eq!(store.forget_expired(at(20)).await, Ok(4));
    assert_eq!(store.forget_expired(at(20)).await, Ok(0));
    assert_eq!(store.sessions_of(&user_id("a")).await.unwrap().len(), 1);
    assert_eq!(store.take_token(&token(2), "sign-in", at(0)).await, Ok(TokenUse::Unknown));
    assert!(matches!(store.take_token(&token(3), "sign-in", at(0)).await, Ok(TokenUse::Taken(_))));
}
