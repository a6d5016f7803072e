//! What somebody does to rows that decide who may do what.

/// What is changed, and what is said of it: what, as it is, as the log has it.
pub const CHANGES: &[(&str, [&str; 3])] = &[
    // Accounts.
    (
        "UPDATE users SET role = 'supervisor' WHERE id = 'u1'",
        ["account u1", "supervisor in north, active", "left its name, role, unit, or whether it may sign in different"],
    ),
    (
        "UPDATE users SET unit = 'south' WHERE id = 'u2'",
        ["account u2", "officer in south", "that entry 5, the last about it, left its name, role"],
    ),
    ("UPDATE users SET disabled = 1 WHERE id = 'u2'", ["account u2", "disabled", "name, role, unit"]),
    ("UPDATE users SET sign_in_name = 'x' WHERE id = 'u2'", ["account u2", "", "name, role, unit"]),
    ("UPDATE users SET password_hash = 'x' WHERE id = 'u2'", ["account u2", "", "left its password different"]),
    ("DELETE FROM users WHERE id = 'u2'", ["", "", ""]),
    (
        "INSERT INTO users VALUES ('u9', 'N', 'n', 'supervisor', 'north', 'x', 0, 0)",
        ["account u9", "supervisor in north", "of no such account"],
    ),
    // Ways in.
    (
        "UPDATE passkeys SET checks = '{\"cred\":{\"cred\":\"mine\",\"counter\":1}}' WHERE user = 'u1'",
        ["account u1", "", "left its passkeys different"],
    ),
    (
        r#"UPDATE passkeys SET checks = '{"cred":{"cred":"public","counter":1}}' WHERE user = 'u1'"#,
        ["account u1", "officer in north, active", "left its counters of passkeys different"],
    ),
    ("UPDATE passkeys SET checks = 'mine' WHERE user = 'u1'", ["account u1", "", "left its passkeys different"]),
    ("UPDATE passkeys SET user = 'u2' WHERE user = 'u1'", ["account u1", "", "left its passkeys different"]),
    ("DELETE FROM passkeys WHERE user = 'u2'", ["account u2", "", "left its passkeys different"]),
    (
        "INSERT INTO passkeys VALUES (x'00', 'u2', 'mine', '{}', 0, NULL)",
        ["account u2", "", "left its passkeys different"],
    ),
    ("UPDATE identities SET subject = 'mine' WHERE user = 'u1'", ["account u1", "", "ties to the force's own sign-in"]),
    ("DELETE FROM identities WHERE user = 'u1'", ["account u1", "", "ties to the force's own sign-in"]),
    ("INSERT INTO identities VALUES ('other', 'mine', 'u2', 0)", ["account u2", "", "ties to the force's own sign-in"]),
    // Who is signed in, and the links that sign somebody in. What is put there is vouched for by no key.
    (
        "INSERT INTO sessions VALUES (zeroblob(32), zeroblob(32), 'u2', 'password', 0, 0, 0, 9000000000000000, zeroblob(32))",
        [
            "a session of account u2",
            "one that began at 1970",
            "of no such one, and no key vouches for it; it lets nobody in",
        ],
    ),
    (
        "INSERT INTO sessions SELECT zeroblob(32), family, user, means, created_at, proved_at, last_seen_at, expires_at, seal FROM sessions LIMIT 1",
        ["a session of account u1", "began at 2023", "no key vouches"],
    ),
    (
        "UPDATE sessions SET token_hash = zeroblob(32) WHERE token_hash = (SELECT min(token_hash) FROM sessions)",
        ["a session of account u1", "", "no key vouches"],
    ),
    ("UPDATE sessions SET user = 'u2'", ["a session of account u2", "", "no key vouches"]),
    ("UPDATE sessions SET expires_at = expires_at + 1", ["a session of account u1", "", "no key vouches"]),
    ("UPDATE sessions SET proved_at = proved_at + 1", ["a session of account u1", "", "no key vouches"]),
    ("UPDATE sessions SET last_seen_at = last_seen_at + 1", ["a session of account u1", "", "no key vouches"]),
    ("UPDATE sessions SET means = 'passkey'", ["a session of account u1", "", "no key vouches"]),
    (
        "INSERT INTO one_time_tokens VALUES (zeroblob(32), 'sign-in', 'u1', 9000000000000000, NULL, zeroblob(32))",
        ["a one-time link of account u1", "one that works until", "no key vouches"],
    ),
    ("UPDATE one_time_tokens SET user = 'u1'", ["a one-time link of account u1", "", "no key vouches"]),
    ("UPDATE one_time_tokens SET user = NULL", ["a one-time link of no account", "", "no key vouches"]),
    ("UPDATE one_time_tokens SET purpose = 'first-account'", ["a one-time link of account u2", "", "no key vouches"]),
    (
        "UPDATE one_time_tokens SET expires_at = 9000000000000000",
        ["a one-time link of account u2", "", "no key vouches"],
    ),
    ("UPDATE one_time_tokens SET used_at = NULL", ["a one-time link of account u2", "", "no key vouches"]),
    // What was erased.
    (
        "DELETE FROM erasures WHERE stream = 'gone'",
        ["the erasure of report gone", "nothing", "that it was begun, in entry"],
    ),
    (
        "UPDATE erasures SET actor = 'u9' WHERE stream = 'gone'",
        ["the erasure of report gone", "u9 erased it", "something else"],
    ),
    ("UPDATE erasures SET subject = NULL WHERE stream = 'part'", ["the erasure of report part", "", "something else"]),
    (
        "UPDATE erasures SET done_at = NULL WHERE stream = 'gone'",
        ["report gone", "that it is not finished", "that it is finished"],
    ),
    (
        "UPDATE erasures SET reference = 'WM-r' WHERE stream = 'gone'",
        ["report gone", "another reference", "were not these"],
    ),
    (
        "UPDATE erasures SET reference = NULL WHERE stream = 'part'",
        ["report part", "another reference", "were not these"],
    ),
    (
        "INSERT INTO erasures SELECT 90, 'r', NULL, 'WM-r', actor, at, leaf, done_at FROM erasures WHERE stream = 'gone'",
        ["the erasure of report r", "", "something else"],
    ),
    (
        "INSERT INTO erasures SELECT 90, stream, subject, reference, actor, at, leaf, done_at FROM erasures WHERE stream = 'gone'",
        ["the erasure of report gone", "", "something else"],
    ),
    (
        "DELETE FROM report_ties WHERE report = 'gone' AND tie = 'conflict'",
        ["report gone", "shut out", "were not these"],
    ),
    (
        "UPDATE report_ties SET user = 'u9' WHERE report = 'gone' AND tie = 'conflict'",
        ["report gone", "shut out", "were not these"],
    ),
    ("DELETE FROM erased_keys WHERE stream = 'part'", ["report part (person/A)", "fewer keys", "another number"]),
    (
        "DELETE FROM erased_keys WHERE stream = 'gone' AND subject = 'report'",
        ["report gone", "fewer keys", "another number"],
    ),
    (
        "INSERT INTO erased_keys SELECT DISTINCT key_id, 'r', 'report' FROM events WHERE stream = 'r' AND version = 1",
        ["report r (report)", "a key that is to be destroyed", "no entry that says so"],
    ),
    (
        "INSERT INTO erased_keys SELECT DISTINCT key_id, 'part', 'person/A' FROM events WHERE stream = 'r' AND version = 1",
        ["report part", "more keys", "another number"],
    ),
    (
        "UPDATE erased_keys SET key_id = (SELECT key_id FROM events WHERE stream = 'r' AND version = 1) WHERE stream = 'part'",
        ["report part (person/A)", "a key that is to be destroyed", "or of another report"],
    ),
    (
        "UPDATE erased_keys SET key_id = 'x' WHERE stream = 'gone' AND subject = 'report'",
        ["report gone", "a key that was not destroyed", "the whole report is erased"],
    ),
    (
        "INSERT INTO projections (report, reference, unit, state, class, updated_at, derived_by) VALUES ('gone', 'W', 'n', 'open', 'c', 0, 'd')",
        ["report gone", "a row in a list", "the whole report is erased"],
    ),
    (
        "INSERT INTO blind_index VALUES (zeroblob(32), 'gone', 'person/A')",
        ["report gone", "the index of people", "is erased"],
    ),
    // Who may see a report.
    ("DELETE FROM projections WHERE report = 'r'", ["report WM-r (r)", "no row in the lists", "that it was begun"]),
    (
        "UPDATE projections SET reference = 'WM-9' WHERE report = 'r'",
        ["report WM-9 (r)", "reference: WM-9", "reference: WM-r"],
    ),
    ("UPDATE projections SET unit = 'south' WHERE report = 'r'", ["report WM-r (r)", "unit: south", "unit: north"]),
    (
        "UPDATE projections SET allocated_to = 'u2' WHERE report = 'r'",
        ["(r)", "who works on it: u2", "who works on it: u1"],
    ),
    (
        "UPDATE projections SET allocated_to = NULL WHERE report = 'r'",
        ["(r)", "who works on it: nobody", "who works on it: u1"],
    ),
    ("UPDATE projections SET state = 'closed' WHERE report = 'r'", ["(r)", "closed: yes", "closed: no"]),
    // Where it stands in the lists.
    (
        "UPDATE projections SET state = 'working' WHERE report = 'r'",
        ["(r)", "where it stands: working", "where it stands: open"],
    ),
    (
        "UPDATE projections SET class = 'experimental' WHERE report = 'r'",
        ["(r)", "class: experimental", "class: undetermined"],
    ),
    (
        "UPDATE projections SET next_due_at = 9000000000000000 WHERE report = 'r'",
        ["(r)", "next due: 2255", "next due: none"],
    ),
    (
        "UPDATE projections SET awaiting_review_since = 0 WHERE report = 'r'",
        ["(r)", "supervisor since: 1970", "supervisor since: none"],
    ),
    (
        "UPDATE projections SET updated_at = 0 WHERE report = 'r'",
        ["(r)", "last written to: 1970", "last written to: 2023"],
    ),
    (
        "UPDATE projections SET review_at = 0 WHERE report = 'r'",
        ["(r)", "looked at again from: 1970", "looked at again from: none"],
    ),
    ("UPDATE projections SET started_by = 'u2' WHERE report = 'r'", ["(r)", "who began it: u2", "who began it: u1"]),
    ("UPDATE projections SET restricted = 0 WHERE report = 'r'", ["(r)", "restricted: no", "restricted: yes"]),
    ("UPDATE projections SET alert_since = NULL WHERE report = 'r'", ["(r)", "supervisor since: none", "since: 2023"]),
    (
        "DELETE FROM report_ties WHERE report = 'r' AND tie = 'conflict'",
        ["(r)", "with a conflict of interest: nobody", "with a conflict of interest: u2"],
    ),
    (
        "UPDATE report_ties SET user = 'u9' WHERE report = 'r' AND tie = 'conflict'",
        ["(r)", "interest: u9", "interest: u2"],
    ),
    ("INSERT INTO report_ties VALUES ('r', 'conflict', 'u1', NULL)", ["(r)", "interest: u1, u2", "interest: u2"]),
    ("INSERT INTO report_ties VALUES ('r', 'member', 'u9', NULL)", ["(r)", "named in it: u1, u9", "named in it: u1"]),
    (
        "DELETE FROM report_ties WHERE report = 'r' AND tie = 'member'",
        ["(r)", "named in it: nobody", "named in it: u1"],
    ),
    (
        "DELETE FROM report_ties WHERE report = 'r' AND tie = 'emergency'",
        ["(r)", "no such opening", "lets u3 in until 2023"],
    ),
    (
        "UPDATE report_ties SET until = until + 1 WHERE report = 'r' AND tie = 'emergency'",
        ["(r)", "lets u3 in", "no such opening"],
    ),
    (
        "INSERT INTO report_ties VALUES ('r', 'emergency', 'u9', 9000000000000000)",
        ["(r)", "lets u9 in", "no such opening"],
    ),
    ("INSERT INTO report_ties VALUES ('nowhere', 'member', 'u9', NULL)", ["", "", ""]),
    ("DELETE FROM streams WHERE stream = 'r'", ["", "", ""]),
    // Whom it is found by.
    (
        "DELETE FROM blind_index WHERE stream = 'r' AND term = (SELECT min(term) FROM blind_index WHERE stream = 'r')",
        ["report r", "not everything that finds person/A", "more about them"],
    ),
    (
        "INSERT INTO blind_index VALUES (zeroblob(32), 'r', 'person/A')",
        ["report r", "something that finds person/A", "nothing about them"],
    ),
    (
        "UPDATE blind_index SET subject = 'person/B' WHERE stream = 'r'",
        ["report r", "finds person/B", "nothing about them"],
    ),
    (
        "INSERT INTO blind_index SELECT term, 'part', subject FROM blind_index WHERE stream = 'r'",
        ["report part", "finds person/A", "nothing about them"],
    ),
    (
        "INSERT INTO blind_index VALUES (zeroblob(32), 'nowhere', 'person/A')",
        ["report nowhere", "people who are found in it", "no such report"],
    ),
];
