import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'node:http';
import { recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, oggOpusFile, waitFor } from '@exrec/testing';
import { ExrpStack } from './exrp-stack.js';
import { startWebdavStandIn, type Misbehaviour, type WebdavStandIn } from './webdav-stand-in.js';

/** Audio that does not come, or not whole, is given up after this long. */
const deadlineMs = 20_000;

let webdav: WebdavStandIn;
let stack: ExrpStack;
beforeAll(async () => {
  webdav = await startWebdavStandIn();
  stack = await ExrpStack.start({
    webdavUrl: webdav.url,
    settings: {
      EXRP_AUDIO_DEADLINE_HOURS: `${deadlineMs / 3_600_000}`,
      EXRP_MAX_AUDIO_MB: '0.05',
      EXRP_CONCURRENCY: '40',
    },
  });
  // All at once: their waits pass together.
  const prepared = onceWrong.map(async ([what, method, , misbehaviour]) => {
    webdav.show(`${what}.opus`, audio);
    webdav.next(method, `${what}.opus`, misbehaviour);
    await stack.inject(`${what}.opus`, { expectedSizeBytes: audio.length });
  });
  const strange = noCalls.map(async ([name, bytes, extra]) => {
    webdav.show(name, bytes);
    await stack.inject(name, extra);
  });
  const odd = oddCalls.map(async ([name, bytes, , extra]) => {
    webdav.show(name, bytes);
    await stack.inject(name, extra);
  });
  await Promise.all([...prepared, ...strange, ...odd]);
});
afterAll(async () => {
  await stack.stop();
  await webdav.stop();
});

const audio = audioFixture('short-en').bytes();

/** A PUT of which the first half is there; the rest is the caller's. */
async function halfPut(name: string): Promise<{ goOn(): void; die(): void }> {
  const url = `${webdav.url}${name}`;
  const put = request(url, { method: 'PUT', headers: { 'content-length': audio.length } });
  put.on('error', () => undefined);
  put.write(audio.subarray(0, audio.length / 2));
  await waitFor('the first half', async () => (await fetch(url)).ok);
  return {
    goOn: () => void put.end(audio.subarray(audio.length / 2)),
    die: () => void put.destroy(),
  };
}

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Misbehaviour =>
  (response) =>
    void response.writeHead(code, headers).end('not now');
const page: Misbehaviour = (response) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><p>Login');
const pageInDisguise: Misbehaviour = (response, { file }) =>
  void response
    .writeHead(200, { 'content-length': file.length })
    .end('<!DOCTYPE html><title>Login</title>'.padEnd(file.length));
const garbage: Misbehaviour = (response) => void response.writeHead(207).end('<multistatus');
const hangUp: Misbehaviour = (response) => void response.socket?.resetAndDestroy();
const cutWithLength: Misbehaviour = (response, { file }) => {
  response.writeHead(200, { 'content-length': file.length });
  response.write(file.subarray(0, file.length / 2), () => response.socket?.destroySoon());
};
const cutWithoutLength: Misbehaviour = (response, { file }) => {
  response.shouldKeepAlive = false;
  response.useChunkedEncodingByDefault = false;
  response.writeHead(200).end(file.subarray(0, file.length / 2));
};
const replaceFirst =
  (name: string): Misbehaviour =>
  (_response, { file, serve }) => {
    webdav.show(name, Buffer.from(file));
    serve();
  };

type Row = readonly [string, 'GET' | 'PROPFIND', string, Misbehaviour];

/** What goes wrong once, where, and the cause that is noted for it. */
const onceWrong: readonly Row[] = [
  ['401', 'PROPFIND', 'storage-unavailable', status(401, { 'www-authenticate': 'Basic' })],
  ['403', 'PROPFIND', 'storage-unavailable', status(403)],
  ['423', 'GET', 'storage-unavailable', status(423)],
  ['500', 'PROPFIND', 'storage-unavailable', status(500)],
  ['503', 'GET', 'storage-unavailable', status(503, { 'retry-after': '1' })],
  ['507', 'GET', 'storage-unavailable', status(507)],
  ['redirect', 'GET', 'storage-unavailable', status(302, { location: 'http://127.0.0.1:9/x' })],
  ['login-page', 'GET', 'storage-unavailable', page],
  ['login-page-as-audio', 'GET', 'storage-unavailable', pageInDisguise],
  ['broken-listing', 'PROPFIND', 'storage-unavailable', garbage],
  ['reset', 'PROPFIND', 'storage-unavailable', hangUp],
  ['gone-between', 'GET', 'audio-missing', status(404)],
  ['cut-with-length', 'GET', 'audio-incomplete', cutWithLength],
  ['cut-without-length', 'GET', 'audio-incomplete', cutWithoutLength],
];

