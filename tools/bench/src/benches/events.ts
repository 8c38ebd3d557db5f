import { callIds } from '@exrec/simulator';
import type { Bench, BenchContext } from '../bench.js';
import { sendLoad } from '../load/load.js';
import { jsonPost } from '../load/raw-connection.js';
import { figureOf, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';
import { cpuMs } from '../measure/process-usage.js';
import {
  eventsToken,
  startExcp,
  startHsetCollector,
  type Collector,
} from '../servers/collectors.js';

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
const startMs = Date.parse('2026-03-02T09:15:00Z');
const headers = { authorization: `Bearer ${eventsToken}` };

/** The events of ten calls on their way through a queue to an agent, mixed as a feed mixes them. */
function eventsPost(): Buffer {
  const calls = Array.from({ length: eventsInABatch / eventsOfACall.length }, () => ({
    callUUID: ids.callUUID(),
    connID: ids.connID(),
  }));
  const feed = eventsOfACall.flatMap((event, index) =>
    calls.map((call) => ({
      ...call,
      ...event,
      time: new Date(startMs + index * 1_000).toISOString(),
    })),
  );
  return jsonPost('/api/v1/call-events', JSON.stringify(feed), headers);
}

const queue = { thisDN: 'VQ_TechSupport', thisQueue: 'VQ_TechSupport' } as const;
const agent = { thisDN: '7105', agentId: 'agent7105', partyType: 'agent' } as const;

/** Without the last one, `EventCallDeleted`: what follows from an end is not collection. */
const eventsOfACall = [
  { event: 'EventCallCreated', ani: '+4930555010', dnis: '8005550100', callType: 'Inbound' },
  { event: 'EventCallPartyAdded', thisDN: '9001', partyType: 'trunk', partyState: 'established' },
  { event: 'EventCallDataChanged', userData: { language_code: 'de-DE', customer_id: '4711' } },
  { event: 'EventQueued', ...queue },
  { event: 'EventCallDataChanged', userData: { service: 'tech' } },
  { event: 'EventDiverted', ...queue, thirdPartyDN: '7105' },
  { event: 'EventCallPartyAdded', ...agent, partyState: 'ringing' },
  { event: 'EventCallPartyState', ...agent, partyState: 'established' },
  { event: 'EventCallPartyState', ...agent, partyState: 'held' },
  { event: 'EventCallPartyDeleted', ...agent },
] as const;
