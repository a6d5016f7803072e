//! What tests make the program do wrong: end between any two steps that must be whole or gone together, and say
//! that something is kept before it is.
//!
//! Builds without debug assertions have none of this: `cargo xtask tidy` holds that nothing here is without its
//! condition, and that no profile to be installed turns debug assertions on.

/// A place to end at.
///
/// A test starts a child with `WAYMARK_FAIL_AT=NAME` (or `NAME:3` for the third time); the child ends there
/// as if killed.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static AT: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static SEEN: AtomicU32 = AtomicU32::new(0);
    let at = AT.get_or_init(|| {
        let text = std::env::var("WAYMARK_FAIL_AT").ok()?;
        Some(match text.split_once(':') {
            Some((name, time)) => (name.to_owned(), time.parse().ok()?),
            None => (text, 1),
        })
    });
    if let Some((_, time)) = at.as_ref().filter(|(at, _)| at == name)
        && SEEN.fetch_add(1, Ordering::Relaxed) + 1 == *time
    {
        std::process::abort();
    }
}

/// A place to end at.
#[cfg(not(debug_assertions))]
pub fn point(_name: &str) {}

/// How far an answer that comes too early is ahead of its commit, so that a test can do something in between.
#[cfg(debug_assertions)]
pub const LEAD: std::time::Duration = std::time::Duration::from_millis(500);

/// Whether commands are answered before they are committed, while the file that `WAYMARK_ACK_EARLY` names is there.
/// The control of all fault tests: what they find of such a server must be a loss.
#[cfg(debug_assertions)]
pub fn tells_early() -> bool {
    use std::path::PathBuf;
    use std::sync::OnceLock;

    static WHILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let file = WHILE.get_or_init(|| std::env::var_os("WAYMARK_ACK_EARLY").map(PathBuf::from));
    file.as_ref().is_some_and(|file| file.exists())
}
