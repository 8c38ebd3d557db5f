import { randomUUID } from 'node:crypto';
import { outboxKeys, type RedisClient } from '@exrec/service-kit';
import { deadAfterMs, instancesKey } from '../../fleet/instances.js';
import { breakerKey } from '../../gc-breaker/breaker-store.js';
import { recordVersion, type Injection, type InjectionState } from '../states/injection.js';
import { InjectionReader, isUnreadable, type InjectionReaderOptions } from './injection-reader.js';
import { pairFields, readRecord, writeFields } from './record-fields.js';
import {
  acceptScript,
  advanceScript,
  claimScript,
  dropMetadataScript,
  dropScript,
  makeSmallScript,
  moveFromScript,
  setAsideScript,
  tellAgainScript,
} from './scripts.js';

export type NewInjection = Pick<
  Injection,
  | 'recordingId'
  | 'audioFile'
  | 'metadata'
  | 'expectedSizeBytes'
  | 'expectedDurationMs'
  | 'acceptedAtMs'
  | 'audioDeadlineAtMs'
>;

export type Acceptance = {
  readonly isNew: boolean;
  readonly state: InjectionState;
  /** The recording was known, and other facts of its audio are announced now. */
  readonly isCorrected: boolean;
};

/** The right to move one recording on, until somebody else claims it. */
export type Claim = { readonly recordingId: string; readonly token: string };

export type ClaimResult =
  | {
      readonly kind: 'claimed';
      readonly claim: Claim;
      readonly injection: Injection;
      /** Instances that died on it, as far as is known. */
      readonly deaths: number;
      readonly wasUploading: boolean;
    }
  /** `unreadable`: it was set aside. */
  | { readonly kind: 'settled' | 'missing' | 'unreadable' }
  /** The fleet's breaker is open; nothing was claimed, so that no audio is fetched in vain. */
  | { readonly kind: 'outage' }
  /** Instances died on it; nothing was claimed. It has to be claimed `alone`. */
  | { readonly kind: 'suspect' }
  | { readonly kind: 'newer-version'; readonly version: number };

export type Change = Partial<{ [K in keyof Injection]: Injection[K] | undefined }> & {
  readonly state: InjectionState;
};

export type InjectionStoreOptions = InjectionReaderOptions & {
  /** `Instance.id` of this process; claims are its own. */
  readonly instanceId?: string;
  /** `on`: every change is told to the ledger in the same step. */
  readonly ledger?: 'on' | 'off';
};

/** Another worker has claimed the recording since: this one's findings no longer count. */
export class ClaimLost extends Error {
  constructor() {
    super('the recording was claimed by another worker');
    this.name = 'ClaimLost';
  }
}

