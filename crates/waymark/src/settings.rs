//! The settings file of a force: what `waymark serve` reads and `waymark config` explains.

mod backup;
pub mod places;
mod reading;

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use store::Keys;

pub use self::backup::{Backup, recipient};
use crate::cli::Where;
use crate::files;
use crate::signing::Signing;
use crate::stop::Stop;

/// The folder's database when a folder is named instead of a settings file.
pub const DATABASE: &str = "waymark.db";
/// The folder for backups beside it.
const BACKUPS: &str = "backups";
/// The folder of the keys beside it.
pub const KEYS: &str = "keys";
/// Names the file that holds the passphrase of the keyring, where one opens it.
const PASSPHRASE_FILE: &str = "WAYMARK_PASSPHRASE_FILE";
/// Names the file that holds the one to change to.
const NEW_PASSPHRASE_FILE: &str = "WAYMARK_NEW_PASSPHRASE_FILE";

/// Names the file that holds the passphrase of a copy of the keys, where one opens it.
const COPY_PASSPHRASE_FILE: &str = "WAYMARK_COPY_PASSPHRASE_FILE";

/// Every setting. What is left out has its default; a name that is not known is refused.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The file that holds all reports.
    pub database: PathBuf,
    /// The folder of the keys to it.
    pub keys: PathBuf,
    /// The file that checkpoints of the log are added to; empty for none.
    pub checkpoints: PathBuf,
    /// The folder of the guidance in force; empty for the one built in.
    pub guidance: PathBuf,
    /// How much is logged.
    pub log: Log,
    /// When the log is signed.
    pub signing: Signing,
    /// Backups.
    pub backup: Backup,
    /// The pages.
    pub web: web::Config,
}

/// How much is written to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Log {
    /// Nothing.
    Off,
    /// Only what has to be mended.
    Error,
    /// Also what may have to be looked at.
    Warn,
    /// Also starting, stopping and signing in.
    Info,
    /// Everything, for looking into a fault.
    Debug,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            database: DATABASE.into(),
            keys: KEYS.into(),
            checkpoints: PathBuf::new(),
            guidance: PathBuf::new(),
            log: Log::Info,
            signing: Signing::default(),
            backup: Backup::default(),
            web: web::Config::default(),
        }
    }
}

/// The settings of this crate with their defaults. A test holds them to the defaults.
const OWN: &str = r#"# Settings of Waymark, each with its default. A line that is left out has its default;
# a name that is not known is refused, so that a misspelt setting cannot pass unnoticed.
# Start with:  waymark serve --config THIS-FILE

# The file that holds all reports. It is made at the first start, readable for one user only.
# A path that does not start at the root begins at the folder of this file.
database = "waymark.db"

# The folder of the keys: everything in the database is encrypted, and without this folder nothing in it can
# ever be read again. Keep a copy of it (waymark keys copy), and never in the same place as a copy of the database. It is made at
# the first start.
# Where the environment names a file as WAYMARK_PASSPHRASE_FILE, its first line opens the keys and no key is on this disk.
keys = "keys"

# The file to which every signed head of the log is added, best on another machine or on a disk that can only be added to. The
# database is held against it at every start: a cut or changed log, or an old copy put back, is found then. Empty: no file.
checkpoints = ""

# The folder of the guidance in force. Empty: the Cheshire guidance that is built in.
# Check a folder before it takes force:  waymark guidance check FOLDER
guidance = ""

# What is written to standard error: "off", "error", "warn", "info" or "debug".
# No level writes what somebody entered about a child.
log = "info"

[signing]
# The head of the log is signed, added to the file of checkpoints and offered to witnesses when the service stops, when the log has
# this many entries more: 1 to 100000,
entries = 256
# and when it has any, after this many seconds: 1 to 3600. What came after the last one is not protected against somebody who has the keys.
seconds = 60

[backup]
# The folder that `waymark backup` writes to. Best on another disk, and copied to another building.
folder = "backups"
# The public key that backups are encrypted to: age1… Only the secret key that belongs to it opens them; keep that one
# away from this computer. To make both:  waymark backup --make-key FILE
recipient = ""
# `waymark doctor` warns when the newest backup is older than this many hours: 1 to 720.
every_hours = 26

[web]
"#;

/// Every setting, documented, as a file to start from.
pub fn documented() -> String {
    let web: Vec<String> = web::config::DOCUMENTED
        .lines()
        .map(|line| line.strip_prefix('[').map_or_else(|| line.to_owned(), |table| format!("[web.{table}")))
        .collect();
    format!("{OWN}{}\n", web.join("\n"))
}

