import { luaScript } from '@exrec/service-kit';

/*
 * The hash of a call, `<prefix>:call:<callUUID>`:
 *
 *   e:<eventId>    a call event, JSON without eventId and callUUID
 *   s:<mediaId>    a media file, JSON {source, raw, envelope}
 *   r:<mediaId>    the same as RWS tells it, when MCP's has no event history
 *   d:<mediaId>    its way to EXRP: state, space, JSON
 *   c:<callUUID>   a consult call of this call
 *   parent         the call of which this one is a consult
 *   unlinked       the same, when that call's interaction has too many calls already: this one is on its own
 *   calls          of a root: how many calls were linked to its interaction, itself included
 *   late           something came for it, or it was linked, when its interaction was over
 *   rev            counts every change
 *   lastSeenAtMs, events, bytes, capped, endedAtMs, endedWhy, endRequested, pull
 *
 * When an interaction is archived its calls go, but for the linked ones, of which `parent` and `endedAtMs` stay for as
 * long as the archive does: they lead to its root.
 */

/** Functions shared by the scripts: `rootOf` follows the parent links. */
export const sharedFunctions = `
local function rootOf(callStem, id)
  local visited = {}
  while not visited[id] do
    visited[id] = true
    local parent = redis.call('HGET', callStem .. id, 'parent')
    if not parent then return id end
    id = parent
  end
  -- Calls that are each other's parents share the first of them by name.
  local first = id
  for other in pairs(visited) do if other < first then first = other end end
  return first
end
`;

/** Arguments before the items, and of each item. */
export const appendHeadLength = 11;
export const appendItemLength = 7;

/**
 * Adds entries to the logs of calls, each once, and sees to it that somebody looks at those calls in time:
 * one atomic step, so that neither an entry nor its timer can be lost.
 * KEYS: due, live
 * ARGV: callStem, seenStem, archiveStem, nowMs, weeks (newest first, by commas), ttl of the newest week in
 *   seconds, most events of a call, most bytes of its events, most bytes of a call,
 *   further events of the dearest kind, most calls of an interaction;
 *   then for each item: kind, callUUID, name, value, due at ms, and
 *     'event', 'late-event': how dear it is (0 most), parent callUUID or ''
 *     'mcp-segment', 'rws-segment': bucket and digest of the media file
 * Returns for each item: 1 stored, 2 updated, 0 duplicate, 3 beyond the cap (events), -1 no room (segments),
 *   4 nothing done: the interaction is in the archive, which may have this event; if not, it is a 'late-event'.
 */
