-- A session that was ended, or is idle for too long, or a link that was used, and is put back or moved here, lets nobody in from
-- here on: its end is an entry of the log, and what vouches for a session vouches for when it was last seen too. That cannot be
-- said of those of the layout before: everybody signs in once more, and links are made anew.
DELETE FROM sessions;
DELETE FROM one_time_tokens;

-- The entries that say a session or a link has ended, by what they call it: those that are there at a start are looked up.
CREATE INDEX ledger_ended ON ledger_entries (substr(leaf, instr(leaf, '"ended":"') + 9, 32)) WHERE instr(leaf, '"ended":"') > 0;
