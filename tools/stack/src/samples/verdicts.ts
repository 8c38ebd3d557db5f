import type { ExpectedOutcome, PlayedScenario, Recording } from '@exrec/simulator';
import { metadataProblems } from './metadata-problems.js';

export type PlayedRecording = PlayedScenario['segments'][number];

/** Queue by its Engage name, program and language, or why it is not transcribed. */
export type SeenDecision = {
  readonly queue: string | null;
  readonly sta:
    { readonly programId: string; readonly language: string } | { readonly reason: string };
};

/** A recording of a call that was played, and the last that was seen of it. */
export type FollowedRecording = {
  readonly call: PlayedScenario;
  readonly played: PlayedRecording;
  readonly seen: SeenRecording;
};

/** What the simulated Genesys Cloud has been told of the call. */
export type SeenConversation = {
  readonly legs: number;
  /** Until it is complete, in words by leg. */
  readonly missing: readonly string[];
  /** One of the legs is the one that the upload names. */
  readonly hasLeg: boolean;
};

/** What the services and the simulator say about one recording. */
export type SeenRecording = {
  /** EXCP's segment; undefined: EXCP does not know it. */
  readonly segment?: {
    readonly state: string;
    readonly cause?: string | undefined;
    readonly decision?: SeenDecision | undefined;
  };
  /** EXRP's injection; undefined: EXRP does not know it. */
  readonly injection?: { readonly state: string; readonly cause: string | null };
  /** What the simulated Genesys Cloud holds. */
  readonly received?: Recording;
  readonly conversation?: SeenConversation;
};

/** How the table knows Genesys Cloud. */
export type Organization = {
  /** Nobody can open what was uploaded, and queues and programs are not those of the sample calls. */
  readonly isReal: boolean;
  readonly programName: (programId: string) => string;
};

export type Ending = { readonly state: string; readonly cause?: string | undefined };

export type Verdict = {
  readonly ending: Ending;
  readonly decision: SeenDecision | undefined;
  /** Null: delivered to an organization that nobody here can look into. */
  readonly verified: boolean | null;
  /** What differs from what had to be. */
  readonly problems: readonly string[];
};

const deliveredStates = ['uploaded', 'confirmed'];
const metadataStored = 200;

/** Where the recording is, in the words of whoever had it last. */
export function endingOf({ segment, injection }: SeenRecording): Ending {
  if (injection !== undefined)
    return { state: injection.state, cause: injection.cause ?? undefined };
  if (segment === undefined) return { state: 'unknown' };
  if (segment.state === 'out-of-scope') return { state: 'out of scope' };
  return { state: 'not sent', cause: segment.cause ?? segment.state };
}

/** Whether it has come where it must, or where it can't leave by itself. */
export function isSettled(played: PlayedRecording, seen: SeenRecording, isReal: boolean): boolean {
  const { state } = endingOf(seen);
  if (state === 'failed' || seen.segment?.state === 'refused') return true;
  if (played.expected.state === 'delivered' && !isReal) {
    return deliveredStates.includes(state) && (seen.received?.verdict ?? null) !== null;
  }
  return isExpectedEnding(played.expected, endingOf(seen));
}

/** Compares a recording's end with what had to become of it. */
export function verdictOf(
  { call, played, seen }: FollowedRecording,
  organization: Organization,
): Verdict {
  const ending = endingOf(seen);
  const decision = decisionOf(seen);
  const { expected } = played;
  const problems = [...refusals(played)];
  if (!isExpectedEnding(expected, ending))
    problems.push(`expected ${expectedWords(expected)}, found ${endingWords(ending)}`);
  const isDelivered = expected.state === 'delivered' && deliveredStates.includes(ending.state);
  if (!organization.isReal) {
    problems.push(...decisionProblems(expected, decision, organization));
    if (isDelivered)
      problems.push(
        ...deliveryProblems(call, played, seen.received),
        ...conversationProblems(seen.conversation),
      );
  }
  const isOpaque = organization.isReal && isDelivered && problems.length === 0;
  return { ending, decision, verified: isOpaque ? null : problems.length === 0, problems };
}

