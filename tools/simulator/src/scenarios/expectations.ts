import { defaultProgram, gcQueues, type EngageQueue } from './contact-centre.js';
import type { ExpectedDecision, ExpectedOutcome } from './scenario.js';

/** Through this queue, transcribed by the queue's program in this language. */
export function through(queue: 'VQ_TechSupport' | 'VQ_Sales', language: string): ExpectedDecision {
  return { queue, sta: { program: gcQueues[queue].program, language } };
}

/** Through no queue: the default program. */
export function withoutQueue(language: string): ExpectedDecision {
  return { queue: null, sta: { program: defaultProgram, language } };
}

/** Through this queue, not transcribed for this reason. */
export function notTranscribed(queue: EngageQueue | null, reason: string): ExpectedDecision {
  return { queue, sta: { reason } };
}

/** It reaches GC whole. */
export function delivered(decision: ExpectedDecision): ExpectedOutcome {
  return { state: 'delivered', ...decision };
}

/** It becomes a dead letter at once. */
export function deadLetter(cause: string, decision: ExpectedDecision): ExpectedOutcome {
  return { state: 'failed', cause, ...decision };
}

/** It waits, and becomes a dead letter when the audio deadline is over. */
export function waiting(cause: string, decision: ExpectedDecision): ExpectedOutcome {
  return { state: 'waiting', cause, ...decision };
}

/** It is kept as out of scope and never sent. */
export function outOfScope(queue: EngageQueue | null): ExpectedOutcome {
  return { state: 'out-of-scope', queue };
}
