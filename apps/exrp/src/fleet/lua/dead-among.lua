-- For scripts: how many of the instances in `ids`, joined by commas, are dead. The latest sign of life of anybody is
-- the present: while Redis was away nobody could give one, and that is nobody's death.
local function deadAmong(instancesKey, ids, deadAfterMs)
  local latest = redis.call('ZREVRANGE', instancesKey, 0, 0, 'WITHSCORES')
  local since = tonumber(latest[2] or '0') - deadAfterMs
  local dead = 0
  for id in string.gmatch(ids, '[^,]+') do
    local beat = redis.call('ZSCORE', instancesKey, id)
    if not beat or tonumber(beat) < since then dead = dead + 1 end
  end
  return dead
end
