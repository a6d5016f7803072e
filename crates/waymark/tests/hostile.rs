//! What somebody may name by mistake or out of spite, from the outside: real files, real processes, and what is said.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn waymark(arguments: &[&str]) -> Output {
    told(Command::new(env!("CARGO_BIN_EXE_waymark")).args(arguments))
}

fn told(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

fn words(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{out}{err}")
}

#[track_caller]
fn says(output: &Output, code: i32, expected: &str) {
    let text = words(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(text.contains(expected), "\"{expected}\" is not in: {text}");
    assert!(!text.contains("os error"), "{text}");
}

fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn nothing_in_a_settings_file_is_passed_over() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("waymark.toml");
    for (text, wrong) in [
        (
            "[signing]\nentries = 99999999999999999999",
            &["2: signing.entries: 99999999999999999999 must be between 1 and 100000"][..],
        ),
        (
            "[signing]\nseconds = 0xFFFFFFFFFFFFFFFFF",
            &["2: signing.seconds: 0xFFFFFFFFFFFFFFFFF must be between 1 and 3600"],
        ),
        (
            "[backup]\nevery_hours = -9223372036854775809",
            &["2: backup.every_hours: -9223372036854775809 must be between 1 and 720"],
        ),
        ("[backup]\nevery_hours = -1", &["2: backup.every_hours: -1 must be between 1 and 720"]),
        ("[backup]\nevery_hours = 1e999", &["2: backup.every_hours must be a whole number, without quotes, not 1e999"]),
        ("x = 1e999", &["1: there is no setting \"x\""]),
        ("database = 99999999999999999999", &["1: database must be text in quotes, not 99999999999999999999"]),
        ("[web.oidc]\nscopes = [99999999999999999999]", &["2: web.oidc.scopes must be a list"]),
        ("[web.oidc]\nscopes = [1]", &["2: web.oidc.scopes cannot be [1]: each in the list is text in quotes"]),
        (
            "log = \"info\"\nlog = \"warn\"\n[backup]\nevery_hours = 0",
            &["2: \"log\" is written twice", "4: backup.every_hours: 0 must be"],
        ),
        (
            "[web.oidc]\nissuer = \"https://a.example\"\nallow_claim = \"x\"",
            &["1: web.oidc.client_id: must not be empty", "3: web.oidc.allow_claim and web.oidc.allow: set both"],
        ),
        (
            "database = \"a\"\nkeys = \"a\"\ncheckpoints = \"a\"",
            &["2: keys: it is the database", "3: checkpoints: the database is there"],
        ),
        ("checkpoints = \"waymark.db\"", &["1: checkpoints: the database is there"]),
        ("checkpoints = \"waymark.db-wal\"", &["1: checkpoints: the database is there"]),
        ("checkpoints = \"keys/notes\"", &["1: checkpoints: the keys are there"]),
        ("database = \"/\"", &["1: database: / is a folder"]),
        ("[backup]\nfolder = \"\"", &["2: backup.folder: it is empty"]),
        ("[web]\nforce_name = \"a\\u0000b\"", &["2: web.force_name: write it in one line of up to 100 characters"]),
        ("[web]\nforce_name = \"a\\u202Eb\"", &["2: web.force_name: write it in one line of up to 100 characters"]),
    ] {
        fs::write(&file, text).unwrap();
        let checked = waymark(&["config", "--check", name(&file)]);
        for expected in wrong {
            says(&checked, 2, expected);
        }
        assert!(words(&checked).lines().all(|line| line.starts_with(name(&file))), "{}", words(&checked));
        // What runs says the same, and makes nothing.
        says(&waymark(&["serve", "--config", name(&file)]), 2, wrong[0]);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was made");
    fs::write(&file, format!("log = {}", "[".repeat(3000))).unwrap();
    let deep = waymark(&["config", "--check", name(&file)]);
    says(&deep, 2, "too deep");
    assert_eq!(words(&deep).lines().count(), 1);
}

#[test]
fn a_secret_key_in_the_wrong_place_is_not_repeated() {
    const SECRET: &str = "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0S6FWRTL";
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("waymark.toml");
    fs::write(&file, format!("[backup]\nrecipient = \"{SECRET}\"")).unwrap();
    let dir = name(folder.path());
    for arguments in [
        &["config", "--check", name(&file)][..],
        &["backup", "--dir", dir, "--recipient", SECRET],
        &["keys", "copy", "x", "--dir", dir, "--recipient", SECRET],
    ] {
        let refused = waymark(arguments);
        says(&refused, 2, "that is the secret key");
        assert!(!words(&refused).contains("QQQSYQ"), "{}", words(&refused));
    }
}

#[test]
fn only_files_are_read_and_nothing_is_advised_that_would_empty_one() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("waymark.toml");
    let check = |path: &Path| waymark(&["config", "--check", name(path)]);
    says(&check(&file), 2, "To make one: waymark config >");
    fs::write(&file, b"log = \"info\"\n# \xe9\n").unwrap();
    let latin = check(&file);
    says(&latin, 2, "is not UTF-8 text, line 2");
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [folder.path(), &pipe, Path::new("/dev/zero")] {
        says(&check(path), 2, "name a file");
        assert!(!words(&check(path)).contains("To make one"), "{}", words(&check(path)));
    }
    assert!(!words(&latin).contains("To make one"), "{}", words(&latin));

    let pack = copied_pack(folder.path(), |text| text);
    for odd in ["/dev/zero", name(&pipe)] {
        let link = pack.join("zero.toml");
        std::os::unix::fs::symlink(odd, &link).unwrap();
        says(&waymark(&["guidance", "check", name(&pack)]), 2, "zero.toml: is no file but a device or a pipe");
        fs::remove_file(&link).unwrap();
    }
    let passphrase = told(
        Command::new(env!("CARGO_BIN_EXE_waymark"))
            .args(["doctor", "--dir", name(folder.path())])
            .env("WAYMARK_PASSPHRASE_FILE", "/dev/zero"),
    );
    says(&passphrase, 2, "WAYMARK_PASSPHRASE_FILE: /dev/zero: is no file");
}

/// The pack that is built in, as a folder, each file changed.
fn copied_pack(folder: &Path, change: impl Fn(String) -> String) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/cheshire/v1");
    let to = folder.join("pack");
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.path().is_file() {
            let text = fs::read_to_string(entry.path()).unwrap();
            fs::write(to.join(entry.file_name()), change(text)).unwrap();
        }
    }
    to
}

