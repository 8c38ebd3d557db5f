import type { Readable } from 'node:stream';
import { CliError } from '../connection/cli-error.js';

/** A page of Ogg is never longer [RFC 3533 section 6]. */
const longestPage = 65_307;
const headLength = 64;
const samplesPerMs = 48;

/** Length of an Ogg Opus file by its last page [RFC 7845 section 4]. @throws CliError when it is none */
export async function opusDurationMs(stream: Readable): Promise<number> {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = chunk as Buffer;
    if (head.length < headLength) head = Buffer.concat([head, bytes]).subarray(0, headLength);
    tail = Buffer.concat([tail, bytes]);
    if (tail.length > 4 * longestPage) tail = tail.subarray(-longestPage);
  }
  const opus = head.indexOf('OpusHead');
  const page = tail.lastIndexOf('OggS');
  if (opus < 0 || page < 0 || page + 14 > tail.length)
    throw new CliError('the audio is no Ogg Opus');
  const preSkip = head.readUInt16LE(opus + 10);
  return Math.max(0, Math.round((Number(tail.readBigInt64LE(page + 6)) - preSkip) / samplesPerMs));
}
