import { recordingIdOf } from '@exrec/gc-metadata';
import {
  connectRedis,
  type LogFields,
  readSettings,
  type RedisClient,
  redisSettingNames,
  silentLogger,
} from '@exrec/service-kit';
import { startRedis, type RedisServer } from '@exrec/testing';
import { InjectionStore } from '../injection/store/injection-store.js';
import { Confirmation } from './confirmation.js';

const hourMs = 3_600_000;
const nowMs = Date.parse('2026-03-20T12:00:00Z');

let server: RedisServer;
let redis: RedisClient;
let store: InjectionStore;

beforeAll(async () => {
  server = await startRedis();
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
  store = new InjectionStore(redis, '{exrec}', { now: () => nowMs });
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** A recording that was uploaded so many hours ago. */
async function uploaded(name: string, hoursAgo: number): Promise<string> {
  const recordingId = recordingIdOf(name);
  const atMs = nowMs - hoursAgo * hourMs;
  const [acceptedAtMs, audioDeadlineAtMs] = [atMs, atMs + 24 * hourMs];
  const audioFile = `${name}.opus`;
  await store.accept({ recordingId, audioFile, metadata: '{}', acceptedAtMs, audioDeadlineAtMs });
  await store.moveFrom(recordingId, ['queued'], { state: 'uploaded', uploadedAtMs: atMs });
  return recordingId;
}

/** One run over a report of this text: what it changed, asked for and logged. */
async function run(text: string) {
  const lines: { event: string; fields: LogFields | undefined }[] = [];
  const note = (event: string, fields?: LogFields) => void lines.push({ event, fields });
  let dateSince = '';
  const done = { id: 'r', state: 'Completed', signedUrl: 'https://reports.test/r' } as const;
  const confirmation = new Confirmation({
    gc: {
      createUploadReport: (request) => {
        dateSince = request.dateSince;
        return Promise.resolve(done);
      },
      uploadReport: () => Promise.resolve(done),
    },
    store,
    download: () => Promise.resolve(text),
    logger: { ...silentLogger, info: note, warn: note },
    now: () => nowMs,
    deleteAtOnce: () => Promise.resolve(),
    pollMs: 10,
  });
  const result = await confirmation.run();
  return { result, dateSince, lines };
}

describe('a report', () => {
  it.each([
    ['{"warnings":[],"parts":{"href":"x"}}', 'warnings | parts'],
    ['{"entities":[]}', 'entities'],
  ])('without a row where there should be one is a warning: %s', async (text, fields) => {
    await uploaded('a', 1);
    const { lines } = await run(text);
    expect(lines).toContainEqual({ event: 'report.without-rows', fields: { fields } });
  });

  it('without a row is none where only older uploads are left', async () => {
    await uploaded('stuck', 400);
    const { lines } = await run('{"entities":[]}');
    expect(lines.map(({ event }) => event)).toEqual(['report.read']);
  });
});

it('does not make a requeued recording a dead letter by its old row, but by a new one', async () => {
  const recordingId = await uploaded('a', 0.2);
  const failure = `${recordingId}.zip,Failure\n`;
  const report = (rows: string) => run(`File Name,Status\n${rows}`);
  const stateNow = async () => (await store.get(recordingId))?.state;
  expect((await report(failure)).result.rejected).toBe(1);
  expect(await stateNow()).toBe('failed');
  await store.moveFrom(recordingId, ['failed'], { state: 'uploaded', uploadedAtMs: nowMs });
  await report(failure);
  expect(await stateNow()).toBe('uploaded');
  // What the report says of it meanwhile does not make us forget.
  for (let turn = 0; turn < 2; turn += 1) {
    await report(`${failure}${recordingId}.zip,Pending\n`);
    expect(await stateNow()).toBe('uploaded');
  }
  expect((await report(failure.repeat(2))).result.rejected).toBe(1);
  expect(await stateNow()).toBe('failed');
});

it('asks for a week at most, and counts what no report tells of any more as held', async () => {
  const weekAgo = nowMs - 168 * hourMs;
  const stuck = await uploaded('stuck', 400);
  const recent = await uploaded('recent', 3);
  const { result, dateSince } = await run(`name,status\n${recent},Success\n`);
  expect(Date.parse(dateSince)).toBeGreaterThan(weekAgo - hourMs);
  expect(Date.parse(dateSince)).toBeLessThan(weekAgo);
  expect(result).toMatchObject({ confirmed: 1, heldOverAnHour: 1, beyondReports: 1 });
  expect((await store.get(stuck))?.state).toBe('uploaded');
});

it('begins a report before every upload, also that of one which was accepted later', async () => {
  const requeued = await uploaded('requeued', 30);
  await store.moveFrom(requeued, ['uploaded'], { state: 'uploaded', uploadedAtMs: nowMs });
  await uploaded('accepted-later', 20);
  const { dateSince } = await run('name,status\n');
  expect(Date.parse(dateSince)).toBeLessThan(nowMs - 20 * hourMs);
});
