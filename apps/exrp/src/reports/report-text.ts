import { pipeline, Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { TextDecoder } from 'node:util';

/** One turn of the event loop reads at most this much of a report, so that locks are kept and requests answered. */
const pieceBytes = 32 * 1024;

/**
 * The text of a report from its bytes, in pieces, each in a turn of its own: gzip and UTF-16 are recognised by the first
 * bytes, whatever the answer's headers say. What is damaged ends early; what came before it counts.
 */
export async function* reportText(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const pieces = inPieces(bytes);
  const first = await firstBytes(pieces);
  const all = follow(first, pieces);
  const isGzip = first[0] === 0x1f && first[1] === 0x8b;
  if (isGzip) yield* decoded(inPieces(gunzipped(all)));
  else yield* decoded(all);
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let decoder: TextDecoder | undefined;
  let held: Uint8Array = new Uint8Array();
  for await (const piece of bytes) {
    const known = held.length === 0 ? piece : Buffer.concat([held, piece]);
    if (decoder === undefined && known.length < 4) {
      held = known;
      continue;
    }
    decoder ??= new TextDecoder(encodingOf(known));
    held = new Uint8Array();
    yield decoder.decode(known, { stream: true });
    await nextTurn();
  }
  decoder ??= new TextDecoder();
  yield decoder.decode(held);
}

/** By the mark, or without one by where the zeros of Latin letters are. */
function encodingOf([a, b, c, d]: Uint8Array): string {
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0 && d === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && c === 0)) return 'utf-16be';
  return 'utf-8';
}

async function firstBytes(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const next = await pieces.next();
  return next.done === true ? new Uint8Array() : next.value;
}

async function* follow(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  yield first;
  yield* rest;
}

async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes)
    for (let at = 0; at < chunk.length; at += pieceBytes) yield chunk.subarray(at, at + pieceBytes);
}

async function* gunzipped(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip();
  pipeline(Readable.from(bytes), gunzip, () => undefined);
  try {
    // A byte stream yields Buffers.
    for await (const piece of gunzip as AsyncIterable<Buffer>) yield piece;
  } catch {
    // Cut or damaged: what could be read was read.
  }
}
