-- Moves the id from its present index entries to those of `state` and `cause`; sets the fields, '' removes one.
local function move(id, state, cause, fields, from)
  local old = redis.call('HMGET', KEYS[1], 'state', 'cause')
  if old[1] then
    redis.call('ZREM', KEYS[2] .. old[1], id)
    if old[2] then redis.call('ZREM', KEYS[2] .. old[1] .. ':' .. old[2], id) end
  end
  for i = from, #fields - 1, 2 do
    if fields[i + 1] == '' then redis.call('HDEL', KEYS[1], fields[i])
    else redis.call('HSET', KEYS[1], fields[i], fields[i + 1]) end
  end
  redis.call('HSET', KEYS[1], 'state', state)
  local score = redis.call('HGET', KEYS[1], 'acceptedAtMs')
  redis.call('ZADD', KEYS[2] .. state, score, id)
  if cause ~= '' then
    redis.call('HSET', KEYS[1], 'cause', cause)
    redis.call('ZADD', KEYS[2] .. state .. ':' .. cause, score, id)
    redis.call('SADD', KEYS[3], cause)
  else redis.call('HDEL', KEYS[1], 'cause') end
end
