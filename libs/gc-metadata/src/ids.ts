import { hash } from 'node:crypto';

/** What an id is made for; part of the hashed text, so that equal names of two kinds differ. */
export type IdKind = 'recording' | 'conversation' | 'communication' | 'event' | 'command';

/**
 * The first 16 bytes of SHA-256 of `exrec:<kind>:<name>` (UTF-8), shaped as a UUIDv4 and printed in lower case.
 * GC lets the integrator choose ids of this shape (docs/reference/genesys-facts.md#47-conversation-injection-what-excp-sends-to-gc); deriving them makes every retry, replay
 * and second instance produce the same one.
 */
export function deterministicUuid(kind: IdKind, name: string): string {
  const bytes = hash('sha256', `exrec:${kind}:${name}`, 'buffer').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
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
