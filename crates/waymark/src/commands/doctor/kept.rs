//! What is kept: permissions, the clock against what was entered, and backups.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use store::Standing;

use super::Finding;
use crate::commands::backup_file::made;
use crate::settings::Backup;

/// Clocks that are set by a time server are this near each other.
const NEAR: SignedDuration = SignedDuration::from_secs(5);

/// Hours after which what was entered should long have been signed.
const CHECKPOINT_HOURS: i64 = 24;

/// Whether the database, its keys and what lies beside them are for one user alone.
pub fn permissions(database: &Path, keys: &Path) -> Finding {
    let mut all: Vec<(PathBuf, u32)> = vec![(database.to_path_buf(), 0o600)];
    all.extend(["-wal", "-shm", ".lock"].map(|suffix| {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        (PathBuf::from(name), 0o600)
    }));
    let folder = database.parent().filter(|folder| *folder != Path::new(""));
    all.extend(folder.map(|folder| (folder.to_path_buf(), 0o700)));
    all.push((keys.to_path_buf(), 0o700));
    let in_keys = fs::read_dir(keys).map(|entries| entries.flatten().map(|entry| (entry.path(), 0o600)));
    all.extend(in_keys.into_iter().flatten());
    let (mut open, mut unseen) = (Vec::new(), Vec::new());
    for (path, wanted) in &all {
        match fs::metadata(path) {
            Ok(found) if open_to_others(&found) => open.push((path, *wanted, found.is_dir() == (*wanted == 0o700))),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => unseen.push(path.display().to_string()),
        }
    }
    // A command that is run as it stands must never change a device, or close a folder where a file was meant.
    let odd = open.iter().find(|(path, wanted, is_kind)| {
        !is_kind || *wanted == 0o600 && !fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
    });
    if let Some((path, _, _)) = odd {
        return Finding::act(
            "modes",
            format!("{} is not the kind of file it should be", path.display()),
            "check the paths in the settings; a link, a folder or a device is no place for it",
        );
    }
    if !open.is_empty() {
        let commands: Vec<String> =
            open.iter().map(|(path, wanted, _)| format!("chmod {wanted:o} {}", path.display())).collect();
        return Finding::act(
            "modes",
            "other users of this computer can open what holds reports about children",
            format!("run: {}", commands.join(" && ")),
        );
    }
    if let Some(path) = unseen.first() {
        return Finding::act(
            "modes",
            format!("this user may not look at {path}"),
            "run this as the user that runs Waymark",
        );
    }
    if !folder.unwrap_or(Path::new(".")).is_dir() || !keys.is_dir() {
        return Finding::act(
            "modes",
            "the folder of the database or that of the keys is not there",
            "check the paths in the settings, and that the disk is there",
        );
    }
    Finding::fine("modes", "files and folders are for one user alone")
}

