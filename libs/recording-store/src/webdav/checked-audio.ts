import { Failure } from '@exrec/service-kit';
import { audioIncomplete, storageUnavailable } from './failures.js';

/** What a login or error page starts with; Ogg starts with `OggS`. */
const pageStart = /^(?:\uFEFF)?\s*<(?:!doctype|html|head|body|\?xml|!--)/i;

type Expected = { readonly sizeBytes?: number; readonly signal?: AbortSignal | undefined };

/**
 * The pieces of a download as they are, held against its announced length.
 * @throws Failure `audio-incomplete` when it is cut, `storage-unavailable` when it is a web page
 */
export async function* checkedAudio(
  pieces: AsyncIterable<Buffer>,
  { sizeBytes, signal }: Expected,
): AsyncIterable<Buffer> {
  let seenBytes = 0;
  try {
    for await (const piece of pieces) {
      if (seenBytes === 0 && pageStart.test(piece.toString('utf8', 0, 256))) {
        throw storageUnavailable('WebDAV sent a web page instead of audio');
      }
      seenBytes += piece.length;
      yield piece;
    }
  } catch (error) {
    if (error instanceof Failure || signal?.aborted === true) throw error;
    throw audioIncomplete(`the download was cut after ${seenBytes} bytes`, error);
  }
  if (sizeBytes !== undefined && seenBytes !== sizeBytes) {
    throw audioIncomplete(`the download ended after ${seenBytes} of ${sizeBytes} bytes`);
  }
}
