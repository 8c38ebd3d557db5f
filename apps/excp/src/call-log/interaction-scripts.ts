import { luaScript, outboxFunctions } from '@exrec/service-kit';
import { sharedFunctions } from './append-script.js';

/**
 * Reads what is kept of the interaction that a call belongs to: its root by the parent links, and all calls below that
 * one and below the further calls. Not all of a large one at once, since Redis has others to serve.
 * KEYS: the hash of that call
 * ARGV: callStem, archiveStem, callUUID, how many calls and bytes at most, then further calls of the interaction to
 *   begin with instead of the root
 * Returns {root callUUID, 1 when the archive has it, {callUUID, field, value, …}, …}. Calls are missing that a link
 *   leads to (field c:<callUUID>) or that were given, when it would have been too much. A call that is too large by
 *   itself is {callUUID, '', how many of its fields fit into one step, rev}.
 */
export const loadScript = luaScript(`${sharedFunctions}
local callStem, archiveStem, maxCalls, maxBytes = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])

local root = rootOf(callStem, ARGV[3])
local queue, known, bytes = {}, {}, 0
local result = {root, redis.call('EXISTS', archiveStem .. root)}
local function add(id)
  if known[id] then return end
  known[id] = true
  queue[#queue + 1] = id
end
local totals = redis.call('HMGET', callStem .. root, 'eventBytes', 'bytes')
local total = tonumber(totals[1] or '0') + tonumber(totals[2] or '0')
-- Fields of a call that fit into one step, when it has more of them.
local function part(key)
  local length, most = redis.call('HLEN', key), 2000
  if total > maxBytes then most = math.min(most, math.max(10, math.floor(length * maxBytes / total))) end
  return length > most and most or nil
end
for i = 6, #ARGV do add(ARGV[i]) end
if #queue == 0 then add(root) end
local at = 1
while queue[at] and at <= maxCalls and bytes < maxBytes do
  local id = queue[at]
  local most = part(callStem .. id)
  local call = most and {'', tostring(most), redis.call('HGET', callStem .. id, 'rev') or '0'}
    or redis.call('HGETALL', callStem .. id)
  for i = 1, most and 0 or #call, 2 do
    bytes = bytes + #call[i + 1]
    local child = string.match(call[i], '^c:(.+)$')
    if child then add(child) end
  end
  table.insert(call, 1, id)
  result[#result + 1] = call
  at = at + 1
end
return result
`);

/** Refuses the step when one of the calls has changed since it was read. ARGV from 2: count, then callUUID, rev. */
export const compareRevisions = `
local callStem, count = ARGV[1], tonumber(ARGV[2])
local function unchanged()
  for i = 0, count - 1 do
    local rev = redis.call('HGET', callStem .. ARGV[3 + 2 * i], 'rev') or '0'
    if rev ~= ARGV[4 + 2 * i] then return false end
  end
  return true
end
local nextArg = 3 + 2 * count
`;

/**
 * Writes what was decided about an interaction, provided that nothing was added to it meanwhile, and when to
 * look at it again: from then on its root stands for all its calls in `due`. Whoever keeps something with an
 * interaction (deliveries, pins, the journal of conversations) writes it by this one step.
 * KEYS: due, undispatched, live, the conversations to be planned (an ended interaction's is; where GC is told of none:
 *   due), and with a ledger its stream
 * ARGV: callStem, number of calls, callUUID and rev of each (the root first), next look at ms or '', nowMs,
 *   number of fields, then callUUID, field, value ('' removes it), …; then what the ledger is told
 * Returns 1, or 0 when the interaction has changed: then nothing was written.
 */
export const commitScript = luaScript(`${compareRevisions}${outboxFunctions}
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
tellAll(KEYS[5], ARGV, told)
return 1
`);

/**
 * Notes what became of one media file, whatever else has changed. What was sent stays sent.
 * KEYS: undispatched, and with a ledger its stream
 * ARGV: call key, mediaId, value, '1' when it is no longer on its way; then what the ledger is told
 * Returns 1, or 0 when it had been sent before.
 */
export const noteScript = luaScript(`${outboxFunctions}
local known = redis.call('HGET', ARGV[1], 'd:' .. ARGV[2])
if known and string.match(known, '^%S+') == 'dispatched' then return 0 end
redis.call('HSET', ARGV[1], 'd:' .. ARGV[2], ARGV[3])
redis.call('HINCRBY', ARGV[1], 'rev', 1)
if ARGV[4] == '1' then redis.call('ZREM', KEYS[1], ARGV[2]) end
tellAll(KEYS[2], ARGV, 5)
return 1
`);

/**
 * Replaces the logs of a finished interaction by one compressed text, provided that nothing was added meanwhile. Of its
 * linked calls the way to the root stays.
 * KEYS: due, live, archive, list of those first archived today, and with a ledger its stream
 * ARGV: callStem, number of calls, callUUID and rev of each (the root first), nowMs, ttl of the archive in seconds,
 *   ttl of the list, the compressed text, number of linked calls, then callUUID and parent of each; then what the ledger
 *   is told
 * Returns 1, or 0 when the interaction has changed: then nothing was written.
 */
export const archiveScript = luaScript(`${compareRevisions}${outboxFunctions}
if not unchanged() then return 0 end
local now, ttl, listTtl, text, root = ARGV[nextArg], ARGV[nextArg + 1], ARGV[nextArg + 2], ARGV[nextArg + 3], ARGV[3]
if redis.call('EXISTS', KEYS[3]) == 0 then
  redis.call('RPUSH', KEYS[4], root)
  redis.call('EXPIRE', KEYS[4], listTtl)
end
redis.call('SET', KEYS[3], text, 'EX', ttl)
for i = 0, count - 1 do
  redis.call('UNLINK', callStem .. ARGV[3 + 2 * i])
  redis.call('ZREM', KEYS[1], ARGV[3 + 2 * i])
  redis.call('ZREM', KEYS[2], ARGV[3 + 2 * i])
end
local told = nextArg + 5 + 2 * tonumber(ARGV[nextArg + 4])
for i = nextArg + 5, told - 1, 2 do
  redis.call('HSET', callStem .. ARGV[i], 'parent', ARGV[i + 1], 'endedAtMs', now)
  redis.call('EXPIRE', callStem .. ARGV[i], ttl)
end
tellAll(KEYS[5], ARGV, told)
return 1
`);
