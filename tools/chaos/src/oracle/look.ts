import { recordingIdOf } from '@exrec/gc-metadata';
import type { PlayedScenario } from '@exrec/simulator';
import { interactionSchema, segmentSeen, verdictOf, type Organization } from '@exrec/stack';
import * as z from 'zod';
import type { System } from '../system/system.js';
import { ask } from './ask.js';
import type { SeenRecording, Standing } from './seen.js';

const text = z.string().nullable();
/** How a problem begins that is about the conversation. */
const ofConversation = 'conversation:';
const standingSchema = z.object({
  state: z.string(),
  cause: text,
  nextTryAt: text,
  audio: z.object({ sha256: text }),
});

export type PlayedRecording = {
  readonly call: PlayedScenario;
  readonly played: PlayedScenario['segments'][number];
};

/** The recordings whose metadata EXCP has acknowledged. */
export function acceptedOf(calls: readonly PlayedScenario[]): PlayedRecording[] {
  return calls.flatMap((call) =>
    call.segments
      .filter(({ metadata }) => metadata.some(({ status }) => status === 200))
      .map((played) => ({ call, played })),
  );
}

/** Asks EXCP, EXRP, the ledger and the simulated Genesys Cloud about one recording. */
export async function checkAt(
  { call, played }: PlayedRecording,
  { urls, gc }: Pick<System, 'urls' | 'gc'>,
): Promise<SeenRecording> {
  const recordingId = recordingIdOf(played.mediaId);
  const [interaction, injection, row] = await Promise.all([
    ask(`${urls.excp}/api/v1/interactions/${call.callUUID}`, interactionSchema),
    ask(`${urls.exrp}/api/v1/injections/${recordingId}`, standingSchema),
    ask(`${urls.ledger}/api/v1/recordings/${recordingId}`, standingSchema),
  ]);
  const segment = interaction?.segments.find(({ mediaId }) => mediaId === played.mediaId);
  const copies = gc.recordings().filter((copy) => copy.recordingId === recordingId);
  const seen = {
    ...(segment === undefined ? {} : { segment: segmentSeen(segment) }),
    ...(injection === undefined ? {} : { injection }),
  };
  const problems = copies.flatMap((copy) => {
    const received = { ...copy, uploads: 1 };
    const conversation = conversationOf(copy.metadata, gc);
    return verdictOf(
      { call, played, seen: { ...seen, received, ...conversation } },
      organizationOf(gc),
    ).problems;
  });
  return {
    recordingId,
    expected: played.expected,
    audioSha256: played.audioSha256,
    excp: segment && { state: segment.dispatch.state, cause: segment.dispatch.cause },
    exrp: injection && standingOf(injection),
    ledger: row && standingOf(row),
    genesysCloud:
      copies.length === 0
        ? undefined
        : {
            uploads: copies.reduce((sum, { uploads }) => sum + uploads, 0),
            problems: problems.filter((problem) => !problem.startsWith(ofConversation)),
            conversation: problems.filter((problem) => problem.startsWith(ofConversation)),
          },
  };
}

function standingOf({ state, cause, nextTryAt, audio }: z.infer<typeof standingSchema>): Standing {
  return {
    ...{ state, cause, audioSha256: audio.sha256 },
    nextTryAtMs: nextTryAt === null ? null : Date.parse(nextTryAt),
  };
}

type Metadata = { readonly conversationId: string; readonly communicationId: string } | null;

/** What Genesys Cloud was told of the conversation that the upload names. */
function conversationOf(metadata: Metadata, gc: System['gc']) {
  if (metadata === null) return {};
  const found = gc.conversation(metadata.conversationId);
  if (found === undefined) return {};
  const { missing, legs } = found;
  const hasLeg = legs.has(metadata.communicationId);
  return { conversation: { legs: legs.size, missing, hasLeg } };
}

function organizationOf(gc: System['gc']): Organization {
  const { programs } = gc.configuration();
  return {
    isReal: false,
    programName: (programId) => programs.find(({ id }) => id === programId)?.name ?? programId,
  };
}
