import type { SpeechAndTextAnalytics, StaReason } from '@exrec/gc-metadata';
import { chooseLanguage } from './choose-language.js';
import { chooseProgram } from './choose-program.js';
import type { StaDecision, StaInput, StaOutcome } from './decision.js';
import { findQueue, type QueueSearch } from './find-queue.js';
import type { StaSnapshot } from './snapshot.js';
import type { TrailStep } from './trail.js';

/**
 * The STA decision of one segment (docs/design/CONTRACTS.md#5-sta-rules) (docs/reference/genesys-facts.md#16-sta-decision-per-segment). Pure; never throws.
 * The rules are looked at in their order, and the first that says no gives the reason. A trunk has no
 * origination queue, so a queue given with a trunk segment is ignored and comes back as null.
 */
export function decideSta(input: StaInput): StaDecision {
  const { snapshot } = input;
  const given = input.recordedParty === 'trunk' ? null : input.queue;
  if (!snapshot) {
    const queue = given && { name: given.name, id: null };
    const trail: TrailStep[] = [{ rule: 'configuration-unavailable' }];
    return { requested: false, reason: 'configuration-unavailable', queue, trail };
  }
  const search = given && findQueue(given.name, input.queueMap ?? {}, snapshot);
  const queue = given && { name: given.name, id: search?.queue?.id ?? null };
  const trail: TrailStep[] = [];
  return { ...followRules({ input, snapshot, search }, trail), queue, trail };
}

/** The decision as it stands in GC-metadata. */
export function analyticsOf(decision: StaDecision): SpeechAndTextAnalytics {
  return decision.requested
    ? { requested: true, programId: decision.programId, language: decision.language }
    : { requested: false, reason: decision.reason };
}

type Segment = {
  readonly input: StaInput;
  readonly snapshot: StaSnapshot;
  /** null: no queue */
  readonly search: QueueSearch | null;
};

function followRules({ input, snapshot, search }: Segment, trail: TrailStep[]): StaOutcome {
  if (snapshot.transcription === 'Disabled') {
    trail.push({ rule: 'org-transcription-disabled' });
    return no('org-transcription-disabled');
  }
  trail.push({ rule: 'org-transcription-enabled', value: snapshot.transcription });

  if (search) {
    const refusal = checkQueue(search, trail);
    if (refusal) return no(refusal);
  } else {
    trail.push({ rule: input.queue ? 'queue-ignored-for-trunk' : 'no-queue' });
  }

  const program = chooseProgram(search?.queue ?? null, snapshot.defaultProgram);
  trail.push(...program.trail);
  if (program.programId === null) return no('no-program');

  const language = chooseLanguage(input, snapshot);
  trail.push(...language.trail);
  if (language.language === null) return no('language-unsupported');

  return { requested: true, programId: program.programId, language: language.language };
}

/** Rule 2. */
function checkQueue(search: QueueSearch, trail: TrailStep[]): StaReason | undefined {
  trail.push(...search.trail);
  if (!search.queue) return 'queue-unknown';
  const { transcription } = search.queue;
  const rule = transcription ? 'queue-transcription-enabled' : 'queue-transcription-disabled';
  trail.push({ rule });
  return transcription ? undefined : 'queue-transcription-disabled';
}

function no(reason: StaReason): StaOutcome {
  return { requested: false, reason };
}
