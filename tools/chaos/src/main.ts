import { cp, mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadBalancerNames } from '@exrec/testing';
import { conversationsCommand, conversationsUsage } from './conversations/command.js';
import { failureCommand } from './failure-command.js';
import { faultNames } from './fault.js';
import type { RedisForm } from './plan/fault.js';
import { endSignal } from './run/ended-early.js';
import { run } from './run/run.js';
import { violationLines } from './run/words.js';
import { soak } from './soak/soak.js';

const usage = `npm run chaos -- --seed N [--minutes 3] [--sentinel|--cluster] [--per-second 2] [--logs FOLDER]
  Two of each service behind the shipped load balancer, with Redis, PostgreSQL and a simulated Genesys Cloud, under
  sample calls, while processes and links fail as the seed says. Ends with what became of every recording, each
  violation by its name, and 1 if there is one. The logs of a run with violations are kept in FOLDER.

npm run chaos -- --soak [--minutes 60] [--per-second 5]
  No faults: memory, handles, Redis, PostgreSQL and logs each minute, and whether anything grows that must not.

npm run chaos -- --topology sentinel|sentinel-one-replica|cluster --fault ${faultNames.join('|')}
  [--per-second 5] [--seconds 15] [--quiet 60] [--logs FOLDER]
npm run chaos -- --balancer ${loadBalancerNames.join('|')} [--per-second 8] [--seconds 5] [--connections 16] [--logs FOLDER]
  With --former FOLDER (built apps of the release before): from it to the present release and back.
npm run chaos -- --ledger-away SECONDS [--per-second 5] [--seconds 15] [--quiet 60] [--logs FOLDER]
  One failure of Redis under calls, PostgreSQL away and a ledger killed for so long, or every instance restarted one by one behind a load balancer, as a line of JSON:
  accepted = arrived + failed + waiting + lost.

${conversationsUsage}EXREC_TEST_BUNDLES names the folder of other built apps than the present ones.
`;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === 'conversations') return conversationsCommand(rest);
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string' },
      soak: { type: 'boolean', default: false },
      sentinel: { type: 'boolean', default: false },
      cluster: { type: 'boolean', default: false },
      'per-second': { type: 'string' },
      topology: { type: 'string' },
      fault: { type: 'string', default: 'planned' },
      balancer: { type: 'string' },
      former: { type: 'string' },
      'ledger-away': { type: 'string' },
      connections: { type: 'string', default: '16' },
      seconds: { type: 'string' },
      quiet: { type: 'string', default: '60' },
      logs: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return refuse(0);
  if (values.soak) {
    const minutes = Number(values.minutes ?? 60);
    return (await soak({
      minutes,
      perSecond: Number(values['per-second'] ?? 5),
      say,
      signal: endSignal(),
    }))
      ? 0
      : 1;
  }
  if (values.seed === undefined) return (await failureCommand(values)) ?? refuse(2);
  const seed = Number(values.seed);
  const seconds = Number(values.minutes ?? 3) * 60;
  const perSecond = Number(values['per-second'] ?? 2);
  if (!Number.isInteger(seed) || !(seconds > 0) || !(perSecond > 0)) return refuse(2);
  const otherForm: RedisForm = values.cluster ? 'cluster' : 'single';
  const { logs } = values;
  const keep = logs === undefined ? undefined : (from: string) => keepLogs(from, logs);
  const form = values.sentinel ? 'sentinel' : otherForm;
  const { sentence, violations } = await run({
    seed,
    seconds,
    form,
    perSecond,
    say,
    keep,
    signal: endSignal(),
  });
  for (const line of violationLines(violations)) say(`VIOLATION ${line}`);
  say(`seed ${seed}, ${form}: ${sentence}; ${violations.length} violations`);
  return violations.length === 0 ? 0 : 1;
}

function refuse(code: number): number {
  say(usage);
  return code;
}

async function keepLogs(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(from, to, { recursive: true });
}

main(process.argv.slice(2)).then(
  // At an end of its own Node.js 20 may wait for ever for what was being written to a connection that was reset.
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
