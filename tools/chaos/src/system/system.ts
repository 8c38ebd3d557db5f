import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGcSimulator, type GcSimulator } from '@exrec/simulator';
import {
  bundledApp,
  freePort,
  prepareLoadBalancer,
  startPostgres,
  waitFor,
  workspaceRoot,
  type LoadBalancerName,
  type LoadBalancerPlaces,
  type PostgresServer,
} from '@exrec/testing';
import { instanceNames, type InstanceName, type RedisForm } from '../plan/fault.js';
import { patience } from '../patience.js';
import { Instance } from './instance.js';
import { Links } from './links.js';
import { environmentsOf } from './environments.js';
import { startRedisForm, type RedisUnderTest } from './redis-form.js';
import { spoolDisk, type SpoolDisk } from './spool-disk.js';

export type SystemOptions = {
  readonly form: RedisForm;
  readonly balancer: LoadBalancerName;
  /** Further settings of the services. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Arguments of Node.js for the services instead of those that name lines of the sources in errors. */
  readonly nodeArgs?: readonly string[];
  /** For the simulator: whether it keeps and opens what is uploaded. */
  readonly keepObjects?: boolean;
  /** Nothing is to happen to any link: they lead through no proxy. */
  readonly isDirect?: boolean;
};

/** The whole product behind its load balancer, with everything that it needs, on this machine. */
export type System = {
  readonly dir: string;
  readonly audioDir: string;
  readonly logDir: string;
  readonly gc: GcSimulator;
  readonly redis: RedisUnderTest;
  readonly postgres: PostgresServer;
  readonly instances: ReadonlyMap<InstanceName, Instance>;
  readonly balancer: Instance;
  readonly disks: Readonly<Record<'exrp-1' | 'exrp-2', SpoolDisk>>;
  readonly links: Links;
  /** Origins on the balancer, for whoever reads. */
  readonly urls: { readonly excp: string; readonly exrp: string; readonly ledger: string };
  /** Origins that MCP and the bridge use, over their links. */
  readonly mcp: { readonly excp: string; readonly storage: string };
  /** @throws naming who is not ready, when that stays so */
  untilReady(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts everything; whatever was started is stopped again when that fails. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await assemble(options, { undo, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

type Undo = { readonly undo: (() => Promise<unknown>)[]; readonly stop: () => Promise<void> };

async function assemble(options: SystemOptions, { undo, stop }: Undo): Promise<System> {
  const { form, keepObjects = true } = options;
  const dir = await mkdtemp(join(tmpdir(), 'exrec-chaos-'));
  undo.push(() => rm(dir, { recursive: true, force: true }));
  // The balancer's workers are nobody's.
  await chmod(dir, 0o755);
  const logDir = join(dir, 'logs');
  const audioDir = join(dir, 'audio');
  for (const folder of ['logs', 'tmp', 'balancer']) await mkdir(join(dir, folder));
  const gc = await startGcSimulator({ requireConversation: keepObjects, keepObjects });
  undo.push(() => gc.stop());
  const [redis, postgres] = await Promise.all([startRedisForm(form), startPostgres()]);
  undo.push(
    () => postgres.stop(),
    () => redis.stop(),
  );
  const disks = {
    'exrp-1': await spoolDisk(join(dir, 'disk-1')),
    'exrp-2': await spoolDisk(join(dir, 'disk-2')),
  };
  undo.push(disks['exrp-1'].stop, disks['exrp-2'].stop);
  const links = new Links({ isDirect: options.isDirect ?? false });
  undo.push(() => links.stop());
  const ports = new Map<InstanceName, number>();
  for (const name of instanceNames) ports.set(name, await freePort());
  const places = await placesOf(ports, links);
  const prepared = await prepareLoadBalancer(options.balancer, places, join(dir, 'balancer'));
  const { origins } = prepared;
  const environments = await environmentsOf({
    ...{ dir, audioDir, gc, redis, postgres, disks, links, origins },
  });
  const instances = new Map<InstanceName, Instance>();
  for (const name of instanceNames) {
    const app = appOf(name);
    const port = ports.get(name) ?? 0;
    const prefix = app.toUpperCase();
    instances.set(
      name,
      new Instance({
        name,
        command: process.execPath,
        args: [...(options.nodeArgs ?? ['--enable-source-maps']), await bundledApp(app)],
        env: {
          TMPDIR: join(dir, 'tmp'),
          ...environments(name),
          ...(app === 'storage' ? {} : options.settings),
          [`${prefix}_HOST`]: '127.0.0.1',
          [`${prefix}_PORT`]: `${port}`,
        },
        cwd: workspaceRoot(),
        logFile: join(logDir, `${name}.log`),
        liveUrl: `http://127.0.0.1:${port}/health/live`,
      }),
    );
  }
  const balancer = new Instance({
    ...{ name: 'balancer', command: prepared.command, args: prepared.args, env: {}, cwd: dir },
    logFile: join(logDir, 'balancer.log'),
    liveUrl: `${origins.storage}/health/live`,
  });
  for (const each of [...instances.values(), balancer]) undo.push(() => each.kill());
  await Promise.all([...instances.values()].map((instance) => instance.start()));
  await balancer.start();
  const on = (port: number) => `http://127.0.0.1:${port}`;
  const untilReady = async () => {
    for (const [name, port] of ports) {
      const health = name === 'storage' ? 'live' : 'ready';
      await waitFor(`${name} to be ready`, () => isOk(`${on(port)}/health/${health}`), patience);
    }
    for (const origin of Object.values(origins))
      await waitFor('the balancer', () => isOk(`${origin}/health/live`), patience);
  };
  await untilReady();
  return {
    ...{ dir, audioDir, logDir, gc, redis, postgres, instances, balancer, disks, links },
    urls: origins,
    mcp: {
      excp: await links.openTo('mcp-excp', origins.excp),
      storage: await links.openTo('mcp-storage', origins.storage),
    },
    untilReady,
    stop,
  };
}

/** Where the balancer finds each instance: over a link, but for the ledger, which only people reach. */
async function placesOf(
  ports: ReadonlyMap<InstanceName, number>,
  links: Links,
): Promise<LoadBalancerPlaces> {
  const portOf = (name: InstanceName) => ports.get(name) ?? 0;
  const linked = (name: Exclude<InstanceName, 'ledger-1' | 'ledger-2'>) =>
    links.open(`balancer-${name}`, portOf(name));
  return {
    excp: [await linked('excp-1'), await linked('excp-2')],
    exrp: [await linked('exrp-1'), await linked('exrp-2')],
    ledger: [`127.0.0.1:${portOf('ledger-1')}`, `127.0.0.1:${portOf('ledger-2')}`],
    storage: await linked('storage'),
  };
}

function appOf(name: InstanceName) {
  if (name === 'storage') return 'storage';
  if (name.startsWith('excp')) return 'excp';
  return name.startsWith('exrp') ? 'exrp' : 'ledger';
}

async function isOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.ok === true;
}
