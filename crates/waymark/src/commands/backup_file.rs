//! What a backup file is: a tar archive encrypted by age. Standard formats both, so that it can be
//! opened in thirty years without this program: `age -d -i SECRET-KEY BACKUP | tar x`.
//!
//! The first entry says what follows, so that a restore knows what to expect before it writes. age
//! authenticates every 64 KB and marks the last: a changed, cut or lengthened file does not open.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Name of the first entry.
const CONTENTS: &str = "contents.json";
/// What this version writes and reads.
pub const FORMAT: u32 = 1;
/// Bytes of the first entry at most: a list of some files.
const LONGEST_CONTENTS: u64 = 1 << 20;
/// How the name of every backup begins and ends.
pub const NAME: (&str, &str) = ("waymark-", ".tar.age");

/// When a backup was made, by its name; none where the name is not one of a backup.
pub fn made(name: &str) -> Option<jiff::Timestamp> {
    let inner = name.strip_prefix(NAME.0)?.strip_suffix(NAME.1)?;
    let (time, events) = inner.rsplit_once('-')?;
    events.parse::<u64>().ok()?;
    let day_and_time = jiff::fmt::strtime::parse("%Y-%m-%d-%H%M%SZ", time).ok()?.to_datetime().ok()?;
    jiff::tz::TimeZone::UTC.to_timestamp(day_and_time).ok()
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The layout of the archive: [`FORMAT`].
    pub format: u32,
    /// The version of Waymark that made it.
    pub waymark: String,
    /// When it was made.
    pub made_at: jiff::Timestamp,
    /// Reports in it.
    pub reports: u64,
    /// Events in it: the position of the log.
    pub events: u64,
    /// When the newest event was entered.
    pub newest: Option<jiff::Timestamp>,
    /// Every file, in order.
    pub files: Vec<Held>,
}

/// A file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Its path from the folder that is restored, with `/`.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
}

impl Contents {
    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// Only names that stay below the folder: parts of letters, digits, `-`, `_` and `.`, none that begins with a dot.
fn stays_inside(name: &str) -> bool {
    let fine = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    name.split('/').all(fine)
}

fn wrong(says: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, says.into())
}

/// Writes a backup: what it holds, then each file from `open`.
///
/// # Errors
/// What the disk says; a file that is not as long as the contents say.
pub fn write<W: Write>(
    out: W,
    recipient: &age::x25519::Recipient,
    contents: &Contents,
    mut open: impl FnMut(&str) -> io::Result<File>,
) -> io::Result<W> {
    let encryptor = age::Encryptor::with_recipients(std::iter::once(recipient as &dyn age::Recipient))
        .map_err(|error| wrong(error.to_string()))?;
    let mut archive = tar::Builder::new(encryptor.wrap_output(out)?);
    let when = u64::try_from(contents.made_at.as_second()).unwrap_or_default();
    let header = |name: &str, bytes: u64| -> io::Result<tar::Header> {
        let mut header = tar::Header::new_ustar();
        header.set_path(name)?;
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_mtime(when);
        header.set_cksum();
        Ok(header)
    };
    let list = serde_json::to_vec_pretty(contents)?;
    archive.append(&header(CONTENTS, list.len() as u64)?, list.as_slice())?;
    for file in &contents.files {
        let from = open(&file.name)?;
        if from.metadata()?.len() != file.bytes {
            return Err(wrong(format!("{} changed while it was read", file.name)));
        }
        archive.append(&header(&file.name, file.bytes)?, from.take(file.bytes))?;
    }
    archive.into_inner()?.finish()
}

