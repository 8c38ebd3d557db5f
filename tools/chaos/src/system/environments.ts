import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleHybridIntegration, type GcSimulator } from '@exrec/simulator';
import type { PostgresServer, PreparedLoadBalancer } from '@exrec/testing';
import { instanceNames, type InstanceName } from '../plan/fault.js';
import type { Links } from './links.js';
import type { RedisUnderTest } from './redis-form.js';
import {
  excpSettings,
  exrpSettings,
  ledgerSettings,
  sharedSettings,
  storageSettings,
} from './settings.js';
import type { SpoolDisk } from './spool-disk.js';

type Parts = {
  readonly dir: string;
  readonly audioDir: string;
  readonly gc: GcSimulator;
  readonly redis: RedisUnderTest;
  readonly postgres: PostgresServer;
  readonly disks: Readonly<Record<'exrp-1' | 'exrp-2', SpoolDisk>>;
  readonly links: Links;
  /** Of the load balancer. */
  readonly origins: PreparedLoadBalancer['origins'];
};

/** The environment of each instance, over the links that it has. */
export async function environmentsOf(parts: Parts) {
  const { dir, audioDir, gc, redis, postgres, disks, links, origins } = parts;
  const hybrid = join(dir, 'hybrid-integration.yaml');
  await writeFile(hybrid, sampleHybridIntegration());
  gc.setS3Origin(await links.openTo('exrp-s3', gc.url));
  const shared = sharedSettings(gc, await links.openTo('services-gc', gc.url));
  const excpToExrp = await links.openTo('excp-exrp', origins.exrp);
  const webdav = `${await links.openTo('exrp-storage', origins.storage)}/`;
  const redisOf = new Map<string, Readonly<Record<string, string>>>();
  const databaseOf = new Map<string, string>();
  for (const name of instanceNames) {
    if (name === 'storage') continue;
    redisOf.set(
      name,
      redis.single === undefined
        ? redis.settings
        : { REDIS_URL: `redis://${await links.open(`${name}-redis`, redis.single.port)}` },
    );
    if (name !== 'ledger-1' && name !== 'ledger-2') continue;
    const place = await links.open(`${name}-postgres`, postgres.port);
    databaseOf.set(name, postgres.url.replace(`127.0.0.1:${postgres.port}`, place));
  }
  return (name: InstanceName): Record<string, string> => {
    const common = { ...shared, ...redisOf.get(name) };
    switch (name) {
      case 'storage':
        return { LOG_FORMAT: 'json', ...storageSettings, STORAGE_DIR: audioDir };
      case 'excp-1':
      case 'excp-2':
        return {
          ...{ ...common, ...excpSettings },
          ...{ EXRP_URL: excpToExrp, HYBRID_INTEGRATION_FILE: hybrid },
        };
      case 'exrp-1':
      case 'exrp-2':
        return {
          ...{ ...common, ...exrpSettings },
          ...{ WEBDAV_URL: webdav, EXRP_SPOOL_DIR: disks[name].spoolDir },
        };
      case 'ledger-1':
      case 'ledger-2':
        return {
          ...{ ...common, ...ledgerSettings },
          LEDGER_DATABASE_URL: databaseOf.get(name) ?? '',
          EXCP_URL: origins.excp,
          EXRP_URL: origins.exrp,
        };
    }
  };
}
