//! What is wrong with paths and names in settings, before anything is opened.

use std::path::{Path, PathBuf};

use super::Settings;
use crate::stop::turns;

/// Characters of the name of a force at most: it stands at the top of every page.
const LONGEST_NAME: usize = 100;

/// Settings that need a path and have none, each beginning with its name. Asked before paths begin at a folder.
pub fn empty(settings: &Settings) -> Vec<String> {
    let needed = [
        ("database", &settings.database, "name the file that holds all reports"),
        ("keys", &settings.keys, "name the folder of the keys"),
        ("backup.folder", &settings.backup.folder, "name the folder for backups"),
    ];
    let without = needed.into_iter().filter(|(_, path, _)| path.as_os_str().is_empty());
    without.map(|(name, _, help)| format!("{name}: it is empty; {help}")).collect()
}

/// Places that cannot be what they are to be, or that are two things at once; and a name that does not fit a page.
pub fn wrong(settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    let (database, keys, checkpoints) = (&settings.database, &settings.keys, &settings.checkpoints);
    if database.is_dir() {
        found.push(format!("database: {} is a folder; name a file in it", database.display()));
    }
    if keys.is_file() {
        found.push(format!("keys: {} is a file; name a folder", keys.display()));
    }
    if database == keys {
        found.push("keys: it is the database; name a folder of its own".to_owned());
    }
    if !checkpoints.as_os_str().is_empty() {
        found.extend(wrong_checkpoints(checkpoints, database, keys));
    }
    let name = settings.web.force_name.as_str();
    if name.chars().count() > LONGEST_NAME || name.chars().any(|c| c.is_control() || turns(c)) {
        found.push(format!(
            "web.force_name: write it in one line of up to {LONGEST_NAME} characters, without any that cannot be seen"
        ));
    }
    found
}

fn wrong_checkpoints(checkpoints: &Path, database: &Path, keys: &Path) -> Option<String> {
    const OWN: &str = "name a file of its own, best on another machine";
    if beside(database).iter().any(|own| own == checkpoints) {
        Some(format!("checkpoints: the database is there; {OWN}"))
    } else if checkpoints == keys || checkpoints.parent() == Some(keys) {
        Some(format!("checkpoints: the keys are there; {OWN}"))
    } else if checkpoints.is_dir() {
        let folder = checkpoints.display();
        Some(format!("checkpoints: {folder} is a folder; {OWN}"))
    } else {
        None
    }
}

/// The database, and the files that stand beside it.
pub fn beside(database: &Path) -> [PathBuf; 6] {
    ["", "-wal", "-shm", ".lock", ".witnesses", ".witnessed"].map(|ending| {
        let mut name = database.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    })
}
