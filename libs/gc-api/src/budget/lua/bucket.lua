-- Reads one client's bucket `{tokens, at, paused}` (ms of Redis TIME) and lets it grow.
-- A time in the future that no pause explains comes from a clock that jumped: it is dropped.
local function readBucket(key, now, capacity, perMs, longestPause)
  local stored = redis.call('HMGET', key, 'tokens', 'at', 'paused')
  local tokens = tonumber(stored[1]) or capacity
  local at = tonumber(stored[2]) or now
  local paused = tonumber(stored[3]) or 0
  if paused - now > longestPause then paused = 0 end
  if paused <= now then
    tokens = math.min(capacity, tokens + math.max(0, now - at) * perMs)
    at = now
  end
  return tokens, at, paused
end
local function writeBucket(key, tokens, at, paused, life)
  redis.call('HSET', key, 'tokens', string.format('%.6f', tokens), 'at', string.format('%d', at), 'paused', string.format('%d', paused))
  redis.call('PEXPIRE', key, life)
end
