-- Notes that the fleet is alive.
-- KEYS: the hash of the beat
-- ARGV: a pause longer than this (ms) is a break; so is a clock that jumps as far, either way
-- Returns {number of this beat, time of the one before (epoch ms by Redis' clock) or '', time of this one, time since
-- when there was no break}.
local known = redis.call('HMGET', KEYS[1], 'atMs', 'sinceMs')
local before, since = known[1] or '', known[2]
local count = redis.call('HINCRBY', KEYS[1], 'count', 1)
if before == '' or math.abs(now - before) > tonumber(ARGV[1]) then since = tostring(now) end
redis.call('HSET', KEYS[1], 'atMs', now, 'sinceMs', since or before)
return {count, before, tostring(now), since or before}
