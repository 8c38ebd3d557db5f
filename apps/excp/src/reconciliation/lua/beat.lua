-- Notes that the fleet is alive.
-- KEYS: the hash of the beat
-- Returns {number of this beat, time of the one before (epoch ms by Redis' clock) or '', time of this one}.
local before = redis.call('HGET', KEYS[1], 'atMs') or ''
local count = redis.call('HINCRBY', KEYS[1], 'count', 1)
redis.call('HSET', KEYS[1], 'atMs', now)
return {count, before, tostring(now)}
