import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CallFields, StoredInteraction } from './kept-interaction.js';

export type ArchivedCalls = ReadonlyMap<string, CallFields>;

/** First byte of the text: how to read the rest. Never '^', which marks a pointer to another call. */
const plainDeflate = 1;

/** Fields that only matter while the interaction is live. */
const liveOnly = /^(c:|rev$|bytes$)/;

/** A finished interaction as one compressed text. */
export function archiveText(calls: StoredInteraction['calls']): Buffer {
  const content = calls.map(({ callUUID, fields }) => [
    callUUID,
    Object.fromEntries(Object.entries(fields).filter(([field]) => !liveOnly.test(field))),
  ]);
  return Buffer.concat([
    Buffer.of(plainDeflate),
    deflateRawSync(JSON.stringify(content), { level: 9 }),
  ]);
}

/** @throws when a later release wrote it */
export function readArchive(text: Buffer): ArchivedCalls {
  if (text[0] !== plainDeflate) throw new Error('the archive is of another release');
  const json = inflateRawSync(text.subarray(1)).toString('utf8');
  // Written by `archiveText`.
  return new Map(JSON.parse(json) as [string, CallFields][]);
}
