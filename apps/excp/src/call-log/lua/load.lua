-- Reads what is kept of the interaction that a call belongs to: its root by the parent links, and all calls below that
-- one and below the further calls. Not all of a large one at once, since Redis has others to serve.
-- KEYS: the hash of that call
-- ARGV: callStem, archiveStem, callUUID, how many calls and bytes at most, packStem, weeks of packs, then further calls
--   of the interaction to begin with instead of the root
-- Returns {root callUUID, '1' when the archive has it, or else 'pack <number>' or '', {callUUID, field, value, …}, …}. Calls are missing that a link
--   leads to (field c:<callUUID>) or that were given, when it would have been too much. A call that is too large by
--   itself is {callUUID, '', how many of its fields fit into one step, rev}.
local callStem, archiveStem, maxCalls, maxBytes = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])

local root = rootOf(callStem, ARGV[3])
local queue, known, bytes = {}, {}, 0
local archive = redis.call('EXISTS', archiveStem .. root) == 1 and '1' or ''
if archive == '' then
  local pack = packOf(ARGV[6], ARGV[7], root)
  if pack then archive = 'pack ' .. pack end
end
local result = {root, archive}
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
for i = 8, #ARGV do add(ARGV[i]) end
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
