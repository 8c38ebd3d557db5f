import { conversationIdOf } from '@exrec/gc-metadata';
import type { PlayedScenario, Recording } from '@exrec/simulator';

type Segment = PlayedScenario['segments'][number]['segment'];
type Metadata = NonNullable<Recording['metadata']>;

/** A media server that counts in seconds and the audio itself may differ by so much. */
const durationToleranceMs = 1_000;

/**
 * What the metadata in Genesys Cloud say otherwise than call and media server did.
 * Caller and dialled number are those of the interaction, also for what was recorded on its consult call.
 */
export function metadataProblems(
  { callUUID, compiled }: PlayedScenario,
  { startMs, durationMs, agentId, recordDN, mediaId }: Segment,
  metadata: Metadata,
): string[] {
  const [root] = compiled.calls;
  const facts = [
    ['interaction', callUUID, metadata.interactionId],
    ['conversation', conversationIdOf(callUUID), metadata.conversationId],
    ['recorded party', agentId === undefined ? 'trunk' : 'agent', metadata.recordedParty],
    ['agent', agentId, metadata.agent?.id ?? undefined],
    ['DN', agentId === undefined ? undefined : recordDN, metadata.agent?.dn ?? undefined],
    ['start', new Date(startMs).toISOString(), metadata.startTime],
    ['caller', root.ani, metadata.ani],
    ['dialled number', root.dnis, metadata.dnis],
    ['file name', mediaId, metadata.audio.originalFileName],
  ] as const;
  const problems = facts
    .filter(([, wanted, found]) => wanted !== found)
    .map(([what]) => `metadata: the ${what} is not that of the call`);
  if (Math.abs(metadata.durationMs - durationMs) > durationToleranceMs)
    problems.push('metadata: the duration is not that of the recording');
  return problems;
}
