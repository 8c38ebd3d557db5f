import type { PlayedScenario, Recording } from '@exrec/simulator';

type PlayedSegment = PlayedScenario['segments'][number]['segment'];
type Metadata = NonNullable<Recording['metadata']>;

/** What the metadata in Genesys Cloud say otherwise than the media server did. */
export function metadataProblems(segment: PlayedSegment, metadata: Metadata): string[] {
  const { startMs, durationMs, agentId, recordDN } = segment;
  const facts = [
    ['recorded party', agentId === undefined ? 'trunk' : 'agent', metadata.recordedParty],
    ['agent', agentId, metadata.agent?.id ?? undefined],
    ['DN', agentId === undefined ? undefined : recordDN, metadata.agent?.dn ?? undefined],
    ['start', new Date(startMs).toISOString(), metadata.startTime],
    ['caller', segment.ani, metadata.ani],
    ['dialled number', segment.dnis, metadata.dnis],
    ['file name', segment.mediaId, metadata.audio.originalFileName],
  ] as const;
  const problems = facts
    .filter(([, wanted, found]) => wanted !== found)
    .map(([what]) => `metadata: the ${what} is not that of the recording`);
  // The audio knows its own length better than a media server that counts in seconds.
  if (Math.abs(metadata.durationMs - durationMs) > 1000)
    problems.push('metadata: the duration is not that of the recording');
  return problems;
}
