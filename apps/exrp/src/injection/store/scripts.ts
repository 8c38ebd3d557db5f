import { luaScript } from '@exrec/service-kit';

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
 * KEYS[1] is the record, KEYS[2] the stem `<prefix>:injections-by:` of the indexes, KEYS[3] the set of causes.
 */

/** Moves the id from its present index entries to those of `state` and `cause`; sets the fields, '' removes one. */
const moveFunction = `
local function move(id, state, cause, fields, from)
  local old = redis.call('HMGET', KEYS[1], 'state', 'cause', 'acceptedAtMs')
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
 * Creates the record unless it is there.
 * ARGV: id, then field, value, …
 * Returns {1} for a new record, else {0, state}.
 */
export const acceptScript = luaScript(`${moveFunction}
local state = redis.call('HGET', KEYS[1], 'state')
if state then return {0, state} end
move(ARGV[1], 'queued', '', ARGV, 2)
return {1}
`);

/**
 * Takes the record for one attempt: counts it, and counts it as unsettled until the attempt ends.
 * ARGV: id, claim, newest record version understood, nowMs, unsettled attempts that make it a suspect
 * Returns {'missing'}, {'settled', state}, {'newer', version}, {'suspect'} (nothing changed) or
 * {'claimed', unsettled, state before, field, value, …}.
 */
export const claimScript = luaScript(`${moveFunction}
local seen = redis.call('HMGET', KEYS[1], 'state', 'version')
if not seen[1] then return {'missing'} end
if seen[1] == 'uploaded' or seen[1] == 'confirmed' or seen[1] == 'failed' then return {'settled', seen[1]} end
if tonumber(seen[2]) > tonumber(ARGV[3]) then return {'newer', seen[2]} end
if tonumber(redis.call('HGET', KEYS[1], 'unsettled') or '0') >= tonumber(ARGV[5]) then return {'suspect'} end
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
local unsettled = redis.call('HINCRBY', KEYS[1], 'unsettled', 1)
local fields = {'claim', ARGV[2], 'updatedAtMs', ARGV[4], 'nextTryAtMs', '', 'detail', ''}
move(ARGV[1], 'fetching', '', fields, 1)
local record = redis.call('HGETALL', KEYS[1])
table.insert(record, 1, seen[1])
table.insert(record, 1, tostring(unsettled))
table.insert(record, 1, 'claimed')
return record
`);

/**
 * Moves a claimed record on; refused when another worker has claimed it since.
 * ARGV: id, claim, state, cause or '', then field, value, …
 * Returns 1, or 0 when refused.
 */
export const advanceScript = luaScript(`${moveFunction}
if redis.call('HGET', KEYS[1], 'claim') ~= ARGV[2] then return 0 end
move(ARGV[1], ARGV[3], ARGV[4], ARGV, 5)
return 1
`);

/**
 * Moves a record on that is in one of the expected states and that nobody works on.
 * ARGV: id, expected states joined by ',', state, cause or '', then field, value, …
 * Returns 1, or 0 when it is in another state.
 */
export const moveFromScript = luaScript(`${moveFunction}
local state = redis.call('HGET', KEYS[1], 'state')
if not state or not string.find(',' .. ARGV[2] .. ',', ',' .. state .. ',', 1, true) then return 0 end
move(ARGV[1], ARGV[3], ARGV[4], ARGV, 5)
return 1
`);
