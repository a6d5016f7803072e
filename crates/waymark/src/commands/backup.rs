//! `waymark backup`: an encrypted copy of everything at one moment, while the server runs.
//!
//! The copy is made beside the database, where the same permissions protect it, and removed when
//! the encrypted file is whole. That one has a name of its own only after it is on the disk: a file
//! that looks like a backup is one.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use age::secrecy::ExposeSecret as _;
use jiff::Timestamp;
use store::{SqliteStore, Standing};

use super::backup_file::{self, Contents, FORMAT, Held, NAME};
use super::space;
use crate::cli;
use crate::server;
use crate::settings::{self, DATABASE, Settings};
use crate::stop::{Done, Stop};

/// Makes a backup, or a pair of keys for backups.
///
/// # Errors
/// No public key, no room, a disk that fails; nothing is left behind then.
pub fn run(options: &cli::Backup) -> Done {
    if let Some(file) = &options.make_key {
        return make_key(file);
    }
    let settings = Settings::at(&options.at)?;
    let recipient = recipient(options.recipient.as_deref().unwrap_or(&settings.backup.recipient))?;
    let folder = options.to.as_deref().unwrap_or(&settings.backup.folder);
    let begun = Instant::now();
    let store = SqliteStore::open_for_reading(&settings.database, &settings.keys()?)
        .map_err(|error| server::cannot_open(&error))?;
    let copy = Copy::make(&store, &settings.database)?;
    let contents = copy.contents()?;
    let (file, bytes) = keep(&copy, &contents, &recipient, folder)?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{}\n{} in {:.1} s: {} reports, {} events{}.",
        file.display(),
        space::size(bytes),
        begun.elapsed().as_secs_f64(),
        contents.reports,
        contents.events,
        contents.newest.map_or_else(String::new, |at| format!(", the newest of {at:.0}")),
    )?;
    Ok(out.flush()?)
}

fn recipient(text: &str) -> Result<age::x25519::Recipient, Stop> {
    if text.is_empty() {
        return Err(Stop::input(
            "no public key to encrypt the backup to: set backup.recipient in the settings or give --recipient\n\
             To make one: waymark backup --make-key FILE",
        ));
    }
    settings::recipient(text).map_err(Stop::input)
}

/// The copy of the database at one moment; removed when it is dropped.
struct Copy {
    folder: tempfile::TempDir,
    standing: Standing,
}

impl Copy {
    fn make(store: &SqliteStore, database: &Path) -> Result<Self, Stop> {
        let unreadable = |error: store::StoreError| Stop::failed(format!("{error}; {}", error.help()));
        let beside = match database.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let runtime = server::runtime()?;
        let before = runtime.block_on(store.standing()).map_err(unreadable)?;
        space::need(beside, before.bytes)?;
        let folder = tempfile::Builder::new()
            .prefix(".backup-")
            .tempdir_in(beside)
            .map_err(|error| Stop::failed(format!("{}: {error}", beside.display())))?;
        let to = folder.path().join(DATABASE);
        let standing = runtime.block_on(store.copy_to(&to)).map_err(unreadable)?;
        Ok(Self { folder, standing })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn contents(&self) -> Result<Contents, Stop> {
        let copied = fs::metadata(self.path(DATABASE))
            .map_err(|error| Stop::failed(format!("the copy cannot be read: {error}")))?;
        Ok(Contents {
            format: FORMAT,
            waymark: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: Timestamp::now(),
            reports: self.standing.streams,
            events: self.standing.events,
            newest: self.standing.newest,
            files: vec![Held { name: DATABASE.to_owned(), bytes: copied.len() }],
        })
    }
}

/// Writes the backup into the folder. Gives its path and its length.
fn keep(
    copy: &Copy,
    contents: &Contents,
    recipient: &age::x25519::Recipient,
    folder: &Path,
) -> Result<(PathBuf, u64), Stop> {
    let failed = |error: io::Error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return Stop::failed(format!(
                "{}: another backup of this second is being written or was made; it is whole and holds the same, and this one was not made",
                folder.display()
            ));
        }
        Stop::failed(format!("{}: the backup could not be written: {error}; nothing of it is left", folder.display()))
    };
    backup_file::private_folder(folder).map_err(failed)?;
    space::need(folder, contents.bytes())?;
    let (start, end) = NAME;
    let made = contents.made_at.strftime("%Y-%m-%d-%H%M%SZ");
    let name = format!("{start}{made}-{}{end}", contents.events);
    let (path, part) = (folder.join(&name), folder.join(format!(".{name}.part")));
    let written = || -> io::Result<u64> {
        let file = backup_file::private_file(&part)?;
        // From here on it is ours to remove, and not that of another backup of the same moment.
        let unfinished = Unfinished(part);
        let out = BufWriter::with_capacity(1 << 16, file);
        let out = backup_file::write(out, recipient, contents, |name| File::open(copy.path(name)))?;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        // Two that are made in one second and hold the same must not replace each other half-way.
        fs::hard_link(&unfinished.0, &path)?;
        backup_file::sync_folder(folder).inspect_err(|_| {
            // A name that a power cut may take back is no backup.
            let _ = fs::remove_file(&path);
        })?;
        Ok(file.metadata()?.len())
    };
    let bytes = written().map_err(failed)?;
    Ok((path, bytes))
}

/// Removed at the end, however it comes.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // What cannot be removed is still not named as a backup is.
        let _ = fs::remove_file(&self.0);
    }
}

fn make_key(path: &Path) -> Done {
    let secret = age::x25519::Identity::generate();
    let public = secret.to_public();
    let failed = |error: io::Error| {
        let why = match error.kind() {
            io::ErrorKind::AlreadyExists => {
                "there is a file already, and no key is written over another; name a new file".to_owned()
            }
            _ => format!("the key could not be kept: {error}"),
        };
        let says = format!("{}: {why}", path.display());
        match error.kind() {
            io::ErrorKind::AlreadyExists => Stop::input(says),
            _ => Stop::failed(says),
        }
    };
    let mut file = backup_file::private_file(path).map_err(failed)?;
    let text = format!(
        "# Opens backups of Waymark. Keep it away from the computer that makes them, twice, and from anybody else.\n\
         # public key: {public}\n{}\n",
        secret.to_string().expose_secret()
    );
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        // An empty file would be in the way of the next try.
        let _ = fs::remove_file(path);
        failed(error)
    })?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{public}\n\nThat is the public key: put it into the settings as backup.recipient.\n\
         The secret key is in {}. Without it no backup can be opened, by anybody: keep two copies, in two places, not here.",
        path.display()
    )?;
    Ok(out.flush()?)
}
