import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleHybridIntegration, startGcSimulator, type GcSimulator } from '@exrec/simulator';
import { waitFor } from '@exrec/testing';
import type { CallEvent } from '../../src/interaction/index.js';
import { ExcpStack } from '../excp-stack.js';

export type GcStack = {
  readonly gc: GcSimulator;
  readonly stack: ExcpStack;
  readonly stop: () => Promise<void>;
};

/** Redis, EXCP, a stand-in for EXRP and the simulator of Genesys Cloud. */
export async function startGcStack(
  settings: Readonly<Record<string, string>> = {},
): Promise<GcStack> {
  const dir = mkdtempSync(join(tmpdir(), 'exrec-conversations-'));
  const file = join(dir, 'hybrid-integration.yaml');
  writeFileSync(file, `${sampleHybridIntegration()}ivr_dns: ["IVR_*"]\n`);
  const gc = await startGcSimulator({ olderKeys: 0 });
  const stack = await ExcpStack.start({
    GC_API_URL: gc.url,
    GC_LOGIN_URL: gc.url,
    GC_CLIENT_ID: gc.clientId,
    GC_CLIENT_SECRET: gc.clientSecret,
    GC_REQUESTS_PER_MINUTE: '6000',
    HYBRID_INTEGRATION_FILE: file,
    ...settings,
  });
  await untilKnown(stack);
  return {
    ...{ gc, stack },
    stop: async () => {
      await stack.stop();
      await gc.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

/** GC's users, queues and the source are known to EXCP. */
export function untilKnown(stack: ExcpStack): Promise<true> {
  return waitFor(
    'GC to be known',
    async () => {
      const { data } = await stack.get('/health/ready');
      const checks = JSON.stringify(data);
      const { data: present } = await stack.get('/api/v1/configuration');
      const isPulled = present.genesysCloud?.lastPull?.ok === true;
      return isPulled && checks.includes('"conversations":{"status":"up"') ? true : undefined;
    },
    { timeoutMs: 180_000 },
  );
}

/** The events of one scripted call as the feed of a new one that begins now. */
export function asFeed(
  events: readonly CallEvent[],
  { ids, shiftMs }: { readonly ids: Readonly<Record<string, string>>; readonly shiftMs: number },
) {
  return events.map(({ timeMs, eventId: _id, callUUID, parentCallUUID, ...event }) => ({
    ...event,
    time: new Date(timeMs + shiftMs).toISOString(),
    callUUID: ids[callUUID] ?? callUUID,
    ...(parentCallUUID !== undefined && { parentCallUUID: ids[parentCallUUID] ?? parentCallUUID }),
  }));
}
