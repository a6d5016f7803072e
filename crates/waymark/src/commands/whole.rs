//! A file that takes the place of another: written beside it, and put there when it is whole and on the disk.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::backup_file;

/// Where it is written until it is whole.
pub fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

/// Writes a file and puts it in the place of the one that is there.
///
/// # Errors
/// What the system says, and [`io::ErrorKind::ResourceBusy`] where another program is writing the same one. What was there is then
/// as it was.
pub fn replace(path: &Path, write: impl FnOnce(File) -> io::Result<()>) -> io::Result<()> {
    let part = unfinished(path);
    // Held until it has its place: whoever writes the same file meanwhile is refused, and removes nothing of ours.
    let held = taken(&part)?;
    let written =
        held.set_len(0).and_then(|()| held.try_clone()).and_then(write).and_then(|()| fs::rename(&part, path));
    if let Err(error) = written {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    let folder = path.parent().filter(|parent| *parent != Path::new(""));
    backup_file::sync_folder(folder.unwrap_or(Path::new(".")))
}

/// The unfinished file, for this program alone. One that was cut short before is taken over: nobody holds it any more.
fn taken(part: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if !fs::symlink_metadata(part).map_or(true, |found| found.is_file()) {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("{} is in the way, and is no file", part.display()),
        ));
    }
    let file = options.open(part)?;
    match file.try_lock() {
        Ok(()) if is_still(&file, part) => Ok(file),
        Ok(()) | Err(TryLockError::WouldBlock) => Err(io::ErrorKind::ResourceBusy.into()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether the file has its name still. Whoever held it before may have finished it between our opening and our holding it.
#[cfg(unix)]
fn is_still(file: &File, part: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::symlink_metadata(part)) {
        (Ok(held), Ok(named)) => (held.dev(), held.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still(_file: &File, part: &Path) -> bool {
    part.exists()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_could_not_be_written_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.age");
        fs::write(&path, "the last copy").unwrap();
        let failed = replace(&path, |mut file| {
            file.write_all(b"half of")?;
            Err(io::Error::other("it was not the same"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "the last copy");
        assert!(!unfinished(&path).exists());
    }

    #[test]
    fn of_two_at_the_same_moment_the_first_is_whole_and_the_second_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.age");
        // One that was cut short before is in nobody's way.
        fs::write(unfinished(&path), "cut short, and longer than what comes").unwrap();
        let first = replace(&path, |mut file| {
            file.write_all(b"the first")?;
            let second = replace(&path, |mut file| file.write_all(b"the second"));
            assert_eq!(second.unwrap_err().kind(), io::ErrorKind::ResourceBusy);
            file.sync_all()
        });
        first.unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "the first");
        replace(&path, |mut file| file.write_all(b"later")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "later");
    }
}
