-- One sign of life, by Redis' clock.
-- KEYS: instances (zset of ids by last beat). ARGV: id, dead after ms, forget after ms.
-- Returns how many others are alive.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
redis.call('ZADD', KEYS[1], now, ARGV[1])
return redis.call('ZCOUNT', KEYS[1], now - ARGV[2], '+inf') - 1
