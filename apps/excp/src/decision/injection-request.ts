import { recordingIdOf, type GcMetadataRequest, type InjectionRequest } from '@exrec/gc-metadata';
import { analyticsOf } from '@exrec/sta-resolver';
import {
  pausesOf,
  type Interaction,
  type SegmentAttribution,
  type SegmentMetadata,
} from '../interaction/index.js';
import type { SegmentDecision } from './decide.js';

type Decided = {
  readonly segment: SegmentMetadata;
  readonly attribution: SegmentAttribution;
  readonly decision: SegmentDecision;
};

/** What EXRP has to know about one segment. Pure. */
export function injectionRequest(interaction: Interaction, decided: Decided): InjectionRequest {
  const { segment } = decided;
  const expectsAudio = segment.source === 'mcp';
  return {
    audioFile: segment.mediaId,
    metadata: metadataOf(interaction, decided),
    ...(segment.sizeBytes === undefined ? {} : { expectedSizeBytes: segment.sizeBytes }),
    // RWS tells the duration of its own mp3.
    ...(expectsAudio ? { expectedDurationMs: Math.round(segment.durationMs) } : {}),
  };
}

function metadataOf(
  interaction: Interaction,
  { segment, attribution, decision }: Decided,
): GcMetadataRequest {
  const { recordedParty, agentId, dn, basis } = attribution;
  const knownDn = basis === 'metadata' ? (segment.recordDN ?? null) : dn;
  const isAgent = recordedParty === 'agent';
  const flags = [...interaction.flags, ...(segment.flags ?? [])];
  return {
    schemaVersion: 1,
    recordingId: recordingIdOf(segment.mediaId),
    conversationId: attribution.conversationId,
    communicationId: attribution.communicationId,
    interactionId: attribution.conversationRoot,
    mediaType: 'call',
    direction: interaction.direction,
    startTime: new Date(segment.startMs).toISOString(),
    endTime: new Date(segment.stopMs).toISOString(),
    durationMs: Math.round(segment.durationMs),
    ani: interaction.ani ?? null,
    dnis: interaction.dnis ?? null,
    recordedParty,
    agent: isAgent ? { id: agentId ?? null, dn: knownDn, userId: decision.gcUserId } : null,
    queue: decision.sta.queue,
    speechAndTextAnalytics: analyticsOf(decision.sta),
    annotations: pausesOf(segment).annotations,
    ...(flags.length === 0 ? {} : { flags }),
  };
}
