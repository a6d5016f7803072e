//! Pages that are asked for while the program itself changes accounts and sessions are never refused for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store::{Store as _, StoreError, User, WaysIn as _};

use super::filled;
use crate::fixture::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_program_changes_itself_is_never_taken_for_somebody_elses_doing() {
    let (_directory, _path, store) = filled().await;
    let (store, over) = (Arc::new(store), Arc::new(AtomicBool::new(false)));
    let asks = {
        let (store, over) = (Arc::clone(&store), Arc::clone(&over));
        tokio::spawn(async move {
            let mut asked = 0;
            while !over.load(Ordering::SeqCst) {
                let found = store.session(&token(1)).await;
                assert!(matches!(found, Ok(Some(_))), "{found:?}");
                asked += 1;
            }
            asked
        })
    };
    for round in 0..200 {
        let moved = User { unit: format!("unit {round}"), ..user("u1") };
        save(&*store, moved).await.unwrap();
        let counted = |number: u32| format!(r#"{{"cred":{{"cred":"public","counter":{number}}}}}"#);
        let used = store.use_passkey(b"u1", &counted(round + 1), &counted(round + 2), at(60)).await;
        assert_eq!(used, Ok(true));
        // One that fails leaves nothing behind of what it had begun.
        let taken = User { sign_in_name: user("u2").sign_in_name, ..user("u1") };
        let duplicate = StoreError::Duplicate { what: "sign-in name" };
        assert_eq!(save(&*store, taken).await, Err(duplicate));
        store.start_session(session(50, "u2")).await.unwrap();
        assert!(store.session(&token(50)).await.unwrap().is_some());
        let renewed = store.renew_session(&token(50), &token(51), at(60)).await;
        assert_eq!(renewed, Ok(true));
        assert_eq!(store.session(&token(50)).await, Ok(None));
        assert!(store.end_session(&token(51)).await.unwrap());
    }
    over.store(true, Ordering::SeqCst);
    assert!(asks.await.unwrap() > 200);
}
