import { recordingIdOf } from '@exrec/gc-metadata';
import type { ListedAudio, RecordingStore } from '@exrec/recording-store';
import type { Logger } from '@exrec/service-kit';
import { openStates } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import { ageOf, isDeletable, type FileTimes } from './file-age.js';
import type { LatestPass, RetentionPass } from './latest-pass.js';
import type { Outages } from './outages.js';
import {
  lifetimeMs,
  reasonToDelete,
  type DeletionReason,
  type RetentionRule,
} from './reason-to-delete.js';
import type { SeenFiles } from './seen-files.js';

export type RetentionOptions = RetentionRule & {
  readonly recordings: Pick<RecordingStore, 'list' | 'remove'>;
  readonly store: Pick<InjectionStore, 'standingOf' | 'dropMetadata'>;
  readonly seenFiles: SeenFiles;
  readonly outages: Pick<Outages, 'latest' | 'record'>;
  readonly latestPass: Pick<LatestPass, 'keep'>;
  readonly logger: Logger;
  /** Redis' time, epoch ms, and whether deletions may go by it. */
  readonly clock: { readonly now: () => number; readonly isTrusted: () => boolean };
  /** So long a pass waits for refusals: a storage that is silent at every DELETE must not keep all other upkeep waiting. */
  readonly refusalPatienceMs?: number;
};

/** Audio that goes within this time and that is not uploaded will be lost if nothing changes. */
const lostSoonMs = 2 * 3_600_000;
const longestGraceMs = 3_600_000;
/** A pass that would take no more files than these is no accident: else a small site were never cleaned. */
const fewFiles = 5;
const defaultRefusalPatienceMs = 120_000;
const batchSize = 500;
/** A file that was not listed for so long is gone; a listing that is short by mistake is not believed at once. */
const unseenMs = 24 * 3_600_000;

type Due = { readonly name: string; readonly recordingId: string; readonly reason: DeletionReason };

type Sighting = {
  listed: number;
  ignored: number;
  lostSoon: number;
  /** Of those that are due, recordings that GC has not confirmed. */
  unconfirmed: number;
  readonly due: Due[];
};

/** Deletes the audio files whose time has come (docs/design/CONTRACTS.md#37-confirmation-and-retention, docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (7)), when everything says that this is right. */
export class Retention {
  readonly #options: RetentionOptions;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /**
   * One look at all files. First all are judged, then those that are due are deleted, unless something is wrong.
   * @throws Failure `storage-unavailable` of the listing; errors of Redis
   */
  async pass(): Promise<RetentionPass> {
    const { seenFiles, latestPass, logger, clock } = this.#options;
    const startedAtMs = clock.now();
    const check = await this.#check();
    if (check.listed > 0) await seenFiles.dropUnseen(startedAtMs - unseenMs);
    else if ((await seenFiles.count()) > 0) logger.warn('retention.listing-empty');
    const held = check.due.length === 0 ? undefined : await this.#reasonToHold(check);
    const deleted = held === undefined ? await this.#deleteAll(check.due) : 0;
    const pass = {
      atMs: clock.now(),
      listed: check.listed,
      deleted,
      kept: check.listed - deleted,
      lostSoon: check.lostSoon,
      ...(held?.isFault === true ? { stopped: held.text } : {}),
    };
    await latestPass.keep(pass);
    const fields = { ...pass, ignored: check.ignored, due: check.due.length, held: held?.text };
    if (held?.isFault === true) logger.error('retention.stopped', fields);
    else logger.info('retention.applied', fields);
    return pass;
  }

  async #check(): Promise<Sighting> {
    const { recordings, outages, clock } = this.#options;
    const check: Sighting = { listed: 0, ignored: 0, lostSoon: 0, unconfirmed: 0, due: [] };
    let batch: ListedAudio[] = [];
    try {
      for await (const file of recordings.list()) {
        if (!isDeletable(file.name)) check.ignored += 1;
        else if (batch.push(file) >= batchSize) {
          await this.#judge(batch, check);
          batch = [];
        }
      }
    } catch (error) {
      await outages.record('webdav', clock.now());
      throw error;
    }
    if (batch.length > 0) await this.#judge(batch, check);
    return check;
  }

  async #judge(files: readonly (FileTimes & { readonly name: string })[], check: Sighting) {
    const { seenFiles, store, clock } = this.#options;
    const nowMs = clock.now();
    const ids = files.map(({ name }) => recordingIdOf(name));
    const [firstSeen, standings] = await Promise.all([
      seenFiles.record(
        files.map(({ name }) => name),
        nowMs,
      ),
      Promise.all(ids.map((recordingId) => store.standingOf(recordingId))),
    ]);
    check.listed += files.length;
    for (const [index, file] of files.entries()) {
      const { state } = standings[index] ?? {};
      const ageMs = ageOf(file, firstSeen[index] ?? nowMs, nowMs);
      const isOpen = state !== undefined && openStates.includes(state);
      if (isOpen && lifetimeMs(state, this.#options) - ageMs < lostSoonMs) check.lostSoon += 1;
      const reason = reasonToDelete(ageMs, state, this.#options);
      if (reason === undefined) continue;
      check.due.push({ name: file.name, recordingId: ids[index] ?? '', reason });
      if (state !== 'confirmed') check.unconfirmed += 1;
    }
  }

  /** What speaks against deleting anything now. What GC has confirmed cannot be lost by a mass deletion. */
  async #reasonToHold({ listed, unconfirmed }: Sighting) {
    const { clock, outages, retentionMs } = this.#options;
    if (!clock.isTrusted()) return fault("this machine's clock is not that of Redis");
    if (unconfirmed > fewFiles && unconfirmed > listed / 2) {
      return fault(`${unconfirmed} of ${listed} files would go that are not confirmed`);
    }
    const outage = await outages.latest();
    // Of a trial with a short retention the hour would be more than the whole time.
    const graceMs = Math.min(longestGraceMs, retentionMs);
    if (outage !== undefined && clock.now() - outage.endedAtMs < graceMs)
      return { isFault: false, text: `${outage.what} was away or started less than an hour ago` };
    return undefined;
  }

  async #deleteAll(due: readonly Due[]): Promise<number> {
    const { logger, refusalPatienceMs = defaultRefusalPatienceMs } = this.#options;
    let deleted = 0;
    let refused = 0;
    let refusal: unknown;
    let refusalMs = 0;
    for (const file of due) {
      const askedAtMs = performance.now();
      try {
        if (await this.#delete(file)) deleted += 1;
      } catch (error) {
        refused += 1;
        refusal ??= error;
        refusalMs += performance.now() - askedAtMs;
        if (refusalMs >= refusalPatienceMs) break;
      }
    }
    if (refused > 0) logger.warn('retention.not-deleted', { files: refused, error: refusal });
    return deleted;
  }

  /** Its recording may have been taken back into the queue since it was judged. */
  async #delete({ name, recordingId, reason }: Due): Promise<boolean> {
    const { recordings, store, seenFiles, logger } = this.#options;
    const { state } = await store.standingOf(recordingId);
    if (reasonToDelete(Infinity, state, this.#options) !== reason) return false;
    await recordings.remove(name);
    logger.info('retention.deleted', { file: name, recordingId, reason, state: state ?? null });
    await seenFiles.drop(name);
    await store.dropMetadata(recordingId);
    return true;
  }
}

function fault(text: string) {
  return { isFault: true, text };
}