/// Reads a backup into a folder that is there and empty. `check` sees what it holds before anything is written.
///
/// # Errors
/// What the disk says; [`io::ErrorKind::InvalidData`] or [`io::ErrorKind::UnexpectedEof`] where the file is
/// damaged, cut off, or not what a backup is.
pub fn read(from: impl Read, into: &Path, check: impl FnOnce(&Contents) -> io::Result<()>) -> io::Result<Contents> {
    let mut archive = tar::Archive::new(from);
    let mut entries = archive.entries()?;
    let first = entries.next().ok_or_else(|| wrong("it is empty"))??;
    if first.path()?.as_ref() != Path::new(CONTENTS) || first.size() > LONGEST_CONTENTS {
        return Err(wrong("it does not begin as a backup of Waymark does"));
    }
    let contents: Contents = serde_json::from_reader(first)?;
    if contents.format != FORMAT {
        return Err(wrong(format!("it is of format {}, this version reads {FORMAT}", contents.format)));
    }
    check(&contents)?;
    for held in &contents.files {
        let mut entry = entries.next().ok_or_else(|| wrong(format!("{} is missing", held.name)))??;
        if !stays_inside(&held.name)
            || entry.path_bytes().as_ref() != held.name.as_bytes()
            || !entry.header().entry_type().is_file()
        {
            return Err(wrong(format!("\"{}\" is not what was announced", held.name)));
        }
        let to = into.join(&held.name);
        if let Some(parent) = to.parent() {
            private_folder(parent)?;
        }
        let mut file = private_file(&to)?;
        let copied = io::copy(&mut entry, &mut file)?;
        if copied != held.bytes {
            return Err(wrong(format!("{} is too short", held.name)));
        }
        file.sync_all()?;
    }
    if entries.next().is_some() {
        return Err(wrong("there is more in it than was announced"));
    }
    // To the very end: only the last part tells that nothing was cut off.
    io::copy(&mut archive.into_inner(), &mut io::sink())?;
    Ok(contents)
}

/// A new file, for its owner alone.
///
/// # Errors
/// What the system says; also when it is there already.
pub fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A folder, for its owner alone where it is new.
///
/// # Errors
/// What the system says.
pub fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes durable what was made, removed or renamed in a folder.
///
/// # Errors
/// What the system says.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    // Only Unix opens folders; elsewhere the file system keeps names in order by itself.
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        for name in ["waymark.db", "keys/keyring.bin", "a/b/c-1_2.txt"] {
            assert!(stays_inside(name), "{name}");
        }
        for name in ["", "/etc/x", "../x", "a/../b", "a//b", ".ssh", "a/.b", "a\\b", "a b"] {
            assert!(!stays_inside(name), "{name}");
        }
    }

    #[test]
    fn what_is_not_as_announced_is_refused() {
        let contents = |files: &[(&str, u64)]| Contents {
            format: FORMAT,
            waymark: "0".to_owned(),
            made_at: jiff::Timestamp::UNIX_EPOCH,
            reports: 0,
            events: 0,
            newest: None,
            files: files.iter().map(|(name, bytes)| Held { name: (*name).to_owned(), bytes: *bytes }).collect(),
        };
        let archive = |contents: &Contents, entries: &[(&str, &str)]| {
            let mut archive = tar::Builder::new(Vec::new());
            let list = serde_json::to_vec(contents).unwrap();
            let named = [(CONTENTS, list.as_slice())].into_iter();
            for (name, bytes) in named.chain(entries.iter().map(|(n, b)| (*n, b.as_bytes()))) {
                let mut header = tar::Header::new_ustar();
                let field = header.as_ustar_mut().unwrap();
                field.name[..name.len()].copy_from_slice(name.as_bytes());
                header.set_size(bytes.len() as u64);
                header.set_cksum();
                archive.append(&header, bytes).unwrap();
            }
            archive.into_inner().unwrap()
        };
        let one = contents(&[("a", 2)]);
        for (bytes, expected) in [
            (archive(&one, &[("a", "xy")]), None),
            (archive(&one, &[]), Some("is missing")),
            (archive(&one, &[("a", "x")]), Some("too short")),
            (archive(&one, &[("b", "xy")]), Some("not what was announced")),
            (archive(&one, &[("a", "xy"), ("b", "")]), Some("more in it")),
            (archive(&contents(&[("../a", 2)]), &[("../a", "xy")]), Some("not what was announced")),
            (archive(&Contents { format: 9, ..one.clone() }, &[]), Some("format 9")),
            (Vec::new(), Some("empty")),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let into = folder.path().join("in");
            private_folder(&into).unwrap();
            let read = read(bytes.as_slice(), &into, |_| Ok(()));
            match expected {
                None => assert_eq!(std::fs::read(into.join("a")).unwrap(), b"xy", "{read:?}"),
                Some(words) => {
                    assert!(read.as_ref().is_err_and(|e| e.to_string().contains(words)), "{words}: {read:?}");
                    assert!(!folder.path().join("a").exists());
                }
            }
        }
    }
}
