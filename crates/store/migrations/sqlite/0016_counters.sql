-- The entries that say what an account was left as, those of a passkey's use among them: the last about each is looked for at a
-- start. From here on they tell of the counters of passkeys as well, so that one that is put back is found.
CREATE INDEX ledger_accounts ON ledger_entries (leaf_index) WHERE instr(leaf, '"account":"') > 0;

-- What vouches for the log as it stands, up to its last entry: how many there are, how many heads of it were signed and when the last
-- of them was, and how far those in the file elsewhere reach, under a key that is not here. It is written with each entry.
CREATE TABLE ledger_head (
    only      INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    size      INTEGER NOT NULL,
    signed    INTEGER NOT NULL,
    signed_at INTEGER,
    outside   TEXT,
    reaches   INTEGER,
    seal      BLOB    NOT NULL CHECK (length(seal) = 32)
) STRICT;
