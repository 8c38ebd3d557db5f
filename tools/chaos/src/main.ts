import { parseArgs } from 'node:util';
import { faultNames, type FaultName } from './fault.js';
import { runFailover, type FailoverOptions } from './redis-failover.js';

const usage = `usage: main.js --topology sentinel|sentinel-one-replica|cluster --fault ${faultNames.join('|')}
  [--per-second 5] [--seconds 15] [--quiet 60] [--logs FOLDER]
Starts real services, Redis and a simulated Genesys Cloud on this machine, plays calls, does something to Redis, and
prints a line of JSON: accepted = arrived + failed + waiting + lost.
EXREC_TEST_BUNDLES names the folder of other built apps than the present ones.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      topology: { type: 'string', default: 'sentinel' },
      fault: { type: 'string', default: 'planned' },
      'per-second': { type: 'string', default: '5' },
      seconds: { type: 'string', default: '15' },
      quiet: { type: 'string', default: '60' },
      logs: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const topologies: readonly FailoverOptions['topology'][] = [
    'sentinel',
    'sentinel-one-replica',
    'cluster',
  ];
  const topology = topologies.find((name) => name === values.topology);
  const fault: FaultName | undefined = faultNames.find((name) => name === values.fault);
  if (topology === undefined || fault === undefined) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const result = await runFailover({
    topology,
    fault,
    perSecond: Number(values['per-second']),
    aroundMs: Number(values.seconds) * 1000,
    quietMs: Number(values.quiet) * 1000,
    logDir: values.logs,
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.lost === 0 ? 0 : 1;
}

void main();
