-- Who may see a report beyond what its unit says. Derived from events like the rest of the row, and
-- written in the same transaction; ids only, never why.

ALTER TABLE projections ADD COLUMN started_by TEXT;
ALTER TABLE projections ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1));
-- Since when an emergency opening waits for a supervisor.
ALTER TABLE projections ADD COLUMN alert_since INTEGER;

CREATE INDEX projections_started ON projections (started_by) WHERE started_by IS NOT NULL;
CREATE INDEX projections_alerts ON projections (unit, alert_since, report) WHERE alert_since IS NOT NULL;

-- tie: member (named in a restricted report), conflict (of interest), emergency (opened until then).
CREATE TABLE report_ties (
    report TEXT    NOT NULL REFERENCES streams (stream),
    tie    TEXT    NOT NULL CHECK (tie IN ('member', 'conflict', 'emergency')),
    user   TEXT    NOT NULL,
    until  INTEGER CHECK ((until IS NOT NULL) = (tie = 'emergency')),
    PRIMARY KEY (report, tie, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX report_ties_user ON report_ties (user, tie, report);
