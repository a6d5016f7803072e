-- What was erased, by whom and when. The reason is in the log, encrypted. A row without done_at was
-- meant and not finished: the next opening finishes it.
CREATE TABLE erasures (
    id        INTEGER NOT NULL PRIMARY KEY,
    stream    TEXT    NOT NULL,
    subject   TEXT,
    reference TEXT,
    actor     TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    leaf      INTEGER NOT NULL,
    done_at   INTEGER
) STRICT;

CREATE INDEX erasures_of ON erasures (stream);
CREATE INDEX erasures_of_reference ON erasures (reference) WHERE reference IS NOT NULL;

CREATE TRIGGER erasures_are_never_removed BEFORE DELETE ON erasures
BEGIN SELECT raise(ABORT, 'erasures are never removed'); END;
