-- Leaves of a confirmed record only what recognises a duplicate, provided that the ledger has its last change: what it
-- has is no longer in the stream.
-- ARGV: id, nowMs, how long it is known from its confirmation on, ms
-- Returns 1, or 0 when it is not the time yet.
local seen = redis.call('HMGET', KEYS[1], 'state', 'toldId', 'confirmedAtMs', 'version')
if seen[1] ~= 'confirmed' or not seen[2] then return 0 end
if #redis.call('XRANGE', KEYS[6], seen[2], seen[2]) > 0 then return 0 end
local confirmedAtMs = tonumber(seen[3]) or tonumber(ARGV[2])
local leftMs = confirmedAtMs + tonumber(ARGV[3]) - tonumber(ARGV[2])
redis.call('ZREM', KEYS[2] .. 'confirmed', ARGV[1])
redis.call('DEL', KEYS[1])
if leftMs > 0 then
  redis.call('HSET', KEYS[1], 'state', 'confirmed', 'version', seen[4], 'smallSinceMs', confirmedAtMs)
  redis.call('PEXPIRE', KEYS[1], leftMs)
end
return 1
