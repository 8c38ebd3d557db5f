import {
  connectRedis,
  createMetrics,
  keyspace,
  readSettings,
  redisSettingNames,
  silentLogger,
  startWorker,
} from '@exrec/service-kit';
import { startRedis, waitFor } from '@exrec/testing';
import { CallLog } from '../src/call-log/call-log.js';
import { rulesOf } from '../src/rules/rules.js';
import { deliveryText } from '../src/decision/delivery-record.js';
import {
  DispatchQueue,
  dispatchQueueName,
  type DispatchJob,
} from '../src/delivery/dispatch-queue.js';
import { DispatchWorker } from '../src/delivery/dispatch-worker.js';
import { ExrpClient } from '../src/delivery/exrp-client.js';
import { excpMetrics } from '../src/metrics/excp-metrics.js';
import { apiToken } from './excp-stack.js';
import { ExrpStandIn } from './exrp-stand-in.js';
import { loaded, segmentOf } from './kept-calls.js';
import { mediaFile, newCallUUID } from './sample-call.js';

it('sends nothing before the configuration was looked for, which may be there', async () => {
  const [server, standIn] = await Promise.all([startRedis(), ExrpStandIn.start()]);
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  const redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
  const place = { prefix: keyspace(settings), connection: redis, logger: silentLogger };
  const periods = { quietPeriodMs: 1, settleMs: 1, maxInteractionMs: 1, keepMs: 3_600_000 };
  const callLog = new CallLog({ redis, prefix: place.prefix, now: Date.now, ...periods });
  const exrp = new ExrpClient({ url: standIn.url, token: () => apiToken });
  const ruleSettings = { STA_DEFAULT_LANGUAGE: 'en-US', STA_USERDATA_LANGUAGE_KEY: undefined };
  const rules = rulesOf({ EXCP_QUEUE_PARAMETER: 'queue', ...ruleSettings }, undefined);
  let hasLooked = false;
  const worker = new DispatchWorker({
    planner: undefined,
    ...{ callLog, exrp, metrics: excpMetrics(createMetrics('excp')), logger: silentLogger },
    rules: { current: () => rules },
    configuration: {
      hasLooked: () => hasLooked,
      snapshot: () => null,
      userIdOf: () => null,
    },
    now: Date.now,
  });
  const queue = new DispatchQueue(place);
  const running = startWorker<DispatchJob>({
    ...{ ...place, name: dispatchQueueName, concurrency: 1 },
    process: (job) => worker.process(job),
  });

  const callUUID = newCallUUID();
  const { mediaId } = mediaFile(callUUID);
  await callLog.append([segmentOf(callUUID)]);
  const value = deliveryText({ state: 'queued', atMs: Date.now() });
  const writes = [{ callUUID, field: `d:${mediaId}`, value }];
  await callLog.commit(await loaded(callLog, callUUID), { nextLookAtMs: Date.now(), writes });
  await queue.addAll([{ callUUID, mediaId }]);
  await new Promise((done) => setTimeout(done, 1_500));
  expect(standIn.received).toEqual([]);
  hasLooked = true;
  await waitFor('the segment', () => standIn.of(mediaId).length === 1);

  await running.close();
  await queue.close();
  exrp.close();
  redis.disconnect();
  await Promise.all([server.stop(), standIn.stop()]);
});