export const appendScript = luaScript(`${sharedFunctions}
local due, live = KEYS[1], KEYS[2]
local callStem, seenStem, archiveStem, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local weeks = {}
for week in string.gmatch(ARGV[5], '%d+') do weeks[#weeks + 1] = week end
local maxEvents, maxEventBytes, maxBytes, maxDear = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local maxCalls = tonumber(ARGV[11])

local function isArchived(id)
  return redis.call('EXISTS', archiveStem .. rootOf(callStem, id)) == 1
end

-- The calls of this step: what counts for all their items is read once, and written once at its end.
local calls, order = {}, {}
local function callOf(id)
  if calls[id] then return calls[id] end
  local key = callStem .. id
  local facts = redis.call('HMGET', key, 'events', 'bytes', 'capped', 'parent', 'unlinked', 'lastSeenAtMs', 'endedAtMs', 'late')
  local call = {
    id = id, key = key, events = tonumber(facts[1] or '0'), bytes = tonumber(facts[2] or '0'),
    isCapped = facts[3] ~= false, isPlaced = (facts[4] or facts[5]) ~= false,
    isNew = not facts[6], isOver = (facts[7] or facts[8]) ~= false
  }
  call.isArchived = (call.isNew or facts[8] ~= false) and isArchived(id)
  calls[id] = call
  order[#order + 1] = call
  return call
end

-- Something has changed about a call, so somebody has to look at it: the earliest time of those asked for counts.
local function touch(call, at)
  if not call.lookAt or tonumber(at) < tonumber(call.lookAt) then call.lookAt = at end
end

local function lookAt(id, at)
  local known = redis.call('ZSCORE', due, id)
  if not known or tonumber(known) > tonumber(at) then redis.call('ZADD', due, at, id) end
end

local function write(call)
  local id, key = call.id, call.key
  redis.call('HINCRBY', key, 'rev', 1)
  redis.call('ZADD', live, 'NX', now, id)
  if call.isNew and call.isArchived then
    redis.call('HSET', key, 'late', '1')
    redis.call('PERSIST', key)
  end
  -- A link may just have made it a part of something that is over.
  local isOver = call.isOver or call.isArchived or redis.call('HEXISTS', key, 'late') == 1
  redis.call('HSET', key, 'lastSeenAtMs', now, 'bytes', call.bytes)
  if call.hasEvents then redis.call('HSET', key, 'events', call.events) end
  lookAt(id, isOver and now or call.lookAt)
end

-- The first parent counts. Beyond the most calls there is no link: the call is an interaction of its own.
local function link(call, parent)
  local id, key = call.id, call.key
  if parent == '' or parent == id or call.isPlaced then return end
  call.isPlaced = true
  local root = rootOf(callStem, parent)
  if root ~= id then
    local own = redis.call('HGET', key, 'calls') or '1'
    local all = tonumber(redis.call('HGET', callStem .. root, 'calls') or '1') + tonumber(own)
    if all > maxCalls then
      redis.call('HSET', key, 'unlinked', parent)
      return
    end
    redis.call('HSET', callStem .. root, 'calls', all)
  end
  local marks = redis.call('HMGET', callStem .. parent, 'endedAtMs', 'late')
  if marks[1] or marks[2] or isArchived(parent) then redis.call('HSET', key, 'late', '1') end
  redis.call('HSET', key, 'parent', parent)
  redis.call('HSET', callStem .. parent, 'c:' .. id, '')
  redis.call('HINCRBY', callStem .. parent, 'rev', 1)
  redis.call('PERSIST', callStem .. parent)
end

local function addEvent(call, name, value, at, dearness, parent)
  if redis.call('HEXISTS', call.key, 'e:' .. name) == 1 then return 0 end
  local spare = dearness == '0' and maxDear or 0
  if call.events >= maxEvents + spare or (call.bytes + #value > maxEventBytes and dearness ~= '0') then
    if not call.isCapped then
      call.isCapped = true
      redis.call('HSET', call.key, 'capped', '1')
      touch(call, at)
    end
    return 3
  end
  redis.call('HSET', call.key, 'e:' .. name, value)
  call.events, call.bytes, call.hasEvents = call.events + 1, call.bytes + #value, true
  link(call, parent)
  touch(call, at)
  return 1
end

local function isOfRws(text) return string.sub(text, 1, 15) == '{"source":"rws"' end
local function hasHistory(text) return string.find(text, '"eventHistory":[{', 1, true) ~= nil end

-- What was not sent yet can be told anew. MCP knows the file that we send: of RWS only the event history counts then.
local function replaceSegment(call, name, former, value, at, isOfMcp)
  local facts = redis.call('HMGET', call.key, 'r:' .. name, 'd:' .. name)
  local field = 's:'
  local state = facts[2] and string.match(facts[2], '^%S+') or ''
  if state == 'dispatched' then return 0 end
  if not isOfMcp then
    if hasHistory(former) and not hasHistory(value) then return 0 end
    if not isOfRws(former) then
      if hasHistory(former) or not hasHistory(value) then return 0 end
      field, former = 'r:', facts[1] or ''
    end
  end
  if former == value then return 0 end
  local isKeptAside = isOfMcp and isOfRws(former) and hasHistory(former) and not hasHistory(value)
  local bytes = call.bytes + #value - (isKeptAside and 0 or #former)
  if bytes > maxBytes then return -1 end
  if isKeptAside then redis.call('HSET', call.key, 'r:' .. name, former) end
  redis.call('HSET', call.key, field .. name, value)
  call.bytes = bytes
  if state == 'refused' or state == 'out-of-scope' then redis.call('HDEL', call.key, 'd:' .. name) end
  touch(call, at)
  return 2
end

local function addSegment(call, name, value, at, bucket, digest, isOfMcp)
  local former = redis.call('HGET', call.key, 's:' .. name)
  if former then return replaceSegment(call, name, former, value, at, isOfMcp) end
  for _, week in ipairs(weeks) do
    if redis.call('SISMEMBER', seenStem .. week .. ':' .. bucket, digest) == 1 then return 0 end
  end
  if call.bytes + #value > maxBytes then return -1 end
  local seen = seenStem .. weeks[1] .. ':' .. bucket
  redis.call('HSET', call.key, 's:' .. name, value)
  call.bytes = call.bytes + #value
  redis.call('SADD', seen, digest)
  redis.call('EXPIRE', seen, ARGV[6])
  touch(call, at)
  return 1
end

local results = {}
for i = ${appendHeadLength + 1}, #ARGV, ${appendItemLength} do
  local kind, id, name, value, at, first, second = unpack(ARGV, i, i + ${appendItemLength - 1})
  local call = callOf(id)
  if kind == 'event' and call.isArchived then
    results[#results + 1] = 4
  elseif kind == 'event' or kind == 'late-event' then
    results[#results + 1] = addEvent(call, name, value, at, first, second)
  else
    results[#results + 1] = addSegment(call, name, value, at, first, second, kind == 'mcp-segment')
  end
end
for _, call in ipairs(order) do if call.lookAt then write(call) end end
return results
`);
