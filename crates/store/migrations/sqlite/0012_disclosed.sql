-- The entries of events by which somebody else was told something, for those who audit it.
CREATE INDEX ledger_disclosed ON ledger_entries (leaf_index)
    WHERE instr(leaf, '"op":"disclose"') > 0 AND instr(leaf, '"event":"') > 0;
