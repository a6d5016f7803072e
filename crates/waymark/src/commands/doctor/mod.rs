//! `waymark doctor`: whether everything is in order for keeping reports, in words, with what to do.
//!
//! It only reads, but for one small file beside the database that it writes to time the disk and removes.

mod disk;
mod kept;
mod keyring;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use store::{Log as _, SqliteStore, Standing, StoreError, sqlite_version};
use web::shared::record::deriving;

use super::keys_copy::Copied;
use crate::cli;
use crate::files::plain;
use crate::pack;
use crate::server;
use crate::settings::Settings;
use crate::stop::{Done, Stop, told};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Fine,
    /// Worth knowing; nothing is at risk.
    Look,
    /// Something has to be done.
    Act,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    /// What was looked at, the same word on every run.
    check: &'static str,
    state: State,
    /// What was found.
    says: String,
    /// What to do; empty when all is well.
    help: String,
}

impl Finding {
    fn fine(check: &'static str, says: impl Into<String>) -> Self {
        Self::new(check, State::Fine, says, "")
    }

    fn look(check: &'static str, says: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(check, State::Look, says, help)
    }

    fn act(check: &'static str, says: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(check, State::Act, says, help)
    }

    fn new(check: &'static str, state: State, says: impl Into<String>, help: impl Into<String>) -> Self {
        Self { check, state, says: plain(&says.into()), help: plain(&help.into()) }
    }
}

/// Checks everything and tells.
///
/// # Errors
/// [`Stop::Failed`] when something has to be done, after everything was told.
pub fn run(options: &cli::Doctor) -> Done {
    let settings = Settings::at(&options.at)?;
    let mut findings = all(&settings, options.thorough)?;
    // A folder without settings is a demonstration, or one that was just restored.
    if options.at.config.is_some() {
        findings.push(kept::copies(settings.web.backups_kept_days));
    }
    let act = findings.iter().filter(|found| found.state == State::Act).count();
    let mut out = told();
    if options.json {
        let told = serde_json::json!({ "well": act == 0, "checks": findings });
        writeln!(out, "{told}")?;
    } else {
        for found in &findings {
            let mark = match found.state {
                State::Fine => "fine",
                State::Look => "look",
                State::Act => "ACT ",
            };
            writeln!(out, "{mark}  {:10} {}", found.check, found.says)?;
            if !found.help.is_empty() {
                writeln!(out, "                 {}", found.help)?;
            }
        }
    }
    out.flush()?;
    match act {
        0 => Ok(()),
        1 => Err(Stop::failed("One thing has to be done.")),
        more => Err(Stop::failed(format!("{more} things have to be done."))),
    }
}

fn all(settings: &Settings, thorough: bool) -> Result<Vec<Finding>, Stop> {
    let now = Timestamp::now();
    let folder = match settings.database.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut found = vec![Finding::fine("sqlite", format!("SQLite {}", sqlite_version()))];
    let standing = match database(settings, thorough, now, &mut found)? {
        Ok((standing, finding)) => {
            found.push(finding);
            Some(standing)
        }
        Err(finding) => {
            found.push(finding);
            None
        }
    };
    found.push(kept::permissions(&settings.database, &settings.keys));
    found.push(disk::flushes(folder));
    found.push(disk::room(folder, standing.map_or(0, |it| it.bytes)));
    if let Some(newest) = standing.and_then(|it| it.newest) {
        found.push(kept::clock(now, newest));
    }
    found.push(kept::backup(&settings.backup, now));
    found.extend(kept::checked(super::audit::last_check(&settings.database)));
    Ok(found)
}

/// Opens it as a second program may, and reads where it stands.
fn database(
    settings: &Settings,
    thorough: bool,
    now: Timestamp,
    found: &mut Vec<Finding>,
) -> Result<Result<(Standing, Finding), Finding>, Stop> {
    let (path, keys) = (&settings.database, settings.keys()?);
    let bad = |says: String, help: String| Ok(Err(Finding::act("database", says, help)));
    let store = match SqliteStore::open_for_reading(path, &keys) {
        Ok(store) => store,
        Err(error) => return bad(error.to_string(), error.help()),
    };
    let runtime = server::runtime()?;
    let read: Result<_, StoreError> = runtime.block_on(async {
        store.reached_holds().await?;
        if let Some(file) = keys.checkpoints() {
            store.elsewhere_holds(file).await?;
        }
        if thorough {
            store.verify().await?;
            // Guidance that does not load keeps nobody from checking the rest.
            let pack = pack::load(settings.pack()).ok().map(Arc::new);
            store.rows_fit(deriving(pack, now)).await?;
        }
        Ok((store.standing().await?, store.last_checkpoint().await?, store.keyring()?))
    });
    let standing = match read {
        Ok((standing, checkpoint, ring)) => {
            let beside = keyring::on_one_disk(&settings.keys, path);
            found.push(keyring::keys(&ring, beside));
            let copied = Copied::last(&settings.keys);
            found.push(keyring::keys_copy(&ring, copied.as_ref(), settings.backup.every_hours, now));
            found.push(kept::checkpoint(checkpoint.map(|it| it.at), &standing, now));
            standing
        }
        Err(error) => return bad(error.to_string(), error.help().to_owned()),
    };
    let says = format!(
        "{}: {} reports, {} events, {}{}",
        path.display(),
        standing.streams,
        standing.events,
        super::space::size(standing.bytes),
        if thorough { "; read whole, and it holds together" } else { "" }
    );
    Ok(Ok((standing, Finding::fine("database", says))))
}
