import { createMetrics, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { event, log, rootCall, stay } from '../../test/feed/feed.js';
import { loaded, segmentOf } from '../../test/kept-calls.js';
import { mediaFile } from '../../test/sample-call.js';
import { CallLog } from '../call-log/call-log.js';
import type { LogEntry } from '../interaction/index.js';
import { excpMetrics } from '../metrics/excp-metrics.js';
import { rulesOf } from '../rules/rules.js';
import { EndStep, type EndStepOptions } from './end-step.js';

const settings = { STA_DEFAULT_LANGUAGE: undefined, STA_USERDATA_LANGUAGE_KEY: undefined };
const rules = rulesOf({ EXCP_QUEUE_PARAMETER: 'queue', ...settings }, undefined);
const dayMs = 86_400_000;
const periods = { quietPeriodMs: 30_000, settleMs: 2_000, maxInteractionMs: dayMs / 2 };
const file = mediaFile(rootCall).mediaId;
const metadata = [segmentOf(rootCall)];
const running = log([event('EventCallCreated', 0), ...stay('7105', [5, 6, 40])]);
const over = [...running, ...log([event('EventCallDeleted', 41)])];

const redis = ownRedis();
let callLog: CallLog;
let nowMs: number;
let jobs: string[];
let pulls: string[];
beforeEach(() => {
  nowMs = Date.now();
  [jobs, pulls] = [[], []];
  callLog = new CallLog({
    ...{ redis: redis(), prefix: '{exrec}', keepMs: dayMs, now: () => nowMs, ...periods },
  });
});

function step(options: Partial<EndStepOptions> = {}) {
  return new EndStep({
    ...{ callLog, ...periods, logger: silentLogger, now: () => nowMs },
    takingForMs: () => Infinity,
    dispatchQueue: {
      addAll: (all) => {
        jobs.push(...all.map(({ mediaId }) => mediaId));
        return Promise.resolve();
      },
    },
    pullQueue: undefined,
    rules: { current: () => rules },
    configuration: { hasChecked: () => true, snapshot: () => null, userIdOf: () => null },
    metrics: excpMetrics(createMetrics('excp')),
    ...options,
  });
}

const pulling = {
  pullQueue: {
    add: (callUUID: string) => {
      pulls.push(callUUID);
      return Promise.resolve();
    },
  },
};
const nextLookInMs = async () => Number(await redis().zscore('{exrec}:due', rootCall)) - nowMs;
const kept = () => loaded(callLog, rootCall);

describe('an interaction', () => {
  it.each([
    ['waits while its call is open', running, 3_600_000, undefined],
    ['waits for what follows the end of its calls', over, 1_999, undefined],
    ['ends when nothing has followed', over, 2_000, 'calls-deleted'],
    ['waits, of which only metadata tell', metadata, 29_999, undefined],
    ['ends when nothing more is told', metadata, 30_000, 'quiet'],
    ['ends when its calls have been silent for too long', running, dayMs / 2, 'timed-out'],
  ] as const)('%s', async (_name, entries: readonly LogEntry[], afterMs, why) => {
    await callLog.append(entries);
    nowMs += afterMs;
    expect(await step().run(rootCall)).toBe(true);
    expect((await kept()).ended?.why).toBe(why);
  });

  it('is looked at again when it may be over, and no earlier', async () => {
    await callLog.append(over);
    nowMs += 500;
    await step().run(rootCall);
    expect(await nextLookInMs()).toBe(1_500);
  });

  it('has its segments queued at its end, with a look back should a job be lost', async () => {
    await callLog.append([...over, ...metadata]);
    nowMs += 2_000;
    await step().run(rootCall);
    expect(jobs).toEqual([file]);
    expect((await kept()).dispatches.get(file)?.state).toBe('queued');
    expect(await nextLookInMs()).toBe(10_000);
  });

  it('is not decided about without rules', async () => {
    await callLog.append([...over, ...metadata]);
    nowMs += 2_000;
    await step({ rules: { current: () => undefined } }).run(rootCall);
    expect((await kept()).ended).toBeUndefined();
    expect(await nextLookInMs()).toBe(5_000);
  });

  it('is not decided about while something of it cannot be read', async () => {
    await callLog.append([...over, ...metadata]);
    await redis().hset(`{exrec}:call:${rootCall}`, 'e:x', 'not JSON');
    nowMs += 2_000;
    await expect(step().run(rootCall)).rejects.toThrow('entry-unreadable');
    expect(jobs).toEqual([]);
  });

  it('is decided about anew when something comes meanwhile', async () => {
    class Overtaken extends CallLog {
      override async load(callUUID: string) {
        const before = await super.load(callUUID);
        await callLog.append([segmentOf(rootCall, 'late')]);
        return before;
      }
    }
    await callLog.append([...over, ...metadata]);
    nowMs += 2_000;
    const overtaken = new Overtaken({
      ...{ redis: redis(), prefix: '{exrec}', keepMs: dayMs, now: () => nowMs, ...periods },
    });
    expect(await step({ callLog: overtaken }).run(rootCall)).toBe(false);
    expect(jobs).toEqual([]);
    expect((await kept()).ended).toBeUndefined();
  });
});

describe('metadata from RWS', () => {
  it('are waited for where nothing else names the agents', async () => {
    await callLog.append(metadata);
    nowMs += 30_000;
    await step(pulling).run(rootCall);
    expect([jobs, pulls]).toEqual([[], [rootCall]]);
    expect(await nextLookInMs()).toBe(30_000);
    nowMs += 30_000;
    await step(pulling).run(rootCall);
    expect(jobs).toEqual([file]);
  });

  it('hold up nothing that call events tell of', async () => {
    await callLog.append([...over, ...metadata]);
    nowMs += 2_000;
    await step(pulling).run(rootCall);
    expect([jobs, pulls]).toEqual([[file], [rootCall]]);
  });
});

describe('an interaction of which everything is done', () => {
  const finish = async (fields: Readonly<Record<string, string>> = {}) => {
    await callLog.append([...over, ...metadata]);
    nowMs += 2_000;
    await step().run(rootCall);
    await callLog.record(await kept(), file, { state: 'dispatched', atMs: nowMs });
    const writes = Object.entries(fields).map(([field, value]) => {
      return { callUUID: rootCall, field, value };
    });
    await callLog.commit(await kept(), { writes });
  };
  const isArchived = async () => (await redis().exists(`{exrec}:archive:${rootCall}`)) === 1;

  it('stays as it is for two minutes, and is archived then', async () => {
    await finish();
    await step().run(rootCall);
    expect([await isArchived(), await nextLookInMs()]).toEqual([false, 120_000]);
    nowMs += 120_000;
    await step().run(rootCall);
    expect(await isArchived()).toBe(true);
  });

  it('stays for as long as Genesys Cloud has not answered what it was told', async () => {
    await finish({ 'j:0': `sent - endTransfer ${nowMs} ` });
    nowMs += 120_000;
    await step().run(rootCall);
    expect([await isArchived(), await nextLookInMs()]).toEqual([false, 60_000]);
  });
});
