//! `waymark keys copy`: the keyring and what opens it, encrypted, over the last copy. What was copied when is noted
//! beside the keyring, so that `waymark doctor` can say when it is time again.
//!
//! The file is a tar archive encrypted by age, as a backup is: `age -d -i SECRET-KEY COPY | tar x`.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::iter;
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{KeyringCopy, SHORTEST_PASSPHRASE};

use super::backup_file;
use super::keys::place;
use super::whole::{replace, unfinished};
use crate::cli;
use crate::files;
use crate::settings::{Settings, copy_passphrase, places, recipient};
use crate::stop::{Done, Stop};

/// Where it is noted, in the folder of the keys.
const NOTE: &str = "copied";
/// Bytes of a file in a copy at most: some million keys.
const LONGEST: u64 = 1 << 30;

/// What was copied when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// When.
    pub at: Timestamp,
    /// The epoch of the keys.
    pub epoch: u32,
    /// Keys of reports and people.
    pub keys: usize,
}

impl Copied {
    /// The last copy that was made of the keys in a folder.
    pub fn last(folder: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(folder.join(NOTE)).ok()?).ok()
    }

    fn keep(&self, folder: &Path) -> io::Result<()> {
        // With a name of its own until it is whole: two copies to two places may be noted at the same moment.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(serde_json::to_string(self)?.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(folder.join(NOTE)).map_err(|error| error.error)?;
        backup_file::sync_folder(folder)
    }
}

/// Writes the copy, reads it back, and puts it in the place of the last one.
///
/// # Errors
/// Nothing to encrypt it to, keys that cannot be read, a disk that fails. The last copy is then as it was.
pub fn run(options: &cli::CopyKeys) -> Done {
    let (database, keys) = place(&options.at)?;
    let to = Readers::new(options)?;
    let copy = KeyringCopy::read(&keys).map_err(|error| Stop::failed(format!("{error}; {}", error.help())))?;
    let path = &options.file;
    refuse_others(path, keys.folder(), &database, options.at.config.as_deref(), keys.checkpoints())?;
    replace(path, |file| {
        write(&copy, &to, file)?;
        same(&copy, &to, path)
    })
    .map_err(|error| {
        if error.kind() == io::ErrorKind::ResourceBusy {
            return Stop::failed(format!(
                "{}: another copy is being written there at this moment; this one was not made, and that one is whole",
                path.display()
            ));
        }
        Stop::failed(format!(
            "{}: the copy could not be written: {error}; a copy that was there is as it was",
            path.display()
        ))
    })?;
    let copied = Copied { at: Timestamp::now(), epoch: copy.epoch, keys: copy.keys };
    copied.keep(keys.folder()).map_err(|error| {
        Stop::failed(format!(
            "{}: the copy is whole, and that it was made could not be noted: {error}; waymark doctor will ask for another",
            keys.folder().display()
        ))
    })?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{}\nEpoch {}, {} keys of reports and people. It was read back and is whole.\n\
         Keep it in another place than the backups, and no older copy: what was erased lives on in those.",
        path.display(),
        copy.epoch,
        copy.keys,
    )?;
    Ok(out.flush()?)
}

/// How every file that age encrypted begins.
const AGE: &[u8] = b"age-encryption.org/v1";

/// Nothing is written over but a copy: a wrong name would cost a database, or what opens it.
fn refuse_others(
    file: &Path,
    keys: &Path,
    database: &Path,
    settings: Option<&Path>,
    checkpoints: Option<&Path>,
) -> Done {
    let refused = |why: &str| Err(Stop::input(format!("{}: {why}", file.display())));
    let same = fs::canonicalize(folder_of(file)).ok() == fs::canonicalize(keys).ok();
    if same && keys.exists() {
        return refused(
            "that is the folder of the keys themselves, and what takes them takes the copy; name another place",
        );
    }
    let beside = places::beside(database);
    let ours = beside.iter().map(PathBuf::as_path);
    if ours.chain(settings).chain(checkpoints).any(|own| is_same(own, file)) {
        return refused(
            "Waymark itself needs this file, and nothing was written over it; name a new file, or the last copy of the keys",
        );
    }
    let found = match fs::symlink_metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return refused(&files::why(&error)),
        Ok(found) => found,
    };
    if !found.is_file() {
        return refused("that is a folder, a link or a device; name a file");
    }
    let mut begins = Vec::new();
    let read = File::open(file).and_then(|from| from.take(AGE.len() as u64).read_to_end(&mut begins));
    if let Err(error) = read {
        return refused(&files::why(&error));
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if begins.is_empty() || begins == AGE && backup_file::made(&name).is_none() {
        return Ok(());
    }
    refused(
        "there is a file that is no copy of the keys, and nothing was written over it; name a new file, or the last copy",
    )
}

fn folder_of(file: &Path) -> &Path {
    let parent = file.parent().filter(|parent| *parent != Path::new(""));
    parent.unwrap_or(Path::new("."))
}

/// Whether two paths lead to one file, there or not yet.
fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        let there = fs::canonicalize(path).ok();
        there.or_else(|| Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?)))
    };
    one == other || whole(one).is_some_and(|one| Some(one) == whole(other))
}

/// Who can open a copy, and this program once, to read it back.
enum Readers {
    Key(Box<age::x25519::Recipient>, Box<age::x25519::Identity>),
    Passphrase(SecretString),
}