#[test]
fn ends_of_lines_make_no_other_pack() {
    let digest = |output: &Output| {
        assert_eq!(output.status.code(), Some(0), "{}", words(output));
        let text = words(output);
        let line = text.lines().find(|line| line.trim().starts_with("sha256:"));
        line.unwrap().trim().to_owned()
    };
    let folder = TempDir::new().unwrap();
    let built_in = digest(&waymark(&["guidance", "check"]));
    let windows = copied_pack(folder.path(), |text| text.replace('\n', "\r\n"));
    assert_eq!(digest(&waymark(&["guidance", "check", name(&windows)])), built_in);
}

#[test]
fn wrong_input_ends_with_2() {
    let folder = TempDir::new().unwrap();
    let key = folder.path().join("key.txt");
    let make = ["backup", "--make-key", name(&key)];
    says(&waymark(&make), 0, "age1");
    says(&waymark(&make), 2, "no key is written over another");
    says(&waymark(&["demo", "--dir", name(&key)]), 2, "name a folder");
    says(&waymark(&["demo", "--port", "x"]), 2, "a port is a whole number from 0 to 65535");

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let file = folder.path().join("waymark.toml");
    let address = taken.local_addr().unwrap();
    fs::write(&file, format!("[web]\naddress = \"{address}\"")).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    says(&waymark(&["serve", "--config", name(&file)]), 2, "choose another port");
    // The database is there now.
    let long = "x".repeat(5000);
    for reason in ["", &long] {
        says(&waymark(&["report", "list", "--config", name(&file), "--reason", reason]), 2, "reason");
    }
    let words = folder.path().join("words");
    fs::write(&words, "short").unwrap();
    let rotated = told(
        Command::new(env!("CARGO_BIN_EXE_waymark"))
            .args(["keys", "rotate", "--config", name(&file)])
            .env("WAYMARK_NEW_PASSPHRASE_FILE", &words),
    );
    says(&rotated, 2, "choose a longer one");
}

#[test]
fn a_key_that_could_not_be_written_is_in_nobody_s_way() {
    let folder = TempDir::new().unwrap();
    let key = folder.path().join("key.txt");
    let program = env!("CARGO_BIN_EXE_waymark");
    // No file may grow: as on a disk that is full.
    let full = format!("trap '' XFSZ; ulimit -f 0; exec {program} backup --make-key {}", name(&key));
    let failed = told(Command::new("sh").args(["-c", &full]));
    says(&failed, 1, "the key could not be kept");
    assert!(!key.exists(), "an empty file is left");
    says(&waymark(&["backup", "--make-key", name(&key)]), 0, "age1");
}
