//! What the journeys need, and the journeys.

use std::path::{Path, PathBuf};

use crate::run::{Ended, linted, read, show};

/// Where browsers of Chromium's kind are found, first match wins.
const BROWSERS: [&str; 4] =
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];
/// Well over what the longest file takes on two cores, in milliseconds.
const LONGEST: &str = "--test-timeout=2100000";
const PACKAGES: [&str; 2] = ["chromium", "fonts-liberation"];
/// Programs that tests call, and Debian's packages of them.
const PROGRAMS: [(&str, &str); 2] = [("git", "git"), ("python3", "python3")];

/// Runs the journeys in a real browser, after installing what they need.
///
/// # Errors
/// Something that is needed is not there and cannot be installed, with what to do.
pub fn journeys(root: &Path) -> Result<Ended, String> {
    // Named one by one: what a folder means here differs between versions of Node.
    let mut files = list(&root.join("tests/journeys"))?;
    files.sort();
    // Three at once: each waits for its browser now and then. A file that hangs, in whatever it began with, is a failure.
    let mut arguments = vec!["--test", "--test-reporter=spec", "--test-concurrency=3", LONGEST];
    arguments.extend(files.iter().map(String::as_str));
    node(root, &arguments, false)
}

fn list(folder: &Path) -> Result<Vec<String>, String> {
    let failed = |why| format!("{} could not be read: {why}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    let names = entries.map(|entry| Ok(entry.map_err(failed)?.file_name()));
    names
        .map(|name: Result<_, String>| Ok(format!("journeys/{}", name?.to_string_lossy())))
        .filter(|path| path.as_ref().map_or(true, |path| path.ends_with(".mjs")))
        .collect()
}

/// Makes `docs/picture.png`, and `docs/picture.txt` with the words on it, by one of the journeys.
///
/// # Errors
/// As for the journeys.
pub fn picture(root: &Path) -> Result<bool, String> {
    Ok(node(root, &["--test", "journeys/picture.mjs"], true)?.well)
}

/// A folder for one run, in which the journeys note what axe went through; gone when the run is over.
struct LookedAt(PathBuf);

impl LookedAt {
    fn new() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("waymark-looked-at-{}", std::process::id()));
        // One that a run of long ago left behind would hide pages from axe.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).map_err(|why| format!("{} could not be made: {why}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for LookedAt {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn node(root: &Path, arguments: &[&str], picture: bool) -> Result<Ended, String> {
    let browser = browser(root)?;
    let tests = root.join("tests");
    packages(&tests)?;
    let binary = binary(root)?;
    let looked_at = LookedAt::new()?;
    let mut all = vec![
        format!("WAYMARK_BINARY={}", binary.display()),
        format!("BROWSER={browser}"),
        format!("WAYMARK_LOOKED_AT={}", looked_at.0.display()),
    ];
    if picture {
        all.push(format!("PICTURE={}", root.join("docs/picture.png").display()));
    }
    all.push("node".to_owned());
    all.extend(arguments.iter().map(|&argument| argument.to_owned()));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    show(&tests, "env", &all)
}

/// The binary, built in the way that the tests are built, so that nothing is built twice.
fn binary(root: &Path) -> Result<PathBuf, String> {
    let built = linted(root, &["build", "--workspace", "--bins", "--tests", "--locked"])?;
    if !built.well {
        return Err("the binary does not build".to_owned());
    }
    // This very program lies in the folder that everything is built into.
    let here = std::env::current_exe().map_err(|why| format!("own place is not known: {why}"))?;
    let binary = here.with_file_name("waymark");
    if binary.is_file() { Ok(binary) } else { Err(format!("{} was not built", binary.display())) }
}

fn found() -> Option<String> {
    let named = std::env::var("BROWSER").ok().filter(|path| Path::new(path).is_file());
    named.or_else(|| {
        let known = BROWSERS.iter().find(|path| Path::new(path).is_file());
        known.map(|&path| path.to_owned())
    })
}

/// A browser, installed from Debian's packages where there is none.
fn browser(root: &Path) -> Result<String, String> {
    let fonts = Path::new("/usr/share/fonts/truetype/liberation").is_dir()
        || Path::new("/usr/share/fonts/truetype/liberation2").is_dir();
    let need = "The journeys need Chromium and a font: `apt-get install chromium fonts-liberation`, \
                or set BROWSER to the path of a Chromium.";
    if let Some(path) = found()
        && (fonts || read(root, "apt-get", &["--version"]).is_none())
    {
        return Ok(path);
    }
    println!("    Chromium or its font is missing: installing {}", PACKAGES.join(" and "));
    if !install(root, &PACKAGES)? {
        return found().ok_or_else(|| need.to_owned());
    }
    found().ok_or_else(|| need.to_owned())
}

/// Installs what tests call besides Rust, where it is missing: git, and Python for the second verifier.
///
/// # Errors
/// It is missing and cannot be installed, with what to do.
pub fn programs(root: &Path) -> Result<(), String> {
    let missing = || {
        let named = PROGRAMS.iter();
        let missing = named.filter(|(program, _)| read(root, program, &["--version"]).is_none());
        missing.map(|(_, package)| *package).collect::<Vec<_>>()
    };
    let packages = missing();
    if packages.is_empty() {
        return Ok(());
    }
    println!("    installing {}", packages.join(" and "));
    install(root, &packages)?;
    match missing() {
        still if still.is_empty() => Ok(()),
        still => Err(format!("The tests need {0}: `apt-get install {0}`", still.join(" "))),
    }
}

/// Installs Debian's packages; false where nobody here may.
fn install(root: &Path, packages: &[&str]) -> Result<bool, String> {
    let root_user = read(root, "id", &["-u"]).is_some_and(|id| id.trim() == "0");
    let sudo = read(root, "sudo", &["-n", "true"]).is_some();
    let before: &[&str] = match (root_user, sudo) {
        (true, _) => &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
        (false, true) => &["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
        (false, false) => return Ok(false),
    };
    let apt = |arguments: &[&str]| {
        let all: Vec<&str> = before.iter().chain(arguments).copied().collect();
        let (program, rest) = all.split_first().unwrap_or((&"apt-get", &[]));
        show(root, program, rest)
    };
    apt(&["update", "-qq"])?;
    let quietly = ["install", "-y", "-qq", "--no-install-recommends"];
    let all: Vec<&str> = quietly.iter().chain(packages).copied().collect();
    Ok(apt(&all)?.well)
}

/// Node packages, exactly those of the lock file.
fn packages(tests: &Path) -> Result<(), String> {
    let lock = std::fs::read_to_string(tests.join("package-lock.json"))
        .map_err(|why| format!("tests/package-lock.json could not be read: {why}"))?;
    let stamp = tests.join("node_modules/.fetched");
    if std::fs::read_to_string(&stamp).is_ok_and(|had| had == lock) {
        return Ok(());
    }
    println!("    installing the Node packages of tests/package-lock.json");
    let done = show(tests, "npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
    if !done.well {
        return Err("`npm ci` failed in tests/: it needs Node 20.19 or later with npm, and the npm registry".to_owned());
    }
    std::fs::write(&stamp, lock).map_err(|why| format!("{} could not be written: {why}", stamp.display()))
}
