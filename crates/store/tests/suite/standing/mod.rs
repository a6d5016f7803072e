//! Accounts, sessions and links that somebody changes in the database of a running program: from then on they let nobody in,
//! also where what is put there was good once.

mod ended;
mod race;

use std::path::{Path, PathBuf};

use store::{
    Identity, Log as _, LogFault, OneTimeToken, OtherWays, Passkey, SqliteStore, Store as _, StoreError, User,
    WaysIn as _,
};
use tempfile::TempDir;

use crate::fixture::*;

fn opened(path: &Path) -> SqliteStore {
    SqliteStore::open(path, &keys(path)).unwrap()
}

fn passkey(name: &str, whose: &str) -> Passkey {
    Passkey {
        credential: name.into(),
        user: user_id(whose),
        name: "Key ring".into(),
        checks: r#"{"cred":{"cred":"public","counter":1}}"#.into(),
        created_at: at(5),
        last_used_at: None,
    }
}

fn identity(name: &str, whose: &str) -> Identity {
    Identity { issuer: "https://force.example".into(), subject: name.into(), user: user_id(whose), created_at: at(6) }
}

fn link(number: u8, whose: &str) -> OneTimeToken {
    OneTimeToken {
        token_hash: token(number),
        purpose: "password".into(),
        user: Some(user_id(whose)),
        expires_at: at(36_000),
    }
}

/// Two accounts with every way in, each signed in, with a link that was not used yet.
async fn filled() -> (TempDir, PathBuf, SqliteStore) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let store = opened(&path);
    for (number, name) in [(1, "u1"), (2, "u2")] {
        add(&store, user(name)).await.unwrap();
        let whose = user_id(name);
        let added = told("passkey-added", &whose);
        store.add_passkey(passkey(name, name), added).await.unwrap();
        let known = told("force-known", &whose);
        store.add_identity(identity(name, name), known).await.unwrap();
        store.start_session(session(number, name)).await.unwrap();
        store.add_token(link(number, name), None).await.unwrap();
    }
    (directory, path, store)
}

fn changed_outside<T>() -> Result<T, StoreError> {
    Err(StoreError::ChangedOutside { user: user_id("u1") })
}

/// What somebody does to the account `u1`, and how they undo it.
const CHANGES: &[(&str, &str)] = &[
    ("UPDATE users SET role = 'supervisor' WHERE id = 'u1'", "UPDATE users SET role = 'officer' WHERE id = 'u1'"),
    ("UPDATE users SET unit = 'south' WHERE id = 'u1'", "UPDATE users SET unit = 'north' WHERE id = 'u1'"),
    ("UPDATE users SET name = 'Officer u2' WHERE id = 'u1'", "UPDATE users SET name = 'Officer u1' WHERE id = 'u1'"),
    (
        "UPDATE users SET sign_in_name = 'mine' WHERE id = 'u1'",
        "UPDATE users SET sign_in_name = 'u1@force.example' WHERE id = 'u1'",
    ),
    (
        "UPDATE users SET password_hash = '$argon2id$mine' WHERE id = 'u1'",
        "UPDATE users SET password_hash = '$argon2id$made-up' WHERE id = 'u1'",
    ),
    (
        "UPDATE users SET password_hash = NULL WHERE id = 'u1'",
        "UPDATE users SET password_hash = '$argon2id$made-up' WHERE id = 'u1'",
    ),
    (
        "INSERT INTO passkeys VALUES (x'00', 'u1', 'mine', '{}', 0, NULL)",
        "DELETE FROM passkeys WHERE credential = x'00'",
    ),
    (
        "UPDATE passkeys SET checks = replace(checks, 'public', 'mine') WHERE user = 'u1'",
        "UPDATE passkeys SET checks = replace(checks, 'mine', 'public') WHERE user = 'u1'",
    ),
    (
        "INSERT INTO identities VALUES ('https://mine.example', 'me', 'u1', 0)",
        "DELETE FROM identities WHERE subject = 'me'",
    ),
    (
        "UPDATE identities SET subject = 'me' WHERE user = 'u1'",
        "UPDATE identities SET subject = 'u1' WHERE user = 'u1'",
    ),
    (
        r#"UPDATE passkeys SET checks = '{"cred":{"cred":"public","counter":0}}' WHERE user = 'u1'"#,
        r#"UPDATE passkeys SET checks = '{"cred":{"cred":"public","counter":1}}' WHERE user = 'u1'"#,
    ),
    (
        "DELETE FROM passkeys WHERE user = 'u1'",
        "INSERT INTO passkeys SELECT CAST('u1' AS BLOB), 'u1', name, checks, created_at, NULL FROM passkeys WHERE user = 'u2'",
    ),
];

