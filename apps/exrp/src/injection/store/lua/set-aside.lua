-- Makes a dead letter of a record that cannot be read; what is in it stays as it is.
-- ARGV: id, cause, nowMs. Returns 1, or 0 when it is no record at all.
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
local old = redis.call('HMGET', KEYS[1], 'state', 'cause', 'acceptedAtMs')
if old[1] then
  redis.call('ZREM', KEYS[2] .. old[1], ARGV[1])
  if old[2] then redis.call('ZREM', KEYS[2] .. old[1] .. ':' .. old[2], ARGV[1]) end
end
redis.call('HDEL', KEYS[1], 'claim', 'owner')
redis.call('HSET', KEYS[1], 'state', 'failed', 'cause', ARGV[2])
local score = tonumber(old[3]) and old[3] or ARGV[3]
redis.call('ZADD', KEYS[2] .. 'failed', score, ARGV[1])
redis.call('ZADD', KEYS[2] .. 'failed:' .. ARGV[2], score, ARGV[1])
redis.call('SADD', KEYS[3], ARGV[2])
-- What is in it cannot be read, and so is not passed on.
tell(KEYS[6], 'injection', ARGV[1], cjson.encode({
  state = 'failed', cause = ARGV[2], audioFile = '', acceptedAtMs = score, updatedAtMs = ARGV[3]
}))
return 1
