import type { SeenRecording, Standing, Violation } from './seen.js';

/** Each accepted recording is in one place: the counts add up to `accepted`. */
export type Sum = {
  readonly accepted: number;
  /** In Genesys Cloud, opened, byte for byte. */
  readonly arrived: number;
  readonly failed: number;
  readonly waiting: number;
  readonly outOfScope: number;
  readonly lost: number;
  /** Arrived more than once. */
  readonly twice: number;
};

export type Place = 'arrived' | 'failed' | 'waiting' | 'outOfScope' | 'lost';

export type Allowance = {
  readonly nowMs: number;
  /** Dead letters that a fault may rightly have made, and how many of each cause. */
  readonly refusals: ReadonlyMap<string, number>;
};

/**
 * A worker takes up what is due within seconds. Where its job was lost with Redis, the look for missing jobs finds it,
 * five minutes later at most and with two minutes' patience; later than that, nobody does.
 */
export const overdueMs = 8 * 60_000;
const deliveredStates = ['uploaded', 'confirmed'];

/** Where a recording is, by what EXRP says and by what is really in Genesys Cloud. */
export function placeOf({ excp, exrp, genesysCloud }: SeenRecording): Place {
  if (exrp === undefined) return excp?.state === 'out-of-scope' ? 'outOfScope' : 'lost';
  if (deliveredStates.includes(exrp.state)) return genesysCloud === undefined ? 'lost' : 'arrived';
  return exrp.state === 'failed' ? 'failed' : 'waiting';
}

export function sumOf(seen: readonly SeenRecording[]): Sum {
  const count = (place: Place) => seen.filter((each) => placeOf(each) === place).length;
  return {
    accepted: seen.length,
    arrived: count('arrived'),
    failed: count('failed'),
    waiting: count('waiting'),
    outOfScope: count('outOfScope'),
    lost: count('lost'),
    twice: seen.filter(({ genesysCloud }) => (genesysCloud?.uploads ?? 0) > 1).length,
  };
}

export function sentenceOf(sum: Sum): string {
  const { accepted, arrived, failed, waiting, outOfScope, lost, twice } = sum;
  return (
    `${accepted} accepted = ${arrived} arrived + ${failed} failed with cause + ${waiting} waiting ` +
    `+ ${outOfScope} out of scope; ${lost} lost, ${twice} uploaded more than once`
  );
}

/** Whatever must not be about these recordings. */
export function judge(seen: readonly SeenRecording[], allowance: Allowance): Violation[] {
  const left = new Map(allowance.refusals);
  return seen.flatMap((recording) => {
    const { recordingId } = recording;
    const found = [
      ...endingViolations(recording, { nowMs: allowance.nowMs, refusals: left }),
      ...disagreements(recording),
      ...cloudViolations(recording),
    ];
    return found.map(({ name, detail }) => ({
      name,
      recordingId,
      ...(detail === undefined ? {} : { detail }),
    }));
  });
}

type Found = Omit<Violation, 'recordingId'>;

function endingViolations(
  recording: SeenRecording,
  { nowMs, refusals }: { readonly nowMs: number; readonly refusals: Map<string, number> },
): Found[] {
  const { expected, exrp, excp } = recording;
  const place = placeOf(recording);
  const said = `EXCP ${excp?.state ?? 'does not know it'}, EXRP ${words(exrp)}`;
  if (place === 'lost') return [{ name: 'lost', detail: said }];
  if (place === 'waiting' && exrp?.state !== 'waiting')
    return [{ name: 'never-ended', detail: said }];
  if (place === 'waiting' && (exrp?.nextTryAtMs ?? 0) < nowMs - overdueMs)
    return [{ name: 'next-try-overdue', detail: said }];
  const wanted = expected.state === 'delivered' ? 'arrived' : expected.state;
  if (place === 'outOfScope' ? wanted === 'out-of-scope' : wanted === place)
    return isExpectedCause(recording) ? [] : [{ name: 'other-cause', detail: said }];
  // What is to arrive may wait, whatever for; it may fail only for what was done to it.
  if (wanted === 'arrived' && place === 'waiting') return [];
  if (wanted === 'arrived' && place === 'failed') {
    const cause = exrp?.cause ?? '';
    const allowed = refusals.get(cause) ?? 0;
    refusals.set(cause, allowed - 1);
    if (allowed > 0) return [];
  }
  return [{ name: 'other-end', detail: `expected ${expected.state}, found ${said}` }];
}

function isExpectedCause({ expected, exrp }: SeenRecording): boolean {
  return !('cause' in expected) || exrp?.cause === expected.cause;
}

/** EXCP, EXRP, the ledger and Genesys Cloud tell the same of it. */
function disagreements(recording: SeenRecording): Found[] {
  const { excp, exrp, ledger, genesysCloud, audioSha256 } = recording;
  const found: Found[] = [];
  const differ = (name: string, detail: string) => found.push({ name, detail });
  const wantedOfExcp = exrp === undefined ? 'out-of-scope' : 'dispatched';
  if (excp?.state !== wantedOfExcp)
    differ('excp-differs', `EXCP ${excp?.state ?? 'does not know it'}, EXRP ${words(exrp)}`);
  const inLedger = ledger && `${ledger.state} ${ledger.cause ?? ''}`;
  const wantedOfLedger = exrp === undefined ? 'out-of-scope ' : `${exrp.state} ${exrp.cause ?? ''}`;
  if (inLedger !== wantedOfLedger)
    differ('ledger-differs', `ledger ${words(ledger)}, EXRP ${words(exrp)}`);
  const isArrived = placeOf(recording) === 'arrived';
  if (!isArrived && genesysCloud !== undefined)
    differ('arrived-unnoticed', `in Genesys Cloud, EXRP ${words(exrp)}`);
  if (isArrived) {
    // Of what the ledger has, EXRP keeps no more than what recognises it.
    const recorded = { ledger: ledger?.audioSha256, EXRP: exrp?.audioSha256 ?? audioSha256 };
    for (const [who, digest] of Object.entries(recorded))
      if (digest !== audioSha256)
        differ('other-audio-noted', `${who} notes another digest of the audio`);
  }
  return found;
}

function cloudViolations({ genesysCloud }: SeenRecording): Found[] {
  if (genesysCloud === undefined) return [];
  return [
    ...genesysCloud.problems.map((detail) => ({ name: 'wrong-upload', detail })),
    ...genesysCloud.conversation.map((detail) => ({ name: 'conversation-incomplete', detail })),
  ];
}

function words(standing: Pick<Standing, 'state' | 'cause'> | undefined): string {
  if (standing === undefined) return 'does not know it';
  return standing.cause === null ? standing.state : `${standing.state}/${standing.cause}`;
}
