-- Puts archives into a pack, but for those that have changed since they were read.
-- KEYS: pack, packs
-- ARGV: archiveStem, packStem, number, text, ttl of the pack in seconds, week, ttl of the week's index in seconds, day,
--   how many of the day are done then, then root and the first bytes of each archive
-- Returns how many it has.
local archiveStem, stem, week = ARGV[1], ARGV[2], ARGV[6]
local count = 0
for i = 10, #ARGV - 1, 2 do
  local root, head = ARGV[i], ARGV[i + 1]
  if redis.call('GETRANGE', archiveStem .. root, 0, #head - 1) == head then
    local bucket, digest = placeOf(root)
    local index = stem .. 'ed:' .. week .. ':' .. bucket
    redis.call('HSET', index, digest, ARGV[3])
    redis.call('EXPIRE', index, ARGV[7])
    redis.call('UNLINK', archiveStem .. root)
    count = count + 1
  end
end
if count > 0 then redis.call('SET', KEYS[1], ARGV[4], 'EX', ARGV[5]) end
redis.call('HSET', KEYS[2], ARGV[8], ARGV[9])
return count
