-- `packOf(stem, weeks, root)` gives the number of the pack that has an interaction, as long as it is there; `placeOf`
-- where the index has it: bucket and digest.
local function placeOf(id)
  local hash = redis.sha1hex(id)
  return string.format('%d', tonumber(string.sub(hash, 14, 17), 16)),
    string.format('%.0f', tonumber(string.sub(hash, 1, 13), 16))
end
local function packOf(stem, weeks, id)
  local bucket, digest = placeOf(id)
  for week in string.gmatch(weeks, '%d+') do
    local pack = redis.call('HGET', stem .. 'ed:' .. week .. ':' .. bucket, digest)
    if pack and redis.call('EXISTS', stem .. ':' .. pack) == 1 then return pack end
  end
  return false
end
