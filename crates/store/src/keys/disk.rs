//! Files that hold keys: private, whole or not there, and on the disk before anybody goes on.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use super::error::KeyError;
use crate::fail;

/// What the system said about a file.
pub fn fault(path: &Path, error: &std::io::Error) -> KeyError {
    KeyError::Disk { path: path.into(), detail: error.to_string() }
}

/// Is there no room, for anybody or for this user?
pub fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// Makes the folder when it is missing; refuses one that others can enter.
pub fn private_folder(folder: &Path) -> Result<(), KeyError> {
    if !folder.exists() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| fault(folder, &error))?;
        if let Some(parent) = folder.parent().filter(|parent| *parent != Path::new("")) {
            sync_folder(parent)?;
        }
    }
    refuse_open_to_others(folder, 0o700)
}

/// Refuses what other users of the machine can open.
pub fn refuse_open_to_others(path: &Path, wanted: u32) -> Result<(), KeyError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let found = fs::metadata(path).map_err(|error| fault(path, &error))?;
        let mode = found.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::TooOpen { path: path.into(), mode, wanted });
        }
    }
    #[cfg(not(unix))]
    let _ = (path, wanted);
    Ok(())
}

/// The text of a private file; nothing when it is not there.
pub fn read(path: &Path) -> Result<Option<String>, KeyError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fault(path, &error)),
    };
    refuse_open_to_others(path, 0o600)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| fault(path, &error))?;
    // Not UTF-8 is a damaged line, which whoever reads the lines says better.
    Ok(Some(String::from_utf8(bytes).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned())))
}

/// Puts a whole file in the place of another: the old one or the new one is there at every moment, and
/// the new one is on the disk when this returns.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let beside = path.with_extension("new");
    // One that a crash left behind may be anything.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(fault(&beside, &error)),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| fault(&beside, &error))?;
    fail::point("keyring-written");
    fs::rename(&beside, path).map_err(|error| fault(path, &error))?;
    fail::point("keyring-replaced");
    sync_parent(path)
}

/// Overwrites a file and removes it, durably. Not being there is fine. Whether the disk keeps the old
/// blocks is not for us to see.
pub fn shred(path: &Path) -> Result<(), KeyError> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(fault(path, &error)),
    };
    let length = file.metadata().map_or(0, |found| found.len());
    let zeros = vec![0; usize::try_from(length.min(4096)).unwrap_or(0)];
    file.write_all(&zeros)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::remove_file(path))
        .map_err(|error| fault(path, &error))?;
    sync_parent(path)
}

/// Opens for adding at the end.
pub fn append(path: &Path) -> Result<File, KeyError> {
    OpenOptions::new().append(true).open(path).map_err(|error| fault(path, &error))
}

fn sync_parent(path: &Path) -> Result<(), KeyError> {
    match path.parent() {
        Some(parent) if parent != Path::new("") => sync_folder(parent),
        _ => sync_folder(Path::new(".")),
    }
}

/// A name is in its folder for good only when the folder is on the disk too.
fn sync_folder(folder: &Path) -> Result<(), KeyError> {
    #[cfg(unix)]
    {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| fault(folder, &error))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
