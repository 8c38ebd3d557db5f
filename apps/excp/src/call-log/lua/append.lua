-- Adds entries to the logs of calls, each once, and sees to it that somebody looks at those calls in time:
-- one atomic step, so that neither an entry nor its timer can be lost.
-- KEYS: due, live, calls whose conversation has to be planned, and with a ledger its stream
-- ARGV: callStem, seenStem, archiveStem, nowMs, weeks (newest first, by commas), ttl of the newest week in
--   seconds, most events of an interaction, most bytes of them, most bytes of its metadata,
--   further events of who was there, most calls of an interaction, when to plan the conversations of
--   the calls ('' for never), packStem, weeks of packs (by commas);
--   then for each item: kind, callUUID, name, value, due at ms, the next two; with a ledger also id and JSON for it
--   ('' for events), and its JSON of the interaction that begins with this item ('' when it can't be one of its own)
--     'event', 'late-event': its rank (0: who was there, 1: calls, 2: attached data), parent callUUID or ''
--     'mcp-segment', 'rws-segment': bucket and digest of the media file
-- Returns for each item: 1 stored, 2 updated, 0 duplicate, 3 beyond the cap (events), -1 no room (segments),
--   4 nothing done: the interaction is in the archive, which may have this event; if not, it is a 'late-event'.
-- Arguments before the items, and of each item: as in ../call-log.ts and ../change-teller.ts.
local headLength, itemLength = 14, KEYS[4] and 10 or 7
local due, live = KEYS[1], KEYS[2]
local callStem, seenStem, archiveStem, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local weeks = {}
for week in string.gmatch(ARGV[5], '%d+') do weeks[#weeks + 1] = week end
local maxEvents, maxEventBytes, maxBytes, maxPartyEvents = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local maxCalls = tonumber(ARGV[11])

local function isArchived(id)
  local root = rootOf(callStem, id)
  return redis.call('EXISTS', archiveStem .. root) == 1 or packOf(ARGV[13], ARGV[14], root) ~= false
end

-- The calls of this step: what counts for all their items is read once, and written once at its end.
local calls, order = {}, {}
local function callOf(id, seen)
  if calls[id] then return calls[id] end
  local key = callStem .. id
  local facts = redis.call('HMGET', key, 'capped', 'parent', 'unlinked', 'lastSeenAtMs', 'endedAtMs', 'late')
  local call = {
    id = id, key = key, isCapped = facts[1] ~= false, isPlaced = (facts[2] or facts[3]) ~= false,
    isNew = not facts[4], seen = seen, isOver = (facts[5] or facts[6]) ~= false
  }
  call.isArchived = (call.isNew or facts[6] ~= false) and isArchived(id)
  call.root = facts[2] and rootOf(callStem, facts[2]) or id
  calls[id] = call
  order[#order + 1] = call
  return call
end

-- What an interaction has so far, of which this call is a part. Its root may have got one above it in this step.
local totals, names = {}, {'calls', 'events', 'data', 'eventBytes', 'bytes'}
local function totalOfRoot(root)
  while totals[root] and totals[root].movedTo do root = totals[root].movedTo end
  if totals[root] then return totals[root] end
  local facts = redis.call('HMGET', callStem .. root, unpack(names))
  local total = {}
  for at, name in ipairs(names) do total[name] = tonumber(facts[at] or (name == 'calls' and '1' or '0')) end
  totals[root] = total
  return total
end
local function totalOf(call) return totalOfRoot(call.root) end

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
  redis.call('HSET', key, 'lastSeenAtMs', now)
  lookAt(id, isOver and now or call.lookAt)
  -- Without call events nothing is told to Genesys Cloud before the end, which has it planned.
  if ARGV[12] ~= '' and (isOver or totalOf(call).events > 0) then redis.call('ZADD', KEYS[3], 'LT', ARGV[12], id) end
  if KEYS[4] and call.isNew and call.seen ~= '' and not call.isArchived and redis.call('HEXISTS', key, 'parent') == 0 then
    tell(KEYS[4], 'interaction', id, call.seen)
    redis.call('HSET', key, 'told', 'open')
  end
end

-- What is left of an interaction that turns out to be a part of another one.
local joined = '{"callUUIDs":[],"state":"joined","startMs":%s,"flags":[],"agents":[],"dns":[],"queues":[],"segments":0}'

-- The first parent counts, unless it is below this call. Beyond the most calls there is no link: the call is an
-- interaction of its own.
local function link(call, parent)
  local id, key = call.id, call.key
  if parent == '' or call.isPlaced then return end
  local root = rootOf(callStem, parent)
  if root == id then return end
  call.isPlaced = true
  local own, all = totalOf(call), totalOfRoot(root)
  if own.calls + all.calls > maxCalls then
    redis.call('HSET', key, 'unlinked', parent)
    touch(call, now)
    return
  end
  for _, name in ipairs(names) do all[name] = all[name] + own[name] end
  all.isChanged = true
  totals[id] = {movedTo = root}
  local marks = redis.call('HMGET', callStem .. parent, 'endedAtMs', 'late')
  if marks[1] or marks[2] or isArchived(parent) then redis.call('HSET', key, 'late', '1') end
  redis.call('HSET', key, 'parent', parent)
  -- The ledger knows it as an interaction of its own.
  if KEYS[4] and redis.call('HDEL', key, 'told') == 1 then
    tell(KEYS[4], 'interaction', id, string.format(joined, now))
  end
  redis.call('HSET', callStem .. parent, 'c:' .. id, '')
  redis.call('HINCRBY', callStem .. parent, 'rev', 1)
  redis.call('PERSIST', callStem .. parent)
end

-- Attached data leave room for who was there, and that for when calls begin and end. Rank 0 goes first.
local function hasRoom(total, bytes, rank)
  local events = rank == 2 and total.events or total.events - total.data
  local most = maxEvents + (rank == 0 and maxPartyEvents or 0)
  return events < most and total.eventBytes + bytes <= maxEventBytes * (3 - rank)
end

local function addEvent(call, name, value, at, rank, parent)
  if redis.call('HEXISTS', call.key, 'e:' .. name) == 1 then return 0 end
  local total = totalOf(call)
  if not hasRoom(total, #value, rank) then
    if not call.isCapped then
      call.isCapped = true
      redis.call('HSET', call.key, 'capped', '1')
      touch(call, now)
    end
    return 3
  end
  redis.call('HSET', call.key, 'e:' .. name, value)
  total.events, total.eventBytes, total.isChanged = total.events + 1, total.eventBytes + #value, true
  if rank == 2 then total.data = total.data + 1 end
  link(call, parent)
  touch(call, at)
  return 1
end

local function isOfRws(text) return string.sub(text, 1, 15) == '{"source":"rws"' end
local function hasHistory(text) return string.find(text, '"eventHistory":[{', 1, true) ~= nil end

-- What nobody has decided about yet can be told anew. MCP knows the file that we send: of RWS only the event history counts then.
local function replaceSegment(call, name, former, value, at, isOfMcp)
  local facts = redis.call('HMGET', call.key, 'r:' .. name, 'd:' .. name)
  local field = 's:'
  local state = facts[2] and string.match(facts[2], '^%S+') or ''
  if state == 'dispatched' or state == 'sending' or state == 'waiting' then return 0 end
  if not isOfMcp then
    if hasHistory(former) and not hasHistory(value) then return 0 end
    if not isOfRws(former) then
      if hasHistory(former) or not hasHistory(value) then return 0 end
      field, former = 'r:', facts[1] or ''
    end
  end
  if former == value then return 0 end
  local isKeptAside = isOfMcp and isOfRws(former) and hasHistory(former) and not hasHistory(value)
  local total = totalOf(call)
  local bytes = total.bytes + #value - (isKeptAside and 0 or #former)
  if bytes > maxBytes then return -1 end
  if isKeptAside then redis.call('HSET', call.key, 'r:' .. name, former) end
  redis.call('HSET', call.key, field .. name, value)
  total.bytes, total.isChanged = bytes, true
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
  local total = totalOf(call)
  if total.bytes + #value > maxBytes then return -1 end
  local seen = seenStem .. weeks[1] .. ':' .. bucket
  redis.call('HSET', call.key, 's:' .. name, value)
  total.bytes, total.isChanged = total.bytes + #value, true
  redis.call('SADD', seen, digest)
  redis.call('EXPIRE', seen, ARGV[6])
  touch(call, at)
  return 1
end

local results = {}
for i = headLength + 1, #ARGV, itemLength do
  local kind, id, name, value, at, first, second, toldId, told, seen = unpack(ARGV, i, i + itemLength - 1)
  local call = callOf(id, seen)
  if kind == 'event' and call.isArchived then
    results[#results + 1] = 4
  elseif kind == 'event' or kind == 'late-event' then
    results[#results + 1] = addEvent(call, name, value, at, tonumber(first), second)
  else
    local result = addSegment(call, name, value, at, first, second, kind == 'mcp-segment')
    if KEYS[4] and result > 0 then tell(KEYS[4], 'segment', toldId, told) end
    results[#results + 1] = result
  end
end
for _, call in ipairs(order) do if call.lookAt then write(call) end end
for root, total in pairs(totals) do
  local fields = {}
  for _, name in ipairs(total.isChanged and names or {}) do
    if total[name] > (name == 'calls' and 1 or 0) then
      fields[#fields + 1] = name
      fields[#fields + 1] = total[name]
    end
  end
  if #fields > 0 then redis.call('HSET', callStem .. root, unpack(fields)) end
end
return results
