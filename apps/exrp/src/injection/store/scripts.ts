import { luaScript, outboxFunctions } from '@exrec/service-kit';
import { deadAmongFunction } from '../../fleet/instances.js';
import { tellFunction } from '../../ledger/tell.js';

/*
 * The atomic steps of an injection's record. All keys share one hash tag.
 *
 *   <prefix>:injection:<id>               hash    the record
 *   <prefix>:injections-by:<state>           zset    ids by time of acceptance
 *   <prefix>:injections-by:<state>:<cause>   zset    the same, for states that carry a cause
 *
 *   <prefix>:injection-causes             set     every cause there ever was
 *
 * `<prefix>:injections:` belongs to the BullMQ queue of that name, which has keys like `failed`, too.
 *
 * KEYS[1] is the record, KEYS[2] the stem `<prefix>:injections-by:` of the indexes, KEYS[3] the set of causes,
 * KEYS[4] the instances' signs of life, KEYS[5] the breaker (while it is there, no recording is given out), KEYS[6] the
 * ledger's stream where there is a ledger: every change that a person could ask for is told in the same step.
 */

/** Moves the id from its present index entries to those of `state` and `cause`; sets the fields, '' removes one. */
const moveFunction = `
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
`;

/**
 * Creates the record unless it is there. A dead letter that outlived its audio has lost its metadata: it gets them back,
 * so that it can be requeued when the audio is back, too. Until the upload a later announcement of the audio's size and
 * duration corrects the earlier one.
 * ARGV: id, then field, value, …
 * Returns {1} for a new record, else {0, state, 1 when something was corrected}.
 */
export const acceptScript = luaScript(`${moveFunction}${tellFunction}
local state = redis.call('HGET', KEYS[1], 'state')
if not state then
  move(ARGV[1], 'queued', '', ARGV, 2)
  tellOf(ARGV[1], true)
  return {1}
end
local given = {}
for i = 2, #ARGV - 1, 2 do given[ARGV[i]] = ARGV[i + 1] end
if state == 'failed' and redis.call('HEXISTS', KEYS[1], 'metadata') == 0 then
  redis.call('HSET', KEYS[1], 'metadata', given.metadata)
end
if state == 'uploaded' or state == 'confirmed' then return {0, state, 0} end
local corrected = 0
for _, name in ipairs({'expectedSizeBytes', 'expectedDurationMs'}) do
  local value = given[name] or ''
  if value ~= '' and value ~= redis.call('HGET', KEYS[1], name) then
    redis.call('HSET', KEYS[1], name, value)
    corrected = 1
  end
end
return {0, state, corrected}
`);

/**
 * Takes the record for one attempt. An earlier claim that was never settled was lost by its owner: by its death, or with
 * its lock. Only the dead count: who lost a lock may lose ten more and does no harm.
 * ARGV: id, claim, newest record version understood, nowMs, deaths that make it a suspect, this instance, ms without a
 * sign of life until an instance is dead
 * Returns {'outage'}, {'missing'}, {'settled', state}, {'newer', version}, {'damaged'}, {'suspect'} (nothing changed) or
 * {'claimed', deaths, state before, field, value, …}.
 */
export const claimScript = luaScript(`${moveFunction}${deadAmongFunction}
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
`);

/**
 * Moves a claimed record on; refused when another worker has claimed it since. The ledger is told of the end of an
 * attempt, not of its steps.
 * ARGV: id, claim, state, cause or '', then field, value, …
 * Returns 1, or 0 when refused.
 */
export const advanceScript = luaScript(`${moveFunction}${tellFunction}
if redis.call('HGET', KEYS[1], 'claim') ~= ARGV[2] then return 0 end
move(ARGV[1], ARGV[3], ARGV[4], ARGV, 5)
local isStep = ARGV[3] == 'fetching' or ARGV[3] == 'sealing' or ARGV[3] == 'uploading'
if not isStep then tellOf(ARGV[1], false) end
return 1
`);

/**
 * Moves a record on that is in one of the expected states and that nobody works on.
 * ARGV: id, expected states joined by ',', state, cause or '', then field, value, …
 * Returns 1, or 0 when it is in another state.
 */
export const moveFromScript = luaScript(`${moveFunction}${tellFunction}
local state = redis.call('HGET', KEYS[1], 'state')
if not state or not string.find(',' .. ARGV[2] .. ',', ',' .. state .. ',', 1, true) then return 0 end
move(ARGV[1], ARGV[3], ARGV[4], ARGV, 5)
tellOf(ARGV[1], false)
return 1
`);

/**
 * Makes a dead letter of a record that cannot be read; what is in it stays as it is.
 * ARGV: id, cause, nowMs. Returns 1, or 0 when it is no record at all.
 */
export const setAsideScript = luaScript(`${outboxFunctions}
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
`);

/** Removes the metadata of a record whose way is over. Returns 1 when there were any. */
export const dropMetadataScript = luaScript(`
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'uploaded' and state ~= 'confirmed' and state ~= 'failed' then return 0 end
return redis.call('HDEL', KEYS[1], 'metadata')
`);

/**
 * Removes the record of a recording that is still in this state, with its index entries.
 * ARGV: id, state. Returns 1, or 0 when it is in another state.
 */
export const forgetScript = luaScript(`
local seen = redis.call('HMGET', KEYS[1], 'state', 'cause')
if seen[1] ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[2] .. seen[1], ARGV[1])
if seen[2] then redis.call('ZREM', KEYS[2] .. seen[1] .. ':' .. seen[2], ARGV[1]) end
return redis.call('DEL', KEYS[1])
`);
