import { Readable } from 'node:stream';
import { recordingIdOf } from '@exrec/gc-metadata';
import { type LogFields, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { InjectionStore } from '../injection/store/injection-store.js';
import { Confirmation } from './confirmation.js';

const hourMs = 3_600_000;
const nowMs = Date.parse('2026-03-20T12:00:00Z');

const redis = ownRedis();
let store: WatchedStore;

/** Tells how many recordings were being looked at once. */
class WatchedStore extends InjectionStore {
  #open = 0;
  most = 0;
  /** Redis does not answer about this one. */
  silent: string | undefined;

  override async get(recordingId: string) {
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    try {
      if (recordingId === this.silent) throw new Error('Command timed out');
      return await super.get(recordingId);
    } finally {
      this.#open -= 1;
    }
  }
}

beforeEach(() => {
  store = new WatchedStore(redis(), '{exrec}', { now: () => nowMs });
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
  const record = (event: string, fields?: LogFields) => void lines.push({ event, fields });
  let dateSince = '';
  let copies = 0;
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
    download: () => Readable.from([Buffer.from(text)]),
    logger: { ...silentLogger, info: record, warn: record, error: record },
    onCopies: (found) => void (copies += found),
    now: () => nowMs,
    deleteAtOnce: () => Promise.resolve(),
    pollMs: 10,
  });
  const result = await confirmation.run();
  return { result, dateSince, lines, copies };
}

describe('a report', () => {
  it.each([
    ['{"warnings":[],"parts":{"href":"x"}}', '?'],
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

describe('many recordings', () => {
  const names = ['a', 'b', 'c', 'd'];
  const reportOf = (ids: readonly string[]) =>
    run(`name,status\n${ids.map((id) => `${id},Success\n`).join('')}`);

  it('do not wait for each other', async () => {
    const ids = await Promise.all(names.map((name) => uploaded(name, 1)));
    expect((await reportOf(ids)).result.confirmed).toBe(names.length);
    expect(store.most).toBe(names.length);
  });

  it('are confirmed when Redis does not answer about one of them', async () => {
    const ids = await Promise.all(names.map((name) => uploaded(name, 1)));
    [store.silent] = ids;
    await expect(reportOf(ids)).rejects.toThrow('Command timed out');
    store.silent = undefined;
    const states = await Promise.all(ids.map(async (id) => (await store.get(id))?.state));
    expect(states).toEqual(['uploaded', 'confirmed', 'confirmed', 'confirmed']);
  });
});

describe('a row', () => {
  it('is matched by the upload key that GC gave, and by any id in it', async () => {
    const [keyed, pathed] = [await uploaded('keyed', 1), await uploaded('pathed', 1)];
    const key = 'somewhere/else.zip';
    const facts = { uploadKey: key };
    await store.moveFrom(keyed, ['uploaded'], { state: 'uploaded', uploadedAtMs: nowMs, facts });
    const org = '11111111-2222-4333-8444-555555555555';
    const rows = [`${key},Succeeded`, `${org}/${pathed}.zip,Success`].join('\n');
    expect((await run(`key,status\n${rows}\n`)).result.confirmed).toBe(2);
  });

  it('that tells of a further upload is a copy', async () => {
    const id = await uploaded('copied', 1);
    const { result, copies } = await run(`name,status\n${id},Success\n${id},Success\n`);
    expect(result.confirmed).toBe(1);
    expect(copies).toBe(1);
  });

  it('brings no name into any log', async () => {
    const id = await uploaded('a', 1);
    const nobody = '99999999-8888-4777-8666-555555555555';
    const texts = [
      `Report for Nina Invented\nname,status,message\n${nobody},Failure,"Nina Invented`,
      `[{"name":"${nobody}","status":"Failure","message":Nina Invented}]`,
      `Nina Invented,Nina\n${nobody},Nina`,
      `{"Nina Invented":[{"Nina":1}]}`,
      `name,status,message\n${id},Failure,Nina Invented is unknown`,
    ];
    const logged = [];
    for (const text of texts) logged.push(...(await run(text)).lines);
    expect(JSON.stringify(logged)).not.toContain('Nina');
    expect((await store.get(id))?.detail).toContain('Nina Invented is unknown');
  });
});

describe('a report that matches nothing', () => {
  const rows = `name,status\n99999999-8888-4777-8666-555555555555,Success\n`;
  const warned = async (text: string) => (await run(text)).lines.map(({ event }) => event);

  it('is a warning at once', async () => {
    await uploaded('a', 0.01);
    expect(await warned(rows)).toContain('report.matches-nothing');
  });

  it('is none when it tells of what is confirmed already', async () => {
    const known = await uploaded('known', 2);
    await store.moveFrom(known, ['uploaded'], { state: 'confirmed' });
    await uploaded('a', 0.01);
    expect(await warned(`${rows}${known},Success\n`)).toEqual(['report.read']);
  });
});
