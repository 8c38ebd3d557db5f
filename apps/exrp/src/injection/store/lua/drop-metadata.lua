-- Removes the metadata of a record whose way is over. Returns 1 when there were any.
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'uploaded' and state ~= 'confirmed' and state ~= 'failed' then return 0 end
return redis.call('HDEL', KEYS[1], 'metadata')
