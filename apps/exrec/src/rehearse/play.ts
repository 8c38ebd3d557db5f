import { conversationIdOf } from '@exrec/gc-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallEvent, GcDirectory } from '@exrec/excp';
import * as z from 'zod';
import { readInteractions } from '../bridge/reading.js';
import type { GcClient } from '../check/gc-client.js';

/** What an organization made of one call. */
export type Outcome = {
  readonly scenario: string;
  readonly conversationId: string;
  readonly events: number;
  /** HTTP status of the request that told it. */
  readonly status: number;
  readonly refused: readonly string[];
  readonly legs: number;
  /** Participants' legs that the organization shows; null: it shows no such conversation. */
  readonly shown: number | null;
  readonly ended: number;
  readonly externalTag: string | null;
  readonly analytics: boolean;
};

const answerSchema = z.looseObject({
  errors: z.array(z.looseObject({ message: z.string().optional() })).nullish(),
});
const conversationSchema = z.looseObject({
  externalTag: z.string().nullish(),
  participants: z
    .array(
      z.looseObject({
        calls: z
          .array(z.looseObject({ id: z.string(), disconnectedTime: z.string().nullish() }))
          .default([]),
      }),
    )
    .default([]),
});
const checkEveryMs = 1_000;

/** The request that tells a conversation, as EXCP would send it. */
export function batchOf(events: readonly CallEvent[], directory: GcDirectory) {
  const [reading] = readInteractions(events, undefined, directory);
  const plan = reading?.plan ?? { events: [], named: [] };
  const batch: Record<string, unknown[]> = {};
  for (const { entry, json } of plan.events)
    (batch[`${entry.kind}Events`] ??= []).push(JSON.parse(json));
  return { batch, events: plan.events.length, legs: plan.named.length };
}

export async function tell(client: GcClient, batch: object) {
  const { status, body } = await client.call('POST', '/api/v2/events/conversations', batch);
  const errors = answerSchema.safeParse(body).data?.errors ?? [];
  return { status, refused: errors.map(({ message }) => message ?? 'without a reason') };
}

/** Tells one call, and looks until the organization shows it whole, or for so long. */
export async function play(
  client: GcClient,
  scenario: {
    readonly name: string;
    readonly callUUID: string;
    readonly events: readonly CallEvent[];
  },
  { directory, waitMs }: { readonly directory: GcDirectory; readonly waitMs: number },
): Promise<Outcome> {
  const { batch, events, legs } = batchOf(scenario.events, directory);
  const told = await tell(client, batch);
  const conversationId = conversationIdOf(scenario.callUUID);
  const common = { scenario: scenario.name, conversationId, events, ...told, legs };
  const untilMs = Date.now() + waitMs;
  for (;;) {
    const seen = await check(client, conversationId);
    const isWhole = seen.shown === legs && seen.ended === legs && seen.analytics;
    if (isWhole || Date.now() >= untilMs || told.status >= 400) return { ...common, ...seen };
    await sleep(checkEveryMs);
  }
}

async function check(client: GcClient, conversationId: string) {
  const { status, body } = await client.call('GET', `/api/v2/conversations/${conversationId}`);
  const details = await client.call(
    'GET',
    `/api/v2/analytics/conversations/${conversationId}/details`,
  );
  const conversation = status === 200 ? conversationSchema.safeParse(body).data : undefined;
  const calls = conversation?.participants.flatMap((one) => one.calls);
  return {
    shown: calls?.length ?? null,
    ended: calls?.filter(({ disconnectedTime }) => disconnectedTime).length ?? 0,
    externalTag: conversation?.externalTag ?? null,
    analytics: details.status === 200,
  };
}
