//! Sessions and links whose end is over, put back as they were.

use store::{LogFault, SqliteStore, Store as _, StoreError, TokenUse, User, WaysIn as _};

use super::{filled, link, opened};
use crate::fixture::*;

/// What a full check says.
async fn check(store: &SqliteStore) -> String {
    match store.verify().await {
        Err(StoreError::Log(LogFault::Row { what, said, .. })) => format!("{what}: {said}"),
        other => format!("{other:?}"),
    }
}

#[derive(Debug, Clone, Copy)]
enum End {
    One,
    AllOfSomebody,
    Disabled,
    Renewed,
}

#[tokio::test]
async fn a_session_that_ended_and_is_put_back_lets_nobody_in_now_or_after_a_start() {
    for end in [End::One, End::AllOfSomebody, End::Disabled, End::Renewed] {
        let (_directory, path, store) = filled().await;
        change(&path, "CREATE TABLE kept AS SELECT * FROM sessions");
        match end {
            End::One => assert!(store.end_session(&token(1)).await.unwrap()),
            End::AllOfSomebody => {
                assert_eq!(store.end_sessions_of(&user_id("u1"), None).await, Ok(1));
            }
            End::Disabled => {
                let disabled = User { disabled: true, ..user("u1") };
                save(&store, disabled).await.unwrap();
                save(&store, user("u1")).await.unwrap();
            }
            End::Renewed => {
                let renewed = store.renew_session(&token(1), &token(3), at(9)).await;
                assert_eq!(renewed, Ok(true));
            }
        }
        let back = "INSERT INTO sessions SELECT * FROM kept WHERE user = 'u1'; DROP TABLE kept";
        change(&path, back);
        assert_eq!(store.session(&token(1)).await, Ok(None), "{end:?}");
        let renewed = store.renew_session(&token(1), &token(9), at(9)).await;
        assert_eq!(renewed, Ok(false), "{end:?}");
        assert!(store.session(&token(2)).await.unwrap().is_some(), "{end:?}");
        let said = check(&store).await;
        assert!(said.starts_with("a session of account u1: that it had ended, in entry "), "{end:?}: {said}");
        drop(store);
        let store = opened(&path);
        assert_eq!(store.session(&token(1)).await, Ok(None), "{end:?}");
        assert!(store.session(&token(2)).await.unwrap().is_some(), "{end:?}");
        if let End::Renewed = end {
            assert!(store.session(&token(3)).await.unwrap().is_some());
        }
    }
}

/// One that is idle for too long ends without anybody writing it down: what says so is vouched for.
#[tokio::test]
async fn nobody_moves_when_a_session_was_last_seen() {
    let (_directory, path, store) = filled().await;
    assert_eq!(store.touch_session(&token(1), at(60)).await, Ok(true));
    let seen = |found: Option<(store::Session, User)>| found.map(|(one, _)| one.last_seen_at);
    assert_eq!(seen(store.session(&token(1)).await.unwrap()), Some(at(60)), "as the program does it");
    change(&path, "UPDATE sessions SET last_seen_at = last_seen_at + 1 WHERE user = 'u1'");
    assert_eq!(store.session(&token(1)).await, Ok(None));
    assert_eq!(store.touch_session(&token(1), at(61)).await, Ok(false));
}

#[tokio::test]
async fn a_link_that_was_used_and_is_put_back_works_no_second_time() {
    let (_directory, path, store) = filled().await;
    change(&path, "CREATE TABLE kept AS SELECT * FROM one_time_tokens");
    let taken = store.take_token(&token(1), "password", at(9)).await;
    assert_eq!(taken, Ok(TokenUse::Taken(link(1, "u1"))));
    let back = "DELETE FROM one_time_tokens; INSERT INTO one_time_tokens SELECT * FROM kept; DROP TABLE kept";
    change(&path, back);
    let used = Ok(TokenUse::AlreadyUsed);
    assert_eq!(store.take_token(&token(1), "password", at(9)).await, used, "while it runs");
    let said = check(&store).await;
    assert!(said.starts_with("a one-time link of account u1: that it had ended, in entry "), "{said}");
    drop(store);
    let store = opened(&path);
    assert_eq!(store.take_token(&token(1), "password", at(9)).await, used);
    let other = store.take_token(&token(2), "password", at(9)).await;
    assert_eq!(other, Ok(TokenUse::Taken(link(2, "u2"))));
}

/// Whoever looks at an export learns that sessions end, and of which row nothing.
#[tokio::test]
async fn the_entry_names_nobody_but_the_account() {
    let (_directory, _path, store) = filled().await;
    store.end_session(&token(1)).await.unwrap();
    let leaves = leaves(&store).await;
    let leaf = leaves.last().unwrap().as_str();
    let (start, end) = ("{\"ended\":\"", "\",\"kind\":\"session-ended\",\"op\":\"sign-in\",\"user\":\"u1\",\"v\":1}");
    assert!(leaf.starts_with(start) && leaf.ends_with(end), "{leaf}");
    assert_eq!(leaf.len(), start.len() + 32 + end.len());
    assert!(!leaf.contains("01010101"), "{leaf}");
}
