import { createGcApi, gcHosts, memoryRateBudget, type GcApi } from '@exrec/gc-api';
import {
  connectRedis,
  createMetrics,
  keyspace,
  readSettings,
  redisSettingNames,
  silentLogger,
  type LogFields,
  type Logger,
  type Metrics,
  type RedisClient,
} from '@exrec/service-kit';
import {
  defaultGcConfiguration,
  startGcSimulator,
  type GcConfiguration,
  type GcSimulator,
} from '@exrec/simulator';
import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import { StaConfigurationSource, type AgentMap } from '../src/sta-config/index.js';

export type LogLine = {
  readonly level: string;
  readonly event: string;
  readonly fields: LogFields;
};

export type Instance = {
  readonly source: StaConfigurationSource;
  readonly metrics: Metrics;
  readonly log: LogLine[];
  agentMap: AgentMap;
  stop(): Promise<void>;
};

/** Some EXCPs as far as the configuration goes, with a clock of their own, a real Redis and a GC. */
export class Fleet {
  static readonly refreshMs = 900_000;
  nowMs = Date.parse('2026-03-02T09:00:00.000Z');
  readonly #instances: Instance[] = [];
  readonly #clients: RedisClient[] = [];

  private constructor(
    readonly redis: RedisServer,
    readonly gc: GcSimulator,
    readonly api: GcApi,
  ) {}

  static async start(): Promise<Fleet> {
    const [redis, gc] = await Promise.all([startRedis(), startGcSimulator()]);
    const api = createGcApi({
      hosts: gcHosts({ apiUrl: gc.url, loginUrl: gc.url }),
      clients: [{ clientId: gc.clientId, clientSecret: gc.clientSecret }],
      budget: memoryRateBudget({ requestsPerMinute: 1_000_000 }),
      logger: silentLogger,
    });
    return new Fleet(redis, gc, api);
  }

  async stop(): Promise<void> {
    await this.stopInstances();
    this.api.close();
    await Promise.all([this.redis.stop(), this.gc.stop()]);
  }

  async stopInstances(): Promise<void> {
    await Promise.all(this.#instances.splice(0).map((instance) => instance.stop()));
    this.#clients.splice(0).forEach((client) => client.disconnect());
  }

  /** Instances, faults, Redis and the organization as at the beginning. */
  async reset(): Promise<void> {
    await this.gc.faults.clear();
    await this.stopInstances();
    const redis = this.client();
    await waitFor('Redis', () => redis.flushall().catch(() => false));
    this.gc.configure(defaultGcConfiguration);
  }

  /** The instance's next turn, when this time has passed. */
  async pullAfter({ source }: Instance, ms: number): Promise<void> {
    this.nowMs += ms;
    await source.pullWhenDue();
  }

  /** How often GC was asked for its configuration. */
  pulls(): number {
    return this.gc.requests.count('gc.transcription');
  }

  client(): RedisClient {
    const settings = readSettings(redisSettingNames, { REDIS_URL: this.redis.url });
    const client = connectRedis({ settings, role: 'command', logger: silentLogger });
    this.#clients.push(client);
    return client;
  }

  static readonly keyspace = keyspace({ REDIS_KEY_PREFIX: 'exrec' });

  async instance(agentMap: AgentMap = {}, gc: GcApi = this.api): Promise<Instance> {
    const metrics = createMetrics('excp');
    const log: LogLine[] = [];
    const instance: Instance = {
      metrics,
      log,
      agentMap,
      source: new StaConfigurationSource({
        gc,
        redis: this.client(),
        keyspace: Fleet.keyspace,
        refreshMs: Fleet.refreshMs,
        agentMap: () => instance.agentMap,
        logger: loggerInto(log),
        metrics,
        now: () => this.nowMs,
        pollMs: 20,
      }),
      stop: () => instance.source.stop(),
    };
    this.#instances.push(instance);
    await instance.source.start();
    return instance;
  }

  /** An instance that has pulled or loaded a snapshot. */
  async running(agentMap: AgentMap = {}): Promise<Instance> {
    const instance = await this.instance(agentMap);
    await waitFor('a snapshot', () => instance.source.snapshot());
    await instance.source.pullWhenDue();
    return instance;
  }
}

export function loggerInto(log: LogLine[]): Logger {
  const record =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      void log.push({ level, event, fields });
  const logger: Logger = {
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    child: () => logger,
  };
  return logger;
}

export const uuid = (n: number) => `00000000-0000-4000-8000-${`${n}`.padStart(12, '0')}`;
/** An organization with this many queues; 120 programs with a queue each. */
export const manyQueues = (count: number): GcConfiguration => ({
  ...defaultGcConfiguration,
  queues: [...Array(count).keys()].map((n) => ({
    id: uuid(n),
    name: `Q ${n}`,
    enableTranscription: n % 2 === 0,
  })),
  programs: [...Array(120).keys()].map((n) => ({ id: uuid(n), name: `P ${n}`, published: true })),
  mappings: [...Array(120).keys()].map((n) => ({ programId: uuid(n), queueIds: [uuid(n)] })),
  defaultProgramId: null,
});
