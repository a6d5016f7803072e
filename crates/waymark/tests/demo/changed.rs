//! Somebody changes an account in the database of a running server: its owner is told and let in no more, until a supervisor
//! says what the account is.

use std::path::Path;

use rusqlite::Connection;

use super::visitor::Visitor;
use super::{Running, waymark};

const CHANGED: &str = "Your account was changed outside Waymark, so nobody can use it";
const PERSON: &str = "/people/officer-one";

/// Changes the database while the server has it.
fn change(folder: &Path, sql: &str) {
    let conn = Connection::open(folder.join("waymark.db")).unwrap();
    conn.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
}

/// Who signs in by a link of the demonstration, found by their name on the line.
fn visitor(running: &Running, name: &str) -> Visitor {
    let line = running.printed.iter().find(|line| line.contains(name));
    let line = line.unwrap_or_else(|| panic!("{name}: {:#?}", running.printed));
    let link = line.split_whitespace().find(|word| word.contains("/sign-in/link/"));
    let link = link.unwrap();
    let (address, _) = link.split_once("/sign-in").unwrap();
    Visitor::sign_in(address, link)
}

#[test]
fn an_account_that_was_changed_outside_is_refused_until_it_is_put_right() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("demo");
    let running = Running::start(&mut waymark(&["demo", "--dir", folder.to_str().unwrap()]));
    let mut officer = visitor(&running, "Officer Example One");
    let mut supervisor = visitor(&running, "Supervisor Example One");
    assert_eq!(officer.get("/").status, 200);

    change(
        &folder,
        "UPDATE users SET role = 'supervisor' WHERE id = 'officer-one';
         INSERT INTO passkeys VALUES (x'01', 'officer-one', 'mine', '{}', 0, NULL)",
    );
    // Told on the page to sign in, which everything else leads to; and let in nowhere.
    let sent_away = officer.get("/people");
    assert_eq!(sent_away.status, 303, "{}", sent_away.page);
    let told = officer.get(&sent_away.to);
    assert_eq!(told.status, 200);
    assert!(told.page.contains(CHANGED), "{}", told.page);
    assert!(told.page.contains("Ask a supervisor"), "{}", told.page);

    // Nothing is added to it by others.
    supervisor.get(PERSON);
    let refused = supervisor.post(&format!("{PERSON}/sessions"), &[]);
    assert_eq!(refused.status, 409, "{}", refused.page);
    let says = "This account was changed outside Waymark";
    assert!(refused.page.contains(says), "{}", refused.page);

    // Saved as it stands there it is shown once more, with no role chosen.
    let page = supervisor.get(PERSON).page;
    assert!(page.contains("value=\"supervisor\" checked"), "{page}");
    let unit = between(&page, "name=\"unit\"", "value=\"");
    let as_it_is =
        [("name", "Officer Example One"), ("unit", unit.as_str()), ("role", "supervisor"), ("account", "active")];
    let shown = supervisor.post(PERSON, &as_it_is);
    assert_eq!(shown.status, 422, "{}", shown.page);
    assert!(shown.page.contains(says), "{}", shown.page);
    assert!(!shown.page.contains("value=\"supervisor\" checked"), "{}", shown.page);
    assert!(shown.page.contains("name=\"right\" value=\"yes\""));
    let right = [
        ("name", "Officer Example One"),
        ("unit", unit.as_str()),
        ("role", "officer"),
        ("account", "active"),
        ("right", "yes"),
    ];
    let saved = supervisor.post(PERSON, &right);
    assert_eq!(saved.status, 303, "{}", saved.page);
    let page = supervisor.get(&saved.to).page;
    assert!(page.contains("The account is put right"), "{page}");
    assert!(page.contains("every way in removed"), "it is among what changed: {page}");
    // The session of before is over, and the passkey that somebody added is gone.
    assert_eq!(officer.get("/").status, 303);
    let conn = Connection::open(folder.join("waymark.db")).unwrap();
    let left = "SELECT (SELECT count(*) FROM passkeys), (SELECT role FROM users WHERE id = 'officer-one')";
    let left: (i64, String) = conn.query_row(left, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(left, (0, "officer".to_owned()));
}

/// What stands after one thing and behind another, up to a quote.
fn between(page: &str, after: &str, behind: &str) -> String {
    let (_, rest) = page.split_once(after).unwrap();
    let (_, rest) = rest.split_once(behind).unwrap();
    rest.split('"').next().unwrap().to_owned()
}
