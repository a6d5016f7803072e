-- The open reports that somebody began, what is due soonest first: without this, all they ever began were sorted for each page.
-- What the index of those they began served, this one serves as well.
CREATE INDEX projections_took ON projections (started_by, state, due_key, report) WHERE started_by IS NOT NULL;
DROP INDEX projections_started;
