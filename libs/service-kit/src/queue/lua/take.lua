-- KEYS[1] the lock, KEYS[2] when the next turn is due (ms of Redis' clock). ARGV: token, period, lifetime of the lock.
-- Returns 0 when the caller has the turn, else in how many ms to ask again. A time further ahead than a period comes
-- from another clock, or another period, and is ignored.
local left = tonumber(redis.call('GET', KEYS[2]) or now) - now
if left > 0 and left <= tonumber(ARGV[2]) then return left end
local held = redis.call('PTTL', KEYS[1])
if held > 0 then return math.min(held, tonumber(ARGV[2])) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 0
