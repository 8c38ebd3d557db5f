-- Writes what became of the events at the head of a conversation's list, unless somebody else has done so.
-- KEYS: the list, pending, the root call's hash; the call log's due and live; conversations due
-- ARGV: root call, nowMs, the first event as it was read, number of events that were read, may be sent again from (ms),
--   '1' to have the conversation planned again, number of events to be put back, their texts,
--   then field, value, …
-- Returns 1, or 0 when somebody else has.
local list, pending, call, looks, live, due = unpack(KEYS)
local id, now, readCount, back = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[7])
if redis.call('LINDEX', list, 0) ~= ARGV[3] then return 0 end
redis.call('LTRIM', list, readCount, -1)
for i = 7 + back, 8, -1 do redis.call('LPUSH', list, ARGV[i]) end
if redis.call('LLEN', list) == 0 then
  redis.call('ZREM', pending, id)
  local facts = redis.call('HMGET', call, 'told', 'endedAtMs')
  -- The ledger shall know that it is complete.
  if facts[1] and facts[2] then redis.call('ZADD', looks, 'LT', now, id) end
else
  redis.call('ZADD', pending, ARGV[5], id)
end
if #ARGV > 7 + back then
  if redis.call('EXISTS', call) == 0 then
    redis.call('ZADD', looks, 'NX', now, id)
    redis.call('ZADD', live, 'NX', now, id)
  end
  redis.call('HSET', call, unpack(ARGV, 8 + back))
  redis.call('HINCRBY', call, 'rev', 1)
end
if ARGV[6] == '1' then redis.call('ZADD', due, 'LT', now, id) end
return 1