/** Files that are stable and will never be a call. */
const noCalls: readonly (readonly [string, Buffer, Readonly<Record<string, unknown>>])[] = [
  ['empty.opus', Buffer.alloc(0), {}],
  ['mp3-in-name-only.opus', Buffer.from(`ID3\x03${'\0'.repeat(5_000)}`), {}],
  ['call.mp3', Buffer.from(`ID3\x03${'\0'.repeat(5_000)}`), {}],
  ['too-large.opus', oggOpusFile(60_000), {}],
];

const lastPage = audio.lastIndexOf('OggS');
const withoutEnd = Buffer.from(audio);
withoutEnd.writeUInt8(0, lastPage + 5);
const thirdPage = audio.indexOf('OggS', audio.indexOf('OpusTags') + 1);
const pagesLost = Buffer.concat([audio.subarray(0, thirdPage), audio.subarray(lastPage)]);
const nulsAfterEnd = Buffer.concat([audio, Buffer.alloc(512)]);
const cut = audio.subarray(0, lastPage + 100);

const sized = (bytes: Buffer) => ({ expectedSizeBytes: bytes.length });

type OddCall = readonly [string, Buffer, readonly string[], Readonly<Record<string, unknown>>];

/** Calls that are whole, however odd they look: the size is the announced one, or the last page says so. */
const oddCalls: readonly OddCall[] = [
  ['never-marked.opus', withoutEnd, ['no-end-of-stream'], sized(withoutEnd)],
  ['cut-by-the-recorder.opus', cut, ['no-end-of-stream'], sized(cut)],
  ['pages-lost.opus', pagesLost, ['pages-missing'], sized(pagesLost)],
  ['nuls-after-the-end.opus', nulsAfterEnd, ['bytes-after-end'], sized(nulsAfterEnd)],
  ['nuls-and-no-size.opus', nulsAfterEnd, ['bytes-after-end'], {}],
  ['pauses-left-out.opus', audio, ['duration-differs'], { expectedDurationMs: 60_000 }],
  ['short-by-a-second.opus', audio, [], { expectedDurationMs: 6_000 }],
];

/** Files that are no whole call yet, whatever was announced. */
const notYet: readonly (readonly [string, Buffer, string, Readonly<Record<string, unknown>>])[] = [
  ['nothing-of-much.opus', Buffer.alloc(0), '0 of 828480 bytes', { expectedSizeBytes: 828_480 }],
  ['other.opus', Buffer.alloc(5_000), '5000 of 9999 bytes', { expectedSizeBytes: 9_999 }],
  ['head-alone.opus', audio.subarray(0, thirdPage), 'the Opus stream holds no sound', {}],
  [
    'head-alone-announced.opus',
    audio.subarray(0, 47),
    'the Opus stream holds no sound',
    { expectedSizeBytes: 47 },
  ],
  ['never-marked-no-size.opus', withoutEnd, 'no Ogg end-of-stream page', {}],
];

describe('a call that looks odd', () => {
  it.each(oddCalls)('arrives, and what is odd is flagged: %s', async (name, bytes, flags) => {
    const view = await stack.until(name, 'uploaded');
    expect(view.flags).toEqual(flags);
    const { verdict, metadata } = await stack.verdict(name);
    // The stand-in for Genesys Cloud looks at the audio more strictly; everything else is in order.
    expect(verdict?.problems.filter((problem) => !problem.startsWith('audio: '))).toEqual([]);
    expect(metadata).toMatchObject({ audio: { sizeBytes: bytes.length, channels: 2 } });
    expect(metadata?.flags ?? []).toEqual(flags);
  });

  it.concurrent('is sent at once when a wrong announcement is corrected', async () => {
    webdav.show('corrected.opus', withoutEnd);
    await stack.inject('corrected.opus', { expectedSizeBytes: 1 });
    await stack.until('corrected.opus', 'waiting', 'audio-incomplete');
    await stack.inject('corrected.opus', { expectedSizeBytes: withoutEnd.length });
    const { history } = await stack.until('corrected.opus', 'uploaded');
    expect(history.length).toBeLessThan(4);
  });

  it.concurrent('is sent when requeue drops a wrong announcement', async () => {
    webdav.show('requeued.opus', audio);
    await stack.inject('requeued.opus', { expectedSizeBytes: 1 });
    await stack.until('requeued.opus', 'waiting', 'audio-incomplete');
    await stack.requeue('requeued.opus');
    await stack.until('requeued.opus', 'uploaded');
  });

  it.each(notYet)('waits while it is not whole: %s', async (name, bytes, detail, extra) => {
    webdav.show(name, bytes);
    await stack.inject(name, extra);
    const view = await stack.until(name, 'waiting', 'audio-incomplete');
    expect(view.detail).toBe(detail);
  });
});

