//! Makes the one stylesheet out of the npm packages named in `assets/package-lock.json`.
//!
//! Node and npm are needed while building only; nothing of theirs runs or is fetched later. The
//! packages go below `OUT_DIR`, never into the source tree, and are fetched again only when the lock
//! changes.
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Dart Sass 1.108 asks for 20.19 or later.
const NODE_AT_LEAST: (u32, u32) = (20, 19);
/// What decides which packages are fetched.
const PACKAGE_FILES: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];
/// Written once in the browser's language, put into the binary as they are.
const PLAIN_FILES: [&str; 3] = ["app.js", "passkey.js", "icon.svg"];
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };
const NEEDS: &str =
    "Building the pages needs Node 20.19 or later with npm (https://nodejs.org, or `apt-get install nodejs npm`).";

fn main() {
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=build.rs");
    if let Err(problem) = build() {
        for line in problem.lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

fn build() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gave no OUT_DIR")?);
    let assets =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo gave no CARGO_MANIFEST_DIR")?).join("assets");
    let packages = out.join("npm");
    check_node()?;
    fetch(&assets, &packages)?;
    let css = out.join("app.css");
    run(
        "node",
        [
            OsStr::new("node_modules/sass/sass.js"),
            OsStr::new("--style=compressed"),
            OsStr::new("--no-source-map"),
            OsStr::new("--no-charset"),
            OsStr::new("--load-path=."),
            assets.join("app.scss").as_os_str(),
            css.as_os_str(),
        ],
        &packages,
    )?;
    for name in PLAIN_FILES {
        copy(&assets.join(name), &out.join(name))?;
    }
    // Compressed here once, at the highest level, instead of at every first visit.
    let squeeze = "const fs=require('fs'),z=require('zlib');for(const f of process.argv.slice(1))fs.writeFileSync(f+'.gz',z.gzipSync(fs.readFileSync(f),{level:9}))";
    let files = ["app.css", "app.js", "passkey.js", "icon.svg"].map(|name| out.join(name));
    let mut args = vec![OsStr::new("-e"), OsStr::new(squeeze)];
    args.extend(files.iter().map(|file| file.as_os_str()));
    run("node", args, &out)
}

fn check_node() -> Result<(), String> {
    let found = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|why| format!("Node was not found ({why}).\n{NEEDS}"))?;
    let version = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let pair = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if pair < NODE_AT_LEAST {
        return Err(format!("Node {version} is too old.\n{NEEDS}"));
    }
    Ok(())
}

/// Fetches the packages unless exactly these are there already.
fn fetch(assets: &Path, packages: &Path) -> Result<(), String> {
    let mut wanted = String::new();
    for name in PACKAGE_FILES {
        wanted.push_str(
            &fs::read_to_string(assets.join(name)).map_err(|why| format!("assets/{name} could not be read: {why}"))?,
        );
    }
    let stamp = packages.join("fetched");
    if fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    fs::create_dir_all(packages).map_err(|why| format!("{} could not be made: {why}", packages.display()))?;
    for name in PACKAGE_FILES {
        copy(&assets.join(name), &packages.join(name))?;
    }
    // Cargo repeats this line with every later build, so it must stay true then.
    println!(
        "cargo::warning=the pages take their styles from npm packages, fetched once with `npm ci --ignore-scripts` (about 20 MB)"
    );
    run(NPM, ["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"].map(OsStr::new), packages)?;
    fs::write(&stamp, wanted).map_err(|why| format!("{} could not be written: {why}", stamp.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(|_| ()).map_err(|why| format!("{} could not be copied: {why}", from.display()))
}

/// Runs a program and reports everything it said when it fails.
fn run<'a>(program: &str, args: impl IntoIterator<Item = &'a OsStr>, inside: &Path) -> Result<(), String> {
    let done = Command::new(program)
        .args(args)
        .current_dir(inside)
        .output()
        .map_err(|why| format!("`{program}` could not be started ({why}).\n{NEEDS}"))?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!(
        "`{program}` failed in {}.\n{}{}",
        inside.display(),
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    ))
}
