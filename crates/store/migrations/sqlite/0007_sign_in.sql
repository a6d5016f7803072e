-- Ways in beside the password, and the log of what changed about them.

-- A session says how and when its owner last proved who they are. Those of the layout before do not know,
-- so everybody signs in once more.
DROP TABLE sessions;

-- family: the same for one browser from signing in to the end, while token_hash changes with every proof.
CREATE TABLE sessions (
    token_hash   BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    family       BLOB    NOT NULL CHECK (length(family) = 32),
    user         TEXT    NOT NULL REFERENCES users (id),
    means        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    proved_at    INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_user ON sessions (user);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- checks: the public half of the key and its counter, as text of the web crate. Nothing here signs anybody in.
CREATE TABLE passkeys (
    credential   BLOB    NOT NULL PRIMARY KEY CHECK (length(credential) BETWEEN 1 AND 1023),
    user         TEXT    NOT NULL REFERENCES users (id),
    name         TEXT    NOT NULL,
    checks       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passkeys_user ON passkeys (user);

-- Who somebody is at another provider: its name and the id it gives them and never gives to anybody else.
CREATE TABLE identities (
    issuer     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    user       TEXT    NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (issuer, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX identities_user ON identities (user);

CREATE TABLE way_in_changes (
    id      INTEGER NOT NULL PRIMARY KEY,
    user    TEXT    NOT NULL REFERENCES users (id),
    changed_by TEXT   REFERENCES users (id),
    kind    TEXT    NOT NULL,
    detail  TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX way_in_changes_user ON way_in_changes (user, id);

CREATE TRIGGER way_in_changes_are_never_changed BEFORE UPDATE ON way_in_changes
BEGIN SELECT raise(ABORT, 'what changed about signing in is never rewritten'); END;

CREATE TRIGGER way_in_changes_are_never_removed BEFORE DELETE ON way_in_changes
BEGIN SELECT raise(ABORT, 'what changed about signing in is never removed'); END;
