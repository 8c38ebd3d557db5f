-- Adds users to the present configuration; of an e-mail that is there twice the last one counts.
-- KEYS[1] the configuration.
-- ARGV    the users as JSON, not empty; the new version.
-- Returns 0 when there is no configuration: then nothing is written.
if redis.call('HEXISTS', KEYS[1], 'version') == 0 then return 0 end
local known = redis.call('HGET', KEYS[1], 'userIds') or '[]'
if string.len(known) > 2 then
  known = string.sub(known, 1, -2) .. ',' .. string.sub(ARGV[1], 2)
else
  known = ARGV[1]
end
redis.call('HSET', KEYS[1], 'userIds', known, 'version', ARGV[2])
return 1
