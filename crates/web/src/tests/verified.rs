//! Whether the log of a site verifies, and everything in its database follows from it.

use std::fs;
use std::path::Path;
use std::process::Command;

use store::{Extent, Keys, SqliteStore};
use tempfile::TempDir;

use super::Site;
use crate::shared::record::deriving;

impl Site {
    /// Every entry of the log as it was hashed, in order.
    pub async fn leaves(&self) -> Vec<String> {
        let text = self.app.store.ledger_export(Extent::All).await.unwrap().all().await.unwrap();
        let entries = text.lines().filter(|line| line.starts_with("{\"entry\":"));
        let leaf = |line: &str| line.split_once("\"leaf\":").unwrap().1.strip_suffix('}').unwrap().to_owned();
        entries.map(leaf).collect()
    }

    /// The log as an export, which the verifier that shares no code with ours finds as it was signed; and the database is what
    /// the log and the events say.
    pub async fn verified_log(&self) -> String {
        let store = &self.app.store;
        store.checkpoint(self.app.now()).await.unwrap();
        let text = store.ledger_export(Extent::Signed).await.unwrap().all().await.unwrap();
        let keys = Keys::at(self.directory.path().join("keys"));
        let path = self.directory.path().join("data/waymark.db");
        let reading = SqliteStore::open_for_reading(path, &keys).unwrap();
        let key = reading.keyring().unwrap().log_key;
        let (_, holds) = store.last_checkpoint_holds().await.unwrap().unwrap();
        assert!(holds && text.contains(key.split('+').next().unwrap()));
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("log.jsonl");
        fs::write(&file, &text).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify/verify.py");
        let ran = Command::new("python3")
            .args([&script, &file])
            .args(["--key", &key])
            .output()
            .expect("python3 is needed for the second verifier");
        let said = String::from_utf8_lossy(&ran.stdout);
        assert_eq!(ran.status.code(), Some(0), "{said}");
        assert!(said.ends_with("first wrong entry: -\n"), "{said}");
        reading.verify().await.unwrap();
        let pack = Some(std::sync::Arc::clone(&self.app.pack));
        let deriving = deriving(pack, self.app.now());
        let held = reading.rows_fit(deriving).await.unwrap();
        assert_eq!(held.unreadable, 0);
        text
    }
}
