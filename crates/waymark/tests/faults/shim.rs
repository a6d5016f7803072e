//! The shim of `tests/faults/shim.c`: built once, loaded into a program, steered through its control file.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Kinds of call, as in `shim.c`.
pub const OPEN: i64 = 1;
pub const READ: i64 = 2;
pub const WRITE: i64 = 4;
pub const SYNC: i64 = 8;
pub const TRUNCATE: i64 = 16;

/// Kinds of file, as in `shim.c`.
pub const DATABASE: i64 = 1;
pub const LOG: i64 = 2;
pub const ANY: i64 = 0;

/// Numbers of the control file, in the order of `struct control`.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    Ops,
    Files,
    Countdown,
    Error,
    Sticky,
    Room,
    ReadOnly,
    Clock,
    Fired,
}

/// Faults of one folder.
pub struct Shim {
    dir: PathBuf,
    journal: Option<PathBuf>,
    control: File,
    control_path: PathBuf,
}

impl Shim {
    /// For the files below `dir`; control file and journal are kept in `scratch`, outside of it.
    pub fn new(dir: &Path, scratch: &Path, journal: bool) -> Self {
        let control_path = scratch.join("control");
        let control =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&control_path).unwrap();
        control.set_len(128).unwrap();
        let shim = Self {
            dir: dir.canonicalize().unwrap(),
            journal: journal.then(|| scratch.join("journal")),
            control,
            control_path,
        };
        shim.set(Number::Room, -1);
        shim
    }

    /// Loads it into a program that is about to be started.
    pub fn load(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", library())
            .env("WAYMARK_FAULTS_DIR", &self.dir)
            .env("WAYMARK_FAULTS_CONTROL", &self.control_path);
        if let Some(journal) = &self.journal {
            command.env("WAYMARK_FAULTS_JOURNAL", journal);
        }
    }

    pub fn set(&self, number: Number, value: i64) {
        let at = number as u64 * 8;
        self.control.write_all_at(&value.to_le_bytes(), at).unwrap();
    }

    pub fn get(&self, number: Number) -> i64 {
        let mut bytes = [0; 8];
        self.control.read_exact_at(&mut bytes, number as u64 * 8).unwrap();
        i64::from_le_bytes(bytes)
    }

    /// From now on the `nth` call of these kinds on these files fails with this errno.
    pub fn fail(&self, ops: i64, files: i64, nth: i64, errno: i32) {
        self.set(Number::Ops, 0);
        self.set(Number::Files, files);
        self.set(Number::Error, errno.into());
        self.set(Number::Fired, 0);
        self.set(Number::Countdown, nth);
        self.set(Number::Ops, ops);
    }

    /// Fails unless calls were failed since the last fault was set: one that nobody met shows nothing.
    #[track_caller]
    pub fn happened(&self, what: &str) {
        assert!(self.get(Number::Fired) > 0, "{what}: this was not met");
    }

    /// No more faults.
    pub fn heal(&self) {
        for number in [Number::Ops, Number::Sticky, Number::ReadOnly, Number::Clock] {
            self.set(number, 0);
        }
        self.set(Number::Room, -1);
    }

    /// Bytes in the journal: what was done before now is below, what is done later is above.
    pub fn journal_length(&self) -> u64 {
        let length = |path: &PathBuf| path.metadata().map_or(0, |found| found.len());
        self.journal.as_ref().map_or(0, length)
    }

    /// Everything that was done.
    pub fn journal(&self) -> Vec<u8> {
        std::fs::read(self.journal.as_ref().unwrap()).unwrap()
    }
}

/// Builds the library, once in a run. A C compiler is there wherever SQLite was built.
fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/faults/shim.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{}.so", std::process::id()));
        let built = Command::new(std::env::var("CC").unwrap_or_else(|_| "cc".to_owned()))
            .args(["-O1", "-Wall", "-Wextra", "-Wno-nonnull-compare", "-Werror", "-shared", "-fPIC", "-o"])
            .arg(&library)
            .arg(source)
            .args(["-ldl", "-lpthread"])
            .status()
            .expect("a C compiler, as for building SQLite");
        assert!(built.success(), "tests/faults/shim.c does not build");
        library
    })
}