impl Settings {
    /// Reads a settings file. Paths in it begin at its folder.
    ///
    /// # Errors
    /// A file that cannot be read; every setting that is wrong, with its line where there is one.
    pub fn read(path: &Path) -> Result<Self, Stop> {
        let name = path.display();
        let text = files::text(path, files::SETTINGS).map_err(|why| {
            // Only where nothing is: the same command empties a file that is there.
            let is_there = !matches!(path.symlink_metadata(), Err(error) if error.kind() == io::ErrorKind::NotFound);
            let help = if is_there { String::new() } else { format!("\nTo make one: waymark config > {name}") };
            Stop::input(format!("{name}: {why}{help}"))
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        reading::read(&text, folder).map_err(|wrong| {
            let told = wrong.into_iter().map(|(line, says)| match line {
                0 => format!("{name}: {says}"),
                line => format!("{name}:{line}: {says}"),
            });
            Stop::Input(told.collect())
        })
    }

    /// The same with every path that does not start at the root beginning at this folder.
    fn beginning_at(mut self, folder: &Path) -> Self {
        self.database = folder.join(&self.database);
        self.backup.folder = folder.join(&self.backup.folder);
        self.keys = folder.join(&self.keys);
        let web = &mut self.web;
        for file in
            [&mut self.checkpoints, &mut self.guidance, &mut web.oidc.client_secret_file, &mut web.stolen_passwords]
        {
            if *file != Path::new("") {
                *file = folder.join(&*file);
            }
        }
        self
    }

    /// What is wrong with the values, each beginning with the full name of its setting.
    fn problems(&self) -> Vec<String> {
        let of = |within: &str, problems: Vec<String>| -> Vec<String> {
            let full = |problem: String| {
                let problem = problem.replace(" and oidc.", &format!(" and {within}.oidc."));
                format!("{within}.{problem}")
            };
            problems.into_iter().map(full).collect()
        };
        [
            of("web", self.web.problems()),
            of("signing", self.signing.problems()),
            of("backup", self.backup.problems()),
            places::wrong(self),
        ]
        .concat()
    }

    /// The settings that a file gives, or those of the folder of a demonstration.
    ///
    /// # Errors
    /// Neither is named; as [`Settings::read`].
    pub fn at(place: &Where) -> Result<Self, Stop> {
        match (&place.config, &place.dir) {
            (Some(config), _) => Self::read(config),
            (None, Some(dir)) => Ok(Self {
                database: dir.join(DATABASE),
                keys: dir.join(KEYS),
                backup: Backup { folder: dir.join(BACKUPS), ..Backup::default() },
                ..Self::default()
            }),
            (None, None) => {
                Err(Stop::input("say where the reports are: --config FILE, or --dir DIR for the folder of a demo"))
            }
        }
    }

    /// Where the keys are, and the passphrase if one opens them.
    ///
    /// # Errors
    /// The environment names a file with the passphrase that cannot be read.
    pub fn keys(&self) -> Result<Keys, Stop> {
        let mut keys = Keys::at(&self.keys);
        if self.checkpoints != Path::new("") {
            keys = keys.with_checkpoints(&self.checkpoints);
        }
        Ok(match passphrase(PASSPHRASE_FILE)? {
            Some(words) => keys.with_passphrase(words),
            None => keys,
        })
    }

    /// The folder of the guidance, if it is not the one built in.
    pub fn pack(&self) -> Option<&Path> {
        (self.guidance != Path::new("")).then_some(self.guidance.as_path())
    }
}

/// The passphrase to change to, where one is named.
///
/// # Errors
/// A file that cannot be read.
pub fn new_passphrase() -> Result<Option<String>, Stop> {
    passphrase(NEW_PASSPHRASE_FILE)
}

/// The passphrase of a copy of the keys, where one is named.
///
/// # Errors
/// A file that cannot be read.
pub fn copy_passphrase() -> Result<Option<String>, Stop> {
    passphrase(COPY_PASSPHRASE_FILE)
}

/// The first line of the file that the environment names. In a file and not on the command line or in the
/// environment itself: those are seen by others on the machine.
fn passphrase(variable: &str) -> Result<Option<String>, Stop> {
    let Some(file) = std::env::var_os(variable) else {
        return Ok(None);
    };
    let file = Path::new(&file);
    let text = files::text(file, files::SECRET)
        .map_err(|why| Stop::input(format!("{variable}: {}: {why}", file.display())))?;
    Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_documented_settings_are_the_defaults() {
        assert_eq!(toml::from_str::<Settings>(&documented()).unwrap(), Settings::default());
        for name in [
            "database",
            "keys",
            "checkpoints",
            "guidance",
            "log",
            "backup",
            "folder",
            "recipient",
            "every_hours",
            "web",
        ] {
            assert!(documented().contains(&format!("\n{name} = ")) || documented().contains(&format!("[{name}]")));
        }
    }

    #[test]
    fn everything_wrong_is_told_and_paths_begin_at_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("waymark.toml");
        for (text, expected) in [
            ("databse = \"x\"", "databse"),
            ("log = \"loud\"", "loud"),
            ("[web]\npublic_url = \"nowhere\"\nforce_name = \"\"", "web.public_url"),
            ("[backup]\nevery_hours = 0", "backup.every_hours"),
            ("[backup]\nrecipient = \"age1x\"", "backup.recipient"),
            ("[web]\nstolen_passwords = \"none\"", "web.stolen_passwords: "),
            ("[web.session]\nidle_minutes = 0", "web.session.idle_minutes"),
        ] {
            fs::write(&file, text).unwrap();
            let Err(Stop::Input(problems)) = Settings::read(&file) else { panic!("{text} was taken") };
            assert!(problems.join("\n").contains(expected), "{problems:?}");
        }
        fs::write(&file, "database = \"data/reports.db\"").unwrap();
        assert_eq!(Settings::read(&file).unwrap().database, folder.path().join("data/reports.db"));
    }
}
