-- KEYS as of the first. ARGV: token, ms until the next turn. The period counts from the begin of this one.
redis.call('SET', KEYS[2], string.format('%d', now + ARGV[2]))
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
