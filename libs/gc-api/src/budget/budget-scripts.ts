/**
 * Reads one client's bucket `{tokens, at, paused}` (ms of Redis TIME) and lets it grow.
 * A time in the future that no pause explains comes from a clock that jumped: it is dropped.
 */
const readBucket = `
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function read_bucket(key, now, capacity, per_ms, longest_pause)
  local stored = redis.call('HMGET', key, 'tokens', 'at', 'paused')
  local tokens = tonumber(stored[1]) or capacity
  local at = tonumber(stored[2]) or now
  local paused = tonumber(stored[3]) or 0
  if paused - now > longest_pause then paused = 0 end
  if paused <= now then
    tokens = math.min(capacity, tokens + math.max(0, now - at) * per_ms)
    at = now
  end
  return tokens, at, paused
end
local function write_bucket(key, tokens, at, paused, life)
  redis.call('HSET', key, 'tokens', string.format('%.6f', tokens), 'at', string.format('%d', at), 'paused', string.format('%d', paused))
  redis.call('PEXPIRE', key, life)
end
`;

/**
 * Takes one request from the fullest bucket, or keeps a place in the queue.
 *
 * KEYS  1 waiting (zset: waiter by due time)  2 seen (zset: waiter by last call)  3.. one bucket per client
 * ARGV  1 waiter  2 waited ms  3 delay ms of the kind  4 reserve of the kind  5 capacity  6 tokens per ms
 *       7 waiter life ms  8 longest pause ms  9 bucket life ms
 * gives {'granted', index of the client from 0} | {'wait', ms} | {'paused', ms}
 */
export const takeScript = `${readBucket}
local waiter, waited, delay, reserve = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local capacity, per_ms = tonumber(ARGV[5]), tonumber(ARGV[6])
local waiter_life, longest_pause, bucket_life = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local now = now_ms()

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - waiter_life)) do
  redis.call('ZREM', KEYS[1], gone)
  redis.call('ZREM', KEYS[2], gone)
end
redis.call('ZREM', KEYS[1], waiter)
redis.call('ZREM', KEYS[2], waiter)

local open, total, best, best_tokens, shortest_pause = 0, 0, nil, -1, longest_pause
for index = 3, #KEYS do
  local tokens, at, paused = read_bucket(KEYS[index], now, capacity, per_ms, longest_pause)
  if paused > now then
    shortest_pause = math.min(shortest_pause, paused - now)
  else
    write_bucket(KEYS[index], tokens, at, paused, bucket_life)
    open, total = open + 1, total + tokens
    if tokens > best_tokens then best, best_tokens = index, tokens end
  end
end
if best == nil then return {'paused', shortest_pause} end

local due = now - waited + delay
local ahead = redis.call('ZCOUNT', KEYS[1], '-inf', due)
local kept = 0
if waited < delay then kept = reserve * (capacity * open - 1) end
local lacking = math.max(ahead + 1 + kept - total, 1 - best_tokens)
if lacking <= 0.00001 then
  write_bucket(KEYS[best], best_tokens - 1, now, 0, bucket_life)
  return {'granted', best - 3}
end
redis.call('ZADD', KEYS[1], due, waiter)
redis.call('ZADD', KEYS[2], now, waiter)
redis.call('PEXPIRE', KEYS[1], waiter_life * 2)
redis.call('PEXPIRE', KEYS[2], waiter_life * 2)
return {'wait', math.ceil(lacking / (per_ms * open))}
`;

/**
 * Caps a bucket and pauses it; a pause is only ever lengthened and ends with an empty bucket.
 *
 * KEYS  1 bucket
 * ARGV  1 remaining  2 pause ms  3 capacity  4 tokens per ms  5 longest pause ms  6 bucket life ms
 */
export const restrictScript = `${readBucket}
local remaining, pause = tonumber(ARGV[1]), tonumber(ARGV[2])
local capacity, per_ms, longest_pause, bucket_life = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local now = now_ms()
local tokens, at, paused = read_bucket(KEYS[1], now, capacity, per_ms, longest_pause)
tokens = math.max(0, math.min(tokens, remaining))
local until_ms = now + math.min(pause, longest_pause)
if pause > 0 and until_ms > paused then tokens, at, paused = 0, until_ms, until_ms end
write_bucket(KEYS[1], tokens, at, paused, bucket_life)
return 1
`;
