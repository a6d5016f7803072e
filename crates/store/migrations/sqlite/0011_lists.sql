-- A unit's closed reports, the last to change first: without this, all of them were sorted for each page.
CREATE INDEX projections_unit_updated ON projections (unit, state, updated_at, report);

-- Emergency openings of every unit that wait too long.
CREATE INDEX projections_alerts_overdue ON projections (alert_since, report) WHERE alert_since IS NOT NULL;
