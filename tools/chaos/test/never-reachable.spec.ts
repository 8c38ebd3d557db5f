import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  bundledApp,
  freePort,
  startProcess,
  waitFor,
  type AppName,
  type RunningProcess,
} from '@exrec/testing';

const apps: readonly AppName[] = ['excp', 'exrp', 'ledger'];

/** Takes connections and says nothing, as a machine behind a firewall that drops what it does not know. */
let silent: Server;
let silentPlace: string;
const sockets = new Set<Socket>();
const running: RunningProcess[] = [];

beforeAll(async () => {
  const port = await freePort();
  silentPlace = `127.0.0.1:${port}`;
  silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.kill()));
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

async function start(name: AppName, redis: Readonly<Record<string, string>>) {
  const prefix = name.toUpperCase();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const process = await startProcess({
    args: [await bundledApp(name)],
    env: {
      LOG_FORMAT: 'json',
      [`${prefix}_HOST`]: '127.0.0.1',
      [`${prefix}_PORT`]: `${port}`,
      EXREC_DRAIN_SECONDS: '0.1',
      GC_API_URL: `http://${silentPlace}`,
      GC_LOGIN_URL: `http://${silentPlace}`,
      GC_CLIENT_ID: 'client',
      GC_CLIENT_SECRET: 'client-secret',
      EXRP_API_TOKEN: 'token',
      EXREC_LEDGER: 'on',
      LEDGER_DATABASE_URL: `postgres://exrec@${silentPlace}/exrec`,
      LEDGER_NUMBER_KEY: 'a key of sixteen letters or more',
      ...redis,
    },
    readyUrl: `${url}/health/live`,
  });
  running.push(process);
  return { what: `${name} with ${Object.keys(redis).join(', ')}`, process, url };
}

/** Where there never was a Redis. */
const nowhere: readonly (() => Promise<Readonly<Record<string, string>>>)[] = [
  // Nobody listens, and nobody answers.
  async () => ({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }),
  () => Promise.resolve({ REDIS_URL: `redis://${silentPlace}` }),
  async () => ({
    REDIS_SENTINELS: `127.0.0.1:${await freePort()},127.0.0.1:${await freePort()}`,
    REDIS_SENTINEL_MASTER: 'exrec',
  }),
  async () => ({ REDIS_CLUSTER_NODES: `127.0.0.1:${await freePort()},${silentPlace}` }),
];

it('a service goes when it is told to though there never was a Redis, a Sentinel or a node of a Cluster', async () => {
  const services: Awaited<ReturnType<typeof start>>[] = [];
  for (const place of nowhere) {
    const redis = await place();
    services.push(...(await Promise.all(apps.map((name) => start(name, redis)))));
  }
  // So many attempts that what is left over by each would be noticed.
  await sleep(5_000);
  for (const { what, process, url } of services) {
    process.signal('SIGHUP');
    const ready = await (await fetch(`${url}/health/ready`)).text();
    expect([what, ready]).toEqual([what, expect.stringContaining('"redis":{"status":"d')]);
    expect([what, process.exitCode()]).toEqual([what, undefined]);
    process.signal('SIGTERM');
  }
  for (const { what, process } of services) {
    const isOver = () => process.exitCode() !== undefined;
    await waitFor(`the end of ${what}`, isOver, { timeoutMs: 180_000 });
    expect([what, await process.ended]).toEqual([what, { code: 0, signal: null }]);
    expect([what, eventsOf(process).at(-1)]).toEqual([what, 'service.gone']);
    expect([what, process.output()]).not.toEqual([
      what,
      expect.stringContaining('MaxListenersExceededWarning'),
    ]);
  }
});

function eventsOf(process: RunningProcess): unknown[] {
  const lines = process
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  return lines.map((line) => (JSON.parse(line) as { event: unknown }).event);
}
