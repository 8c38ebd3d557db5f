-- Notes what became of one media file, whatever else has changed. What was sent stays sent.
-- KEYS: undispatched, and with a ledger its stream
-- ARGV: call key, mediaId, value, '1' when it is no longer on its way; then what the ledger is told
-- Returns 1, or 0 when it had been sent before.
local known = redis.call('HGET', ARGV[1], 'd:' .. ARGV[2])
if known and string.match(known, '^%S+') == 'dispatched' then return 0 end
redis.call('HSET', ARGV[1], 'd:' .. ARGV[2], ARGV[3])
redis.call('HINCRBY', ARGV[1], 'rev', 1)
if ARGV[4] == '1' then redis.call('ZREM', KEYS[1], ARGV[2]) end
tellAll(KEYS[2], ARGV, 5)
return 1
