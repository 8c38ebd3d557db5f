-- Notes that these files were seen now.
-- KEYS: first seen (zset of names), last seen (zset of names). ARGV: now in ms, then names.
-- Returns when each was seen first, in the order of the names.
local first = {}
for i = 2, #ARGV do
  redis.call('ZADD', KEYS[1], 'NX', ARGV[1], ARGV[i])
  redis.call('ZADD', KEYS[2], ARGV[1], ARGV[i])
  first[i - 1] = redis.call('ZSCORE', KEYS[1], ARGV[i])
end
return first
