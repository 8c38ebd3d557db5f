-- Writes what was decided about conversations, provided that nothing was added to the interaction meanwhile: its legs and
-- events, the events to be sent with all their text, and when to plan again.
-- KEYS: conversations due, pending, open, gaps; the call log's due and live; then the list of each conversation, and
--   with a ledger its stream
-- ARGV: callStem, number of calls, callUUID and rev of each (the root first), nowMs, next plan at ms or '',
--   number of lists, then for each: its root call, its open legs as text or '', number of events, their texts;
--   number of fields, then callUUID, field, value of each; number of gaps and kind:name of each;
--   then the note of what the ledger is told, and that
-- Returns -1 when the interaction has changed: then nothing was written; else the gaps that are new.
if not unchanged() then return -1 end
local due, pending, open, gaps, looks, live = unpack(KEYS, 1, 6)
local root, now, nextAt = ARGV[3], ARGV[nextArg], ARGV[nextArg + 1]
for i = 0, count - 1 do redis.call('ZREM', due, ARGV[3 + 2 * i]) end
if nextAt ~= '' then redis.call('ZADD', due, nextAt, root) end
local at = nextArg + 3
for i = 1, tonumber(ARGV[nextArg + 2]) do
  local id, legs, events = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  if legs == '' then redis.call('HDEL', open, id) else redis.call('HSET', open, id, legs) end
  for n = 1, events do redis.call('RPUSH', KEYS[6 + i], ARGV[at + 2 + n]) end
  if events > 0 then redis.call('ZADD', pending, 'NX', now, id) end
  at = at + 3 + events
end
local fields = tonumber(ARGV[at])
at = at + 1
for i = 1, fields do
  redis.call('HSET', callStem .. ARGV[at], ARGV[at + 1], ARGV[at + 2])
  redis.call('PERSIST', callStem .. ARGV[at])
  at = at + 3
end
local new = {}
local told = at + 1 + tonumber(ARGV[at])
for i = at + 1, told - 1 do
  if redis.call('HSETNX', callStem .. root, 'g:' .. ARGV[i], '') == 1 then
    new[#new + 1] = ARGV[i]
    if redis.call('HLEN', gaps) < 2000 or redis.call('HEXISTS', gaps, ARGV[i]) == 1 then
      redis.call('HINCRBY', gaps, ARGV[i], 1)
    end
  end
end
if fields + #new > 0 then
  redis.call('HINCRBY', callStem .. root, 'rev', 1)
  redis.call('ZADD', looks, 'NX', now, root)
  redis.call('ZADD', live, 'NX', now, root)
end
tellOf(KEYS[7 + tonumber(ARGV[nextArg + 2])], callStem .. root, ARGV, told)
return new
