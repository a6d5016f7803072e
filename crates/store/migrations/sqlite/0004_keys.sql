-- From here on bodies are encrypted (codec 2). The keys are in a file apart from this one; this
-- says which, and which keys were destroyed on purpose.

CREATE TABLE keyring (
    only        INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    database_id BLOB    NOT NULL CHECK (length(database_id) = 16)
) STRICT;

-- Tells words that were erased from words whose key was lost.
CREATE TABLE erased_keys (
    key_id  TEXT    NOT NULL PRIMARY KEY,
    stream  TEXT    NOT NULL,
    subject TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- What people are found by: HMACs under a key of the keyring. Nothing goes back from one to a name.
CREATE TABLE blind_index (
    term    BLOB NOT NULL CHECK (length(term) = 32),
    stream  TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (term, stream, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX blind_index_of ON blind_index (stream, subject);
