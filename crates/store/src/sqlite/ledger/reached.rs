//! How far the log has come, in a small file beside the keyring: entries that are cut off while the program is stopped, signed or
//! not, are missing then.
//!
//! It is written after each commit that adds to the log, and before anybody is answered, so that it never speaks of more than is on
//! the disk, and of all that somebody was told is kept. It is not flushed each time: what the program has written stays when it is
//! killed, and a power cut takes the last of it back to what was flushed with a signed head.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use ledger::Hash;
use rusqlite::Connection;

use super::{frontier, outside, size};
use crate::keys::{Keyring, hex, same, unhex};
use crate::{LedgerHead, LogFault, StoreError};

/// Stands at the beginning; the number is the form of the file.
const FORM: &str = "waymark-reached 1";
/// What the HMAC is made for: nobody without the keyring can write another.
const VOUCHES: &str = "log reached";
/// More than any such file has.
const LONGEST: u64 = 1024;

/// The file, while the program writes.
#[derive(Debug, Default)]
pub(in super::super) struct Reached {
    /// Nothing where it cannot be written, which was told then.
    file: Option<File>,
    path: PathBuf,
    failed: AtomicBool,
}

/// Where it is.
fn place(ring: &Keyring) -> PathBuf {
    ring.folder().join("reached")
}

impl Reached {
    /// Holds what the file says against the log, and opens it for writing.
    ///
    /// # Errors
    /// The log does not lead to what it says.
    pub(in super::super) fn open(conn: &Connection, ring: &Keyring, end: u64) -> Result<Self, LogFault> {
        let path = place(ring);
        match read(ring, &path) {
            Said::Head(head) => check(conn, &path, head)?,
            Said::Nothing if end > 0 => {
                tracing::warn!(file = %path.display(), "nothing says how far the log had come: it is noted from here on");
            }
            Said::Nothing => {}
            Said::Odd => {
                tracing::error!(file = %path.display(), "what says how far the log had come cannot be believed: it is noted anew");
            }
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let reached = Self { file: None, path, failed: AtomicBool::new(false) };
        let length = line(ring, LedgerHead { size: 0, root: Hash::of_nothing() }).len() as u64;
        let opened = options.open(&reached.path).and_then(|file| {
            // All it ever holds has the same length: what is longer is not ours.
            if file.metadata()?.len() > length {
                file.set_len(length)?;
            }
            Ok(file)
        });
        match opened {
            Ok(file) => Ok(Self { file: Some(file), ..reached }),
            Err(why) => {
                reached.tell(&why);
                Ok(reached)
            }
        }
    }

    /// The log has come so far. What cannot be noted keeps nobody from their work: it is told once.
    pub(in super::super) fn note(&self, ring: &Keyring, head: LedgerHead) {
        let written = self.file.as_ref().map_or(Ok(()), |file| write(file, line(ring, head).as_bytes()));
        written.unwrap_or_else(|why| self.tell(&why));
    }

    /// Puts on the disk what was noted.
    pub(in super::super) fn flush(&self) {
        let flushed = self.file.as_ref().map_or(Ok(()), |file| {
            file.sync_data()?;
            outside::sync_folder(&self.path).map_err(io::Error::other)
        });
        flushed.unwrap_or_else(|why| self.tell(&why));
    }

    fn tell(&self, why: &io::Error) {
        if !self.failed.swap(true, Ordering::Relaxed) {
            tracing::error!(file = %self.path.display(), %why, "how far the log has come cannot be noted");
        }
    }
}

/// In one call, so that a program that is killed leaves the old line or the new one.
fn write(file: &File, line: &[u8]) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::write_all_at(file, line, 0);
    #[cfg(not(unix))]
    {
        use std::io::{Seek as _, Write as _};
        let mut file = file;
        file.rewind()?;
        file.write_all(line)
    }
}

fn line(ring: &Keyring, head: LedgerHead) -> String {
    // The same length whatever it says: it takes the place of the one before.
    let says = format!("{FORM} {:020} {}", head.size, hex(head.root.as_bytes()));
    let vouched = hex(&ring.blind(VOUCHES, says.as_bytes()));
    format!("{says} {vouched}\n")
}

enum Said {
    Head(LedgerHead),
    Nothing,
    /// Another text, or one that nothing vouches for: somebody's, or torn by a power cut.
    Odd,
}

fn read(ring: &Keyring, path: &Path) -> Said {
    let mut text = String::new();
    match File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text)) {
        Ok(0) => return Said::Nothing,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Said::Nothing,
        _ => {}
    }
    let parsed = || {
        let (says, vouched) = text.strip_suffix('\n')?.rsplit_once(' ')?;
        let vouched: [u8; 32] = unhex(vouched)?;
        let (size, root) = says.strip_prefix(FORM)?.strip_prefix(' ')?.split_once(' ')?;
        let head = LedgerHead { size: size.parse().ok()?, root: Hash::new(unhex(root)?) };
        same(&vouched, &ring.blind(VOUCHES, says.as_bytes())).then_some(head)
    };
    parsed().map_or(Said::Odd, Said::Head)
}

fn check(conn: &Connection, path: &Path, said: LedgerHead) -> Result<(), LogFault> {
    let broken = |why: StoreError| LogFault::Broken { detail: why.to_string() };
    let (found, file) = (size(conn).map_err(broken)?, path.display().to_string());
    if said.size > found {
        return Err(LogFault::Cut { found, reached: said.size, file });
    }
    if frontier(conn, said.size).map_err(broken)?.root() != said.root {
        return Err(LogFault::Other { size: said.size, file });
    }
    Ok(())
}

/// Whether there is no such file yet: of a version from before it.
pub(super) fn is_of_before(ring: &Keyring) -> bool {
    matches!(read(ring, &place(ring)), Said::Nothing)
}

/// That the log leads to what the file of its keyring says, where that says anything. Also beside the program that writes.
///
/// # Errors
/// [`LogFault::Cut`] or [`LogFault::Other`].
pub(in super::super) fn held(conn: &Connection, ring: &Keyring) -> Result<Option<u64>, LogFault> {
    let path = place(ring);
    // The file first: of the two the log is the younger one then.
    let Said::Head(said) = read(ring, &path) else {
        return Ok(None);
    };
    check(conn, &path, said)?;
    Ok(Some(said.size))
}
