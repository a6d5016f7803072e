-- The record: events, what is derived from them for worklists, and report numbers.

CREATE TABLE streams (
    stream  TEXT    NOT NULL PRIMARY KEY CHECK (length(stream) BETWEEN 1 AND 64),
    version INTEGER NOT NULL CHECK (version >= 1)
) STRICT, WITHOUT ROWID;

-- codec 1: body is the caller's bytes as they came. The four columns after it are
-- empty under codec 1; later codecs fill them (encryption under a key that can be
-- destroyed, a place in the ledger), and rows of codec 1 stay readable as they are.
CREATE TABLE events (
    position       INTEGER NOT NULL PRIMARY KEY,
    stream         TEXT    NOT NULL REFERENCES streams (stream),
    version        INTEGER NOT NULL CHECK (version >= 1),
    event_id       BLOB    NOT NULL UNIQUE CHECK (length(event_id) = 16),
    kind           TEXT    NOT NULL,
    recorded_at    INTEGER NOT NULL,
    actor          TEXT    NOT NULL,
    codec          INTEGER NOT NULL,
    body           BLOB    NOT NULL,
    key_id         TEXT,
    nonce          BLOB,
    key_commitment BLOB,
    leaf_index     INTEGER UNIQUE,
    UNIQUE (stream, version)
) STRICT;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT raise(ABORT, 'events are never changed'); END;

CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT raise(ABORT, 'events are never removed'); END;

-- What a key was first answered with: one row for each stream of that append.
CREATE TABLE idempotency (
    key     TEXT    NOT NULL,
    ordinal INTEGER NOT NULL,
    stream  TEXT    NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (key, ordinal)
) STRICT, WITHOUT ROWID;

-- Derived, and derived anew whenever the derivation changes (derived_by).
-- due_key puts reports with nothing due last and keeps "overdue" a range of an index.
CREATE TABLE projections (
    report                TEXT    NOT NULL PRIMARY KEY REFERENCES streams (stream),
    reference             TEXT    NOT NULL UNIQUE,
    unit                  TEXT    NOT NULL,
    allocated_to          TEXT,
    state                 TEXT    NOT NULL,
    class                 TEXT    NOT NULL,
    next_due_at           INTEGER,
    awaiting_review_since INTEGER,
    updated_at            INTEGER NOT NULL,
    derived_by            TEXT    NOT NULL,
    due_key               INTEGER NOT NULL
        GENERATED ALWAYS AS (coalesce(next_due_at, 9223372036854775807)) VIRTUAL
) STRICT;

CREATE INDEX projections_unit_state ON projections (unit, state, due_key, report);
CREATE INDEX projections_unit ON projections (unit, due_key, report);
CREATE INDEX projections_allocated ON projections (allocated_to, state, due_key, report);
CREATE INDEX projections_state ON projections (state, due_key, report);
CREATE INDEX projections_due ON projections (due_key, report);
CREATE INDEX projections_updated ON projections (updated_at, report);
CREATE INDEX projections_review ON projections (unit, awaiting_review_since, report)
    WHERE awaiting_review_since IS NOT NULL;

-- The last report number given out in each year.
CREATE TABLE report_numbers (
    year INTEGER NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL CHECK (last >= 1)
) STRICT;
