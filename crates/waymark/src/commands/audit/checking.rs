//! Whether the tables of a database say what its log says: asked by `audit verify`, and once a day by a server that runs, so that a
//! change is found before somebody thinks of looking for it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use store::{LogFile, RowsHeld};
use web::shared::record::deriving;

use super::place::Place;
use crate::commands::rows;
use crate::pack;

/// After a start: when whoever waited for it has been served.
const FIRST: Duration = Duration::from_secs(5 * 60);
/// From one check to the next.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// What comes behind the name of the database.
const CHECKED: &str = ".checked";
/// What the file says where nothing is wrong.
const SOUND: &str = "sound";

/// Whether they do; those that decide who may do what are asked when the others do.
///
/// # Errors
/// The first that does not, in words.
pub fn rows(place: &Place, log: &LogFile) -> Result<RowsHeld, String> {
    log.tables_fit().map_err(|fault| fault.to_string())?;
    LogFile::vouched(&place.database, &place.keys).map_err(|error| error.to_string())?;
    // Guidance that does not load keeps nobody from checking the rest.
    let pack = pack::load(place.guidance.as_deref()).ok().map(Arc::new);
    log.rows_fit(&place.keys, &deriving(pack, Timestamp::now())).map_err(|error| rows::why_not(&error))
}

/// Checks once a day while a server runs. What is found is in its log, and `waymark doctor` says it.
pub async fn daily(place: Place) {
    let mut wait = FIRST;
    loop {
        tokio::time::sleep(wait).await;
        wait = EVERY;
        let at = place.clone();
        match tokio::task::spawn_blocking(move || once(&at)).await {
            Ok(Ok(())) => tracing::info!("the database says what its log says"),
            Ok(Err(found)) => {
                tracing::error!(found, "the database does not say what its log says: waymark audit verify")
            }
            Err(why) => tracing::error!(%why, "the database could not be checked"),
        }
    }
}

fn once(place: &Place) -> Result<(), String> {
    let found = LogFile::open(&place.database).map_err(|error| error.to_string()).and_then(|log| rows(place, &log));
    let says = found.as_ref().map_or_else(|found| found.lines().collect::<Vec<_>>().join(" "), |_| SOUND.to_owned());
    if let Err(error) = write(&file(&place.database), &format!("{:.0} {says}\n", Timestamp::now())) {
        tracing::warn!(%error, "what the check of the database found could not be kept");
    }
    found.map(drop)
}

fn file(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(CHECKED);
    name.into()
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// What the last check of a server found: when, and what was wrong, where anything was.
pub fn last(database: &Path) -> Option<(Timestamp, Option<String>)> {
    let text = fs::read_to_string(file(database)).ok()?;
    let (at, says) = text.trim_end().split_once(' ')?;
    Some((at.parse().ok()?, (says != SOUND).then(|| says.to_owned())))
}

#[cfg(test)]
mod tests {
    use store::{Keys, SqliteStore};

    use super::*;

    #[test]
    fn what_a_check_found_is_kept_until_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("data/waymark.db");
        let keys = Keys::at(folder.path().join("keys"));
        drop(SqliteStore::open(&database, &keys).unwrap());
        let place = Place { database: database.clone(), keys: keys.clone(), guidance: None };
        assert_eq!(last(&database), None);
        assert_eq!(once(&place), Ok(()));
        assert!(matches!(last(&database), Some((_, None))));
        let other = Place { keys: Keys::at(folder.path().join("other")), ..place.clone() };
        let found = once(&other).unwrap_err();
        assert_eq!(last(&database).unwrap().1, Some(found));
        assert_eq!(once(&place), Ok(()));
        assert!(matches!(last(&database), Some((_, None))));
    }
}
