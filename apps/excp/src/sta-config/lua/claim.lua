-- KEYS[1] the configuration.
-- ARGV    now, refresh period, lifetime of a claim, end of this claim (ms); '1': even if it is not due.
-- Returns the number of failed attempts so far when the caller is to pull, else -1.
-- A time further ahead than it can be comes from a wrong clock or another refresh period, and is ignored.
local now = tonumber(ARGV[1])
local function lies_ahead(field, furthest)
  local at = tonumber(redis.call('HGET', KEYS[1], field) or '') or 0
  return at > now and at <= now + tonumber(furthest)
end
if lies_ahead('pullingUntilMs', ARGV[3]) then return -1 end
if ARGV[5] ~= '1' and lies_ahead('nextPullAtMs', ARGV[2]) then return -1 end
redis.call('HSET', KEYS[1], 'pullingUntilMs', ARGV[4])
return tonumber(redis.call('HGET', KEYS[1], 'failures') or '') or 0
