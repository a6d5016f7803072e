-- What changed about accounts and ways in is in the log from here on: the entry that tells of a line, which holds
-- its words too. Lines from before have none.

ALTER TABLE way_in_changes ADD COLUMN leaf_index INTEGER;

CREATE UNIQUE INDEX way_in_changes_leaf ON way_in_changes (leaf_index) WHERE leaf_index IS NOT NULL;

-- The entries about the service itself, for those who audit it.
CREATE INDEX ledger_administered ON ledger_entries (leaf_index) WHERE instr(leaf, '"op":"administer"') > 0;
