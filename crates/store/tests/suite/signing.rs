//! Signing the head of the log while the program may end at any step: what was acknowledged stays, and what is missing
//! in the file elsewhere is made up for.
//!
//! A child process (this test program again) signs with `WAYMARK_FAIL_AT` naming the step at which it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use store::{Keys, Log as _, Record as _, SqliteStore};
use tempfile::TempDir;

use crate::fixture::*;

const DATABASE: &str = "WAYMARK_TEST_SIGNING";

/// Every step of signing at which a program can end: how many heads the database has afterwards, and how many the file.
const STEPS: &[(&str, usize, usize)] = &[
    ("inserted:2", 1, 1),
    ("committed:2", 1, 1),
    ("inserted:3", 1, 1),
    ("committed:3", 2, 1),
    ("checkpoint-kept", 2, 1),
    ("checkpoint-outside", 2, 2),
];

fn with_file(path: &Path) -> Keys {
    keys(path).with_checkpoints(elsewhere(path))
}

fn elsewhere(path: &Path) -> PathBuf {
    path.with_file_name("elsewhere")
}

fn in_file(path: &Path) -> usize {
    let text = fs::read_to_string(elsewhere(path)).unwrap();
    text.matches("\n----\n").count()
}

#[test]
fn child_signs() {
    let Ok(path) = std::env::var(DATABASE) else {
        return;
    };
    let path = PathBuf::from(path);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&path, &with_file(&path)).unwrap();
        let append = append("r", 1, vec![event("step")]);
        store.append(append, Some("second".into())).await.unwrap();
        println!("kept");
        store.checkpoint(at(20)).await.unwrap();
        println!("signed");
    });
}

#[test]
fn whatever_step_signing_is_cut_off_at_nothing_acknowledged_is_lost_and_it_is_made_up_for() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    for (step, kept, outside) in STEPS {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("data/waymark.db");
        runtime.block_on(async {
            let store = SqliteStore::open(&path, &with_file(&path)).unwrap();
            let append = append("r", 0, vec![event("started")]);
            store.append(append, Some("first".into())).await.unwrap();
            store.checkpoint(at(10)).await.unwrap();
        });
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "signing::child_signs", "--nocapture"])
            .env(DATABASE, &path)
            .env("WAYMARK_FAIL_AT", step)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(!child.status.success(), "not ended at {step}: {said}");
        assert!(said.contains("kept") && !said.contains("signed"), "{step}: {said}");
        assert_eq!(in_file(&path), *outside, "{step}");
        runtime.block_on(async {
            let store = SqliteStore::open(&path, &with_file(&path)).unwrap();
            let heads = store.checkpoints(None, 10).await.unwrap();
            assert_eq!(heads.len(), *kept, "{step}");
            assert_eq!(store.load(&stream("r"), 0).await.unwrap().len(), 2, "{step}");
            assert_eq!(store.verify().await.unwrap().entries, 2, "{step}");
            // The next signing has it under a signature, once, in both places.
            let signed = store.checkpoint(at(30)).await.unwrap();
            assert_eq!(signed.size, 2, "{step}");
            assert_eq!(store.checkpoints(None, 10).await.unwrap().len(), 2, "{step}");
            assert_eq!(in_file(&path), 2, "{step}");
        });
        let text = fs::read_to_string(elsewhere(&path)).unwrap();
        runtime.block_on(async {
            let store = SqliteStore::open(&path, &with_file(&path)).unwrap();
            let newest = store.last_checkpoint().await.unwrap().unwrap();
            assert!(text.ends_with(&newest.note), "{step}");
        });
    }
}
