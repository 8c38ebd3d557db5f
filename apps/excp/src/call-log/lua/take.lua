-- Takes calls that are due, the most overdue first, and has nobody else take them for a while.
-- KEYS: due, postponed
-- ARGV: nowMs, claimed until ms, how many at most
-- Returns callUUID, failures, callUUID, …
local result = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  redis.call('ZADD', KEYS[1], ARGV[2], id)
  result[#result + 1] = id
  result[#result + 1] = redis.call('HGET', KEYS[2], id) or '0'
end
return result
