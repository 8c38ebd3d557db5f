import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  freePort,
  startProcess,
  waitFor,
  workspaceRoot,
  type RunningProcess,
} from '@exrec/testing';

const folder = mkdtempSync(join(tmpdir(), 'exrec-balancer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stands for one instance: counts what it took, and misbehaves as told. */
class Instance {
  readonly bodies: string[] = [];
  behaviour: 'well' | 'unavailable' | 'reset' = 'well';
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(): Promise<this> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  get place(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/health/') === true) {
      response.end('{}');
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.behaviour === 'reset') {
      request.socket.destroy();
      return;
    }
    if (this.behaviour === 'unavailable') {
      response.writeHead(503, { 'retry-after': '2' }).end();
      return;
    }
    this.bodies.push(Buffer.concat(chunks).toString());
    response.end('{}');
  }
}

type Balancer = {
  readonly name: string;
  readonly file: string;
  readonly command: string;
  /** The shipped text with the names and ports of this machine instead of those of a site. */
  readonly placed: (text: string, places: Readonly<Record<string, string>>) => string;
  readonly check: (file: string) => readonly string[];
  readonly run: (file: string) => readonly string[];
};

const withPlaces = (text: string, places: Readonly<Record<string, string>>) =>
  Object.entries(places).reduce((changed, [from, to]) => changed.replaceAll(from, to), text);

const balancers: readonly Balancer[] = [
  {
    name: 'nginx',
    file: 'nginx.conf',
    command: 'nginx',
    placed: (text, places) =>
      withPlaces(text, places)
        .replaceAll(' /tmp/nginx', ` ${folder}/nginx`)
        // Node.js gives a child a socket, which cannot be opened by its name.
        .replace('/dev/stdout', join(folder, 'access.log')),
    check: (file) => ['-t', '-c', file],
    run: (file) => ['-c', file, '-g', 'daemon off;'],
  },
  {
    name: 'haproxy',
    file: 'haproxy.cfg',
    command: 'haproxy',
    placed: withPlaces,
    check: (file) => ['-c', '-f', file],
    run: (file) => ['-db', '-f', file],
  },
];

describe.each(balancers)('$name with the shipped file', (balancer) => {
  const instances = Array.from({ length: 2 }, () => new Instance());
  const storage = new Instance();
  const origins = { excp: '', exrp: '', ledger: '', storage: '' };
  let file: string;
  let running: RunningProcess;

  beforeAll(async () => {
    const [one, other] = await Promise.all(instances.map((instance) => instance.start()));
    await storage.start();
    const places: Record<string, string> = {
      // The longer names first: `storage:3670` is one, `storage` itself is not touched.
      ...{ 'excp-1:3650': one?.place ?? '', 'excp-2:3650': other?.place ?? '' },
      ...{ 'exrp-1:3660': one?.place ?? '', 'exrp-2:3660': other?.place ?? '' },
      ...{ 'ledger-1:3680': one?.place ?? '', 'ledger-2:3680': other?.place ?? '' },
      'storage:3670': storage.place,
    };
    for (const [service, port] of [
      ['excp', 3650],
      ['exrp', 3660],
      ['ledger', 3680],
      ['storage', 3670],
    ] as const) {
      const place = `127.0.0.1:${await freePort()}`;
      origins[service] = `http://${place}`;
      places[`listen ${port};`] = `listen ${place};`;
      places[`bind :${port}`] = `bind ${place}`;
    }
    const shipped = readFileSync(join(workspaceRoot(), 'docker', balancer.file), 'utf8');
    file = join(folder, balancer.file);
    writeFileSync(file, balancer.placed(shipped, places));
    const { command } = balancer;
    running = await startProcess({ command, args: balancer.run(file) });
    await waitFor(`${balancer.name} to answer`, async () => {
      if (running.exitCode() !== undefined) throw new Error(running.output());
      return (await fetch(origins.storage).catch(() => undefined))?.ok;
    });
  });
  afterAll(async () => {
    await running.kill('SIGTERM');
    await Promise.all([...instances, storage].map((instance) => instance.stop()));
  });
  beforeEach(() => {
    for (const instance of instances) {
      instance.bodies.length = 0;
      instance.behaviour = 'well';
    }
  });

  const post = (body: string) =>
    fetch(`${origins.excp}/api/v1/call-events`, { method: 'POST', body });
  /** The statuses of `count` requests one after the other. */
  async function postMany(count: number): Promise<Set<number>> {
    const statuses = new Set<number>();
    for (let index = 0; index < count; index += 1)
      statuses.add((await post(`body-${index}`)).status);
    return statuses;
  }
  const taken = () => instances.flatMap(({ bodies }) => bodies).toSorted();

  it('is found right by the program itself', async () => {
    const { command } = balancer;
    const check = await startProcess({ command, args: balancer.check(file) });
    expect({ ...(await check.ended), output: check.output() }).toMatchObject({ code: 0 });
    expect(check.output()).not.toMatch(/\[(warn|alert|WARNING|ALERT)/i);
  });

  it('uses both instances', async () => {
    expect(await postMany(10)).toEqual(new Set([200]));
    for (const { bodies } of instances) expect(bodies.length).toBeGreaterThan(0);
  });

  it.each(['unavailable', 'reset'] as const)(
    'gives a POST to the other instance when one is %s, with its whole body',
    async (behaviour) => {
      const [one] = instances;
      if (one !== undefined) one.behaviour = behaviour;
      expect(await postMany(10)).toEqual(new Set([200]));
      expect(taken()).toEqual(Array.from({ length: 10 }, (_, index) => `body-${index}`).toSorted());
    },
  );

  it('hides a death from the clients', async () => {
    await instances[0]?.stop();
    expect(await postMany(10)).toEqual(new Set([200]));
    await instances[0]?.start();
  });

  it('answers 503 when no instance can, and recovers', async () => {
    for (const instance of instances) instance.behaviour = 'unavailable';
    expect(await postMany(6)).toEqual(new Set([503]));
    for (const instance of instances) await instance.stop();
    expect((await post('x')).status).toBe(503);
    for (const instance of instances) {
      await instance.start();
      instance.behaviour = 'well';
    }
    await waitFor('a POST to be taken', async () => (await post('y')).ok);
  });

  it('passes a recording of 20 MB on to the storage', async () => {
    const body = 'x'.repeat(20_000_000);
    const answer = await fetch(`${origins.storage}/a.opus`, { method: 'PUT', body });
    expect(answer.status).toBe(200);
    expect(storage.bodies.at(-1)?.length).toBe(body.length);
  });

  it('logs no query, which may hold a phone number', async () => {
    await fetch(`${origins.exrp}/api/v1/injections?number=4930555010`);
    const log = () =>
      balancer.name === 'nginx'
        ? readFileSync(join(folder, 'access.log'), 'utf8')
        : running.output();
    await waitFor('the line', () => log().includes('/api/v1/injections'));
    expect(log()).not.toContain('4930555010');
  });
});
