import * as z from 'zod';
import type { Clock } from '../clock.js';
import type { ConversationEvents } from '../events/conversation-events.js';
import { deriveId } from '../events/derive-id.js';
import { ok, type Call, type Endpoint, type Reply } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import { numberedPage } from '../http/paging.js';
import { parseJsonBody } from '../http/read-body.js';
import type { Recording } from './recording-book.js';

const updateSchema = z.strictObject({
  archiveDate: z.string().optional(),
  deleteDate: z.string().optional(),
  exportDate: z.string().optional(),
  integrationId: z.string().optional(),
  conversationId: z.uuidv4().optional(),
});

export type OrphanRecordingsParts = {
  readonly recordings: () => readonly Recording[];
  readonly conversations: ConversationEvents;
  readonly clock: Clock;
};

/**
 * Recordings that waited too long for their conversation, and those of a conversation to their reader.
 * `PUT …/{orphanId}` gives one its conversation (docs/design/CONTRACTS.md#10-conversations (10)).
 */
export class OrphanRecordings {
  /** How long a recording waits before it counts as an orphan; null: for ever. */
  afterMs: number | null = null;
  readonly #attached = new Map<string, string>();
  readonly #parts: OrphanRecordingsParts;

  constructor(parts: OrphanRecordingsParts) {
    this.#parts = parts;
  }

  /** The conversation that a recording was given by hand. */
  attachedTo(recordingId: string): string | undefined {
    return this.#attached.get(recordingId);
  }

  endpoints(): readonly Endpoint[] {
    return [
      {
        target: 'gc.orphans',
        method: 'GET',
        path: '/api/v2/orphanrecordings',
        permission: 'recording:orphan:view',
        handle: (call) => ok(numberedPage(call, this.#orphans().map(entityOf), 100)),
      },
      {
        target: 'gc.orphans.attach',
        method: 'PUT',
        path: '/api/v2/orphanrecordings/:orphanId',
        permission: 'recording:orphan:edit',
        handle: (call) => this.#attach(call),
      },
      {
        target: 'gc.recordingmetadata',
        method: 'GET',
        path: '/api/v2/conversations/:conversationId/recordingmetadata',
        permission: 'recording:recording:view',
        handle: (call) => ok(this.#ofConversation(call.params.conversationId ?? '')),
      },
    ];
  }

  #orphans(): { recording: Recording; status: string }[] {
    const { recordings, conversations, clock } = this.#parts;
    const { afterMs } = this;
    if (afterMs === null) return [];
    return recordings().flatMap((recording) => {
      const { metadata } = recording;
      const isOld = Date.parse(recording.uploadedAt) + afterMs <= clock.now();
      if (metadata === null || !isOld || this.#attached.has(recording.recordingId)) return [];
      const { conversationId, communicationId } = metadata;
      if (conversations.isWhole(conversationId, communicationId)) return [];
      const isKnown = conversations.find(conversationId) !== undefined;
      const status = isKnown ? 'CONVERSATION_NOT_COMPLETE' : 'NO_CONVERSATION';
      return [{ recording, status }];
    });
  }

  #attach(call: Call): Reply {
    const { conversationId } = parseJsonBody(call, updateSchema);
    const orphan = this.#orphans().find(
      ({ recording }) => deriveId(recording.recordingId) === call.params.orphanId,
    );
    if (orphan === undefined) throw new GcError(404, 'not.found', 'No such orphan recording.');
    const { recordingId } = orphan.recording;
    if (conversationId !== undefined) {
      if (this.#parts.conversations.find(conversationId) === undefined)
        throw new GcError(400, 'bad.request', 'conversationId: no such conversation');
      this.#attached.set(recordingId, conversationId);
    }
    return ok({ id: recordingId, conversationId, fileState: 'AVAILABLE' });
  }

  #ofConversation(conversationId: string): Record<string, unknown>[] {
    const { recordings, conversations } = this.#parts;
    return recordings().flatMap(({ recordingId, metadata }) => {
      if (metadata === null) return [];
      const attached = this.#attached.get(recordingId);
      const isHere =
        attached === conversationId ||
        (metadata.conversationId === conversationId &&
          conversations.isWhole(conversationId, metadata.communicationId));
      const { communicationId: sessionId, startTime, endTime } = metadata;
      return isHere
        ? [{ id: recordingId, conversationId, sessionId, startTime, endTime, media: 'audio' }]
        : [];
    });
  }
}

function entityOf({ recording, status }: { recording: Recording; status: string }) {
  const id = deriveId(recording.recordingId);
  return {
    id,
    createdTime: recording.uploadedAt,
    mediaSizeBytes: recording.sizeBytes,
    mediaType: 'CALL',
    fileState: 'AVAILABLE',
    orphanStatus: status,
    sourceOrphaningId: recording.metadata?.interactionId,
    recording: { id: recording.recordingId, sessionId: recording.metadata?.communicationId },
    selfUri: `/api/v2/orphanrecordings/${id}`,
  };
}
