-- Puts the ends of a conversation's legs on its list, and takes it from those with open legs: once.
-- KEYS: pending, open, the list
-- ARGV: root call, nowMs, the events' texts
if redis.call('HDEL', KEYS[2], ARGV[1]) == 0 then return 0 end
for i = 3, #ARGV do redis.call('RPUSH', KEYS[3], ARGV[i]) end
redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[1])
return 1
