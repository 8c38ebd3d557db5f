import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordingIdOf } from '@exrec/gc-metadata';
import type { PlayedScenario } from '@exrec/simulator';
import type { System } from '../system/system.js';
import { lookAtRest } from './at-rest.js';
import { claimViolations } from './claims.js';
import { evidenceOf } from './evidence.js';
import { judge, overdueMs, sentenceOf, sumOf, type Sum } from './judge.js';
import { acceptedOf, checkAt, type PlayedRecording } from './look.js';
import type { SeenRecording, Violation } from './seen.js';
import { traceViolations } from './traces.js';

export type OracleOptions = {
  readonly system: System;
  readonly calls: readonly PlayedScenario[];
  /** Dead letters that faults may have made, by cause. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly say: (line: string) => void;
};

export type Judgement = {
  readonly sum: Sum;
  readonly sentence: string;
  readonly violations: readonly Violation[];
};

/** Nothing more comes when nothing has changed for so long. */
const quietMs = 180_000;
/** What waits for its next try is waited for until nobody can have overlooked it. */
const quietWaitingMs = overdueMs + 60_000;
const everyMs = 1_000;
const checkedAtOnce = 8;
/** For all attempts together that are going on when everything else is at rest. */
const inFlightMs = 30_000;

/** Waits until every recording has ended alike everywhere, or nothing moves any more, and says what is wrong. */
export async function oracle(options: OracleOptions): Promise<Judgement> {
  const { system, calls, refusals, say } = options;
  const accepted = acceptedOf(calls);
  const fromMs = Date.now();
  const open = await settle(accepted, options);
  say(`settled in ${Math.round((Date.now() - fromMs) / 1_000)} s, ${open.length} still open`);
  await system.gc.settled();
  const seen = await checkAtAll(accepted, system, Date.now() + inFlightMs);
  const sum = sumOf(seen);
  const violations = [
    ...judge(seen, { nowMs: Date.now(), refusals }),
    ...refusedViolations(calls),
    ...strangers(seen, system),
    ...deaths(system),
    ...(await claimViolations(system)),
    ...(await traceViolations(system, calls)),
  ];
  await keepEvidence(accepted, violations, system);
  return { sum, sentence: sentenceOf(sum), violations };
}

const mostEvidence = 20;

/** Beside the logs, so that it is kept with them. */
async function keepEvidence(
  accepted: readonly PlayedRecording[],
  violations: readonly Violation[],
  system: System,
): Promise<void> {
  const ids = new Set(violations.map(({ recordingId }) => recordingId));
  const found = accepted.filter(({ played }) => ids.has(recordingIdOf(played.mediaId)));
  const evidence: unknown[] = [];
  for (const each of found.slice(0, mostEvidence)) evidence.push(await evidenceOf(each, system));
  if (evidence.length === 0) return;
  await writeFile(join(system.logDir, 'evidence.json'), JSON.stringify(evidence, undefined, 1));
}

/** Looks again and again at those that are not yet where they must be. @returns those that never were */
async function settle(accepted: readonly PlayedRecording[], options: OracleOptions) {
  const { system, refusals } = options;
  let open = accepted;
  let before = '';
  let changedAtMs = Date.now();
  let isAnyWaiting = false;
  while (open.length > 0) {
    const seen = await checkAtAll(open, system).catch(() => undefined);
    if (seen !== undefined) {
      const wrong = new Set(
        judge(seen, { nowMs: Date.now(), refusals }).map(({ recordingId }) => recordingId),
      );
      const isOpen = (each: SeenRecording) =>
        wrong.has(each.recordingId) ||
        (each.expected.state === 'delivered' && isUnderWay(each.exrp?.state));
      open = open.filter((_, index) => {
        const each = seen[index];
        return each === undefined || isOpen(each);
      });
      const stillOpen = seen.filter(isOpen);
      isAnyWaiting = stillOpen.some(({ exrp }) => exrp?.state === 'waiting');
      const now = JSON.stringify(stillOpen);
      if (now !== before) changedAtMs = Date.now();
      before = now;
    }
    if (Date.now() - changedAtMs > (isAnyWaiting ? quietWaitingMs : quietMs)) return open;
    await sleep(everyMs);
  }
  return open;
}

function isUnderWay(state: string | undefined): boolean {
  return state !== 'confirmed' && state !== 'failed';
}

/** @param untilMs so long those in flight are asked about again; default: never */
async function checkAtAll(recordings: readonly PlayedRecording[], system: System, untilMs = 0) {
  const seen: SeenRecording[] = [];
  for (let from = 0; from < recordings.length; from += checkedAtOnce) {
    const some = recordings.slice(from, from + checkedAtOnce);
    seen.push(
      ...(await Promise.all(
        some.map((each) => lookAtRest(() => checkAt(each, system), { untilMs })),
      )),
    );
  }
  return seen;
}

/** Whatever was refused, although it was right. */
function refusedViolations(calls: readonly PlayedScenario[]): Violation[] {
  return calls.flatMap(({ name, eventAnswers, segments }) => {
    const statuses = [
      ...eventAnswers.map(({ status }) => status),
      ...segments.flatMap(({ audioStatus, metadata }) => [
        audioStatus ?? 0,
        ...metadata.map(({ status }) => status),
      ]),
    ];
    return statuses
      .filter((status) => status < 200 || status > 299)
      .map((status) => ({ name: 'refused', detail: `${status} in a call of the kind ${name}` }));
  });
}

/** What is in Genesys Cloud, and nobody has accepted. */
function strangers(seen: readonly SeenRecording[], { gc }: System): Violation[] {
  const known = new Set(seen.map(({ recordingId }) => recordingId));
  return gc
    .recordings()
    .filter(({ recordingId }) => !known.has(recordingId))
    .map(({ recordingId }) => ({ name: 'stranger', recordingId }));
}

function deaths({ instances }: System): Violation[] {
  return [...instances.values()]
    .flatMap((instance) => instance.deaths)
    .map((detail) => ({ name: 'process-died', detail }));
}
