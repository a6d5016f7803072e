//! `waymark restore`: decrypted beside the folder, checked, and only then given its name.

use std::fs::{self, File};
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};

use store::SqliteStore;

use super::backup_file::{self, Contents};
use super::space;
use crate::cli;
use crate::server;
use crate::settings::{DATABASE, Settings};
use crate::stop::{Done, Stop};

/// Brings a backup back.
///
/// # Errors
/// A folder that is in use, the wrong key, a damaged or cut file, no room, a database that does not hold together.
/// Nothing is left behind then.
pub fn run(options: &cli::Restore) -> Done {
    let into = &options.into;
    refuse_to_overwrite(into)?;
    let partial = Partial::beside(into)?;
    let contents = decrypt(&options.file, &options.key, &partial.0)?;
    let found = check(&partial.0, &contents, &options.keys)?;
    partial.becomes(into)?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "Restored into {}: {} reports, {} events{}.\n{found}\nTo serve it, set  database = \"{}\"",
        into.display(),
        contents.reports,
        contents.events,
        contents
            .newest
            .map_or_else(String::new, |at| format!(", the newest of {at:.0}")),
        into.join(DATABASE).display(),
    )?;
    Ok(out.flush()?)
}

fn refuse_to_overwrite(into: &Path) -> Done {
    let empty = match fs::read_dir(into) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if empty {
        return Ok(());
    }
    Err(Stop::input(format!(
        "{}: there is something already, and nothing is overwritten; name a new folder",
        into.display()
    )))
}

/// Where it is decrypted to; removed unless everything is well.
struct Partial(PathBuf);

impl Partial {
    fn beside(into: &Path) -> Result<Self, Stop> {
        let name = into.file_name().ok_or_else(|| {
            Stop::input(format!("{}: name a folder to restore into", into.display()))
        })?;
        let partial = into.with_file_name(format!(".{}.part", name.to_string_lossy()));
        let failed = |error: io::Error| {
            let help = match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    "another restore is running, or one was cut short; remove it, then try again"
                }
                _ => "name a folder in a place you may write to",
            };
            Stop::failed(format!("{}: {error}; {help}", partial.display()))
        };
        if let Some(parent) = partial.parent().filter(|parent| *parent != Path::new("")) {
            backup_file::private_folder(parent).map_err(failed)?;
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&partial).map_err(failed)?;
        Ok(Self(partial))
    }

    fn becomes(self, into: &Path) -> Done {
        let failed = |error: io::Error| {
            Stop::failed(format!("{}: {error}; nothing was restored", into.display()))
        };
        backup_file::sync_folder(&self.0).map_err(failed)?;
        // Onto an empty folder or onto nothing: the system refuses anything else.
        fs::rename(&self.0, into).map_err(failed)?;
        let parent = into.parent().filter(|parent| *parent != Path::new(""));
        backup_file::sync_folder(parent.unwrap_or(Path::new("."))).map_err(|error| {
            // A name that a power cut may take back is none: it goes with the rest.
            let _ = fs::rename(into, &self.0);
            failed(error)
        })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After the rename there is nothing left here.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn decrypt(file: &Path, key: &Path, into: &Path) -> Result<Contents, Stop> {
    let name = file.display();
    let identities = File::open(key)
        .map(BufReader::new)
        .and_then(age::IdentityFile::from_buffer)
        .map_err(|error| error.to_string())
        .and_then(|file| file.into_identities().map_err(|error| error.to_string()))
        .map_err(|why| {
            Stop::input(format!(
                "{}: no secret key can be read from it: {why}",
                key.display()
            ))
        })?;
    let from = File::open(file)
        .map_err(|error| Stop::input(format!("{name}: cannot be read: {error}")))?;
    let damaged = |why: String| {
        Stop::failed(format!(
            "{name}: it is damaged or was cut off ({why}); nothing was restored, try another backup"
        ))
    };
    let opened = age::Decryptor::new_buffered(BufReader::new(from))
        .and_then(|it| it.decrypt(identities.iter().map(|one| &**one as &dyn age::Identity)))
        .map_err(|error| match error {
            age::DecryptError::NoMatchingKeys => Stop::failed(format!(
                "{name}: {} does not open it; find the secret key whose public key was set when it was made",
                key.display()
            )),
            other => damaged(other.to_string()),
        })?;
    let mut no_room = None;
    let read = backup_file::read(opened, into, |contents| {
        no_room = space::need(into, contents.bytes()).err();
        match no_room {
            None => Ok(()),
            Some(_) => Err(io::ErrorKind::StorageFull.into()),
        }
    });
    match (read, no_room) {
        (_, Some(stop)) => Err(stop),
        (Ok(contents), None) => Ok(contents),
        (Err(error), None) if error.kind() == io::ErrorKind::StorageFull => Err(Stop::failed(
            format!("{}: the disk is full; nothing was restored", into.display()),
        )),
        (Err(error), None) => Err(damaged(error.to_string())),
    }
}

/// Opens what was restored with its keys, and reads all of it. No file of checkpoints is asked: a backup is always
/// older than the newest of those, and the server says at its start how far it lies behind.
fn check(folder: &Path, contents: &Contents, keys: &Path) -> Result<String, Stop> {
    let keys = Settings {
        keys: keys.to_path_buf(),
        ..Settings::default()
    }
    .keys()?;
    let store = SqliteStore::open_for_reading(folder.join(DATABASE), &keys)
        .map_err(|error| server::cannot_open(&error))?;
    let runtime = server::runtime()?;
    let sound = runtime.block_on(store.verify()).map_err(|error| {
        Stop::failed(format!("{error}; nothing was restored, try another backup"))
    })?;
    if (sound.streams, sound.events) != (contents.reports, contents.events) {
        return Err(Stop::failed(format!(
            "the backup says {} reports and {} events, and {} and {} are there; nothing was restored, try another backup",
            contents.reports, contents.events, sound.streams, sound.events
        )));
    }
    Ok("Checked: the database holds together, no report has a gap, and the log speaks for all of it.".to_owned())
}
