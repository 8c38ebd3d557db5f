import { withinBounds } from '@exrec/testing';
import { conditionOf, requestedRange } from '../src/http/conditions.js';
import { parseStoragePath } from '../src/files/storage-path.js';
import { startStorage, type StorageServer } from './storage-server.js';

const header = (text: string) => text.repeat(Math.ceil(15_000 / text.length)).slice(0, 15_000);
const entry = {
  kind: 'file',
  sizeBytes: 10,
  modifiedAtMs: 0,
  createdAtMs: 0,
  etag: '"1"',
} as const;

it.each([
  ['slashes', header('/')],
  ['names', header('/a')],
  ['dots', header('/..')],
  ['escapes', header('/%2e')],
  ['half an escape', `/${header('%')}`],
  ['letters', `/${header('a')}`],
  ['marks', `/a${header(encodeURIComponent('\u0301'))}`],
  ['schemes', header('http://a')],
])('a path of %s is read at once, a hundred times', async (_what, target) => {
  await withinBounds(() => {
    for (let n = 0; n < 100; n += 1) {
      try {
        expect(parseStoragePath(target).length).toBeLessThanOrEqual(32);
      } catch (error) {
        expect(error).toMatchObject({ fault: 'bad-name' });
      }
    }
  });
});

it.each([
  ['tags', header('"a",')],
  ['commas', header(',')],
  ['weak tags', header('W/')],
  ['digits', header('9')],
  ['dates', header('Mon, 02 Mar 2026 09:00:00 GMT ')],
  ['ranges', `bytes=${header('0-0,')}`],
  ['hyphens', `bytes=${header('-')}`],
])('conditions of %s are looked at at once, a hundred times', async (_what, text) => {
  const headers = {
    'if-match': text,
    'if-none-match': text,
    'if-unmodified-since': text,
    range: text,
    'if-range': text,
  };
  await withinBounds(() => {
    for (let n = 0; n < 100; n += 1) {
      conditionOf(headers)?.(entry);
      requestedRange(headers, entry);
    }
  });
});

describe('a running storage', () => {
  let storage: StorageServer;
  beforeAll(async () => void (storage = await startStorage()));
  afterAll(() => storage.stop());

  it('answers a hundred requests with hostile headers, each as a refusal', async () => {
    await withinBounds(async () => {
      for (let n = 0; n < 100; n += 1) {
        const headers = { destination: header('/a'), 'if-match': header('"a",').slice(0, 500) };
        const { status } = await storage.request('MOVE', '/none.opus', { headers });
        expect([400, 404, 412, 431]).toContain(status);
      }
    });
  });
});
