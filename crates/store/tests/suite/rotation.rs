//! Rotating the keys while the program may end at any step, and getting in again with shares.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use store::{KeyError, Keys, OpenError, Record as _, Share, SqliteStore, recover_keys, recovery_shares};
use tempfile::TempDir;

use crate::fixture::*;

const DATABASE: &str = "WAYMARK_TEST_ROTATE";
const WORDS: &str = "plainly made-up words for a test";

async fn filled(path: &Path, keys: &Keys) {
    let store = SqliteStore::open(path, keys).unwrap();
    for version in 0..3 {
        store.append(append("r", version, vec![event("step")]), None).await.unwrap();
    }
}

async fn reads(path: &Path, keys: &Keys) -> u32 {
    let store = SqliteStore::open(path, keys).unwrap();
    let kept = store.load(&stream("r"), 0).await.unwrap();
    assert!(kept.len() >= 3 && kept.iter().all(|event| !event.body.is_empty()));
    store.verify().await.unwrap();
    store.keyring().unwrap().epoch
}

fn key_files(keys: &Keys) -> Vec<String> {
    let all = fs::read_dir(keys.folder()).unwrap();
    let mut names: Vec<String> = all.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "keyring" && name != "reached");
    names.sort();
    names
}

#[test]
fn child_rotates() {
    let Ok(path) = std::env::var(DATABASE) else {
        return;
    };
    let path = PathBuf::from(path);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let keys = keys(&path);
        let store = SqliteStore::open(&path, &keys).unwrap();
        store.rotate_keys(&keys, user_id("operator"), at(9)).await.unwrap();
    });
}

#[test]
fn whatever_step_a_rotation_is_cut_off_at_everything_is_read_and_another_one_ends_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    for (step, epoch) in [
        ("committed", 1),
        // The first file written is the key file, the second the keyring.
        ("keyring-written", 1),
        ("keyring-replaced", 1),
        ("rotation-key-written", 1),
        ("keyring-written:2", 1),
        ("keyring-replaced:2", 2),
        ("rotation-old-removed", 2),
    ] {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("data/waymark.db");
        let keys = keys(&path);
        runtime.block_on(filled(&path, &keys));
        let ended = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "rotation::child_rotates", "--nocapture"])
            .env(DATABASE, &path)
            .env("WAYMARK_FAIL_AT", step)
            .output()
            .unwrap();
        assert!(!ended.status.success(), "the child was not ended at {step}");
        runtime.block_on(async {
            assert_eq!(reads(&path, &keys).await, epoch, "{step}");
            let left = key_files(&keys);
            assert_eq!(left.iter().filter(|name| name.ends_with(".key")).count(), 1, "{step}: {left:?}");
            let store = SqliteStore::open(&path, &keys).unwrap();
            let again = store.rotate_keys(&keys, user_id("operator"), at(10)).await.unwrap();
            assert_eq!(again, epoch + 1);
            drop(store);
            assert_eq!(reads(&path, &keys).await, epoch + 1);
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_rotation_old_copies_are_worthless_and_writing_goes_on() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let keys = keys(&path);
    filled(&path, &keys).await;
    let old = fs::read(keys.ring()).unwrap();
    let store = SqliteStore::open(&path, &keys).unwrap();
    assert_eq!(store.rotate_keys(&keys, user_id("operator"), at(9)).await, Ok(2));
    // The same store goes on, with old keys and with new ones.
    store.append(append("r", 3, vec![event("step")]), None).await.unwrap();
    store.append(append("s", 0, vec![event("step")]), None).await.unwrap();
    drop(store);
    assert_eq!(key_files(&keys), ["epoch-2.key"]);
    assert_eq!(reads(&path, &keys).await, 2);
    let new = fs::read(keys.ring()).unwrap();
    fs::write(keys.ring(), old).unwrap();
    let refused = SqliteStore::open(&path, &keys).err().unwrap();
    let gone = keys.folder().join("epoch-1.key");
    assert_eq!(refused, OpenError::Keys(KeyError::NoKeyFile { path: gone }));
    fs::write(keys.ring(), new).unwrap();

    // To a passphrase, to another one, and back to a file.
    let mut last = keys.clone();
    for (next, files) in [
        (keys.clone().with_passphrase(WORDS), 0),
        (keys.clone().with_passphrase("other made-up words for a test"), 0),
        (keys.clone(), 1),
    ] {
        let store = SqliteStore::open(&path, &last).unwrap();
        store.rotate_keys(&next, user_id("operator"), at(9)).await.unwrap();
        drop(store);
        assert_eq!(key_files(&keys).len(), files);
        assert!(SqliteStore::open(&path, &last).is_err());
        reads(&path, &next).await;
        last = next;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_bring_a_lost_key_file_and_a_forgotten_passphrase_back() {
    for (words, anew) in
        [(None, None), (None, Some(WORDS)), (Some(WORDS), None), (Some(WORDS), Some("words that were chosen anew"))]
    {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("data/waymark.db");
        let bare = keys(&path);
        let with = |words: Option<&str>| words.map_or(bare.clone(), |words| bare.clone().with_passphrase(words));
        filled(&path, &with(words)).await;
        let shares = recovery_shares(&with(words), 3, 5).unwrap();
        let _ = fs::remove_file(bare.folder().join("epoch-1.key"));
        assert!(SqliteStore::open(&path, &bare).is_err());

        let typed: Vec<Share> = [4, 0, 2].iter().map(|at| shares[*at].to_string().parse().unwrap()).collect();
        let too_few = recover_keys(&with(anew), &typed[..2]);
        assert!(matches!(too_few, Err(KeyError::Shares { .. })));
        let mut mixed = typed.clone();
        mixed[1] = {
            let other = TempDir::new().unwrap();
            let path = other.path().join("data/waymark.db");
            filled(&path, &keys(&path)).await;
            recovery_shares(&keys(&path), 3, 5).unwrap().remove(0)
        };
        assert!(matches!(recover_keys(&with(anew), &mixed), Err(KeyError::Shares { .. })));
        assert_eq!(recover_keys(&with(anew), &typed), Ok(1));
        assert_eq!(reads(&path, &with(anew)).await, 1);

        let store = SqliteStore::open(&path, &with(anew)).unwrap();
        store.rotate_keys(&with(anew), user_id("operator"), at(9)).await.unwrap();
        drop(store);
        assert!(matches!(recover_keys(&with(anew), &typed), Err(KeyError::Shares { .. })));
    }
}
