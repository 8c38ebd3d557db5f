-- Leaves of a confirmed record only the digest of its id, which recognises a duplicate, provided that the ledger has its
-- last change: what it has is no longer in the stream.
-- ARGV: id, its digest, the set of this week, its ttl in seconds
-- Returns 1, or 0 when it is not the time yet.
local seen = redis.call('HMGET', KEYS[1], 'state', 'toldId')
if seen[1] ~= 'confirmed' or not seen[2] then return 0 end
if #redis.call('XRANGE', KEYS[6], seen[2], seen[2]) > 0 then return 0 end
redis.call('SADD', ARGV[3], ARGV[2])
redis.call('EXPIRE', ARGV[3], ARGV[4])
redis.call('ZREM', KEYS[2] .. 'confirmed', ARGV[1])
redis.call('DEL', KEYS[1])
return 1
