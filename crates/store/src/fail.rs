//! Where tests end the program: between any two steps that must be whole or gone together.
//!
//! A test starts a child with `WAYMARK_FAIL_AT=NAME` (or `NAME:3` for the third time); the child ends there
//! as if killed. Builds without debug assertions have none of this.

/// A place to end at.
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
