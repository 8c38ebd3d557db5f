-- Tells the ledger of a record as it stands.
-- ARGV: id. Returns 1, or 0 when there is no such record, or only what recognises a duplicate.
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' or redis.call('HEXISTS', KEYS[1], 'smallSinceMs') == 1 then return 0 end
tellOf(ARGV[1], true)
return 1
