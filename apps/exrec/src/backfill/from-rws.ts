import type { RwsClient, RwsRecording, SegmentMetadata } from '@exrec/excp';
import { Failure } from '@exrec/service-kit';
import type { Candidate, Span } from './candidate.js';

const hourMs = 3_600_000;
/** Shortest time that is searched by itself. */
const leastMs = 60_000;

/**
 * Everything that GIR RWS has of a time, each media file once, hour by hour.
 * @param onHour told how far it is
 * @throws Failure of RWS
 */
export async function* candidatesOfRws(
  client: Pick<RwsClient, 'search'>,
  { fromMs, toMs }: Span,
  onHour: (done: number, total: number) => void,
): AsyncGenerator<Candidate> {
  const seen = new Set<string>();
  const total = Math.ceil((toMs - fromMs) / hourMs);
  for (let hour = 0; hour < total; hour += 1) {
    const startMs = fromMs + hour * hourMs;
    const span = { fromMs: startMs, toMs: Math.min(startMs + hourMs, toMs) };
    for await (const { segments } of recordingsOf(client, span)) {
      for (const segment of segments) {
        if (seen.has(segment.mediaId)) continue;
        seen.add(segment.mediaId);
        yield { mediaId: segment.mediaId, metadata: () => Promise.resolve(metadataOf(segment)) };
      }
    }
    onHour(hour + 1, total);
  }
}

/** What is too much for one search is searched by halves. */
async function* recordingsOf(
  client: Pick<RwsClient, 'search'>,
  { fromMs, toMs }: Span,
): AsyncGenerator<RwsRecording> {
  try {
    yield* client.search({ fromMs, untilMs: toMs });
  } catch (error) {
    const isTooMuch = error instanceof Failure && error.code === 'rws-incomplete';
    if (!isTooMuch || toMs - fromMs <= leastMs) throw error;
    const middleMs = Math.floor((fromMs + toMs) / 2);
    yield* recordingsOf(client, { fromMs, toMs: middleMs });
    yield* recordingsOf(client, { fromMs: middleMs, toMs });
  }
}

/** Size and type are those of GIR's own mp3, and say nothing about the file that is injected. */
function metadataOf({ raw, envelope, startMs, stopMs, durationMs }: SegmentMetadata): object {
  const { size: _size, type: _type, ...mediaFile } = raw;
  return {
    ...envelope,
    mediaFiles: [
      {
        ...mediaFile,
        startTime: new Date(startMs).toISOString(),
        stopTime: new Date(stopMs).toISOString(),
        duration: durationMs,
      },
    ],
  };
}
