import type { CallEvent } from './feed/call-event.js';
import type { Call, Membership } from './interaction.js';
import { compareText } from './feed/json-value.js';
import type { SegmentMetadata } from './feed/segment-metadata.js';

type MutableCall = { -readonly [Key in keyof Call]: Call[Key] };

/**
 * All calls that the ordered events, the segments or the links name, by beginning. The first event that states a fact
 * about a call wins; parents are those of the links, whatever the events say.
 */
export function callsOf(
  ordered: readonly CallEvent[],
  segments: readonly SegmentMetadata[],
  { parents }: Membership,
): Call[] {
  const calls = new Map<string, MutableCall>();
  for (const event of ordered) {
    const call = callOf(calls, event.callUUID, 'events');
    call.startedAtMs ??= event.timeMs;
    call.callType ??= event.callType;
    call.ani ??= event.ani;
    call.dnis ??= event.dnis;
    if (event.event === 'EventCallDeleted') {
      call.deletedAtMs ??= event.timeMs;
      call.releasedBy ??= event.ctrlParty;
    }
  }
  for (const [callUUID, parent] of parents) {
    const call = calls.get(callUUID);
    if (call === undefined) continue;
    call.parentCallUUID = parent;
    callOf(calls, parent, 'parent');
  }
  for (const segment of segments) {
    const call = callOf(calls, segment.callUUID, 'segments');
    if (call.knownBy !== 'events')
      call.startedAtMs = Math.min(call.startedAtMs ?? Infinity, segment.startMs);
  }
  return [...calls.values()].sort(
    (left, right) =>
      (left.startedAtMs ?? Infinity) - (right.startedAtMs ?? Infinity) ||
      compareText(left.callUUID, right.callUUID),
  );
}

/**
 * How calls belong together when nobody has settled it, as for a feed that is only looked at: the first parent that is
 * told counts, and the root is above the call that began first. The call log settles it for what it keeps.
 */
export function membershipOf(
  ordered: readonly CallEvent[],
  segments: readonly SegmentMetadata[],
): Membership {
  const parents = new Map<string, string>();
  for (const { callUUID, parentCallUUID } of ordered) {
    if (parentCallUUID === undefined || parentCallUUID === callUUID || parents.has(callUUID))
      continue;
    parents.set(callUUID, parentCallUUID);
  }
  const path = new Set<string>();
  let root = ordered[0]?.callUUID ?? segments[0]?.callUUID ?? '';
  for (let at: string | undefined = root; at !== undefined && !path.has(at); at = parents.get(at)) {
    path.add(at);
    root = at;
  }
  return { rootCallUUID: root, parents };
}

function callOf(
  calls: Map<string, MutableCall>,
  callUUID: string,
  knownBy: Call['knownBy'],
): MutableCall {
  const known = calls.get(callUUID);
  if (known !== undefined) return known;
  const call: MutableCall = { callUUID, knownBy };
  calls.set(callUUID, call);
  return call;
}
