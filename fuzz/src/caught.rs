//! Panics, wherever they happen: in the call itself or in a thread that it started.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

/// The panics since the last look.
pub struct Caught(Arc<Mutex<Vec<String>>>);

impl Caught {
    /// Listens to every panic from now on, and keeps them from the terminal.
    pub fn install() -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = Arc::clone(&heard);
        std::panic::set_hook(Box::new(move |panic| {
            hears.lock().unwrap().push(panic.to_string());
        }));
        Self(heard)
    }

    /// Runs something; the panics that it caused instead, where it did.
    pub fn watch<T>(&self, run: impl FnOnce() -> T) -> Result<T, String> {
        let done = catch_unwind(AssertUnwindSafe(run));
        let panics = std::mem::take(&mut *self.0.lock().unwrap());
        match done {
            Ok(done) if panics.is_empty() => Ok(done),
            _ => Err(panics.join("\n")),
        }
    }
}

/// Keeps an input, and says where.
pub fn keep(target: &str, input: &[u8]) -> String {
    let folder = std::path::Path::new("target/fuzz");
    // FNV-1a: a name of its own for each input, the same on every run.
    let name = input
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
    let path = folder.join(format!("{target}-{name:016x}"));
    let kept = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, input));
    match kept {
        Ok(()) => path.display().to_string(),
        Err(why) => format!("no file: {why}"),
    }
}
