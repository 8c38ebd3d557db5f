import { randomUUID } from 'node:crypto';
import { Failure, type Logger } from '@exrec/service-kit';
import type { BreakerStore, GcOutage, Probe } from './breaker-store.js';

export type GcBreakerOptions = {
  readonly store: BreakerStore;
  /** Asks the other side. @throws Failure while it is away */
  readonly probe: (probe: Probe, signal: AbortSignal) => Promise<void>;
  /** Told every second while an outage lasts. */
  readonly onOutage: (outage: GcOutage) => void;
  readonly logger: Logger;
};

/** Stops taking recordings, and takes them again. */
export type BreakerFollower = { readonly onOpen: () => void; readonly onClose: () => void };

/** How often each instance asks Redis how it stands: so long after the return the last of them goes on. */
const checkEveryMs = 1_000;
/** A single failure is no outage: the first probe comes at once. */
const firstProbeInMs = 200;
const probeAgainInMs = 3_000;
/** A probe that is silent for longer counts as failed; with the wait before it well below the 10 s promised. */
const probeMayTakeMs = 4_000;

/**
 * Genesys Cloud or S3 is away, for the whole fleet (one breaker, in Redis): no instance takes up a recording, so that
 * no audio is fetched in vain, until a request without audio gets through. Recordings stay in their line meanwhile, the
 * oldest deadline first.
 */
export class GcBreaker {
  readonly #options: GcBreakerOptions;
  #timer: NodeJS.Timeout | undefined;
  #outage: GcOutage | undefined;
  #refreshing: Promise<void> | undefined;
  #follower: BreakerFollower | undefined;

  constructor(options: GcBreakerOptions) {
    this.#options = options;
  }

  /** The outage that lasts, as this instance knows it. */
  get outage(): GcOutage | undefined {
    return this.#outage;
  }

  /** For `ready`. */
  check(): { readonly degraded: string } | undefined {
    if (this.#outage === undefined) return undefined;
    const { sinceMs, cause, detail } = this.#outage;
    const since = new Date(sinceMs).toISOString();
    return { degraded: `recordings wait since ${since}: ${cause} ${detail}`.trim() };
  }

  /** Looks for the first time, and every second from then on; Redis may be away. */
  async start(follower: BreakerFollower): Promise<void> {
    this.#follower = follower;
    this.#timer = setInterval(() => void this.refresh(), checkEveryMs);
    await this.refresh();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * Does what needs the other side; when that is away, the fleet stops taking recordings.
   * @param isAway whether this failure says that nothing gets through
   */
  async watch<T>(
    work: () => Promise<T>,
    { isAway, probe }: { isAway: (failure: Failure) => boolean; probe: Probe },
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Failure && isAway(error)) await this.#open(error, probe);
      throw error;
    }
  }

  async #open({ code: cause, detail = '' }: Failure, probe: Probe): Promise<void> {
    const { store } = this.#options;
    // Without Redis no recording is taken anyway.
    const isNew = await store.open({ cause, detail }, { probe, firstProbeInMs }).catch(() => false);
    if (!isNew) return;
    setTimeout(() => void this.refresh(), firstProbeInMs + 1).unref();
    await this.refresh();
  }

  /** Something shows that it stands otherwise than this instance knows. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refreshOnce()
      .catch((error: unknown) => this.#options.logger.debug('gc-breaker.not-read', { error }))
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refreshOnce(): Promise<void> {
    const refresh = await this.#options.store.read(probeMayTakeMs + probeAgainInMs);
    this.#follow(refresh.kind === 'closed' ? undefined : refresh.outage);
    // Not awaited: looks go on meanwhile.
    if (refresh.kind === 'probe')
      void this.#probe(ofNoRecording(refresh), refresh.outage).catch((error: unknown) =>
        this.#options.logger.debug('gc-breaker.not-probed', { error }),
      );
  }

  async #probe(probe: Probe, outage: GcOutage): Promise<void> {
    const { store, logger } = this.#options;
    const isBack = await this.#options.probe(probe, AbortSignal.timeout(probeMayTakeMs)).then(
      () => true,
      (error: unknown) => {
        logger.debug('gc-breaker.still-away', { error });
        return false;
      },
    );
    if (!isBack) return store.probeAgainIn(probeAgainInMs, outage);
    await store.close(outage);
    await this.refresh();
  }

  #follow(outage: GcOutage | undefined): void {
    const { onOutage, logger } = this.#options;
    const before = this.#outage;
    this.#outage = outage;
    if (outage !== undefined) onOutage(outage);
    if (outage !== undefined && before === undefined) {
      logger.warn('gc-breaker.open', { cause: outage.cause, detail: outage.detail });
      this.#follower?.onOpen();
    }
    if (outage === undefined && before !== undefined) {
      logger.info('gc-breaker.closed', { lastedMs: before.lastedMs });
      this.#follower?.onClose();
    }
  }
}

/**
 * A request that fails may fail because of its recording alone. When it keeps failing, every other probe names no
 * recording of ours: one that Genesys Cloud chokes on must not hold up all others.
 */
function ofNoRecording({ probe, probes }: { probe: Probe; probes: number }): Probe {
  const isOwn = probes <= ownProbes || probes % 2 === 1;
  return isOwn ? probe : { ...probe, fileName: `${randomUUID()}.zip` };
}

const ownProbes = 3;
