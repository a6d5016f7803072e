-- The log: one entry for everything that was done with a report, under a Merkle tree (RFC 6962).

-- Each entry as it was hashed: one line of JSON without personal data. For entries that are no
-- event: the words somebody typed, encrypted (the leaf has their digest).
CREATE TABLE ledger_entries (
    leaf_index INTEGER NOT NULL PRIMARY KEY,
    leaf       TEXT    NOT NULL,
    words      BLOB,
    key_id     TEXT,
    nonce      BLOB
) STRICT;

-- The hash over the 2^level entries from idx * 2^level on, of every such group that is full.
CREATE TABLE ledger_nodes (
    level INTEGER NOT NULL,
    idx   INTEGER NOT NULL,
    hash  BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

-- Signed heads (C2SP signed notes).
CREATE TABLE checkpoints (
    size INTEGER NOT NULL PRIMARY KEY,
    at   INTEGER NOT NULL,
    note TEXT    NOT NULL
) STRICT;

-- Who did what with which report and why, besides entering events. Repeats within the window are one
-- row with a count; counted_at is the entry that says how many there were in the end.
CREATE TABLE accesses (
    id         INTEGER NOT NULL PRIMARY KEY,
    leaf_index INTEGER UNIQUE,
    counted_at INTEGER,
    kind       TEXT    NOT NULL,
    op         TEXT    NOT NULL,
    report     TEXT,
    user       TEXT    NOT NULL,
    purpose    TEXT    NOT NULL,
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    count      INTEGER NOT NULL CHECK (count >= 1)
) STRICT;

INSERT INTO accesses (id, kind, op, report, user, purpose, first_at, last_at, count)
SELECT id, 'report-opened', 'consult', report, user, purpose, first_at, last_at, count FROM views;

DROP TABLE views;

CREATE INDEX accesses_of_report ON accesses (report, id);
CREATE INDEX accesses_by_user ON accesses (user, id);
CREATE INDEX accesses_repeat ON accesses (user, kind, report, purpose, first_at);
CREATE INDEX accesses_to_count ON accesses (first_at)
    WHERE counted_at IS NULL AND count > 1;

CREATE TRIGGER accesses_are_never_removed BEFORE DELETE ON accesses
BEGIN SELECT raise(ABORT, 'accesses are never removed'); END;

CREATE TRIGGER accesses_keep_what_they_say
BEFORE UPDATE OF id, leaf_index, kind, op, report, user, purpose, first_at ON accesses
BEGIN SELECT raise(ABORT, 'an access keeps who, what, why and when'); END;

CREATE TRIGGER ledger_entries_are_never_changed BEFORE UPDATE OF leaf_index, leaf ON ledger_entries
BEGIN SELECT raise(ABORT, 'entries of the log are never changed'); END;

CREATE TRIGGER ledger_entries_are_never_removed BEFORE DELETE ON ledger_entries
BEGIN SELECT raise(ABORT, 'entries of the log are never removed'); END;

CREATE TRIGGER ledger_nodes_are_never_changed BEFORE UPDATE ON ledger_nodes
BEGIN SELECT raise(ABORT, 'nodes of the log are never changed'); END;

CREATE TRIGGER ledger_nodes_are_never_removed BEFORE DELETE ON ledger_nodes
BEGIN SELECT raise(ABORT, 'nodes of the log are never removed'); END;

CREATE TRIGGER checkpoints_are_never_removed BEFORE DELETE ON checkpoints
BEGIN SELECT raise(ABORT, 'checkpoints are never removed'); END;
