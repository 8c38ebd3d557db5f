import { luaScript, outboxLua } from '@exrec/service-kit';
import deadAmongLua from '../../fleet/lua/dead-among.lua';
import moveLua from './lua/move.lua';
import acceptLua from './lua/accept.lua';
import claimLua from './lua/claim.lua';
import advanceLua from './lua/advance.lua';
import moveFromLua from './lua/move-from.lua';
import setAsideLua from './lua/set-aside.lua';
import dropMetadataLua from './lua/drop-metadata.lua';
import dropLua from './lua/drop.lua';
import tellLua from './lua/tell.lua';
import tellAgainLua from './lua/tell-again.lua';
import makeSmallLua from './lua/make-small.lua';

/*
 * The atomic steps of an injection's record. All keys share one hash tag.
 *
 *   <prefix>:injection:<id>               hash    the record
 *   <prefix>:injections-by:<state>           zset    ids by time of acceptance
 *   <prefix>:injections-by:<state>:<cause>   zset    the same, for states that carry a cause
 *
 *   <prefix>:injection-causes             set     every cause there ever was
 *   <prefix>:confirmed:<week>:<bucket>    set     digests of ids that the ledger has the records of
 *
 * `<prefix>:injections:` belongs to the BullMQ queue of that name, which has keys like `failed`, too.
 *
 * KEYS[1] is the record, KEYS[2] the stem `<prefix>:injections-by:` of the indexes, KEYS[3] the set of causes,
 * KEYS[4] the instances' signs of life, KEYS[5] the breaker (while it is there, no recording is given out), KEYS[6] the
 * ledger's stream where there is a ledger: every change that a person could ask for is told in the same step.
 */

/**
 * Creates the record unless it is there. A dead letter that outlived its audio has lost its metadata: it gets them back,
 * so that it can be requeued when the audio is back, too. Until the upload a later announcement of the audio's size and
 * duration corrects the earlier one.
 */
export const acceptScript = luaScript(moveLua, outboxLua, tellLua, acceptLua);

/**
 * Takes the record for one attempt. An earlier claim that was never settled was lost by its owner: by its death, or with
 * its lock. Only the dead count: who lost a lock may lose ten more and does no harm.
 */
export const claimScript = luaScript(moveLua, deadAmongLua, claimLua);

/**
 * Moves a claimed record on; refused when another worker has claimed it since. The ledger is told of the end of an
 * attempt, not of its steps.
 */
export const advanceScript = luaScript(moveLua, outboxLua, tellLua, advanceLua);

/** Moves a record on that is in one of the expected states and that nobody works on. */
export const moveFromScript = luaScript(moveLua, outboxLua, tellLua, moveFromLua);

/** Makes a dead letter of a record that cannot be read; what is in it stays as it is. */
export const setAsideScript = luaScript(outboxLua, setAsideLua);

/** Removes the metadata of a record whose way is over. */
export const dropMetadataScript = luaScript(dropMetadataLua);

/** Removes the record of a recording that is still in this state, with its index entries. */
export const dropScript = luaScript(dropLua);

/** Tells the ledger of a record as it stands. */
export const tellAgainScript = luaScript(outboxLua, tellLua, tellAgainLua);

/**
 * Leaves of a confirmed record only the digest of its id, which recognises a duplicate, provided that the ledger has its
 * last change: what it has is no longer in the stream.
 */
export const makeSmallScript = luaScript(makeSmallLua);
