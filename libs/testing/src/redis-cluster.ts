import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { startRedis, type RedisServer } from './redis-server.js';
import { serverPatience, waitFor } from './wait-for.js';

export type RedisCluster = {
  /** Masters first, in the order of their slots; then as many replicas, each of the master at the same place. */
  readonly servers: readonly RedisServer[];
  /** `host:port,host:port` for `REDIS_CLUSTER_NODES`. */
  readonly nodes: string;
  /** The server that holds this slot now, as the others see it. */
  ownerOf(slot: number): Promise<RedisServer>;
  /** A failover that an operator asks for, of the master that holds this slot. */
  failover(slot: number): Promise<void>;
  stop(): Promise<void>;
};

export type RedisClusterOptions = {
  readonly masters?: number;
  /** A replica for each master. */
  readonly replicas?: boolean;
  readonly nodeTimeoutMs?: number;
  readonly extraArgs?: readonly string[];
  /** Arguments that differ from node to node, e.g. a port for TLS. */
  readonly nodeArgs?: () => Promise<readonly string[]>;
};

const slots = 16_384;

/** A real Redis Cluster on free ports of 127.0.0.1; default: three masters without replicas. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, replicas = false, nodeTimeoutMs = 2_000, extraArgs = [] } = options;
  const servers: RedisServer[] = [];
  for (let n = 0; n < masters * (replicas ? 2 : 1); n += 1) {
    // Alone, a node learns its own address from nobody.
    const own = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
    own.push('--repl-diskless-sync-delay', '0', '--cluster-port', `${await freePort()}`);
    own.push(
      '--cluster-node-timeout',
      `${nodeTimeoutMs}`,
      '--cluster-replica-validity-factor',
      '0',
    );
    const ofNode = (await options.nodeArgs?.()) ?? [];
    servers.push(await startRedis([...own, ...extraArgs, ...ofNode]));
  }
  const clients = servers.map(({ port }) => adminOf(port, patientMs));
  try {
    await form(clients, servers, masters);
  } finally {
    for (const client of clients) client.disconnect();
  }
  return {
    servers,
    nodes: servers.map(({ port }) => `127.0.0.1:${port}`).join(','),
    ownerOf: (slot) => ownerWhenKnown(servers, slot),
    failover: async (slot) => {
      const owner = await ownerWhenKnown(servers, slot);
      await failOver(servers, owner);
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** One that hangs is left soon: another one can be asked. */
const impatientMs = 1_000;
/** What only this one can do, also on a machine that is busy with other things. */
const patientMs = 30_000;

function adminOf(port: number, timeoutMs = impatientMs): Redis {
  const client = new Redis(port, '127.0.0.1', {
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
  });
  client.on('error', () => undefined);
  return client;
}

async function form(clients: readonly Redis[], servers: readonly RedisServer[], masters: number) {
  const [first] = clients;
  for (const [index, client] of clients.slice(0, masters).entries()) {
    const from = Math.ceil((slots * index) / masters);
    const to = Math.ceil((slots * (index + 1)) / masters) - 1;
    await client.cluster('ADDSLOTSRANGE', from, to);
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const { busPort, port } of await Promise.all(servers.slice(1).map(placeOf)))
    await first?.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
  const ids = await Promise.all(clients.map((client) => client.call('CLUSTER', 'MYID')));
  for (const [index, client] of clients.entries()) {
    if (index < masters) continue;
    const masterId = String(ids[index - masters]);
    await waitFor('the replica to know its master', () =>
      client.call('CLUSTER', 'REPLICATE', masterId).catch(() => false),
    );
  }
  for (const [index, client] of clients.entries()) {
    await waitFor(
      'the cluster',
      async () => {
        const info = await client.cluster('INFO');
        const isWhole = info.includes('state:ok') && info.includes(`known_nodes:${clients.length}`);
        if (!isWhole || index < masters) return isWhole;
        return (await client.info('replication')).includes('master_link_status:up');
      },
      serverPatience,
    );
  }
}

async function placeOf({ port }: RedisServer): Promise<{ port: number; busPort: number }> {
  const client = adminOf(port);
  const [, busPort] = await client.config('GET', 'cluster-port');
  client.disconnect();
  return { port, busPort: Number(busPort) };
}

/** While a master is away, nobody may know for a while. */
const ownerWhenKnown = (servers: readonly RedisServer[], slot: number) =>
  waitFor(`the owner of slot ${slot}`, () => ownerOf(servers, slot), serverPatience);

async function ownerOf(servers: readonly RedisServer[], slot: number) {
  for (const { port } of servers) {
    const client = adminOf(port);
    try {
      const ranges = await client.cluster('SLOTS');
      const range = ranges.find(([from, to]) => from <= slot && slot <= to);
      const owner = servers.find((server) => server.port === range?.[2]?.[1]);
      // A node that is paused or dead may be named by itself alone.
      if (owner !== undefined) return owner;
    } catch {
      // Ask the next one.
    } finally {
      client.disconnect();
    }
  }
  return undefined;
}

/** Tells the replica of a master to take its place. */
async function failOver(servers: readonly RedisServer[], master: RedisServer): Promise<void> {
  for (const { port } of servers) {
    const client = adminOf(port, patientMs);
    const info = await client.info('replication').catch(() => '');
    const isReplica = info.includes(`master_port:${master.port}\r`);
    if (isReplica) await client.cluster('FAILOVER');
    client.disconnect();
    if (isReplica) return;
  }
  throw new Error('the master has no replica');
}
