import type { FaultOrder } from '@exrec/simulator';

export const redisForms = ['single', 'sentinel', 'cluster'] as const;
/** How Redis is deployed. */
export type RedisForm = (typeof redisForms)[number];

/** Instances of our own services; of the storage there is one for one folder. */
export const instanceNames = [
  'excp-1',
  'excp-2',
  'exrp-1',
  'exrp-2',
  'ledger-1',
  'ledger-2',
  'storage',
] as const;
export type InstanceName = (typeof instanceNames)[number];

/** What has more than one process is meant by the one that matters: Redis by its master. */
export type ProcessName = InstanceName | 'redis' | 'postgres' | 'balancer';

/** Connections that lead through a proxy, by who opens them and to whom. */
export const plainLinks = [
  'mcp-excp',
  'mcp-storage',
  'balancer-excp-1',
  'balancer-excp-2',
  'balancer-exrp-1',
  'balancer-exrp-2',
  'balancer-storage',
  'excp-exrp',
  'exrp-storage',
  'services-gc',
  'exrp-s3',
  'ledger-1-postgres',
  'ledger-2-postgres',
] as const;
/** Services learn the addresses of Sentinel and Cluster from those themselves, so only a single Redis has these. */
export const redisLinks = [
  'excp-1-redis',
  'excp-2-redis',
  'exrp-1-redis',
  'exrp-2-redis',
  'ledger-1-redis',
  'ledger-2-redis',
] as const;
export type LinkName = (typeof plainLinks)[number] | (typeof redisLinks)[number];

export type LinkTrouble =
  | { readonly how: 'latency'; readonly latencyMs: number }
  /** Every connection is reset after so many bytes towards its client, those that exist too. */
  | { readonly how: 'reset'; readonly afterBytes: number }
  | { readonly how: 'stall' }
  | { readonly how: 'refuse' }
  | { readonly how: 'split'; readonly pieceBytes: number };

export type Fault =
  | { readonly kind: 'kill' | 'hang' | 'restart'; readonly who: ProcessName }
  /** An instance is started again on a machine whose clock is off. */
  | { readonly kind: 'clock'; readonly who: InstanceName; readonly aheadSeconds: number }
  /** No room for the spool. */
  | { readonly kind: 'disk-full'; readonly who: 'exrp-1' | 'exrp-2' }
  /** What an operator asks Sentinel or Cluster for. */
  | { readonly kind: 'failover'; readonly who: 'redis' }
  | { readonly kind: 'link'; readonly who: LinkName; readonly trouble: LinkTrouble }
  | {
      readonly kind: 'genesys-cloud';
      readonly who: 'genesys-cloud';
      readonly order: FaultOrder;
      /** Recordings that it may rightly turn into dead letters, and as which. */
      readonly refuses?: { readonly cause: string; readonly atMost: number };
    };

/** Something that goes wrong at a time after the start, and is healed a while later. */
export type PlannedFault = { readonly atMs: number; readonly forMs: number; readonly fault: Fault };
