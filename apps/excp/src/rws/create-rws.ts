import type { Logger, PeriodicJob, RedisClient } from '@exrec/service-kit';
import type { SegmentSource } from '../delivery/segment-source.js';
import { DiscoveryState } from './discovery-state.js';
import { createDiscovery, type DiscoveryOptions } from './discovery.js';
import { RwsClient, type RwsClientOptions } from './rws-client.js';
import { RwsPause } from './rws-pause.js';
import { createRwsSegmentSource } from './rws-segment-source.js';
import { usesRws, type RwsSettings } from './rws-settings.js';

export interface RwsOptions {
  readonly settings: RwsSettings;
  readonly redis: RedisClient;
  /** `keyspace()` of the settings. */
  readonly prefix: string;
  /** Takes what discovery finds, see `DiscoveryOptions`. */
  readonly deliver: DiscoveryOptions['deliver'];
  readonly logger: Logger;
  /** Told of each request to RWS: `ok` or the failure's code. */
  readonly onRequest?: RwsClientOptions['onRequest'];
  readonly now?: () => number;
}

export interface Rws {
  /** The pull at an interaction's end. */
  readonly segmentSource: SegmentSource;
  /** For `startPeriodicJobs`; empty without RWS_DISCOVERY. */
  readonly jobs: readonly PeriodicJob[];
  /** Ends running requests; to be called before the jobs and workers are closed, so that they needn't wait for RWS. */
  close(): void;
}

/** Everything that reads GIR RWS, by the settings; undefined when metadata don't come from there. */
export function createRws(options: RwsOptions): Rws | undefined {
  const { settings, redis, prefix, deliver, logger, onRequest, now = Date.now } = options;
  if (!usesRws(settings) || settings.RWS_URL === undefined) return undefined;
  const pause = new RwsPause(redis, prefix, now);
  const client = new RwsClient({
    pause,
    url: settings.RWS_URL,
    username: settings.RWS_USERNAME,
    password: settings.RWS_PASSWORD,
    contactCenterId: settings.RWS_CONTACT_CENTER_ID,
    audioNameTemplate: settings.RWS_AUDIO_NAME_TEMPLATE,
    onRequest,
  });
  const deadlineMs = settings.RWS_DEADLINE_HOURS * 3_600_000;
  const discovery = createDiscovery({
    ...{ client, deliver, logger, now, pause, deadlineMs },
    state: new DiscoveryState(redis, prefix),
    everyMs: settings.RWS_POLL_INTERVAL_SECONDS * 1000,
    overlapMs: settings.RWS_POLL_OVERLAP_SECONDS * 1000,
  });
  return {
    segmentSource: createRwsSegmentSource({ client, deadlineMs, logger }),
    jobs: settings.RWS_DISCOVERY ? [discovery] : [],
    close: () => client.close(),
  };
}
