-- Takes one request from the fullest bucket, or keeps a place in the queue.
-- KEYS  1 waiting (zset: waiter by due time)  2 seen (zset: waiter by last call)  3.. one bucket per client
-- ARGV  1 waiter  2 waited ms  3 delay ms of the kind  4 reserve of the kind  5 capacity  6 tokens per ms
--       7 waiter life ms  8 longest pause ms  9 bucket life ms
-- Returns {'granted', index of the client from 0} | {'wait', ms} | {'paused', ms}
local waiter, waited, delay, reserve = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local capacity, perMs = tonumber(ARGV[5]), tonumber(ARGV[6])
local waiterLife, longestPause, bucketLife = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - waiterLife)) do
  redis.call('ZREM', KEYS[1], gone)
  redis.call('ZREM', KEYS[2], gone)
end
redis.call('ZREM', KEYS[1], waiter)
redis.call('ZREM', KEYS[2], waiter)

local open, total, best, bestTokens, shortestPause = 0, 0, nil, -1, longestPause
for index = 3, #KEYS do
  local tokens, at, paused = readBucket(KEYS[index], now, capacity, perMs, longestPause)
  if paused > now then
    shortestPause = math.min(shortestPause, paused - now)
  else
    writeBucket(KEYS[index], tokens, at, paused, bucketLife)
    open, total = open + 1, total + tokens
    if tokens > bestTokens then best, bestTokens = index, tokens end
  end
end
if best == nil then return {'paused', shortestPause} end

local due = now - waited + delay
local ahead = redis.call('ZCOUNT', KEYS[1], '-inf', due)
local kept = 0
if waited < delay then kept = reserve * (capacity * open - 1) end
local lacking = math.max(ahead + 1 + kept - total, 1 - bestTokens)
if lacking <= 0.00001 then
  writeBucket(KEYS[best], bestTokens - 1, now, 0, bucketLife)
  return {'granted', best - 3}
end
redis.call('ZADD', KEYS[1], due, waiter)
redis.call('ZADD', KEYS[2], now, waiter)
redis.call('PEXPIRE', KEYS[1], waiterLife * 2)
redis.call('PEXPIRE', KEYS[2], waiterLife * 2)
return {'wait', math.ceil(lacking / (perMs * open))}
