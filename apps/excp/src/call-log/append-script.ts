import { luaScript, outboxLua } from '@exrec/service-kit';
import rootOfLua from './lua/root-of.lua';
import appendLua from './lua/append.lua';
import packOfLua from './packs/lua/pack-of.lua';

/*
 * The hash of a call, `<prefix>:call:<callUUID>`:
 *
 *   e:<eventId>    a call event, JSON without eventId and callUUID
 *   s:<mediaId>    a media file, JSON {source, raw, envelope}
 *   r:<mediaId>    the same as RWS tells it, when MCP's has no event history
 *   d:<mediaId>    its way to EXRP: state, space, JSON
 *   c:<callUUID>   a consult call of this call
 *   p:<n>:<DN>     ids of a presence that were told: its beginning, and the root of its conversation
 *   parent         the call of which this one is a consult: the first one that was told, never in a circle
 *   unlinked       the same, when that call's interaction has too many calls already: this one is on its own
 *   calls, events, data, eventBytes, bytes
 *                  of a root: what its interaction has of calls, of events, of those about attached data alone, of
 *                  their bytes, and of bytes of metadata
 *   late           something came for it, or it was linked, when its interaction was over
 *   told           of a root: how the ledger was told that its interaction stands
 *   rev            counts every change
 *   lastSeenAtMs, capped, endedAtMs, endedWhy, endRequested, pull
 *
 * When an interaction is archived its calls go, but for the linked ones, of which `parent` and `endedAtMs` stay for as
 * long as the archive does: they lead to its root.
 */

/**
 * Adds entries to the logs of calls, each once, and sees to it that somebody looks at those calls in time:
 * one atomic step, so that neither an entry nor its timer can be lost.
 */
export const appendScript = luaScript(rootOfLua, packOfLua, outboxLua, appendLua);
