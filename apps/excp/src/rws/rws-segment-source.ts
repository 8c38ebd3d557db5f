import { Failure, type Logger } from '@exrec/service-kit';
import type { PullFacts, PullOutcome, SegmentSource } from '../delivery/segment-source.js';
import {
  agentsHeard,
  attributeSegment,
  type Interaction,
  type Party,
  type SegmentMetadata,
} from '../interaction/index.js';
import { decidePull } from './pull-decision.js';
import type { RwsClient } from './rws-client.js';

export interface RwsSegmentSourceOptions {
  readonly client: Pick<RwsClient, 'recording'>;
  /** RWS_DEADLINE_HOURS in milliseconds. */
  readonly deadlineMs: number;
  readonly logger: Logger;
  readonly random?: () => number;
}

/**
 * Pulls from RWS at an interaction's end (CONTRACTS 2.4): each pull asks once about each call, gives all that RWS has,
 * and says whether to ask again. Metadata that came otherwise (MCP) count as well.
 */
export function createRwsSegmentSource(options: RwsSegmentSourceOptions): SegmentSource {
  const { client, deadlineMs, logger, random = Math.random } = options;
  return {
    async pullSegments(interaction: Interaction, facts: PullFacts): Promise<PullOutcome> {
      const { segments, hasRecording, rejections, failure, cause } = await askAbout(
        interaction,
        client,
      );
      if (rejections.length > 0) {
        const interactionId = interaction.rootCallUUID;
        const [reason] = rejections;
        const rejectedCount = rejections.length;
        logger.warn('rws.media-files-rejected', { interactionId, rejectedCount, reason });
      }
      const count = countAgents(interaction, segments);
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
      const isOwed = count.agentsRecorded < count.agentsHeard || failure !== undefined;
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

async function askAbout(
  { rootCallUUID, calls }: Interaction,
  client: RwsSegmentSourceOptions['client'],
): Promise<Answer> {
  const segments = new Map<string, SegmentMetadata>();
  const rejections: string[] = [];
  let hasRecording = false;
  let failure: Failure | undefined;
  let cause: string | undefined;
  for (const callUUID of new Set([rootCallUUID, ...calls.map((call) => call.callUUID)])) {
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
      if (error.code === 'rws-not-found') continue;
      failure = error;
      // RWS wants to be left alone.
      if (error.retryAfterMs !== undefined) break;
    }
  }
  return { segments: [...segments.values()], hasRecording, rejections, failure, cause };
}

interface AgentCount {
  readonly agentsHeard: number;
  /** Of how many of them there is a segment; one that fits nobody may be anybody's. */
  readonly agentsRecorded: number;
}

/**
 * An agent counts once, however often they came to one of the calls, and so do their segments; those of trunks don't
 * count. Segments that are there already count, whoever brought them.
 */
function countAgents(interaction: Interaction, pulled: readonly SegmentMetadata[]): AgentCount {
  const heard = agentsHeard(interaction.parties);
  const known = new Map(
    [...interaction.segments, ...pulled].map((segment) => [segment.mediaId, segment]),
  );
  const owners = [...known.values()].flatMap((segment) => {
    const found = attributeSegment(interaction, segment, { queueParameter: '' });
    if (found.recordedParty === 'trunk') return [];
    const { dn, agentId } = found;
    const owner = heard.find((party) =>
      party.agentId === undefined || agentId === undefined
        ? party.dn === dn
        : party.agentId === agentId,
    );
    return owner === undefined ? [`media ${segment.mediaId}`] : [nameOf(owner)];
  });
  return { agentsHeard: new Set(heard.map(nameOf)).size, agentsRecorded: new Set(owners).size };
}

function nameOf({ agentId, dn }: Party): string {
  return agentId === undefined ? `dn ${dn}` : `agent ${agentId}`;
}
