import { luaScript, outboxLua } from '@exrec/service-kit';
import loadLua from './lua/load.lua';
import rootOfLua from './lua/root-of.lua';
import revisionsLua from './lua/revisions.lua';
import commitLua from './lua/commit.lua';
import recordDeliveryLua from './lua/record-delivery.lua';
import archiveLua from './lua/archive.lua';
import tellLua from './lua/tell.lua';
import toldLua from './lua/told.lua';
import packOfLua from './packs/lua/pack-of.lua';

/**
 * Reads what is kept of the interaction that a call belongs to: its root by the parent links, and all calls below that
 * one and below the further calls. Not all of a large one at once, since Redis has others to serve.
 */
export const loadScript = luaScript(rootOfLua, packOfLua, loadLua);

/**
 * Writes what was decided about an interaction, provided that nothing was added to it meanwhile, and when to
 * look at it again: from then on its root stands for all its calls in `due`. Whoever keeps something with an
 * interaction (deliveries, pins, the journal of conversations) writes it by this one step.
 */
export const commitScript = luaScript(revisionsLua, outboxLua, toldLua, commitLua);

/** Notes what became of one media file, whatever else has changed. What was sent stays sent. */
export const recordScript = luaScript(outboxLua, recordDeliveryLua);

/**
 * Replaces the logs of a finished interaction by one compressed text, provided that nothing was added meanwhile. Of its
 * linked calls the way to the root stays.
 */
export const archiveScript = luaScript(revisionsLua, packOfLua, outboxLua, archiveLua);

/** Tells the ledger how an interaction stands, provided that it has not changed since it was read. */
export const tellScript = luaScript(revisionsLua, outboxLua, toldLua, tellLua);
