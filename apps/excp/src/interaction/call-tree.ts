import type { CallEvent } from './call-event.js';
import type { Call } from './interaction.js';
import { compareText } from './json-value.js';
import type { SegmentMetadata } from './segment-metadata.js';

type MutableCall = { -readonly [Key in keyof Call]: Call[Key] };

/** All calls that the ordered events or the segments name. The first event that states a fact about a call wins. */
export function callsOf(
  ordered: readonly CallEvent[],
  segments: readonly SegmentMetadata[],
): Call[] {
  const calls = new Map<string, MutableCall>();
  for (const event of ordered) {
    const call = callOf(calls, event.callUUID, 'events');
    call.startedAtMs ??= event.timeMs;
    call.callType ??= event.callType;
    call.ani ??= event.ani;
    call.dnis ??= event.dnis;
    // A call that is its own parent has none.
    if (event.parentCallUUID !== event.callUUID) call.parentCallUUID ??= event.parentCallUUID;
    if (event.event === 'EventCallDeleted') {
      call.deletedAtMs ??= event.timeMs;
      call.releasedBy ??= event.ctrlParty;
    }
  }
  for (const { parentCallUUID } of [...calls.values()]) {
    if (parentCallUUID !== undefined) callOf(calls, parentCallUUID, 'parent');
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
 * The root call of each call: its parent's parent and so on, also when nothing else is known of the parent yet.
 * Calls that are each other's parents share the first of them by name.
 */
export function rootsOf(
  calls: readonly Pick<Call, 'callUUID' | 'parentCallUUID'>[],
): Map<string, string> {
  const parents = new Map(calls.map((call) => [call.callUUID, call.parentCallUUID]));
  const roots = new Map<string, string>();
  for (const { callUUID } of calls) {
    const path = new Set<string>();
    let current = callUUID;
    let parent = parents.get(current);
    while (parent !== undefined && !roots.has(current) && !path.has(current)) {
      path.add(current);
      current = parent;
      parent = parents.get(current);
    }
    const root =
      roots.get(current) ?? (path.has(current) ? firstOfCycle(current, parents) : current);
    for (const visited of path) roots.set(visited, root);
    roots.set(current, root);
  }
  return roots;
}

function firstOfCycle(member: string, parents: ReadonlyMap<string, string | undefined>): string {
  let first = member;
  for (
    let other = parents.get(member);
    other !== undefined && other !== member;
    other = parents.get(other)
  ) {
    if (other < first) first = other;
  }
  return first;
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
