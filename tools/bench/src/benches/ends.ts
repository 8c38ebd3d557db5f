import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callIds } from '@exrec/simulator';
import { startFaultProxy, waitFor } from '@exrec/testing';
import { Redis } from 'ioredis';
import type { Bench, BenchContext } from '../bench.js';
import {
  callEventsPost,
  callFeed,
  endOfACall,
  eventsOfACall,
  metadataPost,
} from '../load/calls.js';
import { sendLoad } from '../load/load.js';
import { figureOf, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';
import { cpuMs, cpuMsOf } from '../measure/process-usage.js';
import { startBenchRedis, startExcpProgram } from '../servers/collectors.js';
import { startGenesysCloud } from '../servers/genesys-cloud.js';
import type { Program } from '../servers/program.js';

/** The way to Redis takes so long that waiting for it, and not this machine's cores, decides how fast one is. */
const latencyMs = 100;
/** Of the requests of a run, since each is a call with its end. */
const callShare = 1 / 50;
const connections = 8;

/** Whether instances add up at the ends of interactions, and what an end costs. */
export const ends: Bench = {
  name: 'ends',
  subject: '2 EXCPs, from the end of interactions to the requests to EXRP, Redis 100 ms away',
  baseline: '1 EXCP',
  async measure(context) {
    const rig = await startRig(context);
    await rig.endAll(1);
    const rounds = await inTurn(context.options.runs, {
      subject: () => rig.endAll(2),
      baseline: () => rig.endAll(1),
    });
    const figure = figureOf.bind(undefined, 'ends', rounds);
    return [
      figure({
        name: 'throughput',
        value: 'perSecond',
        unit: 'interactions/s',
        goal: { of: 'ratio', atLeast: 1.5 },
      }),
      figure({ name: 'CPU time of the services', value: 'cpuMs', unit: 'ms/interaction' }),
      figure({ name: 'CPU time of Redis', value: 'redisCpuMs', unit: 'ms/interaction' }),
    ];
  },
};

async function startRig(context: BenchContext) {
  const server = await startBenchRedis(context);
  const gc = await startGenesysCloud(context);
  const exrp = await startExrpStandIn(context);
  const redis = new Redis(server.url);
  context.cleanUp(() => redis.quit());
  const proxy = await startFaultProxy({
    target: { host: '127.0.0.1', port: server.port },
    faults: { downstream: { latencyMs } },
  });
  context.cleanUp(() => proxy.stop());
  const start = (redisUrl: string, settings: Readonly<Record<string, string>>) =>
    startExcpProgram(context, { redisUrl, gc }, { EXCP_CONVERSATIONS: 'off', ...settings });
  const count = Math.ceil(context.options.requests * callShare);

  /** Calls that are over; the first of them are for warming up. */
  const collected = async (): Promise<string[]> => {
    const collector = await start(server.url, { EXCP_SETTLE_SECONDS: '36000' });
    const callUUIDs = Array.from({ length: count * 2 }, () => ids.callUUID());
    await send(collector, callUUIDs.map(eventsPost));
    await send(collector, callUUIDs.map(metadataPost));
    await collector.kill('SIGTERM');
    return callUUIDs;
  };

  const end = async (callUUIDs: readonly string[]) => {
    const goal = exrp.received() + callUUIDs.length;
    await redis.zadd('{exrec}:due', ...callUUIDs.flatMap((id) => [Date.now(), id]));
    await waitFor('the requests', () => exrp.received() >= goal, {
      timeoutMs: 300_000,
      everyMs: 10,
    });
  };

  return {
    endAll: async (size: number): Promise<Sample> => {
      const callUUIDs = await collected();
      const far = () =>
        start(`redis://127.0.0.1:${proxy.port}`, {
          EXCP_SETTLE_SECONDS: '0.3',
          EXRP_URL: exrp.url,
        });
      const programs = await Promise.all(Array.from({ length: size }, far));
      const pids = programs.map(({ pid }) => pid);
      await end(callUUIDs.slice(0, count));
      const before = [cpuMsOf(pids), cpuMs(server.pid())] as const;
      const startedAtMs = performance.now();
      await end(callUUIDs.slice(count));
      const seconds = (performance.now() - startedAtMs) / 1000;
      const sample = {
        perSecond: count / seconds,
        cpuMs: (cpuMsOf(pids) - before[0]) / count,
        redisCpuMs: (cpuMs(server.pid()) - before[1]) / count,
      };
      await Promise.all(programs.map((program) => program.kill('SIGTERM')));
      return sample;
    },
  };
}

/** Takes whatever it is sent, at once. */
async function startExrpStandIn(context: BenchContext) {
  let received = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      received += 1;
      response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  context.cleanUp(() => new Promise((done) => server.close(done)));
  const { port } = server.address() as AddressInfo; // of a TCP server
  return { url: `http://127.0.0.1:${port}`, received: () => received };
}

async function send({ port }: Program, posts: readonly Buffer[]): Promise<void> {
  await sendLoad({
    ...{ port, connections, requests: posts.length },
    request: (index) => posts.slice(index, index + 1),
  });
}

const ids = callIds();

const eventsPost = (callUUID: string) =>
  callEventsPost(callFeed([callUUID], [...eventsOfACall, endOfACall]));
