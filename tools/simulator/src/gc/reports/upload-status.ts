import * as z from 'zod';
import type { Recording } from '../recordings/recording-book.js';

export const uploadStatusSchema = z.enum(['Pending', 'Success', 'Failure', 'WaitForConversation']);
export type UploadStatus = z.output<typeof uploadStatusSchema>;

export type Outcome = {
  readonly status: UploadStatus;
  readonly code: string;
  readonly message: string;
};

export type OutcomeRules = {
  /** Outcomes that were ordered, by recordingId. */
  readonly ordered: ReadonlyMap<string, Outcome>;
  /** Whether anything is verified at all. */
  readonly verify: boolean;
  /** When given, an upload waits until its conversation is complete and has its leg (docs/design/CONVERSATIONS.md#62-conversation-state). */
  readonly hasConversation: ((whereabouts: Whereabouts) => boolean) | undefined;
};

/** What a recording belongs to, as its metadata say. */
export type Whereabouts = {
  readonly recordingId: string;
  readonly conversationId: string;
  readonly communicationId: string;
};

/** How GC's own work on an upload ended (docs/reference/genesys-facts.md#42-upload-status-reports). */
export function uploadOutcome(recording: Recording, rules: OutcomeRules): Outcome {
  const ordered = rules.ordered.get(recording.recordingId);
  if (ordered) return ordered;
  if (rules.verify && recording.verdict === null) return outcome('Pending');
  if (recording.verdict?.ok === false) {
    return {
      status: 'Failure',
      code: 'invalid.recording',
      message: recording.verdict.problems.join('; '),
    };
  }
  const { recordingId, metadata } = recording;
  const { conversationId = '', communicationId = '' } = metadata ?? {};
  const isWaiting =
    rules.hasConversation?.({ recordingId, conversationId, communicationId }) === false;
  return outcome(isWaiting ? 'WaitForConversation' : 'Success');
}

function outcome(status: UploadStatus): Outcome {
  return { status, code: '', message: '' };
}
