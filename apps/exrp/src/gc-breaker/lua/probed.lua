-- KEYS[1]. ARGV: since (of the outage that was probed), ms until the next probe, or -1 when the other side is back.
if redis.call('HGET', KEYS[1], 'sinceMs') ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) < 0 then return redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'probeAtMs', now + ARGV[2])
return 1
