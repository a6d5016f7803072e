//! Witnesses.

use std::fs;

use crate::site::{Site, run};
use crate::small::Witness;

#[test]
fn witnesses_sign_what_only_grew_and_nothing_else() {
    let site = Site::new();
    site.work("R1", 5, 0);
    let key: ledger::VerifierKey = site.run(&["key"]).out.trim().parse().unwrap();
    let small = Witness::start(key);
    let ran = site.run(&["witness", "list"]);
    assert!(ran.out.contains("No witnesses"), "{}{}", ran.out, ran.err);
    let ran = site.run(&["witness", "add", &small.url, &small.key.to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = site.run(&["witness", "offer"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("has signed 10 entries"), "{}", ran.out);
    let ran = site.run(&["witness", "offer"]);
    assert!(
        ran.out.contains("has signed 10 entries already") || ran.out.contains("has signed 10 entries"),
        "{}",
        ran.out
    );
    site.work("R1", 3, 5);
    let ran = site.run(&["witness", "offer"]);
    assert!(ran.out.contains("has signed 16 entries"), "{}{}", ran.out, ran.err);
    let ran = site.run(&["witness", "list"]);
    assert!(ran.out.contains("witness.example/small at http://127.0.0.1:"), "{}", ran.out);
    assert!(ran.out.contains("has signed 16 entries, at 2026-"), "{}", ran.out);

    // The witness's signature is in the export, and is checked.
    let export = site.run(&["export", "--reason", "a test"]).out;
    assert!(export.contains("— witness.example/small"), "{export}");
    let file = site.path("log.jsonl");
    fs::write(&file, export).unwrap();
    let ran = run(&["verify", file.to_str().unwrap()]);
    assert!(ran.out.contains("witness.example/small has signed 16 entries"), "{}{}", ran.out, ran.err);

    // That it was exported is an entry. What the file of signatures says is lost: the witness says how much it has seen.
    fs::remove_file(site.path("data/waymark.db.witnessed")).unwrap();
    site.work("R1", 1, 8);
    let ran = site.run(&["witness", "offer"]);
    assert!(ran.out.contains("has signed 19 entries"), "{}{}", ran.out, ran.err);

    // Another log under the same name: the witness does not sign.
    let seen = small.seen();
    small.pretend(seen.size, ledger::leaf_hash(b"another log"));
    site.work("R1", 1, 9);
    let ran = site.run(&["witness", "offer"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("it says that the log was changed since it saw it last"), "{}", ran.err);
    small.pretend(1000, ledger::leaf_hash(b"longer"));
    let ran = site.run(&["witness", "offer"]);
    assert!(ran.err.contains("it has seen 1,000 entries, and the log has 21"), "{}", ran.err);
    let ran = site.run(&["witness", "remove", "witness.example/small"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(site.run(&["witness", "list"]).out.contains("No witnesses"));
}
