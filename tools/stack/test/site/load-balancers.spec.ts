import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  loadBalancerNames,
  startLoadBalancer,
  startProcess,
  waitFor,
  type StartedLoadBalancer,
} from '@exrec/testing';

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

/** What has the program look at its own file. */
const checks = {
  nginx: (file: string) => ['-t', '-c', file],
  haproxy: (file: string) => ['-c', '-f', file],
} as const;

describe.each(loadBalancerNames)('%s with the shipped file', (name) => {
  const instances = Array.from({ length: 2 }, () => new Instance());
  const storage = new Instance();
  let balancer: StartedLoadBalancer;

  beforeAll(async () => {
    const [one, other] = await Promise.all(instances.map((instance) => instance.start()));
    await storage.start();
    const pair = [one?.place ?? '', other?.place ?? ''] as const;
    const places = { excp: pair, exrp: pair, ledger: pair, storage: storage.place };
    balancer = await startLoadBalancer(name, places);
  });
  afterAll(async () => {
    await balancer.stop();
    await Promise.all([...instances, storage].map((instance) => instance.stop()));
  });
  beforeEach(() => {
    for (const instance of instances) {
      instance.bodies.length = 0;
      instance.behaviour = 'well';
    }
  });

  const post = (body: string) =>
    fetch(`${balancer.origins.excp}/api/v1/call-events`, { method: 'POST', body });
  /** The statuses of `count` requests one after the other. */
  async function postMany(count: number): Promise<Set<number>> {
    const statuses = new Set<number>();
    for (let index = 0; index < count; index += 1)
      statuses.add((await post(`body-${index}`)).status);
    return statuses;
  }
  const taken = () => instances.flatMap(({ bodies }) => bodies).toSorted();

  it('is found right by the program itself', async () => {
    const check = await startProcess({ command: name, args: checks[name](balancer.file) });
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
    // A connection that was kept may be closed just now: the client asks once more, as MCP does.
    const { status } = await post('x').catch(() => post('x'));
    expect(status).toBe(503);
    for (const instance of instances) {
      await instance.start();
      instance.behaviour = 'well';
    }
    await waitFor('a POST to be taken', async () => (await post('y')).ok);
  });

  it('passes a recording of 20 MB on to the storage', async () => {
    const body = 'x'.repeat(20_000_000);
    const answer = await fetch(`${balancer.origins.storage}/a.opus`, { method: 'PUT', body });
    expect(answer.status).toBe(200);
    expect(storage.bodies.at(-1)?.length).toBe(body.length);
  });

  it('logs no query, which may hold a phone number', async () => {
    await fetch(`${balancer.origins.exrp}/api/v1/injections?number=4930555010`);
    await waitFor('the line', async () => (await balancer.log()).includes('/api/v1/injections'));
    expect(await balancer.log()).not.toContain('4930555010');
  });
});
