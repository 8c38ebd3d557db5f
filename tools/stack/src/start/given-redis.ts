import {
  connectRedis,
  keyspace,
  readSettings,
  redisSettingNames,
  silentLogger,
  type Environment,
  type RedisClient,
} from '@exrec/service-kit';
import { CannotGoOn } from '../words.js';

const answerTimeoutMs = 3_000;
const removalTimeoutMs = 20_000;

/**
 * Asks the operator's Redis for an answer before anything depends on it.
 * @throws CannotGoOn when none comes
 */
export async function checkGivenRedis(environment: Environment): Promise<void> {
  await withRedis(environment, answerTimeoutMs, (client) => client.ping()).catch(() => {
    throw new CannotGoOn(
      `The Redis of REDIS_URL does not answer within ${answerTimeoutMs / 1000} s. Without REDIS_URL one is started here.`,
    );
  });
}

/**
 * Removes what this run has left in the operator's Redis: every key of its prefix, no other.
 * @param environment of a service of this run
 * @throws when Redis doesn't answer
 */
export async function removeKeys(environment: Environment): Promise<void> {
  const { REDIS_KEY_PREFIX } = readSettings(redisSettingNames, environment);
  const match = `${keyspace({ REDIS_KEY_PREFIX })}*`;
  await withRedis(environment, removalTimeoutMs, async (client) => {
    const servers = 'nodes' in client ? client.nodes('master') : [client];
    for (const server of servers) {
      for await (const page of server.scanStream({ match, count: 1_000 })) {
        const keys: unknown[] = Array.isArray(page) ? page : [];
        if (keys.length > 0) await client.unlink(keys.map(String));
      }
    }
  });
}

async function withRedis<T>(
  environment: Environment,
  timeoutMs: number,
  work: (client: RedisClient) => Promise<T>,
): Promise<T> {
  const settings = readSettings(redisSettingNames, environment);
  const client = connectRedis({ settings, role: 'worker', logger: silentLogger });
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Redis does not answer')), timeoutMs);
  });
  try {
    return await Promise.race([work(client), overdue]);
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
}
