import type { CallEvent } from './feed/call-event.js';
import type { Interaction, UserDataChange } from './interaction.js';
import {
  canonicalJson,
  compareText,
  ownValue,
  type JsonObject,
  type JsonValue,
} from './feed/json-value.js';
import type { HistoryEntry } from './feed/segment-metadata.js';

/** Changes of attached data over the whole interaction: consults inherit and contribute (docs/design/CONTRACTS.md#9-clarifications (12)). */
export function userDataOf(ordered: readonly CallEvent[]): UserDataChange[] {
  return ordered.flatMap((event) => {
    const changes =
      event.event === 'EventUserEvent' ? withoutParticipants(event.userData) : event.userData;
    if (changes === undefined || Object.keys(changes).length === 0) return [];
    return [{ atMs: event.timeMs, callUUID: event.callUUID, changes }];
  });
}

/** The same from RWS' event history, for sites without call events. */
export function userDataOfHistory(history: readonly HistoryEntry[]): UserDataChange[] {
  return history
    .flatMap((entry) =>
      entry.kind === 'data'
        ? [{ atMs: entry.atMs, callUUID: entry.callUUID, changes: entry.userData }]
        : [],
    )
    .sort(
      (left, right) =>
        left.atMs - right.atMs ||
        compareText(canonicalJson(left.changes), canonicalJson(right.changes)),
    );
}

/** The value of one key as it stood at this time; a change in the same millisecond counts. */
export function userDataValueAt(
  interaction: Pick<Interaction, 'userData'>,
  key: string,
  atMs: number,
): JsonValue | undefined {
  const change = interaction.userData.findLast(
    (candidate) => candidate.atMs <= atMs && Object.hasOwn(candidate.changes, key),
  );
  return change === undefined ? undefined : (ownValue(change.changes, key) ?? undefined);
}

/** The newest list of participants (docs/reference/genesys-facts.md#13-excp-behaviour). */
export function participantsOf(ordered: readonly CallEvent[]): JsonValue | undefined {
  const event = ordered.findLast(
    (candidate) =>
      candidate.event === 'EventUserEvent' &&
      candidate.userData !== undefined &&
      Object.hasOwn(candidate.userData, 'participants'),
  );
  return event?.userData === undefined ? undefined : ownValue(event.userData, 'participants');
}

function withoutParticipants(userData: JsonObject | undefined): JsonObject | undefined {
  if (userData === undefined) return undefined;
  return Object.fromEntries(Object.entries(userData).filter(([key]) => key !== 'participants'));
}
