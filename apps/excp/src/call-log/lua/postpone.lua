-- Puts back a call that could not be looked at. The count of one that its root stands for meanwhile goes with time.
-- KEYS: due, postponed
-- ARGV: callUUID, until ms, seconds that the counts are kept
redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
redis.call('EXPIRE', KEYS[2], ARGV[3])
return redis.call('ZADD', KEYS[1], 'XX', ARGV[2], ARGV[1])
