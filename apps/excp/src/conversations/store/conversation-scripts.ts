import { luaScript } from '@exrec/service-kit';
import { compareRevisions } from '../../call-log/interaction-scripts.js';

/**
 * Takes calls that have to be planned, for a while: who dies with one leaves it to others then.
 * KEYS: due
 * ARGV: now ms, end of the claim ms, most calls
 * Returns their callUUIDs.
 */
export const claimScript = luaScript(`
local calls = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(calls) do redis.call('ZADD', KEYS[1], ARGV[2], id) end
return calls
`);

/**
 * Writes what was decided about conversations, provided that nothing was added to the interaction meanwhile: its legs and
 * events, the events to be sent with all their text, and when to plan again.
 * KEYS: conversations due, pending, open, gaps; the call log's due and live; then the list of each conversation
 * ARGV: callStem, number of calls, callUUID and rev of each (the root first), nowMs, next plan at ms or '',
 *   number of lists, then for each: its root call, its open legs as text or '', number of events, their texts;
 *   number of fields, then callUUID, field, value of each; then kind:name of each gap
 * Returns -1 when the interaction has changed: then nothing was written; else the gaps that are new.
 */
export const writeScript = luaScript(`${compareRevisions}
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
for i = at, #ARGV do
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
return new
`);

/**
 * Writes what became of the events at the head of a conversation's list, unless somebody else has done so.
 * KEYS: the list, pending, the root call's hash; the call log's due and live; conversations due
 * ARGV: root call, nowMs, the first event as it was read, number of events that were read, may be sent again from (ms),
 *   '1' to have the conversation planned again, number of events to be put back, their texts,
 *   then field, value, …
 * Returns 1, or 0 when somebody else has.
 */
export const settleScript = luaScript(`
local list, pending, call, looks, live, due = unpack(KEYS)
local id, now, readCount, back = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[7])
if redis.call('LINDEX', list, 0) ~= ARGV[3] then return 0 end
redis.call('LTRIM', list, readCount, -1)
for i = 7 + back, 8, -1 do redis.call('LPUSH', list, ARGV[i]) end
if redis.call('LLEN', list) == 0 then redis.call('ZREM', pending, id)
else redis.call('ZADD', pending, ARGV[5], id) end
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
`);

/**
 * Puts the ends of a conversation's legs on its list, and takes it from those with open legs: once.
 * KEYS: pending, open, the list
 * ARGV: root call, nowMs, the events' texts
 */
export const closeGoneScript = luaScript(`
if redis.call('HDEL', KEYS[2], ARGV[1]) == 0 then return 0 end
for i = 3, #ARGV do redis.call('RPUSH', KEYS[3], ARGV[i]) end
redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[1])
return 1
`);
