//! The record and its log, looked into on the command line: each time an entry first, and no names.

use std::path::Path;
use std::process::Output;

use jiff::Timestamp;
use store::{Erase, Extent, Keys, Log as _, Record as _, SqliteStore, WorklistFilter};

use super::waymark;

pub fn report(verb: &[&str], folder: &Path) -> Output {
    waymark(&[&["report"], verb, &["--dir", folder.to_str().unwrap()]].concat()).output().unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Why a report is read.
pub const WHY: &str = "asked by the inspector";

/// The entries of the log.
fn entries(folder: &Path) -> Vec<String> {
    let keys = Keys::at(folder.join("keys"));
    let store = SqliteStore::open_for_reading(folder.join("waymark.db"), &keys).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let size = runtime.block_on(store.ledger_head()).unwrap().size;
    let text = runtime.block_on(async { store.ledger_export(Extent::All).await?.all().await }).unwrap();
    let entries = text.lines().filter(|line| line.starts_with("{\"entry\":")).enumerate();
    let newest = entries.skip(size.saturating_sub(50) as usize);
    let leaf = |line: &str| line.split_once("\"leaf\":").unwrap().1.strip_suffix('}').unwrap().to_owned();
    std::iter::once(size.to_string()).chain(newest.map(|(index, line)| format!("{index} {}", leaf(line)))).collect()
}

/// The guidance that is compared with that in force.
pub const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../guidance/cheshire/v1");

/// Everything that shows something of the record to whoever runs the machine.
const READING: [&[&str]; 8] = [
    &["report", "list"],
    &["report", "show", "WM-2026-000001"],
    &["report", "replay"],
    &["report", "replay", "WM-2026-000001"],
    &["report", "compare", "--pack", PACK],
    &["audit", "export"],
    &["audit", "prove", "7"],
    &["audit", "prove", "WM-2026-000001"],
];

/// While a server has it, nobody else can write the entry, and so nothing is shown.
pub fn shows_nothing_beside_a_server(folder: &Path) {
    let before = entries(folder);
    for words in READING {
        let shown = waymark(words).args(["--reason", WHY, "--dir"]).arg(folder).output().unwrap();
        let says = String::from_utf8_lossy(&shown.stderr);
        assert_eq!(shown.status.code(), Some(1), "{words:?}");
        assert_eq!(out(&shown), "", "{words:?}");
        assert!(says.contains("is in use by another Waymark"), "{says}");
        let is_log = words[0] == "audit";
        assert_eq!(says.contains("take the log from its pages"), is_log, "{says}");
        // And without a word why, nothing is shown either.
        let silent = waymark(words).args(["--reason", "", "--dir"]).arg(folder).output().unwrap();
        assert_eq!(out(&silent), "", "{words:?}");
    }
    // The server may have signed in the meantime; nobody else has written.
    assert_eq!(entries(folder), before);
}

/// Does what shows something, and finds its one entry: of this kind, with this in it, and without the words of the reason.
pub fn is_noted(folder: &Path, kind: &str, says: &str, show: impl FnOnce() -> Output) -> Output {
    let before = entries(folder);
    let shown = show();
    let after = entries(folder);
    let size = |all: &[String]| all[0].parse::<u64>().unwrap();
    assert_eq!(size(&after), size(&before) + 1, "{kind}");
    let last = after.last().unwrap();
    assert!(last.contains(&format!("\"kind\":\"{kind}\"")), "{last}");
    assert!(last.contains("\"actor\":\"operator\"") && last.contains(says), "{last}");
    assert!(!last.contains(WHY), "{last}");
    shown
}

pub fn lists(folder: &Path) -> String {
    let says = "By whoever runs the machine: 16 reports";
    out(&is_noted(folder, "reports-listed", says, || report(&["list", "--reason", WHY], folder)))
}

/// Every call was taken by the call handler; most were passed on, and one has stayed with her unit.
pub fn finds_the_calls_that_were_taken(folder: &Path) {
    let keys = Keys::at(folder.join("keys"));
    let store = SqliteStore::open_for_reading(folder.join("waymark.db"), &keys).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let began = WorklistFilter { started_by: "call-handler-one".parse().ok(), ..WorklistFilter::default() };
    let stayed = WorklistFilter { unit: Some("Example Control Room".to_owned()), ..began.clone() };
    for (filter, count) in [(began, 16), (stayed, 1)] {
        let found = runtime.block_on(store.worklist_count(&filter, 100));
        assert_eq!(found.unwrap(), count, "{filter:?}");
    }
}

/// The log says of itself that it was taken, under a signature, in what was taken.
pub fn takes_the_log(folder: &Path) {
    for words in
        [&["export"][..], &["export", "--report", "WM-2026-000001"], &["prove", "7"], &["prove", "WM-2026-000001"]]
    {
        let take = || waymark(&[&["audit"], words, &["--reason", WHY, "--dir"]].concat()).arg(folder).output().unwrap();
        let taken = is_noted(folder, "log-taken", "\"op\":\"disclose\"", take);
        assert_eq!(taken.status.code(), Some(0), "{taken:?}");
        let says = String::from_utf8_lossy(&taken.stderr);
        assert_eq!(says, "", "everything is under a signature");
        let text = out(&taken);
        // The proof of one entry is of that alone.
        assert_eq!(text.contains("log-taken"), words[1..] != ["7"], "{words:?}");
        assert!(!text.contains(WHY), "{words:?}");
    }
    let before = entries(folder);
    let nothing = waymark(&["audit", "export", "--reason", WHY, "--report", "WM-2026-999999"])
        .arg("--dir")
        .arg(folder)
        .output()
        .unwrap();
    assert_eq!(nothing.status.code(), Some(2));
    assert_eq!(entries(folder), before, "what is not there is not taken");
}

/// What is shown of every report.
pub fn shows_without_names(folder: &Path) -> Vec<String> {
    let list = lists(folder);
    let references: Vec<&str> =
        list.lines().filter_map(|line| line.split_whitespace().next()).filter(|word| word.starts_with("WM-")).collect();
    assert_eq!(references.len(), 16);
    let mut all = Vec::new();
    for reference in references {
        let shown =
            is_noted(folder, "report-shown", "\"stream\":", || report(&["show", reference, "--reason", WHY], folder));
        let text = out(&shown);
        assert_eq!(shown.status.code(), Some(0), "{text}");
        assert!(text.starts_with(reference));
        for name in [
            "Alex",
            "Blake",
            "Casey",
            "Drew",
            "Harper",
            "Jules",
            "Quinn",
            "River",
            "Umber",
            "Vesper",
            "Sam ",
            "Parent Example",
            "Example Street",
            "01632",
        ] {
            assert!(!text.contains(name), "{reference} tells {name}:\n{text}");
        }
        all.push(text);
    }
    let before = entries(folder);
    // There is none of that name, and a reason that outlives the report may name nobody in it.
    for (reference, why) in [("WM-2026-999999", WHY), ("WM-2026-000001", "sample, specimen")] {
        let refused = report(&["show", reference, "--reason", why], folder);
        assert_eq!(refused.status.code(), Some(2), "{why}");
    }
    assert_eq!(entries(folder), before);
    all
}

/// A report that was erased is told from one that never was, and the log verifies without it.
pub fn says_what_was_erased(folder: &Path) {
    let reference = "WM-2026-000003";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = folder.join("waymark.db");
        let store = SqliteStore::open(&database, &Keys::at(folder.join("keys"))).unwrap();
        let row = store.projection_by_reference(reference).await.unwrap();
        let erase = Erase {
            stream: row.unwrap().report_id,
            subject: None,
            actor: "supervisor-one".parse().unwrap(),
            reason: "past its time".to_owned(),
            at: Timestamp::now(),
        };
        store.erase(erase).await.unwrap();
        store.checkpoint(Timestamp::now()).await.unwrap();
    });
    let shown = report(&["show", reference, "--reason", WHY], folder);
    let says = String::from_utf8(shown.stderr).unwrap();
    assert_eq!(shown.status.code(), Some(2));
    assert!(says.contains("was erased at"), "{says}");
    let replayed = out(&replay(folder));
    assert!(replayed.contains("15 reports replayed") && replayed.contains("1 report was erased"), "{replayed}");
    let verified = waymark(&["audit", "verify", "--dir", folder.to_str().unwrap()]);
    let verified = { verified }.output().unwrap();
    let says = out(&verified);
    assert_eq!(verified.status.code(), Some(0), "{says}");
    // That the replay looked is noted after the last checkpoint.
    assert!(says.ends_with("What was signed is as it was signed, and the rest as the program wrote it.\n"), "{says}");
}

