-- Lua: `tellOf(id, withMetadata)` tells the ledger how the record of KEYS[1] stands, in the script that changes it.
-- KEYS[6] is the ledger's stream, or missing where there is no ledger. What only the work itself needs is left out, and
-- the metadata after the first time. A confirmed record keeps the id of its entry: once the ledger has that, the record
-- can become small.
local untold = {claim = true, owner = true, lostBy = true, recordingId = true, version = true, toldId = true,
  expectedSizeBytes = true, expectedDurationMs = true, audioDeadlineAtMs = true}
local function tellOf(id, withMetadata)
  if not KEYS[6] then return end
  local flat, record = redis.call('HGETALL', KEYS[1]), {}
  for i = 1, #flat - 1, 2 do
    if not untold[flat[i]] and (withMetadata or flat[i] ~= 'metadata') then record[flat[i]] = flat[i + 1] end
  end
  local told = tell(KEYS[6], 'injection', id, cjson.encode(record))
  if record.state == 'confirmed' then redis.call('HSET', KEYS[1], 'toldId', told) end
end
