import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleHybridIntegration } from '@exrec/simulator';
import { startRedis, waitFor } from '@exrec/testing';
import { startFleet, type Fleet } from '../fleet.js';
import { startQueueCalls } from './queue-calls.js';
import { areComplete, toldOf, watch, type Told } from './watch.js';

export type ConversationsOptions = {
  readonly perSecond: number;
  /** Of calls that begin. */
  readonly seconds: number;
  /** Genesys Cloud is away for so long, in the middle; 0: it never is. */
  readonly awaySeconds: number;
  /** Of the OAuth client that everything shares. */
  readonly requestsPerMinute: number;
  /** How long conversations may take to be complete, and uploads to come, after the last call or the return. */
  readonly patienceSeconds: number;
  readonly excps?: number;
  readonly exrps?: number;
  readonly logDir?: string | undefined;
};

export type ConversationsResult = Told & {
  readonly mostRequestsInAMinute: number;
  /** Uploads a minute while calls began; after an outage, in the minute after the return. */
  readonly uploadsPerMinute: number;
  readonly uploads: number;
  /** Times Genesys Cloud said that the OAuth client asks too often. */
  readonly limited: number;
  /** From the return until all conversations of the outage were complete. */
  readonly caughtUpInSeconds: number | null;
};

/** What Genesys Cloud allows an OAuth client. */
const limitOfGc = 300;

/**
 * Plays recorded calls to EXCPs of which each has the whole feed, all with one OAuth client: how many requests it takes
 * to tell Genesys Cloud of them, how soon it is told, what is left for uploads, and whether an outage changes anything.
 */
export async function runConversations(
  options: ConversationsOptions,
): Promise<ConversationsResult> {
  const { perSecond, seconds, awaySeconds, requestsPerMinute, patienceSeconds } = options;
  const dir = await mkdtemp(join(tmpdir(), 'exrec-conversations-'));
  const file = join(dir, 'hybrid-integration.yaml');
  await writeFile(file, sampleHybridIntegration());
  const redis = await startRedis();
  try {
    const fleet = await startFleet({
      redis: { REDIS_URL: redis.url },
      settings: {
        GC_REQUESTS_PER_MINUTE: String(requestsPerMinute),
        HYBRID_INTEGRATION_FILE: file,
      },
      excps: options.excps ?? 2,
      exrps: options.exrps ?? 1,
      logDir: options.logDir,
    });
    const { gc } = fleet;
    const limit = () =>
      gc.faults.order({
        target: 'rate-limit',
        requestsPerMinute: Math.max(limitOfGc, requestsPerMinute),
      });
    try {
      await limit();
      await untilTold(fleet);
      const seen = watch(gc);
      const startedMs = Date.now();
      const calls = startQueueCalls(fleet, perSecond);
      await sleep(((seconds - awaySeconds) / 2) * 1000);
      let backMs: number | undefined;
      if (awaySeconds > 0) {
        await gc.faults.order({ target: '*', kind: 'reset', times: 0 });
        await sleep(awaySeconds * 1000);
        await gc.faults.clear();
        await limit();
        backMs = Date.now();
      }
      const ofOutage = [...calls.callUUIDs];
      const remainingMs = ((seconds - awaySeconds) / 2) * 1000;
      const [caughtUpMs] = await Promise.all([
        backMs === undefined ? undefined : untilComplete(fleet, ofOutage, patienceSeconds),
        sleep(remainingMs),
      ]);
      const endedMs = Date.now();
      await calls.finish();
      await untilComplete(fleet, calls.callUUIDs, patienceSeconds);
      await untilUploaded(fleet, calls.callUUIDs.length, patienceSeconds);
      seen.stop();
      const [fromMs, toMs] =
        backMs === undefined ? [startedMs, endedMs] : [backMs, backMs + 60_000];
      return {
        ...toldOf(gc, calls.callUUIDs),
        mostRequestsInAMinute: seen.mostRequestsInAMinute(),
        uploadsPerMinute: Math.round((seen.uploads(fromMs, toMs) / (toMs - fromMs)) * 60_000),
        uploads: gc.recordings().length,
        limited: gc.requests.count('gc.events', 429) + gc.requests.count('gc.uploads', 429),
        caughtUpInSeconds:
          caughtUpMs === undefined || backMs === undefined
            ? null
            : Math.round((caughtUpMs - backMs) / 1000),
      };
    } finally {
      await fleet.stop();
    }
  } finally {
    await redis.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Users, queues and the source are known to every EXCP. */
async function untilTold({ excps }: Fleet): Promise<void> {
  for (const { url } of excps) {
    await waitFor(`${url} to know Genesys Cloud`, async () => {
      const answer = await fetch(`${url}/health/ready`);
      const text = await answer.text();
      return ['conversations', 'gc-configuration'].every((name) =>
        text.includes(`"${name}":{"status":"up"`),
      );
    });
  }
}

/** @returns when they were, epoch ms; undefined when they never were */
async function untilComplete(
  { gc }: Fleet,
  callUUIDs: readonly string[],
  patienceSeconds: number,
): Promise<number | undefined> {
  // Those that were running then end a while later.
  const untilMs = Date.now() + patienceSeconds * 1000;
  while (Date.now() < untilMs) {
    if (areComplete(gc, callUUIDs)) return Date.now();
    await sleep(500);
  }
  return undefined;
}

async function untilUploaded({ gc }: Fleet, count: number, patienceSeconds: number): Promise<void> {
  const untilMs = Date.now() + patienceSeconds * 1000;
  while (Date.now() < untilMs && gc.recordings().length < count) await sleep(500);
}
