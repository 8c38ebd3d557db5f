import { hash } from 'node:crypto';

/** What an id is made for; part of the hashed text, so that equal names of two kinds differ. */
export type IdKind = 'recording' | 'conversation' | 'communication' | 'event' | 'command';

/**
 * The first 16 bytes of SHA-256 of `exrec:<kind>:<name>` (UTF-8), shaped as a UUIDv4 and printed in lower case.
 * GC lets the integrator choose ids of this shape (docs/reference/genesys-facts.md#47-conversation-injection-what-excp-sends-to-gc); deriving them makes every retry, replay
 * and second instance produce the same one.
 */
export function deterministicUuid(kind: IdKind, name: string): string {
  const hex = hash('sha256', `exrec:${kind}:${name}`);
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const [third, fourth] = [`4${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${third}-${fourth}-${hex.slice(20, 32)}`;
}

/** Id of the recording of one audio file; the media server's file name is its only source. */
export function recordingIdOf(mediaId: string): string {
  return deterministicUuid('recording', mediaId);
}

/** GC conversation of an interaction, from the callUUID of its root call. */
export function conversationIdOf(rootCallUUID: string): string {
  return deterministicUuid('conversation', rootCallUUID);
}

/**
 * GC communication of one presence of a DN on a call.
 * @param ordinal which presence of this DN on this call, from 1; 1 where no call events tell
 * @throws RangeError when `ordinal` is not a whole number from 1
 */
export function communicationIdOf(callUUID: string, dn: string, ordinal: number): string {
  if (!Number.isSafeInteger(ordinal) || ordinal < 1) throw new RangeError('ordinal counts from 1');
  return deterministicUuid('communication', `${callUUID}/${dn}/${ordinal}`);
}

/**
 * Id of one event injected into GC.
 * @param eventKind the kind in GC's words, e.g. `communicationEnded`
 * @param timeMs time of the event, epoch ms
 * @throws RangeError when `timeMs` is no time
 */
export function gcEventIdOf(communicationId: string, eventKind: string, timeMs: number): string {
  return deterministicUuid(
    'event',
    `${communicationId}/${eventKind}/${new Date(timeMs).toISOString()}`,
  );
}
