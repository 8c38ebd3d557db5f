import { callIds } from '@exrec/simulator';
import type { Bench, BenchContext } from '../bench.js';
import { metadataPost } from '../load/calls.js';
import { sendLoad } from '../load/load.js';
import { figureOf, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';
import { quantile } from '../measure/median.js';
import { cpuMs } from '../measure/process-usage.js';
import { startExcp, startHsetCollector, type Collector } from '../servers/collectors.js';

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
  const posts = Array.from({ length: requests }, () => metadataPost(ids.callUUID()));
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