#[tokio::test]
async fn an_account_that_was_changed_outside_lets_nobody_in_and_takes_nothing() {
    let (_directory, path, store) = filled().await;
    let u1 = user_id("u1");
    let others = OtherWays { passwords: true, provider: None };
    for (sql, undo) in CHANGES {
        change(&path, sql);
        let before = store.ledger_head().await.unwrap();
        assert_eq!(store.session(&token(1)).await, changed_outside(), "{sql}");
        let refused = [
            store.start_session(session(9, "u1")).await,
            store.renew_session(&token(1), &token(9), at(9)).await.map(drop),
            save(&store, user("u1")).await,
            store.note_change(told("link-used", &u1)).await,
            store.add_token(link(9, "u1"), Some(told("link-made", &u1))).await,
            store.end_sessions_of(&u1, Some(told("signed-out", &u1))).await.map(drop),
            store.add_passkey(passkey("more", "u1"), told("passkey-added", &u1)).await,
            store.remove_passkey(&u1, b"u1", &others, told("passkey-removed", &u1)).await.map(drop),
            store.add_identity(identity("more", "u1"), told("force-known", &u1)).await,
        ];
        for (place, answer) in refused.into_iter().enumerate() {
            assert_eq!(answer, changed_outside(), "{sql}: {place}");
        }
        // Nothing of it is taken over into the log.
        assert_eq!(store.ledger_head().await.unwrap(), before, "{sql}");
        // Nobody else is refused for it.
        assert!(store.session(&token(2)).await.unwrap().is_some(), "{sql}");
        change(&path, undo);
        assert!(store.session(&token(1)).await.unwrap().is_some(), "{undo}");
    }
    store.start_session(session(9, "u1")).await.unwrap();
}

/// Nothing that the program made is refused, and no account that it did not.
#[tokio::test]
async fn an_account_that_somebody_put_there_lets_nobody_in() {
    let (_directory, path, store) = filled().await;
    let mine = "INSERT INTO users SELECT 'u9', name, 'mine', role, unit, password_hash, 0, created_at FROM users WHERE id = 'u1'";
    change(&path, mine);
    let nobody = Err(StoreError::ChangedOutside { user: user_id("u9") });
    assert_eq!(store.start_session(session(9, "u9")).await, nobody);
    drop(store);
    let store = opened(&path);
    assert_eq!(store.start_session(session(9, "u9")).await, nobody);
    assert!(store.session(&token(1)).await.unwrap().is_some());
}

/// A row that was good once is no better than any other: with the list of what changed put back too, while the program runs and
/// after it was started again.
#[tokio::test]
async fn an_older_row_that_is_put_back_lets_nobody_in() {
    let (_directory, path, store) = filled().await;
    let supervisor = User { role: "supervisor".into(), ..user("u1") };
    save(&store, supervisor).await.unwrap();
    change(&path, "CREATE TABLE kept AS SELECT * FROM users WHERE id = 'u1'");
    save(&store, user("u1")).await.unwrap();
    store.start_session(session(3, "u1")).await.unwrap();
    assert!(store.session(&token(3)).await.unwrap().is_some());
    let back = "UPDATE users SET role = (SELECT role FROM kept) WHERE id = 'u1'; DROP TABLE kept;
        DELETE FROM way_in_changes WHERE id = (SELECT max(id) FROM way_in_changes)";
    change(&path, back);
    assert_eq!(store.session(&token(3)).await, changed_outside());
    drop(store);
    let store = opened(&path);
    assert_eq!(store.session(&token(3)).await, changed_outside());
    assert_eq!(store.start_session(session(9, "u1")).await, changed_outside());
}

