//! Nothing that was typed is readable in any file that the program writes: not in the database and what is beside it, nor in
//! the folders of the system for what is temporary, for settings, data and what is kept for speed.
//!
//! The whole server runs with folders of its own for all of these, under the shim of the fault tests, which keeps every byte
//! that is written below them: also of a file that is gone a moment later. Officers type, pages are gone through, a backup
//! is made; then all of it is searched.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

#[path = "../../../store/tests/suite/forms.rs"]
mod forms;
mod machine;
#[path = "../faults/shim.rs"]
#[expect(dead_code, reason = "shared with the fault tests")]
mod shim;
mod visitor;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use machine::Machine;
use visitor::Visitor;

/// What is typed: made up, and each long enough not to come about by chance.
const TYPED: [&str; 5] = [
    "Wilhelmina Quibblethwaite",
    "7 Nowhere Crescent, Cloudchester",
    "She said that she had sent it to Bartholomew on Sunday",
    "quibble_the_cat_2011",
    "Æthelred Çelik",
];

/// What of it stands in these bytes, and how it is written there.
fn found(bytes: &[u8]) -> BTreeSet<String> {
    let mut needles = Vec::new();
    for text in TYPED {
        for (form, needle) in forms::forms(text) {
            needles.push((text, form, needle));
        }
    }
    let mut begins = [false; 1 << 16];
    let two = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    needles.iter().for_each(|(.., needle)| begins[two(needle)] = true);
    let mut found = BTreeSet::new();
    for (at, bytes_here) in bytes.windows(2).enumerate() {
        if begins[two(bytes_here)] {
            let here = needles.iter().filter(|(.., needle)| bytes[at..].starts_with(needle));
            found.extend(here.map(|(text, form, _)| format!("{text} as {form}")));
        }
    }
    found
}

/// Every file below a folder in which something of it stands.
fn in_files(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(in_files(&path));
            continue;
        }
        let here = found(&fs::read(&path).unwrap());
        all.extend(here.iter().map(|what| format!("{}: {what}", path.display())));
    }
    all
}

/// Types everything there is into a report and into the search, in forms that are right and in forms that are not.
fn type_it(officer: &mut Visitor) -> String {
    let [name, place, told, account, other] = TYPED;
    let begun = officer.post(
        "/reports/new",
        &[
            ("child_where", place),
            ("with_whom", other),
            ("reporter_name", name),
            ("reporter_organisation", account),
            ("in_danger", "yes"),
            ("danger", told),
            ("done_at_once", told),
            ("safe_to_talk", "yes"),
        ],
    );
    assert_eq!(begun.status, 303, "{}", begun.page);
    let report = begun.to.split('/').take(3).collect::<Vec<_>>().join("/");
    for text in TYPED {
        let kept = officer
            .post(&format!("{report}/references/new"), &[("kind", "exhibit"), ("reference", text), ("note", text)]);
        assert_eq!(kept.status, 303, "{text}: {}", kept.page);
    }
    let person = [
        ("part", "pictured"),
        ("age", "14"),
        ("identified", "yes"),
        ("given_names", name),
        ("family_name", other),
        ("known_as", account),
        ("addresses", place),
        ("notes", told),
    ];
    let page = format!("{report}/people/new");
    officer.get(&page);
    let kept = officer.post(&page, &[&person[..], &[("then", "questions")]].concat());
    assert_eq!(kept.status, 303, "{}", kept.page);
    // What is wrong is shown again, and kept nowhere.
    let wrong = officer.post(&page, &[&person[..], &[("date_of_birth", told), ("then", "questions")]].concat());
    assert_eq!(wrong.status, 422, "{}", wrong.page);
    assert!(wrong.page.contains(told));
    officer.get("/find");
    officer.post("/find", &[("given_names", name), ("family_name", other), ("account", account)]);
    report
}

#[test]
fn nothing_that_was_typed_is_in_any_file_that_is_written() {
    let machine = Machine::new();
    let mut server = machine.start();
    let mut officer = server.sign_in("Officer");
    let report = type_it(&mut officer);
    let mut pages = Vec::new();
    for who in ["Officer", "Supervisor", "Auditor"] {
        let mut visitor = if who == "Officer" { officer.clone() } else { server.sign_in(who) };
        let begin = if who == "Officer" { report.as_str() } else { "/" };
        let (seen, files) = visitor.go_round(begin, 60);
        assert!(seen.len() > 10, "{who}: {} pages", seen.len());
        assert!(who != "Auditor" || files > 1, "{files} files to take away");
        pages.extend(seen);
    }
    // It is on pages, or there was nothing to find.
    for text in TYPED {
        assert!(pages.iter().any(|page| page.contains(text)), "{text}");
    }
    // While it runs, and after.
    assert_eq!(in_files(machine.root()), [""; 0]);
    machine.backup();
    server.stop();
    assert_eq!(in_files(machine.root()), [""; 0]);
    let written = machine.written();
    assert!(written.len() > 1_000_000, "{} bytes: the shim saw next to nothing", written.len());
    assert_eq!(found(&written), BTreeSet::new());
    println!("{} pages shown, {} bytes written, nothing that was typed in them", pages.len(), written.len());
}

/// Said to this program when it is to leave a file behind, or to write one and remove it.
const LEAVES: &str = "WAYMARK_TEST_LEAVES";

#[test]
fn child_writes() {
    let Ok(text) = std::env::var(LEAVES) else {
        return;
    };
    for folder in machine::variables() {
        let folder = std::env::var_os(folder).unwrap();
        let file = Path::new(&folder).join("file");
        fs::write(&file, format!("before {text} after")).unwrap();
        if !text.starts_with("leave") {
            fs::remove_file(file).unwrap();
        }
    }
}

/// The control: what a program leaves in a temporary file is seen, also of a file that it removes at once.
#[test]
fn control_what_is_written_and_removed_is_seen() {
    for text in TYPED {
        let machine = Machine::new();
        machine.writes(LEAVES, &format!("leave {text}"));
        let left = in_files(machine.root());
        for (_, folder) in machine::FOLDERS {
            let here = format!("/{folder}/file: {text} as UTF-8");
            assert!(left.iter().any(|line| line.ends_with(&here)), "{left:?}");
        }

        let machine = Machine::new();
        machine.writes(LEAVES, text);
        assert_eq!(in_files(machine.root()), [""; 0], "{text}");
        assert!(!found(&machine.written()).is_empty(), "{text}");
    }
}
