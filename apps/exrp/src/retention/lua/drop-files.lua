-- Forgets files that were not seen since.
-- KEYS: first seen, last seen. ARGV: time in ms, most files to forget. Returns how many were forgotten.
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, name in ipairs(gone) do
  redis.call('ZREM', KEYS[1], name)
  redis.call('ZREM', KEYS[2], name)
end
return #gone
