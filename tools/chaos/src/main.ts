import { parseArgs } from 'node:util';
import { loadBalancerNames } from '@exrec/testing';
import { conversationsCommand, conversationsUsage } from './conversations/command.js';
import { faultNames, type FaultName } from './fault.js';
import { runFailover, type FailoverOptions } from './redis-failover.js';
import { runRollingRestart } from './rolling-restart.js';

const usage = `usage: main.js --topology sentinel|sentinel-one-replica|cluster --fault ${faultNames.join('|')}
  [--per-second 5] [--seconds 15] [--quiet 60] [--logs FOLDER]
       main.js --balancer ${loadBalancerNames.join('|')} [--per-second 8] [--seconds 5] [--connections 16] [--logs FOLDER]
Starts real services, Redis and a simulated Genesys Cloud on this machine, plays calls, does something to Redis, or
restarts every instance one by one behind a load balancer, and prints a line of JSON:
accepted = arrived + failed + waiting + lost.
${conversationsUsage}EXREC_TEST_BUNDLES names the folder of other built apps than the present ones.
`;

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  if (first === 'conversations') {
    process.exitCode = await conversationsCommand(rest);
    return;
  }
  const { values } = parseArgs({
    options: {
      topology: { type: 'string', default: 'sentinel' },
      fault: { type: 'string', default: 'planned' },
      balancer: { type: 'string' },
      connections: { type: 'string', default: '16' },
      'per-second': { type: 'string' },
      seconds: { type: 'string' },
      quiet: { type: 'string', default: '60' },
      logs: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { balancer: named } = values;
  const balancer = loadBalancerNames.find((name) => name === named);
  const perSecond = (usual: number) => Number(values['per-second'] ?? usual);
  const aroundMs = (usual: number) => Number(values.seconds ?? usual) * 1000;
  if (balancer !== undefined) {
    const result = await runRollingRestart({
      balancer,
      perSecond: perSecond(8),
      aroundMs: aroundMs(5),
      connections: Number(values.connections),
      logDir: values.logs,
    });
    process.stdout.write(`${JSON.stringify(result)}\n`);
    process.exitCode = result.lost === 0 && Object.keys(result.answers).join() === '200' ? 0 : 1;
    return;
  }
  const topologies: readonly FailoverOptions['topology'][] = [
    'sentinel',
    'sentinel-one-replica',
    'cluster',
  ];
  const topology = topologies.find((name) => name === values.topology);
  const fault: FaultName | undefined = faultNames.find((name) => name === values.fault);
  if (named !== undefined || topology === undefined || fault === undefined) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const result = await runFailover({
    topology,
    fault,
    perSecond: perSecond(5),
    aroundMs: aroundMs(15),
    quietMs: Number(values.quiet) * 1000,
    logDir: values.logs,
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.lost === 0 ? 0 : 1;
}

void main();
