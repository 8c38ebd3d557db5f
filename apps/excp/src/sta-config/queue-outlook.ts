import { programNameIn, previewSta, type StaFacts } from './preview.js';

/** What an agent's recording gets that was reached through a queue, as long as the call says no language. */
export type QueueOutlook = {
  /** Its Engage name. */
  readonly queue: string;
  readonly gcQueue: { readonly id: string; readonly name: string } | null;
  /** Whether the GC queue has voice transcription on; null: there is no such queue. */
  readonly transcription: boolean | null;
  readonly program: { readonly id: string; readonly name: string | null } | null;
  readonly language: string | null;
  /** Why nothing is transcribed; null: it is. */
  readonly reason: string | null;
};

/** Queues beside each other: which exist, which are transcribed, and how. Pure. */
export function queueOutlooks(facts: StaFacts, queues: readonly string[]): QueueOutlook[] {
  return queues.map((queue) => {
    const decision = previewSta(facts, { queue, recordedParty: 'agent' });
    const gcQueue = facts.snapshot?.queueById.get(decision.queue?.id ?? '') ?? null;
    return {
      queue,
      gcQueue: gcQueue && { id: gcQueue.id, name: gcQueue.name },
      transcription: gcQueue?.transcription ?? null,
      program: decision.requested
        ? { id: decision.programId, name: decision.programName }
        : publishedProgramOf(facts, gcQueue?.program ?? null),
      language: decision.requested ? decision.language : null,
      reason: decision.requested ? null : decision.reason,
    };
  });
}

/** The one that would be taken once the queue is transcribed. */
function publishedProgramOf(
  { snapshot }: StaFacts,
  mapped: { readonly id: string; readonly published: boolean } | null,
): QueueOutlook['program'] {
  const program = [mapped, snapshot?.defaultProgram ?? null].find((one) => one?.published === true);
  return program ? { id: program.id, name: programNameIn(snapshot, program.id) } : null;
}
