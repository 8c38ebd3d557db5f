import { luaScript, outboxLua } from '@exrec/service-kit';
import makeSmallLua from './lua/make-small.lua';
import tellAgainLua from './lua/tell-again.lua';
import tellLua from './lua/tell.lua';

/*
 * KEYS of both: as in ../injection/store/scripts.ts: record, stem of the indexes, causes, instances, the ledger's stream.
 */

/**
 * Leaves of a confirmed record only the digest of its id, which recognises a duplicate, provided that the ledger has its
 * last change: what it has is no longer in the stream.
 */
export const makeSmallScript = luaScript(makeSmallLua);

/** Tells the ledger of a record as it stands. */
export const tellAgainScript = luaScript(outboxLua, tellLua, tellAgainLua);
