import { callIds, mediaIdOf, metadataBody, usualForm } from '@exrec/simulator';
import type { Bench, BenchContext } from '../bench.js';
import { sendLoad } from '../load/load.js';
import { jsonPost } from '../load/raw-connection.js';
import { figureOf, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';
import { quantile } from '../measure/median.js';
import { cpuMs } from '../measure/process-usage.js';
import {
  mcpCredentials,
  startExcp,
  startHsetCollector,
  type Collector,
} from '../servers/collectors.js';

const connections = 64;

export const collect: Bench = {
  name: 'collect',
  subject: "EXCP, MCP's metadata, 64 connections",
  baseline: 'Express that parses the same JSON and HSETs it',
  async measure(context) {
    const [excp, plain] = [await startExcp(context), await startHsetCollector(context)];
    await post(context, excp);
    await post(context, plain);
    const rounds = await inTurn(context.options.runs, {
      subject: () => post(context, excp),
      baseline: () => post(context, plain),
    });
    const figure = figureOf.bind(undefined, 'collect', rounds);
    return [
      figure({
        name: 'throughput',
        value: 'perSecond',
        unit: 'requests/s',
        goal: { of: 'ratio', atLeast: 0.6 },
      }),
      figure({ name: 'p99', value: 'p99Ms', unit: 'ms', goal: { of: 'ratio', atMost: 2 } }),
      figure({ name: 'CPU time of the service', value: 'cpuMs', unit: 'ms/request' }),
      figure({ name: 'CPU time of Redis', value: 'redisCpuMs', unit: 'ms/request' }),
    ];
  },
};

async function post({ options }: BenchContext, { program, redis }: Collector): Promise<Sample> {
  const { requests } = options;
  const posts = Array.from({ length: requests }, metadataPost);
  const before = [cpuMs(program.pid), cpuMs(redis.pid())] as const;
  const { durationMs, latenciesMs } = await sendLoad({
    port: program.port,
    connections,
    requests,
    request: (index) => posts.slice(index, index + 1),
  });
  return {
    perSecond: requests / (durationMs / 1000),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMs: (cpuMs(program.pid) - before[0]) / requests,
    redisCpuMs: (cpuMs(redis.pid()) - before[1]) / requests,
  };
}

const ids = callIds();
const startMs = Date.parse('2026-03-02T09:15:04Z');
const credentials = `${mcpCredentials.username}:${mcpCredentials.password}`;
const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };

/** The metadata of one segment of a call of its own, as MCP posts them. */
function metadataPost(): Buffer {
  const callUUID = ids.callUUID();
  const segment = {
    mediaId: mediaIdOf({ callUUID, startMs }, 'current', ids),
    callUUID,
    connID: ids.connID(),
    ani: '+4930555010',
    dnis: '8005550100',
    startMs,
    durationMs: 300_000,
    recordDN: '7105',
    agentId: 'agent7105',
  };
  const file = { sizeBytes: 1_200_000, uri: `http://127.0.0.1/rec/${segment.mediaId}` };
  const json = JSON.stringify(metadataBody(segment, file, usualForm));
  return jsonPost('/api/contact-centers/cc1/recordings', json, headers);
}