/// One entry for all reports, with their number.
pub fn replay(folder: &Path) -> Output {
    let says = "By whoever runs the machine: 16 reports";
    is_noted(folder, "advice-replayed", says, || report(&["replay", "--reason", WHY], folder))
}

/// Guidance with one duty that is raised more often, and what an author sees of it before it takes force.
pub fn compares(folder: &Path) {
    let v1 = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/cheshire/v1");
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(&v1).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    let compare = |report: &[&str], says: &str| {
        let pack = copy.path().to_str().unwrap();
        let words = [&["compare"], report, &["--pack", pack, "--reason", WHY]].concat();
        is_noted(folder, "advice-replayed", says, || self::report(&words, folder))
    };
    let all = "By whoever runs the machine: 16 reports";
    let same = out(&compare(&[], all));
    assert!(same.starts_with("16 reports compared: 0 would differ, 16 would not.\n"), "{same}");

    let change = |file: &str, from: &str, to: &str| {
        let path = copy.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    };
    change("pack.toml", "version = \"1\"", "version = \"2\"");
    change("duties.toml", "when = \"uploaded_online is yes\"", "when = \"uploaded_online is no\"");
    let compared = compare(&[], all);
    let text = out(&compared);
    assert_eq!(compared.status.code(), Some(0), "{compared:?}");
    assert!(text.contains("\nWM-2026-"), "{text}");
    assert!(text.contains("  duties that would be added: removal-online\n"), "{text}");
    assert!(!text.contains("class "), "{text}");
    assert!(text.contains("Other: ") && text.contains("version 2, sha256:"));
    for name in ["Alex", "Blake", "Casey", "Example Street", "01632"] {
        assert!(!text.contains(name), "{name} is told:\n{text}");
    }
    let one = text.lines().find(|line| line.starts_with("WM-2026-")).unwrap();
    let alone = out(&compare(&[one], "\"stream\":"));
    assert!(alone.starts_with(one) && alone.contains("1 report compared: 1 would differ, 0 would not."), "{alone}");

    change("duties.toml", "uploaded_online is no\"", "uploaded is no\"");
    let before = entries(folder);
    let words = ["compare", "--reason", WHY, "--pack"];
    let refused = report(&[&words[..], &[copy.path().to_str().unwrap()]].concat(), folder);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(out(&refused), "");
    assert_eq!(entries(folder), before, "nothing was looked into");
}