/** The decision as Genesys Cloud got it, else as EXCP made it. */
function decisionOf({ segment, received }: SeenRecording): SeenDecision | undefined {
  const metadata = received?.metadata ?? null;
  if (metadata === null) return segment?.decision;
  const { queue, speechAndTextAnalytics: sta } = metadata;
  const { requested } = sta;
  return {
    queue: queue?.name ?? null,
    sta: requested ? { programId: sta.programId, language: sta.language } : { reason: sta.reason },
  };
}

function isExpectedEnding(expected: ExpectedOutcome, { state, cause }: Ending): boolean {
  if (expected.state === 'delivered') return deliveredStates.includes(state);
  if (expected.state === 'out-of-scope') return state === 'out of scope';
  return state === expected.state && cause === expected.cause;
}

function decisionProblems(
  expected: ExpectedOutcome,
  seen: SeenDecision | undefined,
  { programName }: Organization,
): string[] {
  if (seen === undefined) return ['nobody can say which queue and program it has'];
  const problems: string[] = [];
  const compare = (what: string, wanted: string | null, found: string | null) => {
    if (wanted !== found)
      problems.push(`${what}: expected ${wanted ?? 'none'}, found ${found ?? 'none'}`);
  };
  compare('queue', expected.queue, seen.queue);
  if (!('sta' in expected)) return problems;
  const wanted = partsOf(expected.sta);
  const found =
    'reason' in seen.sta
      ? partsOf(seen.sta)
      : partsOf({ program: programName(seen.sta.programId), language: seen.sta.language });
  compare('program', wanted.program, found.program);
  compare('language', wanted.language, found.language);
  compare('reason', wanted.reason, found.reason);
  return problems;
}

type StaWords =
  { readonly program: string; readonly language: string } | { readonly reason: string };

function partsOf(sta: StaWords) {
  return { program: null, language: null, reason: null, ...sta };
}

function deliveryProblems(
  call: PlayedScenario,
  played: PlayedRecording,
  received: Recording | undefined,
): string[] {
  if (received === undefined) return ['Genesys Cloud never got it'];
  const { verdict, audio, metadata, uploads } = received;
  const problems = [...(verdict?.problems ?? ['Genesys Cloud has not opened it'])];
  if (audio?.sha256 !== played.audioSha256) problems.push('audio: not byte for byte the recorded');
  if (uploads !== 1) problems.push(`uploaded ${uploads} times`);
  if (metadata !== null) problems.push(...metadataProblems(call, played.segment, metadata));
  return [...new Set(problems)];
}

/** A recording without its whole conversation can be found by nobody. */
function conversationProblems(seen: SeenConversation | undefined): string[] {
  if (seen === undefined) return ['conversation: Genesys Cloud was told nothing of it'];
  const problems = seen.missing.map((missing) => `conversation: ${missing}`);
  if (!seen.hasLeg) problems.push('conversation: it has no leg of this recording');
  return problems;
}

/** What storage and EXCP did not take, although they had to. */
function refusals({ audioStatus, metadata }: PlayedRecording): string[] {
  const problems: string[] = [];
  if (audioStatus === null || audioStatus >= 300)
    problems.push(`storage answered ${audioStatus ?? 'nothing'} to the audio`);
  for (const { status } of metadata) {
    if (status !== metadataStored) problems.push(`EXCP answered ${status} to the metadata`);
  }
  return problems;
}

function expectedWords(expected: ExpectedOutcome): string {
  if (expected.state === 'delivered') return 'confirmed';
  return expected.state === 'out-of-scope' ? 'out of scope' : endingWords(expected);
}

export function endingWords({ state, cause }: Ending): string {
  return cause === undefined ? state : `${state}: ${cause}`;
}
