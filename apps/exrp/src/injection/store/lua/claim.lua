-- Takes the record for one attempt. An earlier claim that was never settled was lost by its owner: by its death, or with
-- its lock. Only the dead count: who lost a lock may lose ten more and does no harm.
-- ARGV: id, claim, newest record version understood, nowMs, deaths that make it a suspect, this instance, ms without a
-- sign of life until an instance is dead
-- Returns {'outage'}, {'missing'}, {'settled', state}, {'newer', version}, {'damaged'}, {'suspect'} (nothing changed) or
-- {'claimed', deaths, state before, field, value, …}.
if redis.call('EXISTS', KEYS[5]) == 1 then return {'outage'} end
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then return {'missing'} end
if kind ~= 'hash' then return {'damaged'} end
local seen = redis.call('HMGET', KEYS[1], 'state', 'version', 'acceptedAtMs', 'owner', 'lostBy', 'attempts')
local state = seen[1]
if state == 'uploaded' or state == 'confirmed' or state == 'failed' then return {'settled', state} end
if tonumber(seen[2]) and tonumber(seen[2]) > tonumber(ARGV[3]) then return {'newer', seen[2]} end
if not state or not tonumber(seen[2]) or not tonumber(seen[3]) or not tonumber(seen[6] or '0') then return {'damaged'} end
local lostBy = seen[5] or ''
local owner = seen[4]
if owner and not string.find(',' .. lostBy .. ',', ',' .. owner .. ',', 1, true) then
  lostBy = lostBy == '' and owner or lostBy .. ',' .. owner
end
local deaths = deadAmong(KEYS[4], lostBy, tonumber(ARGV[7]))
if deaths >= tonumber(ARGV[5]) then return {'suspect'} end
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
local fields = {'claim', ARGV[2], 'owner', ARGV[6], 'lostBy', lostBy, 'updatedAtMs', ARGV[4], 'nextTryAtMs', '', 'detail', ''}
move(ARGV[1], 'fetching', '', fields, 1)
local record = redis.call('HGETALL', KEYS[1])
table.insert(record, 1, state)
table.insert(record, 1, tostring(deaths))
table.insert(record, 1, 'claimed')
return record
