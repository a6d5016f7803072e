//! Passwords that were stolen elsewhere: whether one is in the list that a force keeps.
//!
//! Nothing is asked of the internet. The list is a file of SHA-1 hashes in their order, one a line, as Have I Been Pwned
//! gives it out ("HASH:times seen"); it has tens of gigabytes, so it is searched where it lies and never read whole.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use sha1::{Digest as _, Sha1};

/// Letters of a hash.
const HASH: usize = 40;
/// Longest line: a hash, a colon, a count, and the end of the line.
const LINE: u64 = 64;

/// The list, where there is one.
#[derive(Debug, Clone, Default)]
pub struct Stolen(Option<Arc<Path>>);

impl Stolen {
    /// The list in this file; none where it is empty.
    pub fn new(file: &Path) -> Self {
        Self((file != Path::new("")).then(|| file.into()))
    }

    /// What keeps a file from being such a list, in words for whoever set it.
    ///
    /// # Errors
    /// When it cannot be read, has other lines, or these are not in order.
    pub fn check(file: &Path) -> Result<(), String> {
        let name = file.display();
        let unread = |why: io::Error| format!("stolen_passwords: {name} cannot be read: {why}");
        let mut list = List::open(file).map_err(unread)?;
        let mut before = None;
        // A few places show whether it is one, however long it is.
        for part in 0..=8 {
            let at = list.length.saturating_sub(1) / 8 * part;
            let found = list.at(at).map_err(unread)?;
            let Some((hash, _)) = found else {
                return Err(format!(
                    "stolen_passwords: {name} is no list of stolen passwords. It has a SHA-1 hash of {HASH} letters and digits on every line, such as \"{}:3\"",
                    hash_of("waymark")
                ));
            };
            if before.as_ref().is_some_and(|before| *before > hash) {
                return Err(format!(
                    "stolen_passwords: {name} is not in the order of its hashes. Take the list that is ordered by hash"
                ));
            }
            before = Some(hash);
        }
        Ok(())
    }

    /// Whether somebody's new password is in the list; never where there is none.
    ///
    /// # Errors
    /// When the list cannot be read any more.
    pub async fn has(&self, password: &str) -> io::Result<bool> {
        let Some(file) = self.0.clone() else {
            return Ok(false);
        };
        let hash = hash_of(password);
        let search = move || List::open(&file)?.has(&hash);
        tokio::task::spawn_blocking(search).await.map_err(io::Error::other)?
    }
}

fn hash_of(password: &str) -> String {
    let bytes = Sha1::digest(password.as_bytes());
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

struct List {
    file: File,
    length: u64,
}

impl List {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }

    /// The hash of the line that a byte lies in, and where that line ends; nothing where it is no such line.
    fn at(&mut self, byte: u64) -> io::Result<Option<(String, u64)>> {
        let from = byte.saturating_sub(LINE);
        self.file.seek(SeekFrom::Start(from))?;
        let mut near = Vec::new();
        self.file.by_ref().take(2 * LINE).read_to_end(&mut near)?;
        let here = usize::try_from(byte - from).unwrap_or_default();
        let (before, after) = near.split_at(here.min(near.len()));
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let end = after.iter().position(|byte| *byte == b'\n').map_or(near.len(), |at| here + at + 1);
        if start == 0 && from > 0 {
            return Ok(None);
        }
        let line = near.get(start..end).unwrap_or_default().trim_ascii();
        let hash = line.get(..HASH).filter(|hash| hash.iter().all(u8::is_ascii_hexdigit));
        let is_line = line.get(HASH).is_none_or(|next| *next == b':');
        Ok(hash.filter(|_| is_line).map(|hash| {
            let hash = String::from_utf8_lossy(hash).to_ascii_uppercase();
            (hash, from + u64::try_from(end).unwrap_or_default())
        }))
    }

    fn has(&mut self, hash: &str) -> io::Result<bool> {
        let no_list =
            || io::Error::new(io::ErrorKind::InvalidData, "the list of stolen passwords has a line that is no hash");
        // What is looked for, if it is there, begins in this part of the file.
        let (mut from, mut to) = (0, self.length);
        while from < to {
            let (found, end) = self.at(from + (to - from) / 2)?.ok_or_else(no_list)?;
            match found.as_str().cmp(hash) {
                std::cmp::Ordering::Equal => return Ok(true),
                std::cmp::Ordering::Less => from = end,
                std::cmp::Ordering::Greater => to = from + (to - from) / 2,
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn list(folder: &tempfile::TempDir, passwords: &[String], end: &str) -> PathBuf {
        let mut lines: Vec<String> = passwords.iter().map(|one| hash_of(one)).collect();
        lines.sort();
        let counted = |(at, line): (usize, String)| format!("{line}:{}{end}", at * 7 % 1000 + 1);
        let file = folder.path().join("stolen.txt");
        std::fs::write(&file, lines.into_iter().enumerate().map(counted).collect::<String>()).unwrap();
        file
    }

    #[tokio::test]
    async fn what_is_in_the_list_is_found_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for (count, end) in [(1, "\n"), (2, "\r\n"), (3, "\n"), (500, "\r\n")] {
            let passwords: Vec<String> = (0..count).map(|at| format!("three made up words {at}")).collect();
            let file = list(&folder, &passwords, end);
            Stolen::check(&file).unwrap();
            let stolen = Stolen::new(&file);
            for password in &passwords {
                assert!(stolen.has(password).await.unwrap(), "{password} of {count}");
            }
            for at in 0..200 {
                assert!(!stolen.has(&format!("others of one's own {at}")).await.unwrap());
            }
        }
    }

    #[tokio::test]
    async fn without_a_list_nothing_is_in_it() {
        assert!(!Stolen::new(Path::new("")).has("password").await.unwrap());
    }

    #[test]
    fn what_is_no_list_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("list");
        let [one, other] = [hash_of("one"), hash_of("other")];
        let (first, last) = if one < other { (one, other) } else { (other, one) };
        for (text, says) in [
            (String::new(), "is no list"),
            ("password\n".to_owned(), "is no list"),
            (format!("{first}0:1\n"), "is no list"),
            (format!("{last}:1\n{first}:1\n"), "not in the order"),
        ] {
            std::fs::write(&file, &text).unwrap();
            let wrong = Stolen::check(&file).unwrap_err();
            assert!(wrong.contains(says), "{text:?}: {wrong}");
        }
        let missing = Stolen::check(&folder.path().join("no such file")).unwrap_err();
        assert!(missing.contains("cannot be read"), "{missing}");
        std::fs::write(&file, format!("{first}\n{last}")).unwrap();
        Stolen::check(&file).unwrap();
    }
}
