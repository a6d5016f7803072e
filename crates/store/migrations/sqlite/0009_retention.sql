-- The day on which somebody looks again at whether a closed report is kept, as its first moment in
-- Britain. Derived from events and the pack like the rest of the row: what is due is a range of the index.

ALTER TABLE projections ADD COLUMN review_at INTEGER;

CREATE INDEX projections_kept ON projections (unit, review_at, report) WHERE review_at IS NOT NULL;