/** The injections in Redis. Every change is one atomic script; errors of Redis reach the caller as they are. */
export class InjectionStore extends InjectionReader {
  readonly #instanceId: string;
  readonly #outbox: readonly string[];

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string, options: InjectionStoreOptions = {}) {
    super(redis, prefix, options);
    this.#instanceId = options.instanceId ?? randomUUID();
    this.#outbox = outboxKeys(prefix, options.ledger ?? 'off');
  }

  /**
   * Creates the record; the same recording again gives its present state and changes nothing but what was announced of
   * its audio, until the upload.
   */
  async accept(injection: NewInjection): Promise<Acceptance> {
    const fields = { ...injection, version: recordVersion, updatedAtMs: injection.acceptedAtMs };
    const { digest, sets } = this.confirmedSets(injection.recordingId);
    const args = [injection.recordingId, digest, sets.length, ...sets, ...writeFields(fields)];
    const reply = await acceptScript(this.redis, this.#keys(injection.recordingId), args);
    const [isNew, state, corrected] = reply as [number, InjectionState?, number?]; // the script's documented reply
    return { isNew: isNew === 1, state: state ?? 'queued', isCorrected: corrected === 1 };
  }

  /**
   * Takes the recording for one attempt.
   * @param alone no other suspect is worked on in this process: only then a suspect is given out
   */
  async claim(recordingId: string, { alone = false } = {}): Promise<ClaimResult> {
    const token = randomUUID();
    const suspectFrom = alone ? Number.MAX_SAFE_INTEGER : deathsUntilSuspect;
    const about = [recordVersion, this.now(), suspectFrom, this.#instanceId, deadAfterMs];
    const args = [recordingId, token, ...about];
    const reply = await claimScript(this.redis, this.#keys(recordingId), args);
    const [kind, second = '', stateBefore, ...flat] = reply as string[]; // the script's documented reply
    if (kind === 'newer') return { kind: 'newer-version', version: Number(second) };
    if (kind === 'suspect' || kind === 'outage') return { kind };
    if (kind === 'damaged') return this.#setAside(recordingId);
    if (kind !== 'claimed') return { kind: kind === 'settled' ? 'settled' : 'missing' };
    try {
      return {
        kind: 'claimed',
        claim: { recordingId, token },
        injection: readRecord(pairFields(flat)),
        deaths: Number(second),
        wasUploading: stateBefore === 'uploading',
      };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return this.#setAside(recordingId);
    }
  }

  /** A dead letter that a person sees; trying it again and again would mend nothing. */
  async #setAside(recordingId: string): Promise<{ kind: 'unreadable' }> {
    const args = [recordingId, 'record-unreadable', this.now()];
    await setAsideScript(this.redis, this.#keys(recordingId), args);
    this.tellUnreadable(recordingId);
    return { kind: 'unreadable' };
  }

  /**
   * Moves a claimed recording on, still within its attempt.
   * @throws ClaimLost
   */
  async advance(claim: Claim, change: Change): Promise<void> {
    await this.#advance(claim, change, []);
  }

  /**
   * Ends the attempt of a claim with `change`.
   * @throws ClaimLost
   */
  async settle(claim: Claim, change: Change): Promise<void> {
    await this.#advance(claim, change, ['claim', '', 'owner', '', 'lostBy', '']);
  }

  /** Moves a recording on that nobody works on; false when it is in none of the states `from`. */
  async moveFrom(
    recordingId: string,
    from: readonly InjectionState[],
    change: Change,
  ): Promise<boolean> {
    const { state, cause = '', ...rest } = change;
    const fields = writeFields({ ...rest, updatedAtMs: this.now() });
    const args = [recordingId, from.join(','), state, cause, ...fields, 'owner', '', 'lostBy', ''];
    return (await moveFromScript(this.redis, this.#keys(recordingId), args)) === 1;
  }

  /** Removes the metadata of a recording whose way is over: they are personal data, and of no use without its audio. */
  async dropMetadata(recordingId: string): Promise<boolean> {
    return (await dropMetadataScript(this.redis, [this.recordKey(recordingId)], [])) === 1;
  }

  /** Removes the record of a recording that is still in this state. */
  async drop(recordingId: string, state: InjectionState): Promise<boolean> {
    const keys = this.#keys(recordingId);
    return (await dropScript(this.redis, keys, [recordingId, state])) === 1;
  }

  /** Tells the ledger how the recording stands; false when there is nothing to tell. */
  async tellAgain(recordingId: string): Promise<boolean> {
    return (await tellAgainScript(this.redis, this.#keys(recordingId), [recordingId])) === 1;
  }

  /** Leaves of a confirmed recording that the ledger has only what recognises a duplicate; false when it is too soon. */
  async makeSmall(recordingId: string): Promise<boolean> {
    const { digest, sets, ttlSeconds } = this.confirmedSets(recordingId);
    const args = [recordingId, digest, sets[0] ?? '', ttlSeconds];
    return (await makeSmallScript(this.redis, this.#keys(recordingId), args)) === 1;
  }

  async #advance(claim: Claim, change: Change, closing: readonly string[]): Promise<void> {
    const { state, cause = '', ...rest } = change;
    const fields = writeFields({ ...rest, updatedAtMs: this.now() });
    const args = [claim.recordingId, claim.token, state, cause, ...fields, ...closing];
    const moved = await advanceScript(this.redis, this.#keys(claim.recordingId), args);
    if (moved !== 1) throw new ClaimLost();
  }

  #keys(recordingId: string): string[] {
    return [
      this.recordKey(recordingId),
      `${this.prefix}:injections-by:`,
      `${this.prefix}:injection-causes`,
      instancesKey(this.prefix),
      breakerKey(this.prefix),
      ...this.#outbox,
    ];
  }
}

/** Instances that died on a recording before it is worked on apart from its like. */
const deathsUntilSuspect = 2;