#[cfg(unix)]
fn open_to_others(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn open_to_others(_found: &fs::Metadata) -> bool {
    false
}

/// The clock, against the newest event: what was entered cannot be of tomorrow.
pub fn clock(now: Timestamp, newest: Timestamp) -> Finding {
    if newest.duration_since(now) > NEAR {
        return Finding::act(
            "clock",
            format!("it says {now:.0}, and the newest entry is of {newest:.0}"),
            "one of the two is wrong: set the clock by a time server. Deadlines are counted by it; the order of entries is not, and holds",
        );
    }
    Finding::fine("clock", format!("it says {now:.0}, after the newest entry of {newest:.0}"))
}

/// How old the newest signed head of the log is, where something was entered since.
pub fn checkpoint(made: Option<Timestamp>, standing: &Standing, now: Timestamp) -> Finding {
    let Some(made) = made else {
        if standing.events == 0 {
            return Finding::fine("log", "nothing to sign yet");
        }
        return Finding::act("log", "its head was never signed", "start the service once: it signs the log");
    };
    let hours = now.duration_since(made).as_hours();
    let says = format!("its head was signed {hours} hours ago");
    if hours >= CHECKPOINT_HOURS && standing.newest.is_some_and(|newest| newest > made) {
        return Finding::act("log", says, "entries after it are not signed: find out whether the service runs");
    }
    Finding::fine("log", says)
}

/// How old the newest backup is.
pub fn backup(settings: &Backup, now: Timestamp) -> Finding {
    let newest = newest_backup(&settings.folder);
    let folder = settings.folder.display();
    let Some((made, name)) = newest else {
        let help = if settings.recipient.is_empty() {
            "make a key with  waymark backup --make-key FILE, set backup.recipient, then run  waymark backup  every day"
        } else {
            "run  waymark backup  now and every day"
        };
        return Finding::act("backup", format!("there is none in {folder}"), help);
    };
    let age = now.duration_since(made);
    let hours = age.as_hours();
    let says = format!("the newest is {hours} hours old: {name}");
    if hours >= i64::from(settings.every_hours) {
        return Finding::act("backup", says, "run  waymark backup  now, and find out why it did not run by itself");
    }
    Finding::fine("backup", says)
}

/// Whether it is known how long copies are kept: an erasure is final only when the last one from before it is gone, and pages say when.
pub fn copies(days: u32) -> Finding {
    match days {
        0 => Finding::act(
            "copies",
            "nobody said how long backups and copies of the keys are kept, so no page can say when what was erased is gone for good",
            "set backups_kept_days under [web] to the days after which the last copy is removed, and remove them then",
        ),
        days => Finding::fine("copies", format!("backups and copies of the keys are said to be kept for {days} days")),
    }
}

/// What the server itself found when it last held its database against its log; nothing where none has yet.
pub fn checked(last: Option<(Timestamp, Option<String>)>) -> Option<Finding> {
    let (at, found) = last?;
    Some(match found {
        None => Finding::fine("check", format!("the database was held against its log on {at:.0}, and fits")),
        Some(found) => Finding::act(
            "check",
            format!("the database was held against its log on {at:.0}, and does not fit: {found}"),
            "keep a copy of the database for whoever looks into it, then run  waymark audit verify",
        ),
    })
}

/// When the newest was made, by its name: copying a file changes its date.
fn newest_backup(folder: &Path) -> Option<(Timestamp, String)> {
    let entries = fs::read_dir(folder).ok()?;
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some((made(&name)?, name)))
        .max()
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_that_went_back_is_found() {
        let now = at("2026-11-24T09:00:00Z");
        for (newest, state) in [
            ("2026-11-24T08:59:00Z", State::Fine),
            ("2026-11-24T09:00:03Z", State::Fine),
            ("2026-11-25T09:00:00Z", State::Act),
        ] {
            assert_eq!(clock(now, at(newest)).state, state, "{newest}");
        }
    }

    #[test]
    fn a_head_that_was_signed_long_ago_is_found_when_something_is_new_since() {
        let now = at("2026-11-24T09:00:00Z");
        for (made, events, newest, state) in [
            (None, 0, None, State::Fine),
            (None, 1, Some("2026-11-24T08:00:00Z"), State::Act),
            (Some("2026-11-24T08:00:00Z"), 1, Some("2026-11-24T08:30:00Z"), State::Fine),
            (Some("2026-11-23T08:59:00Z"), 1, Some("2026-11-24T08:30:00Z"), State::Act),
            // Nothing was entered since.
            (Some("2026-11-20T09:00:00Z"), 1, Some("2026-11-20T08:30:00Z"), State::Fine),
        ] {
            let standing = Standing { events, newest: newest.map(at), streams: events, bytes: 0 };
            let found = checkpoint(made.map(at), &standing, now);
            assert_eq!(found.state, state, "{made:?}, {newest:?}: {found:?}");
            assert_eq!((found.check, found.help.is_empty()), ("log", state == State::Fine));
        }
    }

    #[test]
    fn what_nobody_set_and_what_a_check_found_is_asked_about() {
        assert_eq!((copies(0).state, copies(90).state), (State::Act, State::Fine));
        assert!(copies(0).help.contains("backups_kept_days"));
        let now = at("2026-11-24T09:00:00Z");
        assert!(checked(None).is_none());
        assert_eq!(checked(Some((now, None))).unwrap().state, State::Fine);
        let found = checked(Some((now, Some("entry 3 was changed".to_owned())))).unwrap();
        assert!(found.state == State::Act && found.says.contains("entry 3 was changed"), "{found:?}");
    }

    #[test]
    fn the_newest_backup_counts_and_nothing_that_only_looks_like_one() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Backup { folder: folder.path().to_path_buf(), ..Backup::default() };
        let now = at("2026-11-24T09:00:00Z");
        let check = |state: State| {
            let found = backup(&settings, now);
            assert_eq!(found.state, state, "{found:?}");
        };
        check(State::Act);
        let put = |name: &str| fs::write(folder.path().join(name), "").unwrap();
        put(".waymark-2026-11-24-080000Z-7.tar.age.part");
        put("waymark-2026-11-24-080000Z.tar.age");
        put("notes.txt");
        check(State::Act);
        put("waymark-2026-11-20-080000Z-5.tar.age");
        check(State::Act);
        put("waymark-2026-11-23-080000Z-6.tar.age");
        check(State::Fine);
    }

    #[cfg(unix)]
    #[test]
    fn what_others_can_open_is_named_with_the_command_that_mends_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("waymark.db");
        fs::write(&database, "").unwrap();
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let keys = folder.path().join("keys");
        fs::create_dir(&keys).unwrap();
        let key = keys.join("epoch-1.key");
        fs::write(&key, "").unwrap();
        set(folder.path(), 0o700);
        set(&keys, 0o700);
        set(&key, 0o600);
        set(&database, 0o600);
        assert_eq!(permissions(&database, &keys).state, State::Fine);
        set(&key, 0o644);
        let found = permissions(&database, &keys);
        assert!(found.help.contains(&format!("chmod 600 {}", key.display())), "{found:?}");
        set(&key, 0o600);
        // What cannot be looked at, is not there or is something else is never fine, and no command is given for it.
        for (database, keys) in [
            (database.clone(), folder.path().join("none")),
            (folder.path().join("none/waymark.db"), keys.clone()),
            (PathBuf::from("/dev/null"), keys.clone()),
            (keys.join("epoch-1.key/waymark.db"), keys.clone()),
        ] {
            let found = permissions(&database, &keys);
            assert_eq!(found.state, State::Act, "{database:?}");
            assert!(!found.help.contains("chmod 600 /dev"), "{found:?}");
        }
        set(&database, 0o640);
        let found = permissions(&database, &keys);
        assert_eq!(found.state, State::Act);
        assert!(found.help.contains(&format!("chmod 600 {}", database.display())), "{found:?}");
        set(&database, 0o600);
        set(folder.path(), 0o755);
        assert!(permissions(&database, &keys).help.contains("chmod 700"));
    }
}
