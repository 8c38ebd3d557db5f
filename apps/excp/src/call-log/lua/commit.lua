-- Writes what was decided about an interaction, provided that nothing was added to it meanwhile, and when to
-- look at it again: from then on its root stands for all its calls in `due`. Whoever keeps something with an
-- interaction (deliveries, pins, the journal of conversations) writes it by this one step.
-- KEYS: due, undispatched, live, the conversations to be planned (an ended interaction's is; where GC is told of none:
--   due), and with a ledger its stream
-- ARGV: callStem, number of calls, callUUID and rev of each (the root first), next look at ms or '', nowMs,
--   number of fields, then callUUID, field, value ('' removes it), …; then the note of what the ledger is told, and that
-- Returns 1, or 0 when the interaction has changed: then nothing was written.
if not unchanged() then return 0 end
local nextLook, now, root = ARGV[nextArg], ARGV[nextArg + 1], ARGV[3]
redis.call('ZADD', KEYS[3], 'NX', now, root)
if nextLook == '' then
  redis.call('ZADD', KEYS[1], 'NX', now, root)
else
  redis.call('ZADD', KEYS[1], nextLook, root)
  for i = 1, count - 1 do redis.call('ZREM', KEYS[1], ARGV[3 + 2 * i]) end
end
local fields = tonumber(ARGV[nextArg + 2])
local told = nextArg + 3 + 3 * fields
for i = nextArg + 3, told - 1, 3 do
  local key, field, value = callStem .. ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if value == '' then redis.call('HDEL', key, field) else redis.call('HSET', key, field, value) end
  if field == 'endedAtMs' and KEYS[4] ~= KEYS[1] then redis.call('ZADD', KEYS[4], now, root) end
  local mediaId = string.match(field, '^d:(.*)$')
  if mediaId then
    local state = string.match(value, '^%S*')
    if state == 'queued' or state == 'sending' or state == 'waiting' then
      redis.call('ZADD', KEYS[2], 'NX', now, mediaId)
    else
      redis.call('ZREM', KEYS[2], mediaId)
    end
  end
end
if fields > 0 then redis.call('HINCRBY', callStem .. root, 'rev', 1) end
tellOf(KEYS[5], callStem .. root, ARGV, told)
return 1
