import { postCallEvents, type CallEvent } from '@exrec/simulator';
import { byFetch, postMetadata, putAudio, shortAudio } from '../calls.js';
import type { Fleet } from '../fleet.js';
import { queueCall, type QueueCall } from './queue-call.js';

export type QueueCalls = {
  /** Root calls of all that were begun. */
  readonly callUUIDs: readonly string[];
  /** Begins no more, and waits until those that were begun are over, told and recorded. */
  finish(): Promise<void>;
};

/** A bridge hands over what happened since the last time. */
const bridgeMs = 100;
const retryMs = 1_000;

/** Calls as they happen: every EXCP gets the whole feed, MCP's metadata come at the end of each, the audio before. */
export function startQueueCalls(fleet: Fleet, perSecond: number): QueueCalls {
  const callUUIDs: string[] = [];
  const recorded: Promise<void>[] = [];
  let told = Promise.resolve();
  let due: { atMs: number; event: CallEvent }[] = [];
  let isBeginning = true;
  const tell = () => {
    const nowMs = Date.now();
    const events = due.filter(({ atMs }) => atMs <= nowMs).map(({ event }) => event);
    due = due.filter(({ atMs }) => atMs > nowMs);
    if (events.length === 0) return;
    told = told.then(async () => {
      await Promise.all(fleet.excps.map(({ url }) => untilTaken(events, url)));
    });
  };
  const begin = () => {
    if (!isBeginning) return;
    const call = queueCall(Date.now());
    callUUIDs.push(call.callUUID);
    due.push(...call.feed);
    recorded.push(record(fleet, call, callUUIDs.length));
  };
  const timers = [setInterval(begin, 1000 / perSecond), setInterval(tell, bridgeMs)];
  return {
    callUUIDs,
    finish: async () => {
      isBeginning = false;
      await Promise.all(recorded);
      while (due.length > 0) await pause(bridgeMs);
      for (const timer of timers) clearInterval(timer);
      await told;
    },
  };
}

async function untilTaken(events: readonly CallEvent[], url: string): Promise<void> {
  for (;;) {
    const answers = await postCallEvents(events, { url }).catch(() => []);
    if (answers.at(0)?.status === 202) return;
    await pause(retryMs);
  }
}

async function record(fleet: Fleet, call: QueueCall, turn: number): Promise<void> {
  const { callUUID, recording } = call;
  await pause(recording.stopMs - Date.now());
  const mediaId = `${callUUID}_1.opus`;
  await putAudio(`${fleet.storage.url}/${mediaId}`);
  const body = {
    ...{ mediaId, callUUID, type: 'audio/opus', size: String(shortAudio.length) },
    startTime: new Date(recording.startMs).toISOString(),
    stopTime: new Date(recording.stopMs).toISOString(),
    parameters: { recordDN: '7105', agentId: 'agent7105', ani: '+4930555010' },
  };
  const post = byFetch(fleet.excps.map(({ url }) => url));
  for (let attempt = turn; ; attempt += 1) {
    if ((await postMetadata(post, attempt, body)) === '200') return;
    await pause(retryMs);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
