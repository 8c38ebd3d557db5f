-- Creates the record unless it is there. A dead letter that outlived its audio has lost its metadata: it gets them back,
-- so that it can be requeued when the audio is back, too. Until the upload a later announcement of the audio's size and
-- duration corrects the earlier one.
-- ARGV: id, its digest, number of sets that may have it, those sets, then field, value, …
-- Returns {1} for a new record, else {0, state, 1 when something was corrected}.
local state = redis.call('HGET', KEYS[1], 'state')
local first = 4 + tonumber(ARGV[3])
if not state then
  for i = 4, first - 1 do
    if redis.call('SISMEMBER', ARGV[i], ARGV[2]) == 1 then return {0, 'confirmed', 0} end
  end
  move(ARGV[1], 'queued', '', ARGV, first)
  tellOf(ARGV[1], true)
  return {1}
end
local given = {}
for i = first, #ARGV - 1, 2 do given[ARGV[i]] = ARGV[i + 1] end
if state == 'failed' and redis.call('HEXISTS', KEYS[1], 'metadata') == 0 then
  redis.call('HSET', KEYS[1], 'metadata', given.metadata)
end
if state == 'uploaded' or state == 'confirmed' then return {0, state, 0} end
local corrected = 0
for _, name in ipairs({'expectedSizeBytes', 'expectedDurationMs'}) do
  local value = given[name] or ''
  if value ~= '' and value ~= redis.call('HGET', KEYS[1], name) then
    redis.call('HSET', KEYS[1], name, value)
    corrected = 1
  end
end
return {0, state, corrected}
