-- Who opened which report, when and for what purpose. Entries stay when a user goes:
-- user and report are plain text on purpose.

CREATE TABLE views (
    id       INTEGER NOT NULL PRIMARY KEY,
    report   TEXT    NOT NULL,
    user     TEXT    NOT NULL,
    purpose  TEXT    NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    count    INTEGER NOT NULL CHECK (count >= 1)
) STRICT;

CREATE INDEX views_of_report ON views (report, id);
CREATE INDEX views_by_user ON views (user, id);
CREATE INDEX views_repeat ON views (report, user, purpose, first_at);

CREATE TRIGGER views_are_never_removed BEFORE DELETE ON views
BEGIN SELECT raise(ABORT, 'views are never removed'); END;

CREATE TRIGGER views_keep_what_they_say BEFORE UPDATE OF id, report, user, purpose, first_at ON views
BEGIN SELECT raise(ABORT, 'a view keeps who, what, why and when'); END;
