import { setTimeout as sleep } from 'node:timers/promises';
import type { PlayedScenario } from '@exrec/simulator';
import { countSegments, observe } from './observe.js';
import type { Stack } from '../start/stack.js';
import { isSettled, type FollowedRecording, type SeenRecording } from './verdicts.js';

export type FollowedCall = {
  readonly call: PlayedScenario;
  readonly recordings: readonly FollowedRecording[];
  /** How many recordings EXCP knows of the call; undefined: it doesn't know the call. */
  readonly segmentCount: number | undefined;
};

export type FollowOptions = {
  readonly onProgress: (settled: number, of: number) => void;
  readonly isStopping: () => boolean;
};

/** Generous for a slow machine; usually everything has ended after some seconds. */
const settleTimeoutMs = 60_000;
/** Time that uploads get to be confirmed by a report, once everything else has ended. */
const confirmTimeoutMs = 15_000;
const everyMs = 250;
const nothingSeen: SeenRecording = {};

/** Watches each recording until it has come where it must, or for so long that it will not. */
export async function follow(
  stack: Stack,
  calls: readonly PlayedScenario[],
  { onProgress, isStopping }: FollowOptions,
): Promise<FollowedCall[]> {
  const watched = calls.flatMap((call) =>
    call.segments.map((played) => ({ call, played, seen: nothingSeen })),
  );
  const checkAgain = async (isOpen: (each: (typeof watched)[number]) => boolean) => {
    const open = watched.filter(isOpen);
    for (const each of open) each.seen = await observe(stack, each.call.callUUID, each.played);
    return open.some(isOpen);
  };
  const isReal = stack.simulator === undefined;
  const isUnsettled = ({ played, seen }: (typeof watched)[number]) =>
    !isSettled(played, seen, isReal);
  const untilNone = async (isOpen: typeof isUnsettled, timeoutMs: number) => {
    const deadline = Date.now() + timeoutMs;
    while (!isStopping() && (await checkAgain(isOpen)) && Date.now() < deadline) {
      onProgress(watched.filter((each) => !isUnsettled(each)).length, watched.length);
      await sleep(everyMs);
    }
  };
  await untilNone(isUnsettled, settleTimeoutMs);
  // A real organization takes its time; `uploaded` is where the table ends then.
  if (!isReal)
    await untilNone(({ seen }) => seen.injection?.state === 'uploaded', confirmTimeoutMs);
  return Promise.all(
    calls.map(async (call) => ({
      call,
      recordings: watched.filter((each) => each.call === call),
      segmentCount: await countSegments(stack, call.callUUID),
    })),
  );
}
