-- KEYS[1] the lock. ARGV: token, time to live in ms. Also takes back a lock that Redis has lost.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
