//! `waymark restore`: decrypted beside the folder, checked, and only then given its name.

use std::fs;
use std::io::{self, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::secrecy::SecretString;
use store::{Against, LogFault, SqliteStore, StoreError};
use web::shared::record::deriving;

use super::backup_file::{self, Contents};
use super::{keys_copy, rows, space};
use crate::cli;
use crate::files;
use crate::pack;
use crate::server;
use crate::settings::{DATABASE, KEYS, Settings, copy_passphrase};
use crate::stop::{Done, Stop};

/// Brings a backup back.
///
/// # Errors
/// A folder that is in use, the wrong key, a damaged or cut file, no room, a database that does not hold together.
/// Nothing is left behind then.
pub fn run(options: &cli::Restore) -> Done {
    let into = &options.into;
    refuse_to_overwrite(into)?;
    refuse_without_keys(&options.keys)?;
    let partial = Partial::beside(into)?;
    let contents = decrypt(&options.file, &options.key, &partial.0)?;
    let keys = keys(options, &partial.0)?;
    let found = check(&partial.0, &contents, &keys, options)?;
    partial.becomes(into)?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "Restored into {}: {} reports, {} events{}.\n{found}\nTo serve it, set  database = \"{}\"",
        into.display(),
        contents.reports,
        contents.events,
        contents.newest.map_or_else(String::new, |at| format!(", the newest of {at:.0}")),
        into.join(DATABASE).display(),
    )?;
    if keys != options.keys {
        writeln!(
            out,
            "Its keys are in {}. Put that folder on another disk than backups of the database, and set  keys  to it.",
            into.join(KEYS).display()
        )?;
    }
    Ok(out.flush()?)
}

/// A backup has no keys in it: without them there is nothing to begin with.
fn refuse_without_keys(keys: &Path) -> Done {
    match keys.join("keyring").try_exists() {
        _ if keys.is_file() => return Ok(()),
        Ok(true) => return Ok(()),
        // Where nobody may look, nobody can say that there is none.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(Stop::input(format!("{}: {}", keys.display(), files::why(&error))));
        }
        _ => {}
    }
    Err(Stop::input(format!(
        "{}: there is no keyring. A backup has no keys in it, and without them nobody can read it: name the folder of the keys \
         (--keys FOLDER), or the file that  waymark keys copy  wrote (--keys FILE). Where the keyring is there and its key file or \
         passphrase is lost, recovery shares open it: waymark keys recover",
        keys.display()
    )))
}

/// The folder of the keys: as named, or laid out from a copy of them, in the folder that is restored.
fn keys(options: &cli::Restore, partial: &Path) -> Result<PathBuf, Stop> {
    let file = &options.keys;
    if !file.is_file() {
        return Ok(file.clone());
    }
    let folder = partial.join(KEYS);
    let opened = opened(file, &options.key, "copy of the keys")?;
    keys_copy::lay_out(opened, &folder).map_err(|error| {
        Stop::failed(format!(
            "{}: it is no copy of the keys, or damaged ({error}); nothing was restored",
            file.display()
        ))
    })?;
    Ok(folder)
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
        let name = into
            .file_name()
            .ok_or_else(|| Stop::input(format!("{}: name a folder to restore into", into.display())))?;
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
        let failed = |error: io::Error| Stop::failed(format!("{}: {error}; nothing was restored", into.display()));
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

/// What a file of ours holds, decrypted with the secret key, or with a passphrase where one was used for it.
fn opened(file: &Path, key: &Path, what: &str) -> Result<impl Read + use<>, Stop> {
    let name = file.display();
    let identities = identities(key)?;
    let from = files::open(file).map_err(|why| Stop::input(format!("{name}: {why}")))?;
    let encrypted =
        age::Decryptor::new_buffered(BufReader::new(from)).map_err(|error| damaged(file, what, not_opened(&error)))?;
    let opened = if encrypted.is_scrypt() {
        let words = copy_passphrase()?.ok_or_else(|| {
            Stop::input(format!("{name}: a passphrase opens it; name the file with it as WAYMARK_COPY_PASSPHRASE_FILE"))
        })?;
        let words = age::scrypt::Identity::new(SecretString::from(words));
        encrypted.decrypt(std::iter::once(&words as &dyn age::Identity))
    } else {
        encrypted.decrypt(identities.iter().map(|one| &**one as &dyn age::Identity))
    };
    opened.map_err(|error| match error {
        age::DecryptError::NoMatchingKeys => Stop::input(format!(
            "{name}: {} does not open it; find the secret key whose public key was set when it was made",
            key.display()
        )),
        age::DecryptError::DecryptionFailed => {
            Stop::input(format!("{name}: it does not open with what was given; nothing was restored"))
        }
        other => damaged(file, what, not_opened(&other)),
    })
}

/// The secret keys in a file. What stands in it is never repeated.
fn identities(key: &Path) -> Result<Vec<Box<dyn age::Identity + Send + Sync>>, Stop> {
    let bad = |why: &str| Stop::input(format!("{}: {why}", key.display()));
    let text = files::text(key, files::SECRET).map_err(|why| bad(&why))?;
    let none = "no secret key can be read from it: it should be the file that  waymark backup --make-key  wrote, with a line that begins \
                with AGE-SECRET-KEY-1";
    age::IdentityFile::from_buffer(text.as_bytes()).map_err(|_| bad(none))?.into_identities().map_err(|_| bad(none))
}

/// Why a file cannot be opened, whatever the key.
fn not_opened(error: &age::DecryptError) -> &'static str {
    match error {
        age::DecryptError::UnknownFormat => "it was not encrypted by age, or its beginning is missing",
        age::DecryptError::InvalidHeader | age::DecryptError::InvalidMac => "its beginning is not whole",
        age::DecryptError::ExcessiveWork { .. } => "opening it takes more work than any copy of ours",
        age::DecryptError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => "it is too short",
        _ => "its beginning cannot be read",
    }
}

