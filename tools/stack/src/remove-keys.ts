import {
  connectRedis,
  keyspace,
  readSettings,
  redisSettingNames,
  silentLogger,
  type Environment,
} from '@exrec/service-kit';

const timeoutMs = 10_000;

/**
 * Removes what this run has left in the operator's Redis: every key of its prefix, no other.
 * @param environment of a service of this run
 * @throws when Redis can't be reached
 */
export async function removeKeys(environment: Environment): Promise<void> {
  const settings = readSettings(redisSettingNames, environment);
  const client = connectRedis({ settings, role: 'worker', logger: silentLogger });
  const overdue = setTimeout(() => client.disconnect(), timeoutMs);
  try {
    const servers = 'nodes' in client ? client.nodes('master') : [client];
    for (const server of servers) {
      const pages = server.scanStream({ match: `${keyspace(settings)}*`, count: 1_000 });
      for await (const page of pages) {
        const keys: unknown[] = Array.isArray(page) ? page : [];
        if (keys.length > 0) await client.unlink(keys.map(String));
      }
    }
  } finally {
    clearTimeout(overdue);
    client.disconnect();
  }
}
