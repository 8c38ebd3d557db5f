import type { GcApi, OrphanRecording } from '@exrec/gc-api';
import { recordingIdOf } from '@exrec/gc-metadata';
import { Failure, type Logger } from '@exrec/service-kit';
import type { CallLog } from '../../call-log/call-log.js';
import { interactionOf, type KeptInteraction } from '../../call-log/kept-interaction.js';
import { isCallUUID, sameCall } from '../../collect/index.js';
import type { Planner } from '../planning/planner.js';

export type OrphansOptions = {
  readonly gc: Pick<GcApi, 'orphanRecordings' | 'attachOrphan'>;
  readonly callLog: Pick<CallLog, 'load'>;
  readonly planner: Pick<Planner, 'knownLegIds'>;
  /** The media file of a recording, as far as EXRP knows of it. */
  readonly audioFileOf: (recordingId: string) => Promise<string | undefined>;
  readonly logger: Logger;
};

/** A recording of ours for which GC found no conversation. */
export type OurOrphan = {
  readonly orphanId: string;
  readonly recordingId: string | null;
  readonly interactionId: string;
  readonly conversationId: string | null;
  readonly orphanStatus: string | null;
  readonly createdTime: string | null;
};

export type AttachResult = {
  readonly orphanId: string;
  readonly recordingId: string | null;
  readonly outcome: 'attached' | 'no-conversation' | 'failed';
  readonly detail: string | null;
};

/** The callUUID with which MCP's file names begin (docs/reference/genesys-facts.md#24-file-names). */
const callUUIDLength = 32;

/**
 * GC's orphan recordings that are ours, by the interaction that they name, or by their recordingId
 * (docs/design/CONTRACTS.md#10-conversations (10), docs/design/CONVERSATIONS.md#8-clarifications (9)).
 */
export class Orphans {
  readonly #options: OrphansOptions;

  constructor(options: OrphansOptions) {
    this.#options = options;
  }

  /** @throws Failure when GC can't be asked */
  async list(): Promise<OurOrphan[]> {
    const all = await this.#options.gc.orphanRecordings();
    const ours: OurOrphan[] = [];
    for (const orphan of all) ours.push(...(await this.#ours(orphan)));
    return ours;
  }

  /**
   * Gives each of ours its conversation.
   * @param recordingIds only these; undefined: all
   * @throws Failure when GC can't be asked for the list
   */
  async attach(recordingIds: readonly string[] | undefined): Promise<AttachResult[]> {
    const results: AttachResult[] = [];
    for (const orphan of await this.list()) {
      const { recordingId } = orphan;
      const isMeant = recordingIds === undefined || recordingIds.includes(recordingId ?? '');
      if (isMeant) results.push(await this.#attachOne(orphan));
    }
    return results;
  }

  async #attachOne({ orphanId, recordingId, conversationId }: OurOrphan): Promise<AttachResult> {
    const { gc, logger } = this.#options;
    const result = { orphanId, recordingId };
    if (conversationId === null) return { ...result, outcome: 'no-conversation', detail: null };
    try {
      await gc.attachOrphan({ orphanId, conversationId });
      logger.info('orphan.attached', { recordingId: recordingId ?? undefined, conversationId });
      return { ...result, outcome: 'attached', detail: null };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { ...result, outcome: 'failed', detail: error.detail ?? error.code };
    }
  }

  async #ours(orphan: OrphanRecording): Promise<OurOrphan[]> {
    const { planner } = this.#options;
    const { id, recordingId, sourceOrphaningId: call, orphanStatus, createdTime } = orphan;
    const kept = (await this.#load(call)) ?? (await this.#ofRecording(recordingId));
    if (kept === undefined) return [];
    const legs = planner.knownLegIds(kept, interactionOf(kept));
    const mediaId = [...kept.callOfMedia.keys()].find(
      (each) => recordingIdOf(each) === recordingId,
    );
    const leg = legs?.get(mediaId ?? '') ?? [...(legs?.values() ?? [])].at(0);
    return [
      {
        ...{ orphanId: id, recordingId, interactionId: kept.stored.rootCallUUID },
        conversationId: leg?.conversationId ?? null,
        ...{ orphanStatus, createdTime },
      },
    ];
  }

  async #load(callUUID: string | null): Promise<KeptInteraction | undefined> {
    return callUUID !== null && isCallUUID(callUUID)
      ? this.#options.callLog.load(sameCall(callUUID))
      : undefined;
  }

  async #ofRecording(recordingId: string | null): Promise<KeptInteraction | undefined> {
    if (recordingId === null) return undefined;
    const audioFile = await this.#options.audioFileOf(recordingId);
    const kept = await this.#load(audioFile?.slice(0, callUUIDLength) ?? null);
    return kept?.callOfMedia.has(audioFile ?? '') === true ? kept : undefined;
  }
}
