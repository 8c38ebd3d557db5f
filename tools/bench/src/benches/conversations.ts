import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { callIds, sampleHybridIntegration } from '@exrec/simulator';
import { waitFor, type RedisServer } from '@exrec/testing';
import { Redis } from 'ioredis';
import * as z from 'zod';
import type { Bench, BenchContext } from '../bench.js';
import { callEventsPost } from '../load/calls.js';
import { sendLoad } from '../load/load.js';
import { figureOf, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';
import { cpuMs } from '../measure/process-usage.js';
import { startBenchRedis, startExcpProgram } from '../servers/collectors.js';
import { startGenesysCloud, type GenesysCloud } from '../servers/genesys-cloud.js';
import type { Program } from '../servers/program.js';

/** Of the requests of a run, since each is a call that is told as it happens. */
const callShare = 1 / 50;
const callsPerSecond = 20;
/** Between what happens on a call: it is planned, written and sent each time. */
const betweenMs = 700;
const eventsForGc = 10;

/** What it costs to tell Genesys Cloud of a call. */
export const conversations: Bench = {
  name: 'conversations',
  subject: 'EXCP, calls of ten events for Genesys Cloud as they happen, 20 new ones a second',
  baseline: 'the same with EXCP_CONVERSATIONS=off',
  async measure(context) {
    const telling = await startRig(context, 'on');
    const silent = await startRig(context, 'off');
    await telling.play();
    await silent.play();
    const rounds = await inTurn(context.options.runs, {
      subject: () => telling.play(),
      baseline: () => silent.play(),
    });
    const figure = figureOf.bind(undefined, 'conversations', rounds);
    return [
      figure({ name: 'CPU time of EXCP', value: 'cpuMs', unit: 'ms/call' }),
      figure({ name: 'CPU time of Redis', value: 'redisCpuMs', unit: 'ms/call' }),
      figure({ name: 'Redis memory while it lives', value: 'redisBytes', unit: 'bytes/call' }),
      figure({
        name: 'requests to Genesys Cloud',
        value: 'requests',
        unit: 'per 1,000 calls',
      }),
    ];
  },
};

type Rig = { play(): Promise<Sample> };

async function startRig(context: BenchContext, setting: 'on' | 'off'): Promise<Rig> {
  const server = await startBenchRedis(context);
  const gc = await startGenesysCloud(context);
  const file = join(context.dir, 'hybrid-integration.yaml');
  await writeFile(file, sampleHybridIntegration());
  const excp = await startExcpProgram(
    context,
    { redisUrl: server.url, gc },
    {
      HYBRID_INTEGRATION_FILE: file,
      EXCP_CONVERSATIONS: setting,
      // Ends are work of another kind, and the archive makes calls small.
      EXCP_SETTLE_SECONDS: '36000',
    },
  );
  if (setting === 'on') await untilKnown(excp);
  const redis = new Redis(server.url);
  context.cleanUp(() => redis.quit());
  const count = Math.ceil(context.options.requests * callShare);
  return { play: () => play({ excp, gc, server, redis, isTold: setting === 'on' }, count) };
}

/** GC's users, queues and source. */
async function untilKnown({ url }: Program): Promise<void> {
  await waitFor('EXCP to know Genesys Cloud', async () => {
    const text = await (await fetch(`${url}/health/ready`)).text();
    return ['conversations', 'gc-configuration'].every((name) =>
      text.includes(`"${name}":{"status":"up"`),
    );
  });
}

type Playing = {
  readonly excp: Program;
  readonly gc: GenesysCloud;
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly isTold: boolean;
};

async function play({ excp, gc, server, redis, isTold }: Playing, count: number): Promise<Sample> {
  const told = await toldTo(gc);
  const bytes = await usedBytes(redis);
  const before = [cpuMs(excp.pid), cpuMs(server.pid())] as const;
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await sleep((index * 1_000) / callsPerSecond);
      await playCall(excp, ids.callUUID());
    }),
  );
  if (isTold) {
    const goal = told.taken + count * eventsForGc;
    await waitFor('all events', async () => (await toldTo(gc)).taken >= goal, { everyMs: 1_000 });
  }
  const cpu = [cpuMs(excp.pid), cpuMs(server.pid())] as const;
  return {
    cpuMs: (cpu[0] - before[0]) / count,
    redisCpuMs: (cpu[1] - before[1]) / count,
    redisBytes: ((await usedBytes(redis)) - bytes) / count,
    ...(isTold && { requests: (((await toldTo(gc)).requests - told.requests) / count) * 1_000 }),
  };
}

const counts = z.object({ counts: z.object({ taken: z.number(), requests: z.number() }) });

async function toldTo({ program }: GenesysCloud) {
  const answer = await fetch(`${program.url}/simulator/conversations`);
  return counts.parse(await answer.json()).counts;
}

async function usedBytes(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}

async function playCall({ port }: Program, callUUID: string): Promise<void> {
  for (const happening of happenings) {
    const time = new Date().toISOString();
    const post = callEventsPost(happening.map((event) => ({ ...event, callUUID, time })));
    // A busy machine's Redis may be slow to confirm; a bridge posts again then, too.
    await waitFor('the events to be taken', () => isTaken(port, post));
    await sleep(betweenMs);
  }
}

async function isTaken(port: number, post: Buffer): Promise<boolean> {
  return sendLoad({ port, connections: 1, requests: 1, request: () => [post] }).then(
    () => true,
    () => false,
  );
}

const ids = callIds();
const trunk = { thisDN: 'Trunk_SBC1', partyType: 'trunk' } as const;
const queue = { thisDN: 'VQ_TechSupport', thisQueue: 'VQ_TechSupport' } as const;
const agent = { thisDN: '7105', agentId: 'agent7105', partyType: 'agent' } as const;
const state = (partyState: 'established' | 'held') => {
  return { event: 'EventCallPartyState', ...agent, partyState } as const;
};

/** Through a queue to an agent, on hold twice; the caller hangs up while on hold. */
const happenings = [
  [
    { event: 'EventCallCreated', ani: '+4930555010', dnis: '8005550100', callType: 'Inbound' },
    { event: 'EventCallPartyAdded', ...trunk, partyState: 'established' },
  ],
  [{ event: 'EventQueued', ...queue }],
  [
    { event: 'EventDiverted', ...queue, thirdPartyDN: '7105' },
    { event: 'EventCallPartyAdded', ...agent, partyState: 'ringing' },
  ],
  [state('established')],
  [state('held')],
  [state('established')],
  [state('held')],
  [
    { event: 'EventCallPartyDeleted', ...trunk },
    { event: 'EventCallPartyDeleted', ...agent },
    { event: 'EventCallDeleted' },
  ],
] as const;