impl Readers {
    fn new(options: &cli::CopyKeys) -> Result<Self, Stop> {
        if let (None, Some(words)) = (&options.recipient, copy_passphrase()?) {
            if words.chars().count() < SHORTEST_PASSPHRASE {
                return Err(Stop::input(format!(
                    "the passphrase of the copy is shorter than {SHORTEST_PASSPHRASE} characters"
                )));
            }
            return Ok(Self::Passphrase(SecretString::from(words)));
        }
        let text = match (&options.recipient, &options.at.config) {
            (Some(recipient), _) => recipient.clone(),
            (None, Some(config)) => Settings::read(config)?.backup.recipient,
            (None, None) => String::new(),
        };
        if text.is_empty() {
            return Err(Stop::input(
                "nothing to encrypt the copy to: set backup.recipient in the settings, give --recipient, or name a file with a \
                 passphrase as WAYMARK_COPY_PASSPHRASE_FILE\nTo make a key: waymark backup --make-key FILE",
            ));
        }
        let recipient = recipient(&text).map_err(Stop::input)?;
        // Thrown away after the copy was read back: nothing but the memory of this run ever has it.
        let once = age::x25519::Identity::generate();
        Ok(Self::Key(Box::new(recipient), Box::new(once)))
    }

    fn encryptor(&self) -> io::Result<age::Encryptor> {
        match self {
            Self::Passphrase(words) => Ok(age::Encryptor::with_user_passphrase(words.clone())),
            Self::Key(recipient, once) => {
                let once = once.to_public();
                let both = [&**recipient as &dyn age::Recipient, &once];
                age::Encryptor::with_recipients(both.into_iter()).map_err(io::Error::other)
            }
        }
    }
}

fn write(copy: &KeyringCopy, to: &Readers, file: File) -> io::Result<()> {
    let out = to.encryptor()?.wrap_output(BufWriter::new(file))?;
    let mut archive = tar::Builder::new(out);
    for (name, bytes) in &copy.files {
        let mut header = tar::Header::new_ustar();
        header.set_path(name)?;
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        archive.append(&header, bytes.as_slice())?;
    }
    let file = archive.into_inner()?.finish()?.into_inner();
    file.map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// Whether what is on the disk opens, and is what was to be copied.
fn same(copy: &KeyringCopy, to: &Readers, path: &Path) -> io::Result<()> {
    let from = BufReader::new(File::open(unfinished(path))?);
    let opened = age::Decryptor::new_buffered(from).map_err(io::Error::other)?;
    let opened = match to {
        Readers::Key(_, once) => opened.decrypt(iter::once(&**once as &dyn age::Identity)),
        Readers::Passphrase(words) => {
            let words = age::scrypt::Identity::new(words.clone());
            opened.decrypt(iter::once(&words as &dyn age::Identity))
        }
    };
    let mut found = Vec::new();
    each(opened.map_err(io::Error::other)?, |name, bytes| {
        found.push((name.to_owned(), bytes));
        Ok(())
    })?;
    let same =
        found.len() == copy.files.len() && iter::zip(&found, &copy.files).all(|(a, b)| a.0 == b.0 && a.1 == **b.1);
    if same {
        return Ok(());
    }
    Err(io::Error::other("what was read back is not what was written"))
}

/// Every file of a copy that was decrypted, to its very end.
fn each(from: impl Read, mut take: impl FnMut(&str, Vec<u8>) -> io::Result<()>) -> io::Result<()> {
    let mut archive = tar::Archive::new(from);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let is_ours = name == "keyring" || name.starts_with("epoch-") && name.ends_with(".key");
        if !is_ours || name.contains('/') || entry.size() > LONGEST {
            return Err(io::Error::other(format!("\"{name}\" is no file of a keyring")));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        take(&name, bytes)?;
    }
    io::copy(&mut archive.into_inner(), &mut io::sink())?;
    Ok(())
}

/// Lays a copy that was decrypted out as the folder of keys that it was.
///
/// # Errors
/// What the disk says; a copy that is damaged or is none.
pub fn lay_out(from: impl Read, folder: &Path) -> io::Result<()> {
    backup_file::private_folder(folder)?;
    let mut files = 0;
    each(from, |name, bytes| {
        files += 1;
        let mut file = backup_file::private_file(&folder.join(name))?;
        file.write_all(&bytes)?;
        file.sync_all()
    })?;
    if files == 0 {
        return Err(io::Error::other("there is no keyring in it"));
    }
    backup_file::sync_folder(folder)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

    use super::*;

    fn copy(keyring: &[u8]) -> KeyringCopy {
        let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec().into());
        KeyringCopy { epoch: 1, keys: 1, files: vec![file("keyring", keyring), file("epoch-1.key", b"key")] }
    }

    fn readers() -> Readers {
        let (recipient, once) = (age::x25519::Identity::generate(), age::x25519::Identity::generate());
        Readers::Key(Box::new(recipient.to_public()), Box::new(once))
    }

    #[test]
    fn a_copy_is_read_back_to_its_end_and_compared() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.age");
        let (kept, to) = (copy(b"one line\n"), readers());
        let part = unfinished(&path);
        write(&kept, &to, File::create(&part).unwrap()).unwrap();
        same(&kept, &to, &path).unwrap();
        let other = same(&copy(b"another line\n"), &to, &path).unwrap_err();
        assert!(other.to_string().contains("not what was written"), "{other}");
        let whole = fs::read(&part).unwrap();
        for (spoilt, says) in [
            (&whole[..whole.len() - 1], "cut at its end"),
            (&[&whole[..whole.len() - 1], &[!whole[whole.len() - 1]]].concat(), "another last byte"),
            (&whole[..whole.len() / 2], "cut in the middle"),
        ] {
            fs::write(&part, spoilt).unwrap();
            assert!(same(&kept, &to, &path).is_err(), "{says}");
        }
    }
}
