-- Tells the ledger how an interaction stands, provided that it has not changed since it was read.
-- KEYS: the ledger's stream, the root call's hash
-- ARGV: callStem, number of calls, callUUID and rev of each (the root first), then the note of what is told, and kind, id, JSON of each entry
-- Returns 1, or 0 when the interaction has changed.
if not unchanged() then return 0 end
tellOf(KEYS[1], KEYS[2], ARGV, nextArg)
return 1
