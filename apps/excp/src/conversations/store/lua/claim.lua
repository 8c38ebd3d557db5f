-- Takes calls that have to be planned, for a while: who dies with one leaves it to others then.
-- KEYS: due
-- ARGV: now ms, end of the claim ms, most calls
-- Returns their callUUIDs.
local calls = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(calls) do redis.call('ZADD', KEYS[1], ARGV[2], id) end
return calls