fn damaged(file: &Path, what: &str, why: &str) -> Stop {
    Stop::failed(format!(
        "{}: it is damaged or was cut off ({why}); nothing was restored, try another {what}",
        file.display()
    ))
}

fn decrypt(file: &Path, key: &Path, into: &Path) -> Result<Contents, Stop> {
    let opened = opened(file, key, "backup")?;
    let damaged = |why: String| damaged(file, "backup", &why);
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
        (Err(error), None) if error.kind() == io::ErrorKind::StorageFull => {
            Err(Stop::failed(format!("{}: the disk is full; nothing was restored", into.display())))
        }
        // The library says of every part that does not fit that it was not decrypted.
        (Err(error), None) if error.to_string().contains("decrypt") => {
            Err(damaged("a part of it was changed".to_owned()))
        }
        (Err(error), None) => Err(damaged(files::plain(&error.to_string()))),
    }
}

/// Opens what was restored with its keys, reads all of it, and holds it against the checkpoints that were kept elsewhere.
fn check(folder: &Path, contents: &Contents, keys: &Path, options: &cli::Restore) -> Result<String, Stop> {
    let keys = Settings { keys: keys.to_path_buf(), ..Settings::default() }.keys()?;
    let store =
        SqliteStore::open_for_reading(folder.join(DATABASE), &keys).map_err(|error| server::cannot_open(&error))?;
    let runtime = server::runtime()?;
    let sound = runtime
        .block_on(store.verify())
        .map_err(|error| Stop::failed(format!("{error}; nothing was restored, try another backup")))?;
    if (sound.streams, sound.events) != (contents.reports, contents.events) {
        return Err(Stop::failed(format!(
            "the backup says {} reports and {} events, and {} and {} are there; nothing was restored, try another backup",
            contents.reports, contents.events, sound.streams, sound.events
        )));
    }
    let pack = pack::load(None).ok().map(Arc::new);
    let again = runtime.block_on(store.erasures_to_do_again())?;
    let back = runtime.block_on(store.keys_to_destroy_again())?;
    let held = runtime.block_on(store.rows_fit(deriving(pack, jiff::Timestamp::now()))).map_err(|error| {
        Stop::failed(format!("{}; nothing was restored, try another backup", rows::why_not(&error)))
    })?;
    let sound = format!(
        "Checked: the database holds together, no report has a gap, and the log speaks for all of it.\n{}.{}{}",
        rows::told(&held).join(".\n"),
        erased_since(again),
        came_back(back),
    );
    let sound = format!("{sound}{}", ahead_of_it(runtime.block_on(store.reached_holds()))?);
    let Some(file) = &options.checkpoints else {
        return Ok(format!(
            "{sound}\nNot held against checkpoints kept elsewhere: none were given (--checkpoints FILE). The database alone cannot show that \
             its end was not cut off."
        ));
    };
    let against = runtime
        .block_on(store.held_against(file))
        .map_err(|error| Stop::failed(format!("{error}; nothing was restored; {}", error.help())))?;
    Ok(format!("{sound}\n{}", told(file, &against)))
}

/// What the program noted beside its keyring when it last wrote: a backup is older than that, and how much is told.
fn ahead_of_it(held: Result<Option<u64>, StoreError>) -> Result<String, Stop> {
    match held {
        Ok(_) => Ok(String::new()),
        Err(StoreError::Log(LogFault::Cut { found, reached, file })) => Ok(format!(
            "\nWhat is not in this backup: {} entries. The log had {reached} when the program last wrote to it, as {file} says. Record what is \
             missing, erase again what was erased meanwhile, and before the first start of this copy move that file aside and keep it.",
            reached - found
        )),
        Err(error) => Err(Stop::failed(format!("{error}; nothing was restored; {}", error.help()))),
    }
}

/// What was erased after the backup was made is not brought back by it.
fn erased_since(count: usize) -> String {
    let (what, are) = match count {
        0 => return String::new(),
        1 => ("1 erasure".to_owned(), "is"),
        more => (format!("{more} erasures"), "are"),
    };
    format!(
        "\n{what} made after this backup {are} kept: the keys are gone, so nothing of it can be read. The first start does {} again in this \
         copy: lists and the index for finding people.",
        if count == 1 { "it" } else { "them" }
    )
}

/// The keyring is a copy from before an erasure that the backup tells of.
fn came_back(count: usize) -> String {
    let (what, were, them) = match count {
        0 => return String::new(),
        1 => ("1 key".to_owned(), "was", "it"),
        more => (format!("{more} keys"), "were", "them"),
    };
    format!(
        "\n{what} in these keys {were} destroyed by an erasure that this backup tells of: the keys are an older copy. Nothing is read with \
         {them}, and the first start destroys {them} again. Then make a new copy (waymark keys copy) and remove this one."
    )
}

/// How far the checkpoints reach, in words.
fn told(file: &Path, against: &Against) -> String {
    let Against { held, entries, reached, ahead } = *against;
    let file = file.display();
    let mut text = match held {
        0 => format!(
            "No checkpoint in {file} is as old as this backup: nothing in it speaks for the {entries} entries of the log."
        ),
        _ => format!(
            "Checkpoints in {file} that hold: {held}; the last of them is for {reached} of the {entries} entries of the log."
        ),
    };
    if let Some(ahead) = ahead {
        text.push_str(&format!(
            "\nWhat is not in this backup: at least {} entries. The log had {ahead} when it was last signed. Record what is missing, erase again \
             what was erased meanwhile, and set a new file of checkpoints before the first start; keep the old one.",
            ahead - entries
        ));
    }
    text
}
