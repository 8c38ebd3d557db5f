import { luaScript, rememberedWeeks, type RememberedWeeks } from '@exrec/service-kit';
import { archiveTtlSeconds } from '../call-log-keys.js';
import packLua from './lua/pack.lua';
import packOfLua from './lua/pack-of.lua';

/*
 * Packs of finished interactions:
 *
 *   <prefix>:pack:<number>             text    archives of many interactions, compressed together
 *   <prefix>:packed:<week>:<bucket>    hash    by the digest of a root callUUID: number of the pack that has it
 *   <prefix>:packs                     hash    `number` of the newest pack; by day: how many of those archived on it are done
 */

/** What `packOf` is given: the stem of the keys and the weeks that count. */
export function packArguments(packStem: string, nowMs: number, keepMs: number): [string, string] {
  return [packStem, packWeeks(nowMs, keepMs).names.join(',')];
}

/** Packs live for as long as archives do, reckoned from the end of their day. */
export function packWeeks(nowMs: number, keepMs: number): RememberedWeeks {
  return rememberedWeeks(nowMs, (archiveTtlSeconds(keepMs) + 86_400) * 1000);
}

/** Puts archives into a pack, but for those that have changed since they were read. */
export const packScript = luaScript(packOfLua, packLua);
