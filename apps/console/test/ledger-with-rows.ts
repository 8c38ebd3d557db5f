import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { recordingIdOf } from '@exrec/gc-metadata';
import {
  bundledApp,
  startApp,
  startPostgres,
  startRedis,
  waitFor,
  workspaceRoot,
  type PostgresServer,
  type StartedApp,
} from '@exrec/testing';
import { Redis } from 'ioredis';

export const token = 'token-of-an-admin';
export const operatorToken = 'token-of-an-operator';
export const viewerToken = 'token-of-a-viewer';

export type LedgerWithRows = {
  readonly ledger: StartedApp;
  readonly redis: Redis;
  readonly postgres: PostgresServer;
  /** Starts the ledger again where it was. */
  restart(): Promise<void>;
  tell(kind: string, id: string, data: object): Promise<void>;
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
};

/** A ledger on its own Redis and PostgreSQL, which serves the built console. */
export async function startLedger(env: Readonly<Record<string, string>>): Promise<LedgerWithRows> {
  const [redisServer, postgres] = await Promise.all([startRedis(), startPostgres(), built()]);
  const redis = new Redis(redisServer.url);
  const settings = {
    ...{ REDIS_URL: redisServer.url, LEDGER_DATABASE_URL: postgres.url, ADMIN_TOKEN: token },
    LEDGER_NUMBER_KEY: 'a key of sixteen letters or more',
    ...env,
  };
  let ledger = await startApp('ledger', settings);
  return {
    get ledger() {
      return ledger;
    },
    redis,
    postgres,
    restart: async () => {
      ledger = await startApp('ledger', settings, ledger.port);
    },
    tell: async (kind, id, data) => {
      await redis.xadd(
        '{exrec}:ledger',
        '*',
        'v',
        '1',
        'k',
        kind,
        'id',
        id,
        'd',
        JSON.stringify(data),
      );
    },
    caughtUp: async () => {
      await waitFor(
        'the ledger to catch up',
        async () => (await redis.xlen('{exrec}:ledger')) === 0,
      );
    },
    stop: async () => {
      await ledger.kill();
      redis.disconnect();
      await Promise.all([redisServer.stop(), postgres.stop()]);
    },
  };
}

/** The console as the ledger finds it: beside itself. Whoever has just built everything has it already. */
export async function built(): Promise<void> {
  if ((process.env.EXREC_TEST_BUNDLES ?? '') !== '') return;
  const outDir = join(dirname(await bundledApp('ledger')), '..', 'console');
  const vite = join(workspaceRoot(), 'node_modules', 'vite', 'bin', 'vite.js');
  const cwd = join(workspaceRoot(), 'apps', 'console');
  await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', outDir], { cwd });
}

export const callOf = (index: number) => `02AB7QK3${String(index).padStart(24, '0')}`;
export const mediaOf = (index: number) => `${callOf(index)}_2026-03-03_10-15-04-00000001.opus`;

const agents = ['agent7105', 'agent7106', 'agent7201'];
const queues = ['VQ_TechSupport', 'VQ_Billing', 'VQ_Sales'];

type Outcome = { readonly state: string; readonly cause?: string; readonly detail?: string };

/** A call with one recording that began `minutesAgo`. */
export async function tellCall(
  { tell }: Pick<LedgerWithRows, 'tell'>,
  index: number,
  minutesAgo: number,
  outcome: Outcome,
): Promise<void> {
  const startMs = Date.now() - minutesAgo * 60_000;
  const agentId = agents[index % agents.length] ?? '';
  const queue = queues[index % queues.length] ?? '';
  const of = { interactionId: callOf(index), callUUID: callOf(index), agentId, queue };
  const common = { direction: 'inbound', startMs, ani: '+491715550110', dnis: '8005550199' };
  await tell('interaction', callOf(index), {
    ...common,
    ...{ callUUIDs: [callOf(index)], state: 'finished', endMs: startMs + 401_000, flags: [] },
    ...{ agents: [agentId], dns: [agentId.slice(5)], queues: [queue], segments: 1 },
    conversationState: 'complete',
  });
  await tell('segment', recordingIdOf(mediaOf(index)), {
    ...{ ...common, ...of, mediaId: mediaOf(index), recordedParty: 'agent' },
    ...{ dn: agentId.slice(5), stopMs: startMs + 207_000, durationMs: 207_000 },
    scope: { inScope: true, rule: 'no-sync-scope' },
    sta:
      queue === 'VQ_Billing'
        ? {
            requested: false,
            reason: 'queue-transcription-disabled',
            trail: [{ rule: 'queue-transcription-disabled' }],
          }
        : {
            requested: true,
            programId: 'p',
            programName: 'Tech support quality',
            language: 'de-DE',
            trail: [{ rule: 'mapped-program', value: 'p' }],
          },
    dispatch: { state: 'dispatched', atMs: startMs + 300_000, attempts: 1 },
  });
  const at = startMs + 300_000;
  await tell('injection', recordingIdOf(mediaOf(index)), {
    ...{
      audioFile: mediaOf(index),
      attempts: '1',
      acceptedAtMs: `${at}`,
      updatedAtMs: `${at + 5_000}`,
    },
    ...(outcome.state === 'waiting' ? { nextTryAtMs: `${Date.now() + 60_000}` } : {}),
    ...outcome,
  });
}

/** Twelve calls that arrived, two that failed and one that waits. */
export async function tellAnHour(rows: LedgerWithRows): Promise<void> {
  for (let index = 0; index < 12; index += 1)
    await tellCall(rows, index, 5 + index * 7, { state: 'confirmed' });
  await tellCall(rows, 20, 30, {
    state: 'failed',
    cause: 'gc-rejected',
    detail: 'no such division',
  });
  await tellCall(rows, 21, 32, { state: 'failed', cause: 'audio-invalid' });
  await tellCall(rows, 22, 34, { state: 'waiting', cause: 'gc-unavailable' });
}
