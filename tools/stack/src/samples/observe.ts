import { conversationIdOf, recordingIdOf } from '@exrec/gc-metadata';
import * as z from 'zod';
import type { Stack } from '../start/stack.js';
import type { PlayedRecording, SeenConversation, SeenRecording } from './verdicts.js';

const staSchema = z.discriminatedUnion('requested', [
  z.object({
    requested: z.literal(true),
    programId: z.string(),
    language: z.string(),
  }),
  z.object({ requested: z.literal(false), reason: z.string() }),
]);

/** What we read of EXCP's view of an interaction. */
export const interactionSchema = z.object({
  segments: z.array(
    z.object({
      mediaId: z.string(),
      queue: z.string().nullable(),
      sta: staSchema.nullable(),
      dispatch: z.object({ state: z.string(), cause: z.string().nullable() }),
    }),
  ),
});

const injectionSchema = z.object({ state: z.string(), cause: z.string().nullable() });

/** Asks EXCP, EXRP and the simulator about one recording; what one doesn't know is left out. */
export async function observe(
  stack: Stack,
  callUUID: string,
  { mediaId }: PlayedRecording,
): Promise<SeenRecording> {
  const recordingId = recordingIdOf(mediaId);
  const [segments, injection] = await Promise.all([
    segmentsOf(stack, callUUID),
    ask(stack, `${stack.exrpUrl}/api/v1/injections/${recordingId}`, injectionSchema),
  ]);
  const segment = segments?.find((each) => each.mediaId === mediaId);
  const received = stack.simulator?.recordings().find((each) => each.recordingId === recordingId);
  return {
    ...(segment === undefined ? {} : { segment: segmentSeen(segment) }),
    ...(injection === undefined ? {} : { injection }),
    ...(received === undefined ? {} : { received }),
    ...conversationSeen(stack, callUUID, received?.metadata ?? undefined),
  };
}

/** The conversation as the simulator has it: the one that the upload names, else that of the call. */
function conversationSeen(
  { simulator }: Stack,
  callUUID: string,
  upload: { readonly conversationId: string; readonly communicationId: string } | undefined,
): { readonly conversation?: SeenConversation } {
  const found = simulator?.conversation(upload?.conversationId ?? conversationIdOf(callUUID));
  if (found === undefined) return {};
  const { missing, legs } = found;
  const hasLeg = upload !== undefined && legs.has(upload.communicationId);
  return { conversation: { legs: legs.size, missing, hasLeg } };
}

/** How many recordings EXCP knows of an interaction; undefined: it doesn't know the interaction. */
export async function countSegments(stack: Stack, callUUID: string): Promise<number | undefined> {
  return (await segmentsOf(stack, callUUID))?.length;
}

type Segment = z.infer<typeof interactionSchema>['segments'][number];

async function segmentsOf(stack: Stack, callUUID: string): Promise<Segment[] | undefined> {
  const url = `${stack.excpUrls[0]}/api/v1/interactions/${callUUID}`;
  return (await ask(stack, url, interactionSchema))?.segments;
}

/** The segment as a verdict needs it. */
export function segmentSeen({
  queue,
  sta,
  dispatch,
}: Segment): NonNullable<SeenRecording['segment']> {
  return {
    state: dispatch.state,
    cause: dispatch.cause ?? undefined,
    decision: sta === null ? undefined : { queue, sta },
  };
}

/** Undefined: not known, or not to be had at this moment. */
async function ask<T extends z.ZodType>(
  { settings }: Stack,
  url: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  const headers = { authorization: `Bearer ${settings.credentials.adminToken}` };
  const answer = await fetch(url, { headers }).catch(() => undefined);
  if (answer?.ok !== true) return undefined;
  const body: unknown = await answer.json().catch(() => undefined);
  return body === undefined ? undefined : schema.parse(body);
}
