import { Failure, type Logger } from '@exrec/service-kit';
import type { PullFacts, PullOutcome, SegmentSource } from '../delivery/segment-source.js';
import type { Interaction, SegmentMetadata } from '../interaction/index.js';
import { countStays } from './owed-stays.js';
import { decidePull } from './pull-decision.js';
import type { RwsClient } from './rws-client.js';
import { noAnswer } from './rws-failure.js';

export interface RwsSegmentSourceOptions {
  readonly client: Pick<RwsClient, 'recording'>;
  /** RWS_DEADLINE_HOURS in milliseconds. */
  readonly deadlineMs: number;
  readonly logger: Logger;
  readonly random?: () => number;
}

/**
 * Pulls from RWS at an interaction's end (docs/design/CONTRACTS.md#24-gir-rws): each pull asks once about each call, gives all that RWS has,
 * and says whether to ask again. Metadata that came otherwise (MCP) count as well.
 */
export function createRwsSegmentSource(options: RwsSegmentSourceOptions): SegmentSource {
  const { client, deadlineMs, logger, random = Math.random } = options;
  return {
    async pullSegments(interaction: Interaction, facts: PullFacts): Promise<PullOutcome> {
      const { segments, hasRecording, rejections, failure, cause } = await askAbout(
        callsFrom(interaction, facts.attempts * asked),
        client,
      );
      if (rejections.length > 0) {
        const interactionId = interaction.rootCallUUID;
        const [reason] = rejections;
        const rejectedCount = rejections.length;
        logger.warn('rws.media-files-rejected', { interactionId, rejectedCount, reason });
      }
      const count = countStays(interaction, segments);
      const outcome = decidePull({
        ...facts,
        ...count,
        deadlineMs,
        hasRecording,
        failure,
        random: random(),
      });
      if (outcome === 'complete') return { segments, next: { kind: 'complete' } };
      const shown = cause ?? 'rws-segments-missing';
      const isOwed = count.staysRecorded < count.staysAnswered || failure !== undefined;
      return outcome === 'metadata-missing'
        ? { segments, next: { kind: 'missing', cause: shown, isOwed } }
        : { segments, next: { kind: 'again', nextTryAtMs: outcome.again, cause: shown } };
    },
  };
}

interface Answer {
  readonly segments: readonly SegmentMetadata[];
  readonly hasRecording: boolean;
  readonly rejections: readonly string[];
  /** RWS could not be asked about every call. */
  readonly failure?: Failure | undefined;
  /** Code of what went wrong last. */
  readonly cause?: string | undefined;
}

/** Calls asked about at the same time: an interaction may have 200, and RWS may take a minute for each. */
const asked = 8;
/** So many calls without an answer are no accident: the others are asked about in the next pull. */
const mostUnanswered = 3;

/** All calls of an interaction. Each pull begins elsewhere, so that none waits for ever behind those that RWS fails at. */
function callsFrom({ rootCallUUID, calls }: Interaction, start: number): string[] {
  const all = [...new Set([rootCallUUID, ...calls.map(({ callUUID }) => callUUID)])];
  const first = start % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

async function askAbout(
  callUUIDs: string[],
  client: RwsSegmentSourceOptions['client'],
): Promise<Answer> {
  const segments = new Map<string, SegmentMetadata>();
  const rejections: string[] = [];
  let hasRecording = false;
  let failure: Failure | undefined;
  let cause: string | undefined;
  let unanswered = 0;
  let isLeftAlone = false;
  const ask = async (callUUID: string) => {
    try {
      const { segments: found, rejected } = await client.recording(callUUID);
      hasRecording = true;
      // Linked calls may both name one media file.
      for (const segment of found) segments.set(segment.mediaId, segment);
      rejections.push(...rejected.map(({ reason }) => reason));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      cause = error.code;
      // A call without a recording is an answer.
      if (error.code === 'rws-not-found') return;
      // The longest pause that RWS wants counts.
      if ((error.retryAfterMs ?? 0) >= (failure?.retryAfterMs ?? 0)) failure = error;
      if (error.code === noAnswer) unanswered += 1;
      isLeftAlone ||= error.retryAfterMs !== undefined || unanswered >= mostUnanswered;
    }
  };
  const askOn = async () => {
    while (!isLeftAlone) {
      const callUUID = callUUIDs.shift();
      if (callUUID === undefined) return;
      await ask(callUUID);
    }
  };
  // The first one alone: it tells whether RWS may be asked at all.
  const first = callUUIDs.shift();
  if (first !== undefined) await ask(first);
  await Promise.all(Array.from({ length: asked }, askOn));
  return { segments: [...segments.values()], hasRecording, rejections, failure, cause };
}
