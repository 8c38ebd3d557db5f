import { callIds } from '@exrec/simulator';
import type { Bench, BenchContext } from '../bench.js';
import { callEventsPost, callFeed, eventsOfACall } from '../load/calls.js';
import { sendLoad } from '../load/load.js';
import { figureOf, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';
import { cpuMs } from '../measure/process-usage.js';
import { startExcp, startHsetCollector, type Collector } from '../servers/collectors.js';

const connections = 8;
const eventsInABatch = 100;
/** Of the requests of a run, since each is a hundred events. */
const batchShare = 1 / 20;

export const events: Bench = {
  name: 'events',
  subject: 'EXCP, call events in batches of 100, 8 connections',
  baseline: 'Express that parses the same JSON and HSETs each event',
  async measure(context) {
    const [excp, plain] = [await startExcp(context), await startHsetCollector(context)];
    await post(context, excp);
    await post(context, plain);
    const rounds = await inTurn(context.options.runs, {
      subject: () => post(context, excp),
      baseline: () => post(context, plain),
    });
    const figure = figureOf.bind(undefined, 'events', rounds);
    return [
      figure({
        name: 'throughput',
        value: 'perSecond',
        unit: 'events/s',
        goal: { of: 'ratio', atLeast: 0.5 },
      }),
      figure({ name: 'CPU time of the service', value: 'cpuMs', unit: 'ms/event' }),
      figure({ name: 'CPU time of Redis', value: 'redisCpuMs', unit: 'ms/event' }),
    ];
  },
};

async function post({ options }: BenchContext, { program, redis }: Collector): Promise<Sample> {
  const requests = Math.ceil(options.requests * batchShare);
  const posts = Array.from({ length: requests }, eventsPost);
  const before = [cpuMs(program.pid), cpuMs(redis.pid())] as const;
  const { durationMs } = await sendLoad({
    port: program.port,
    connections,
    requests,
    request: (index) => posts.slice(index, index + 1),
  });
  const count = requests * eventsInABatch;
  return {
    perSecond: count / (durationMs / 1000),
    cpuMs: (cpuMs(program.pid) - before[0]) / count,
    redisCpuMs: (cpuMs(redis.pid()) - before[1]) / count,
  };
}

const ids = callIds();

/** The events of ten calls on their way through a queue to an agent, mixed as a feed mixes them. */
function eventsPost(): Buffer {
  const count = eventsInABatch / eventsOfACall.length;
  return callEventsPost(callFeed(Array.from({ length: count }, () => ids.callUUID())));
}