describe('a recording whose storage misbehaves', () => {
  it.each(onceWrong)('waits and then arrives: %s', async (what, _method, cause) => {
    const name = `${what}.opus`;
    const view = await stack.until(name, 'uploaded');
    expect(view.history).toContainEqual(expect.objectContaining({ outcome: 'waiting', cause }));
    expect(waitsOf(view.history)[0]).toBeGreaterThanOrEqual(990);
    expect((await stack.verdict(name)).verdict).toEqual({ ok: true, problems: [] });
  });

  it.concurrent('does not trust a file that was replaced while it was read', async () => {
    webdav.show('replaced.opus', audio);
    webdav.next('GET', 'replaced.opus', replaceFirst('replaced.opus'));
    await stack.inject('replaced.opus');
    const view = await stack.until('replaced.opus', 'uploaded');
    expect(view.history[0]).toMatchObject({ cause: 'audio-incomplete' });
    expect((await stack.verdict('replaced.opus')).uploads).toBe(1);
  });

  it.concurrent('waits for a slow uploader, and sends the whole call', async () => {
    const put = await halfPut('slow.opus');
    await stack.inject('slow.opus');
    await stack.until('slow.opus', 'waiting', 'audio-incomplete');
    put.goOn();
    const view = await stack.until('slow.opus', 'uploaded');
    expect(view.history[0]).toMatchObject({ outcome: 'waiting', cause: 'audio-incomplete' });
    expect((await stack.verdict('slow.opus')).verdict).toEqual({ ok: true, problems: [] });
  });

  it.concurrent('never sends half a call when the uploader died', async () => {
    (await halfPut('dead.opus')).die();
    await stack.inject('dead.opus');
    await stack.until('dead.opus', 'failed', 'audio-incomplete');
    expect(stack.arrived('dead.opus')).toBeUndefined();
  });

  it.concurrent('waits for audio that comes later, and nobody is woken for it', async () => {
    await stack.inject('late.opus', { expectedSizeBytes: audio.length });
    await stack.until('late.opus', 'waiting', 'audio-missing');
    await sleep(1_500);
    webdav.show('late.opus', audio);
    await stack.until('late.opus', 'uploaded');
    const errors = stack.exrp
      .output()
      .split('\n')
      .filter((line) => line.includes('"level":"error"'));
    expect(errors.filter((line) => line.includes(recordingIdOf('late.opus')))).toEqual([]);
  });

  it.concurrent(
    'gives up audio that never comes at its deadline, after ever longer waits',
    async () => {
      await stack.inject('never.opus');
      const view = await stack.until('never.opus', 'failed', 'audio-missing');
      const waits = waitsOf(view.history);
      expect(waits[0]).toBeGreaterThanOrEqual(990);
      expect(waits[1]).toBeGreaterThanOrEqual(1_990);
      const lastTryAtMs = Date.parse(view.history.at(-1)!.startedAt);
      const lastedMs = lastTryAtMs - Date.parse(view.acceptedAt);
      expect(lastedMs).toBeGreaterThanOrEqual(deadlineMs - 50);
      expect(lastedMs).toBeLessThan(deadlineMs + 60_000);
      expect(view.attempts).toBeLessThanOrEqual(6);
    },
  );

  it.each(noCalls)('is a dead letter when the file is stable and no call: %s', async (name) => {
    const view = await stack.until(name, 'failed', 'audio-invalid');
    expect(view.nextTryAt).toBeNull();
    const failedAtMs = Date.parse(view.history.at(-1)!.endedAt);
    // The same for two seconds: docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does
    expect(failedAtMs - Date.parse(view.acceptedAt)).toBeGreaterThanOrEqual(1_990);
    expect(stack.arrived(name)).toBeUndefined();
  });
});

it('leaves nothing in its spool', async () => {
  expect(await stack.spooled()).toEqual({ all: [], clear: [] });
});

/** Milliseconds from the end of each attempt to the beginning of the next. */
function waitsOf(history: readonly { startedAt: string; endedAt: string }[]): number[] {
  return history
    .slice(1)
    .map(({ startedAt }, index) => Date.parse(startedAt) - Date.parse(history[index]!.endedAt));
}
