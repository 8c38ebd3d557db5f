import { recordingIdOf } from '@exrec/gc-metadata';
import { createMetrics, silentLogger, startWorker } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { waitFor } from '@exrec/testing';
import type { Job } from 'bullmq';
import { apiToken } from '../../test/excp-stack.js';
import { ExrpStandIn } from '../../test/exrp-stand-in.js';
import { loaded, segmentOf } from '../../test/kept-calls.js';
import { mediaFile, newCallUUID } from '../../test/sample-call.js';
import { CallLog } from '../call-log/call-log.js';
import { deliveryText, type DeliveryRecord } from '../decision/delivery-record.js';
import { excpMetrics } from '../metrics/excp-metrics.js';
import { rulesOf } from '../rules/rules.js';
import { DispatchQueue, dispatchQueueName, type DispatchJob } from './dispatch-queue.js';
import { DispatchWorker } from './dispatch-worker.js';
import { ExrpClient } from './exrp-client.js';

const prefix = '{exrec}';
const ruleSettings = { STA_DEFAULT_LANGUAGE: 'en-US', STA_USERDATA_LANGUAGE_KEY: undefined };
const rules = rulesOf({ EXCP_QUEUE_PARAMETER: 'queue', ...ruleSettings }, undefined);

const redis = ownRedis();
let standIn: ExrpStandIn;
let callLog: CallLog;
let exrp: ExrpClient;
let worker: DispatchWorker;
let hasChecked: boolean;
beforeEach(async () => {
  standIn = await ExrpStandIn.start();
  const periods = { quietPeriodMs: 1, settleMs: 1, maxInteractionMs: 1, keepMs: 3_600_000 };
  callLog = new CallLog({ redis: redis(), prefix, now: Date.now, ...periods });
  exrp = new ExrpClient({ url: standIn.url, token: () => apiToken });
  hasChecked = true;
  worker = new DispatchWorker({
    planner: undefined,
    ...{ callLog, exrp, metrics: excpMetrics(createMetrics('excp')), logger: silentLogger },
    rules: { current: () => rules },
    configuration: { hasChecked: () => hasChecked, snapshot: () => null, userIdOf: () => null },
    now: Date.now,
  });
});
afterEach(async () => {
  exrp.close();
  await standIn.stop();
});

/** A call with segments that were queued, or were told before. */
async function queued(names: readonly string[], record: Partial<DeliveryRecord> = {}) {
  const callUUID = newCallUUID();
  await callLog.append(names.map((name) => segmentOf(callUUID, name)));
  const writes = names.map((name) => ({
    callUUID,
    field: `d:${mediaFile(callUUID, name).mediaId}`,
    value: deliveryText({ state: 'queued', atMs: Date.now(), ...record }),
  }));
  await callLog.commit(await loaded(callLog, callUUID), { nextCheckAtMs: Date.now(), writes });
  return { callUUID, mediaIds: names.map((name) => mediaFile(callUUID, name).mediaId) };
}

/** As much of a job as the worker looks at when it has nothing to put off. */
const process = (callUUID: string, mediaId = '') =>
  worker.process({ data: { callUUID, mediaId } } as Job<DispatchJob, void>);
const recordOf = async (callUUID: string, mediaId = '') =>
  (await loaded(callLog, callUUID)).dispatches.get(mediaId);
const told = { callUUID: 'x', dn: '7105', ordinal: 1 };

it('sends nothing before the configuration was looked for, which may be there', async () => {
  hasChecked = false;
  const place = { prefix, connection: redis(), logger: silentLogger };
  const queue = new DispatchQueue(place);
  const running = startWorker<DispatchJob>({
    ...{ ...place, name: dispatchQueueName, concurrency: 1 },
    process: (job) => worker.process(job),
  });
  const { callUUID, mediaIds } = await queued(['a']);
  await queue.addAll([{ callUUID, mediaId: mediaIds[0] ?? '' }]);
  await new Promise((done) => setTimeout(done, 1_500));
  expect(standIn.received).toEqual([]);
  hasChecked = true;
  await waitFor('the segment', () => standIn.received.length === 1);
  await running.close();
  await queue.close();
});

it('decides about all segments of an interaction before any of them is sent, and keeps that', async () => {
  const { callUUID, mediaIds } = await queued(['a', 'b']);
  await process(callUUID, mediaIds[0]);
  expect(standIn.received.map(({ audioFile }) => audioFile)).toEqual([mediaIds[0]]);
  const other = await recordOf(callUUID, mediaIds[1]);
  expect(other).toMatchObject({ state: 'sending', request: { audioFile: mediaIds[1] } });
  await process(callUUID, mediaIds[1]);
  expect(standIn.received[1]).toMatchObject(JSON.parse(JSON.stringify(other?.request)));
});

it('asks EXRP what it has before it decides anew about a segment that was told before', async () => {
  const known = await queued(['a'], { told });
  const recordingId = recordingIdOf(known.mediaIds[0] ?? '');
  standIn.known.add(recordingId);
  await process(known.callUUID, known.mediaIds[0]);
  expect(standIn.received).toEqual([]);
  expect(await recordOf(known.callUUID, known.mediaIds[0])).toMatchObject({ state: 'dispatched' });

  const unknown = await queued(['a'], { told });
  await process(unknown.callUUID, unknown.mediaIds[0]);
  expect(standIn.received).toHaveLength(1);
  expect(standIn.asked).toEqual([recordingId, recordingIdOf(unknown.mediaIds[0] ?? '')]);
});

it('takes a segment for sent that is refused though EXRP has it: the first answer was lost', async () => {
  const { callUUID, mediaIds } = await queued(['a']);
  standIn.answer = { status: 500 };
  // There is no job to be put off.
  await process(callUUID, mediaIds[0]).catch(() => undefined);
  expect(await recordOf(callUUID, mediaIds[0])).toMatchObject({ state: 'waiting', attempts: 1 });
  standIn.answer = { status: 400 };
  standIn.known.add(recordingIdOf(mediaIds[0] ?? ''));
  await process(callUUID, mediaIds[0]);
  expect(await recordOf(callUUID, mediaIds[0])).toMatchObject({ state: 'dispatched', attempts: 2 });
});

it('gives up no segment that may have come through while EXRP cannot be asked', async () => {
  const { callUUID, mediaIds } = await queued(['a']);
  standIn.answer = { status: 500 };
  await process(callUUID, mediaIds[0]).catch(() => undefined);
  standIn.answer = { status: 400 };
  standIn.askedAnswer = { status: 503 };
  await process(callUUID, mediaIds[0]).catch(() => undefined);
  const waiting = await recordOf(callUUID, mediaIds[0]);
  expect(waiting).toMatchObject({ state: 'waiting', cause: 'exrp-unavailable' });
  expect(waiting?.request).toBeDefined();
  standIn.askedAnswer = undefined;
  standIn.known.add(recordingIdOf(mediaIds[0] ?? ''));
  await process(callUUID, mediaIds[0]);
  expect(await recordOf(callUUID, mediaIds[0])).toMatchObject({ state: 'dispatched' });
});

it.each([
  ['cannot answer', { status: 503 }, 'exrp-unavailable'],
  ['does not know us', { status: 401 }, 'exrp-unauthorized'],
  ['answers nonsense', { status: 400 }, 'exrp-unavailable'],
])('does not take an EXRP that %s for one that has nothing', async (_what, answer, code) => {
  standIn.askedAnswer = answer;
  for (const asking of [exrp.has('a'), exrp.audioFileOf('a')])
    await expect(asking).rejects.toMatchObject({ code, retry: 'later' });
});
