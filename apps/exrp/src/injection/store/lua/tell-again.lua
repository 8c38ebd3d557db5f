-- Tells the ledger of a record as it stands.
-- ARGV: id. Returns 1, or 0 when there is no such record.
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
tellOf(ARGV[1], true)
return 1
