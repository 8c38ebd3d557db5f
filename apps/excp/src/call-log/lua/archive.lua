-- Replaces the logs of a finished interaction by one compressed text, provided that nothing was added meanwhile. Of its
-- linked calls the way to the root stays.
-- KEYS: due, live, archive, list of those first archived today, and with a ledger its stream
-- ARGV: callStem, number of calls, callUUID and rev of each (the root first), nowMs, ttl of the archive in seconds,
--   ttl of the list, packStem, weeks of packs, the compressed text, number of linked calls, then callUUID and parent of
--   each; then what the ledger is told
-- Returns 1, or 0 when the interaction has changed: then nothing was written.
if not unchanged() then return 0 end
local now, ttl, listTtl, text, root = ARGV[nextArg], ARGV[nextArg + 1], ARGV[nextArg + 2], ARGV[nextArg + 5], ARGV[3]
if redis.call('EXISTS', KEYS[3]) == 0 and not packOf(ARGV[nextArg + 3], ARGV[nextArg + 4], root) then
  redis.call('RPUSH', KEYS[4], root)
  redis.call('EXPIRE', KEYS[4], listTtl)
end
redis.call('SET', KEYS[3], text, 'EX', ttl)
for i = 0, count - 1 do
  redis.call('UNLINK', callStem .. ARGV[3 + 2 * i])
  redis.call('ZREM', KEYS[1], ARGV[3 + 2 * i])
  redis.call('ZREM', KEYS[2], ARGV[3 + 2 * i])
end
local told = nextArg + 7 + 2 * tonumber(ARGV[nextArg + 6])
for i = nextArg + 7, told - 1, 2 do
  redis.call('HSET', callStem .. ARGV[i], 'parent', ARGV[i + 1], 'endedAtMs', now)
  redis.call('EXPIRE', callStem .. ARGV[i], ttl)
end
tellAll(KEYS[5], ARGV, told)
return 1
