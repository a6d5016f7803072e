//! How much room a disk has, and sizes in words.

use std::io;
use std::path::Path;

use crate::stop::Stop;

/// Bytes that must stay free after a copy: the server goes on writing meanwhile.
const RESERVE: u64 = 16 << 20;

/// Bytes that this user may still write to the disk that holds a folder.
///
/// # Errors
/// What the system says; systems other than Unix do not tell.
#[cfg(unix)]
pub fn free(folder: &Path) -> io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Bytes that this user may still write to the disk that holds a folder.
///
/// # Errors
/// Always: this system does not tell.
#[cfg(not(unix))]
pub fn free(_folder: &Path) -> io::Result<u64> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Refuses to begin what would not fit.
///
/// # Errors
/// How much is needed and how much there is.
pub fn need(folder: &Path, bytes: u64) -> Result<(), Stop> {
    // Where the system does not tell, a full disk is found while writing.
    let Ok(free) = free(folder) else {
        return Ok(());
    };
    let wanted = bytes.saturating_add(RESERVE);
    if free < wanted {
        return Err(Stop::failed(format!(
            "{}: {} are needed and {} are free; make room or choose another disk",
            folder.display(),
            size(wanted),
            size(free)
        )));
    }
    Ok(())
}

/// Bytes as people read them.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    let unit = UNITS.iter().find(|(one, _)| bytes >= *one);
    unit.map_or_else(
        || format!("{bytes} bytes"),
        |(one, name)| {
            let tenths = bytes.saturating_mul(10) / one;
            if tenths < 100 {
                format!("{}.{} {name}", tenths / 10, tenths % 10)
            } else {
                format!("{} {name}", tenths / 10)
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_words_and_what_does_not_fit_is_not_begun() {
        for (bytes, words) in
            [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KB"), (20 << 20, "20 MB"), (5 << 30, "5.0 GB")]
        {
            assert_eq!(size(bytes), words);
        }
        let here = Path::new(".");
        assert!(free(here).unwrap() > 0);
        assert!(need(here, 1).is_ok());
        let Err(Stop::Failed(says)) = need(here, u64::MAX) else { panic!("nothing has that much room") };
        assert!(says.contains("make room"), "{says}");
    }
}
