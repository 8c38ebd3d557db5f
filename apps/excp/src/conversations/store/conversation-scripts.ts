import { luaScript, outboxLua } from '@exrec/service-kit';
import revisionsLua from '../../call-log/lua/revisions.lua';
import toldLua from '../../call-log/lua/told.lua';
import claimLua from './lua/claim.lua';
import writeLua from './lua/write.lua';
import settleLua from './lua/settle.lua';
import closeGoneLua from './lua/close-gone.lua';

/** Takes calls that have to be planned, for a while: who dies with one leaves it to others then. */
export const claimScript = luaScript(claimLua);

/**
 * Writes what was decided about conversations, provided that nothing was added to the interaction meanwhile: its legs and
 * events, the events to be sent with all their text, and when to plan again.
 */
export const writeScript = luaScript(revisionsLua, outboxLua, toldLua, writeLua);

/** Writes what became of the events at the head of a conversation's list, unless somebody else has done so. */
export const settleScript = luaScript(settleLua);

/** Puts the ends of a conversation's legs on its list, and takes it from those with open legs: once. */
export const closeGoneScript = luaScript(closeGoneLua);
