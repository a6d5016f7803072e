-- The entries that say what an account was left as, those of a passkey's use among them: the last about each is looked for at a
-- start. From here on they tell of the counters of passkeys as well, so that one that is put back is found.
CREATE INDEX ledger_accounts ON ledger_entries (leaf_index) WHERE instr(leaf, '"account":"') > 0;
