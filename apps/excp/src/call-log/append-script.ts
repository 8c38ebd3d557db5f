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
 */

/**
 * Functions shared by the scripts: `archiveOf` looks for a finished interaction by any of its calls, `rootOf` follows
 * the parent links. `place`: callStem, archiveStem, days.
 */
export const sharedFunctions = `
local function archiveOf(stem, days, id)
  local shard = string.sub(redis.sha1hex(id), 1, 2)
  for day in string.gmatch(days, '%d+') do
    local key = stem .. day .. ':' .. shard
    if redis.call('HEXISTS', key, id) == 1 then return key end
  end
  return nil
end

local function rootOf(place, id)
  local callStem, archiveStem, days = unpack(place)
  local visited = {}
  while not visited[id] do
    visited[id] = true
    local parent = redis.call('HGET', callStem .. id, 'parent')
    if not parent then
      local archive = archiveOf(archiveStem, days, id)
      local kept = archive and redis.call('HGET', archive, id) or ''
      if string.sub(kept, 1, 1) == '^' then parent = string.sub(kept, 2) end
    end
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
export const appendHeadLength = 12;
export const appendItemLength = 7;

/**
 * Adds entries to the logs of calls, each once, and sees to it that somebody looks at those calls in time:
 * one atomic step, so that neither an entry nor its timer can be lost.
 * KEYS: due, live
 * ARGV: callStem, seenStem, archiveStem, nowMs, weeks (newest first, by commas), ttl of the newest week in
 *   seconds, days (by commas), most events of a call, most bytes of its events, most bytes of a call,
 *   further events of the dearest kind, most calls of an interaction;
 *   then for each item: kind, callUUID, name, value, due at ms, and
 *     'event':   how dear it is (0 most), parent callUUID or ''
 *     'mcp-segment', 'rws-segment': bucket and digest of the media file
 * Returns for each item: 1 stored, 2 updated, 0 duplicate, 3 beyond the cap (events), -1 no room (segments).
 */
export const appendScript = luaScript(`${sharedFunctions}
local due, live = KEYS[1], KEYS[2]
local callStem, seenStem, archiveStem, now, days = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[7]
local weeks = {}
for week in string.gmatch(ARGV[5], '%d+') do weeks[#weeks + 1] = week end
local maxEvents, maxEventBytes, maxBytes, maxDear = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local maxCalls = tonumber(ARGV[12])

local function lookAt(id, at)
  local known = redis.call('ZSCORE', due, id)
  if not known or tonumber(known) > tonumber(at) then redis.call('ZADD', due, at, id) end
end

local function touch(id, key, at)
  redis.call('HINCRBY', key, 'rev', 1)
  redis.call('ZADD', live, 'NX', now, id)
  local facts = redis.call('HMGET', key, 'endedAtMs', 'late', 'lastSeenAtMs')
  local isOver = facts[1] or facts[2]
  local archive = not facts[3] and archiveOf(archiveStem, days, id)
  if archive then
    isOver = true
    redis.call('HSET', key, 'late', '1')
    local root = redis.call('HGET', archive, id)
    if string.sub(root, 1, 1) == '^' then
      root = string.sub(root, 2)
      redis.call('HSET', callStem .. root, 'c:' .. id, '')
      redis.call('HINCRBY', callStem .. root, 'rev', 1)
    end
  end
  redis.call('HSET', key, 'lastSeenAtMs', now)
  lookAt(id, isOver and now or at)
end

-- The first parent counts. Beyond the most calls there is no link: the call is an interaction of its own.
local function link(id, key, parent)
  local facts = redis.call('HMGET', key, 'parent', 'unlinked', 'calls')
  if parent == '' or parent == id or facts[1] or facts[2] then return end
  local root = rootOf({callStem, archiveStem, days}, parent)
  if root ~= id then
    local calls = tonumber(redis.call('HGET', callStem .. root, 'calls') or '1') + tonumber(facts[3] or '1')
    if calls > maxCalls then
      redis.call('HSET', key, 'unlinked', parent)
      return
    end
    redis.call('HSET', callStem .. root, 'calls', calls)
  end
  local marks = redis.call('HMGET', callStem .. parent, 'endedAtMs', 'late')
  if marks[1] or marks[2] or archiveOf(archiveStem, days, parent) then redis.call('HSET', key, 'late', '1') end
  redis.call('HSET', key, 'parent', parent)
  redis.call('HSET', callStem .. parent, 'c:' .. id, '')
  redis.call('HINCRBY', callStem .. parent, 'rev', 1)
end

local function addEvent(id, key, name, value, at, dearness, parent)
  if redis.call('HEXISTS', key, 'e:' .. name) == 1 then return 0 end
  local facts = redis.call('HMGET', key, 'events', 'bytes', 'capped')
  local events, bytes = tonumber(facts[1] or '0'), tonumber(facts[2] or '0')
  local spare = dearness == '0' and maxDear or 0
  if events >= maxEvents + spare or (bytes + #value > maxEventBytes and dearness ~= '0') then
    if not facts[3] then
      redis.call('HSET', key, 'capped', '1')
      touch(id, key, at)
    end
    return 3
  end
  redis.call('HSET', key, 'e:' .. name, value, 'events', events + 1, 'bytes', bytes + #value)
  link(id, key, parent)
  touch(id, key, at)
  return 1
end

local function isOfRws(text) return string.sub(text, 1, 15) == '{"source":"rws"' end
local function hasHistory(text) return string.find(text, '"eventHistory":[{', 1, true) ~= nil end

-- What was not sent yet can be told anew. MCP knows the file that we send: of RWS only the event history counts then.
local function replaceSegment(id, key, name, value, at, isOfMcp)
  local facts = redis.call('HMGET', key, 's:' .. name, 'r:' .. name, 'd:' .. name, 'bytes')
  local field, former = 's:', facts[1]
  local state = facts[3] and string.match(facts[3], '^%S+') or ''
  if state == 'dispatched' then return 0 end
  if not isOfMcp then
    if hasHistory(former) and not hasHistory(value) then return 0 end
    if not isOfRws(former) then
      if hasHistory(former) or not hasHistory(value) then return 0 end
      field, former = 'r:', facts[2] or ''
    end
  end
  if former == value then return 0 end
  local isKeptAside = isOfMcp and isOfRws(former) and hasHistory(former) and not hasHistory(value)
  local bytes = tonumber(facts[4] or '0') + #value - (isKeptAside and 0 or #former)
  if bytes > maxBytes then return -1 end
  if isKeptAside then redis.call('HSET', key, 'r:' .. name, former) end
  redis.call('HSET', key, field .. name, value, 'bytes', bytes)
  if state == 'refused' or state == 'out-of-scope' then redis.call('HDEL', key, 'd:' .. name) end
  touch(id, key, at)
  return 2
end

local function addSegment(id, key, name, value, at, bucket, digest, isOfMcp)
  local facts = redis.call('HMGET', key, 's:' .. name, 'bytes')
  if facts[1] then return replaceSegment(id, key, name, value, at, isOfMcp) end
  local bytes = tonumber(facts[2] or '0')
  for _, week in ipairs(weeks) do
    if redis.call('SISMEMBER', seenStem .. week .. ':' .. bucket, digest) == 1 then return 0 end
  end
  if bytes + #value > maxBytes then return -1 end
  local seen = seenStem .. weeks[1] .. ':' .. bucket
  redis.call('HSET', key, 's:' .. name, value, 'bytes', bytes + #value)
  redis.call('SADD', seen, digest)
  redis.call('EXPIRE', seen, ARGV[6])
  touch(id, key, at)
  return 1
end

local results = {}
for i = ${appendHeadLength + 1}, #ARGV, ${appendItemLength} do
  local kind, id, name, value, at, first, second = unpack(ARGV, i, i + ${appendItemLength - 1})
  local key = callStem .. id
  if kind == 'event' then
    results[#results + 1] = addEvent(id, key, name, value, at, first, second)
  else
    results[#results + 1] = addSegment(id, key, name, value, at, first, second, kind == 'mcp-segment')
  end
end
return results
`);