/// Whoever copied a passkey and can write to the database puts its counter back, so that the copy is not seen to be one.
#[tokio::test]
async fn a_counter_that_is_put_back_lets_no_copy_in() {
    let (_directory, path, store) = filled().await;
    let counted = |number: u32| format!(r#"{{"cred":{{"cred":"public","counter":{number}}}}}"#);
    for number in [1, 2] {
        let used = store.use_passkey(b"u1", &counted(number), &counted(number + 1), at(50)).await;
        assert_eq!(used, Ok(true));
    }
    assert!(store.session(&token(1)).await.unwrap().is_some(), "a use of the program's own");
    let before = store.ledger_head().await.unwrap();
    // One that counts nothing says nothing new.
    let used = store.use_passkey(b"u1", &counted(3), &counted(3), at(60)).await;
    assert_eq!((used, store.ledger_head().await.unwrap()), (Ok(true), before));

    change(&path, "UPDATE passkeys SET checks = replace(checks, ':3', ':2') WHERE user = 'u1'");
    let refused = |answer: Result<bool, StoreError>| assert_eq!(answer, changed_outside());
    refused(store.use_passkey(b"u1", &counted(2), &counted(3), at(70)).await);
    assert_eq!(store.session(&token(1)).await, changed_outside());
    match store.verify().await {
        Err(StoreError::Log(LogFault::Row { said, .. })) => {
            assert!(said.contains("its counters of passkeys"), "{said}")
        }
        other => panic!("{other:?}"),
    }
    drop(store);
    let store = opened(&path);
    refused(store.use_passkey(b"u1", &counted(2), &counted(3), at(80)).await);
    assert_eq!(store.start_session(session(9, "u1")).await, changed_outside());
    // As the last use left it, it is good again.
    change(&path, "UPDATE passkeys SET checks = replace(checks, ':2', ':3') WHERE user = 'u1'");
    let used = store.use_passkey(b"u1", &counted(3), &counted(4), at(90)).await;
    assert_eq!(used, Ok(true));
}

#[tokio::test]
async fn what_was_changed_is_put_right_and_what_nobody_can_look_at_goes() {
    let (_directory, path, store) = filled().await;
    let right = |kind| vec![told(kind, &user_id("u1"))];
    let sound = store.put_right(user("u1"), right("put-right")).await;
    assert!(matches!(sound, Err(StoreError::Contradiction { .. })), "{sound:?}");
    let mine = "UPDATE users SET role = 'supervisor' WHERE id = 'u1'; INSERT INTO passkeys VALUES (x'00', 'u1', 'mine', '{}', 0, NULL)";
    change(&path, mine);
    let untold = store.put_right(user("u1"), Vec::new()).await;
    assert!(matches!(untold, Err(StoreError::Contradiction { .. })), "{untold:?}");
    store.put_right(user("u1"), right("put-right")).await.unwrap();

    let bare = User { password_hash: None, ..user("u1") };
    assert_eq!(store.user(&user_id("u1")).await, Ok(Some(bare)));
    assert_eq!(store.passkeys_of(&user_id("u1")).await, Ok(Vec::new()));
    assert_eq!(store.identities_of(&user_id("u1")).await, Ok(Vec::new()));
    assert_eq!(store.session(&token(1)).await, Ok(None));
    let taken = store.take_token(&token(1), "password", at(9)).await;
    assert_eq!(taken, Ok(store::TokenUse::Unknown));
    // It is an account like any other again, and a full check has nothing to say.
    store.start_session(session(9, "u1")).await.unwrap();
    assert!(store.session(&token(9)).await.unwrap().is_some());
    assert_eq!(store.passkeys_of(&user_id("u2")).await.unwrap().len(), 1);
    store.verify().await.unwrap();
}
