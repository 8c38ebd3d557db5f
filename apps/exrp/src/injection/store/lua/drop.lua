-- Removes the record of a recording that is still in this state, with its index entries.
-- ARGV: id, state. Returns 1, or 0 when it is in another state.
local seen = redis.call('HMGET', KEYS[1], 'state', 'cause')
if seen[1] ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[2] .. seen[1], ARGV[1])
if seen[2] then redis.call('ZREM', KEYS[2] .. seen[1] .. ':' .. seen[2], ARGV[1]) end
return redis.call('DEL', KEYS[1])
