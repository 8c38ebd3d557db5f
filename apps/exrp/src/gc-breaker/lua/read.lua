-- How it stands; one caller at a time is told to probe.
-- KEYS[1]. ARGV: ms that a probe may take. Returns {'closed'}, or {'open' or 'probe', since, now, cause, detail, probe, probes}.
local seen = redis.call('HMGET', KEYS[1], 'sinceMs', 'cause', 'detail', 'probe', 'probeAtMs')
if not seen[1] then return {'closed'} end
local kind = 'open'
local probes = 0
if now >= tonumber(seen[5]) then
  kind = 'probe'
  probes = redis.call('HINCRBY', KEYS[1], 'probes', 1)
  redis.call('HSET', KEYS[1], 'probeAtMs', now + ARGV[1])
end
return {kind, seen[1], tostring(now), seen[2], seen[3], seen[4], tostring(probes)}
