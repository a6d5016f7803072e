//! Starts programs, passes on what they say, and counts their tests.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::count::Count;

/// Arguments of clippy's compiler, each ended as `cargo clippy` ends them: no warning is let pass.
const DENY: &str = "CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__";

/// A program that ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// Did it end with success?
    pub well: bool,
    /// The tests that its closing lines told of.
    pub count: Count,
}

/// Starts a program in a folder, shows every line at once and counts its tests.
///
/// # Errors
/// The program could not be started, with what to do about it.
pub fn show(inside: &Path, program: &str, arguments: &[&str]) -> Result<Ended, String> {
    show_to(&mut std::io::stdout(), inside, program, arguments)
}

fn show_to(shown: &mut impl Write, inside: &Path, program: &str, arguments: &[&str]) -> Result<Ended, String> {
    // Nobody may be reading any more; what comes of the program is wanted all the same.
    let _ = writeln!(shown, "    $ {program} {}", arguments.join(" "));
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(inside)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|why| format!("`{program}` could not be started: {why}"))?;
    let mut count = Count::default();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).split(b'\n') {
            let line = line.map_err(|why| format!("`{program}` could not be read: {why}"))?;
            let line = String::from_utf8_lossy(&line);
            count.take(&line);
            let _ = writeln!(shown, "{line}");
        }
    }
    let status = child.wait().map_err(|why| format!("`{program}` could not be waited for: {why}"))?;
    Ok(Ended { well: status.success(), count })
}

/// What a program prints, or nothing when it cannot be started or fails.
pub fn read(inside: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    let done = Command::new(program)
        .args(arguments)
        .current_dir(inside)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}

/// The cargo that started this.
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Runs cargo with clippy's compiler for what is ours. It compiles and finds fault in one go; `cargo clippy` would first
/// check every package that we build on, to no end but to throw that away (docs/decisions/0039).
///
/// # Errors
/// It could not be started.
pub fn linted(root: &Path, arguments: &[&str]) -> Result<Ended, String> {
    let cargo = cargo();
    let beside = Path::new(&cargo).with_file_name("clippy-driver");
    let driver = if beside.is_file() { beside.display().to_string() } else { "clippy-driver".to_owned() };
    let wrapper = format!("RUSTC_WORKSPACE_WRAPPER={driver}");
    let before = [wrapper.as_str(), DENY, cargo.as_str()];
    show(root, "env", &[&before, arguments].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_told_from_a_good_one_and_from_none() {
        let start = |program: &str, arguments: &[&str]| {
            let mut shown = Vec::new();
            let ended = show_to(&mut shown, Path::new("."), program, arguments);
            (ended, String::from_utf8(shown).unwrap())
        };
        let (good, shown) = start("echo", &["test result: ok. 2 passed; 0 failed"]);
        let good = good.unwrap();
        assert!(good.well);
        assert_eq!((good.count.passed, good.count.failed), (2, 0));
        assert!(shown.ends_with("test result: ok. 2 passed; 0 failed\n"), "{shown}");
        assert!(!start("sh", &["-c", "exit 3"]).0.unwrap().well);
        assert!(start("no-such-program-here", &[]).0.is_err());
        assert_eq!(read(Path::new("."), "sh", &["-c", "exit 1"]), None);
    }

    #[test]
    fn what_clippy_warns_of_does_not_compile() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = "[package]\nname = \"tried\"\nedition = \"2024\"\n[workspace]\n";
        std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        for (code, well) in [
            ("pub fn count(of: &[u8]) -> usize { of.len() }", true),
            // The compiler itself has nothing against this.
            ("pub fn count(of: &Vec<u8>) -> usize { of.len() }", false),
        ] {
            std::fs::write(folder.path().join("src/lib.rs"), code).unwrap();
            let ended = linted(folder.path(), &["build", "--target-dir", "target"]).unwrap();
            assert_eq!(ended.well, well, "{code}");
        }
    }
}
