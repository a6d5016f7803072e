//! Files that somebody names, read whole: never more than a stated length, and only what is a file.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// The longest settings file that is read, in bytes. Every setting with its explanation takes some 10 KB.
pub const SETTINGS: u64 = 1 << 20;
/// The longest file with a passphrase or a secret key, in bytes.
pub const SECRET: u64 = 64 << 10;
/// The longest file of a pack, in bytes: far above any pack, far below what hurts.
pub const PACK: u64 = 4 << 20;
/// The longest file of checkpoints kept elsewhere, in bytes: one a minute for some years.
pub const CHECKPOINTS: u64 = 1 << 30;

/// The text of a file, without the mark that some editors put at its start.
///
/// # Errors
/// Why it cannot be read, in words, to stand after its name.
pub fn text(path: &Path, most: u64) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = open(path)?;
    let read = file.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| why(&error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > most) {
        return Err(too_long(most));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(good);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        format!("is not UTF-8 text, line {line}; save it as UTF-8 text")
    })?;
    let without = text.strip_prefix('\u{feff}').map(str::to_owned);
    Ok(without.unwrap_or(text))
}

/// What is said of a file that is longer than is read.
pub fn too_long(most: u64) -> String {
    format!("is longer than {} KB; name the right file", most >> 10)
}

/// Opens a file that is one. A pipe that a shell hands over is one too, except that nobody waits at one that has a name.
///
/// # Errors
/// As for [`text`].
pub fn open(path: &Path) -> Result<File, String> {
    let found = fs::metadata(path).map_err(|error| why(&error))?;
    if found.is_dir() {
        return Err("is a folder; name a file in it".to_owned());
    }
    // `<(…)` of a shell is such a path. Elsewhere a pipe without a writer would be waited at for ever.
    let handed_over = path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd");
    if !found.is_file() && !handed_over {
        return Err("is no file but a device or a pipe; name a file".to_owned());
    }
    File::open(path).map_err(|error| why(&error))
}

/// What the system said, in words for whoever named the file.
pub fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "this user may not read it; ask whoever owns it, or run this as the user that runs Waymark".to_owned()
        }
        _ => format!("cannot be read: {}", plain(&error.to_string())),
    }
}

/// Words of the system without what only its makers read: numbers of errors, names of files made on the way.
pub fn plain(says: &str) -> String {
    const CODE: &str = " (os error ";
    let mut left = says.to_owned();
    while let Some((before, after)) = left.split_once(CODE) {
        let Some((number, rest)) = after.split_once(')') else {
            break;
        };
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        left = format!("{before}{rest}");
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_errors_are_left_out_and_words_are_not() {
        for (says, left) in [
            ("a: No such file or directory (os error 2); b", "a: No such file or directory; b"),
            ("x (os error 1), y (os error 28)", "x, y"),
            ("(os error 2)", "(os error 2)"),
            ("x (os error two)", "x (os error two)"),
            ("x (os error 2", "x (os error 2"),
        ] {
            assert_eq!(plain(says), left);
        }
    }

    #[test]
    fn only_files_are_read_and_only_so_far() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "\u{feff}abc").unwrap();
        assert_eq!(text(&file, 6).unwrap(), "abc");
        assert!(text(&file, 5).unwrap_err().contains("longer"));
        fs::write(&file, b"a\nb\xff").unwrap();
        assert!(text(&file, 9).unwrap_err().contains("line 2"));
        for (path, says) in [
            (folder.path(), "is a folder"),
            (Path::new("/dev/zero"), "a device"),
            (&folder.path().join("none"), "no such file"),
        ] {
            assert!(text(path, 9).unwrap_err().contains(says), "{says}");
        }
    }
}
