-- Opens the breaker, unless it is open.
-- KEYS[1] the breaker (hash). ARGV: cause, detail, probe as JSON, ms until the first probe. Returns 1, or 0 when it was open.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'sinceMs', now, 'cause', ARGV[1], 'detail', ARGV[2], 'probe', ARGV[3], 'probeAtMs', now + ARGV[4])
return 1
