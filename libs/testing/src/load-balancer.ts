import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { startProcess, type RunningProcess } from './process-runner.js';
import { waitFor } from './wait-for.js';
import { workspaceRoot } from './workspace-root.js';

export const loadBalancerNames = ['nginx', 'haproxy'] as const;
export type LoadBalancerName = (typeof loadBalancerNames)[number];

const ports = { excp: 3650, exrp: 3660, ledger: 3680, storage: 3670 } as const;
type Balanced = keyof typeof ports;

/** `host:port` of the two instances of each service, and of the one storage. */
export type LoadBalancerPlaces = Readonly<
  Record<Exclude<Balanced, 'storage'>, readonly [string, string]> & { storage: string }
>;

export type StartedLoadBalancer = {
  /** Where clients reach each service. */
  readonly origins: Readonly<Record<Balanced, string>>;
  readonly program: RunningProcess;
  /** The file that it runs with. */
  readonly file: string;
  /** The lines of its log so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
};

/** What to run, and where it will be reached. */
export type PreparedLoadBalancer = {
  readonly origins: Readonly<Record<Balanced, string>>;
  readonly file: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Of nginx; HAProxy prints what it has to say. */
  readonly accessLog: string;
};

/** Writes the file of `docker/` that is shipped for it into a folder, with names and ports of this machine instead. */
export async function prepareLoadBalancer(
  name: LoadBalancerName,
  places: LoadBalancerPlaces,
  folder: string,
): Promise<PreparedLoadBalancer> {
  const origins = { excp: '', exrp: '', ledger: '', storage: '' };
  const changes: [string, string][] = [['storage:3670', places.storage]];
  for (const service of ['excp', 'exrp', 'ledger'] as const)
    for (const [index, place] of places[service].entries())
      changes.push([`${service}-${index + 1}:${ports[service]}`, place]);
  for (const service of Object.keys(ports) as Balanced[]) {
    const place = `127.0.0.1:${await freePort()}`;
    origins[service] = `http://${place}`;
    changes.push([`listen ${ports[service]};`, `listen ${place};`]);
    changes.push([`bind :${ports[service]}`, `bind ${place}`]);
  }
  const accessLog = join(folder, 'access.log');
  if (name === 'nginx') {
    changes.push([' /tmp/nginx', ` ${folder}/nginx`]);
    // Node.js gives a child a socket, which cannot be opened by its name.
    changes.push(['/dev/stdout', accessLog]);
  }
  const shipped = fileOf(name);
  const text = await readFile(join(workspaceRoot(), 'docker', shipped), 'utf8');
  const file = join(folder, shipped);
  await writeFile(
    file,
    changes.reduce((changed, [from, to]) => changed.replaceAll(from, to), text),
  );
  const args = name === 'nginx' ? ['-c', file, '-g', 'daemon off;'] : ['-db', '-f', file];
  return { origins, file, command: name, args, accessLog };
}

/** Runs it, see {@link prepareLoadBalancer}, and waits until it answers. */
export async function startLoadBalancer(
  name: LoadBalancerName,
  places: LoadBalancerPlaces,
): Promise<StartedLoadBalancer> {
  const folder = await mkdtemp(join(tmpdir(), 'exrec-balancer-'));
  const prepared = await prepareLoadBalancer(name, places, folder);
  const { origins, file, command, args, accessLog } = prepared;
  const program = await startProcess({ command, args });
  await waitFor(`${name} to answer`, async () => {
    if (program.exitCode() !== undefined) throw new Error(program.output());
    return (await fetch(origins.storage).catch(() => undefined)) !== undefined;
  });
  return {
    origins,
    program,
    file,
    log: () => (name === 'nginx' ? readFile(accessLog, 'utf8') : Promise.resolve(program.output())),
    stop: async () => {
      await program.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function fileOf(name: LoadBalancerName): string {
  return name === 'nginx' ? 'nginx.conf' : 'haproxy.cfg';
}
