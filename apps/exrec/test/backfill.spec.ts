import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingIdOf } from '@exrec/gc-metadata';
import {
  numberedRecordings,
  startGcSimulator,
  startRwsSimulator,
  type GcSimulator,
  type RwsSimulator,
} from '@exrec/simulator';
import {
  oggOpusFile,
  startApp,
  startRedis,
  waitFor,
  type RedisServer,
  type StartedApp,
} from '@exrec/testing';
import { startExrec } from './run-exrec.js';

const startMs = Date.parse('2026-03-02T09:15:00.000Z');
const recordings = numberedRecordings(3, { startMs, everyMs: 3_600_000 });
const names = recordings.map(({ mediaFiles }) =>
  (mediaFiles[0]?.mediaId ?? '').replace('.mp3', '.opus'),
);
const span = ['--from', '2026-03-02T09:00Z', '--to', '2026-03-02T13:00Z'];

let dir: string;
let redis: RedisServer;
let gc: GcSimulator;
let rws: RwsSimulator;
const apps: StartedApp[] = [];
let env: Record<string, string>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-backfill-test-'));
  [redis, gc, rws] = await Promise.all([
    startRedis(),
    startGcSimulator(),
    startRwsSimulator({ recordings }),
  ]);
  const storage = await startApp('storage', {
    ...{ STORAGE_DIR: join(dir, 'audio'), STORAGE_USERNAME: 's', STORAGE_PASSWORD: 's' },
  });
  const common = {
    ...{ REDIS_URL: redis.url, ADMIN_TOKEN: 'admin', EXRP_API_TOKEN: 'inject' },
    ...{ GC_API_URL: gc.url, GC_LOGIN_URL: gc.url },
    ...{ GC_CLIENT_ID: gc.clientId, GC_CLIENT_SECRET: gc.clientSecret },
  };
  const webdav = { WEBDAV_URL: storage.url, WEBDAV_USERNAME: 's', WEBDAV_PASSWORD: 's' };
  const exrp = await startApp('exrp', {
    ...{ ...common, ...webdav, EXRP_SPOOL_DIR: dir },
    ...{ EXRP_ALLOW_INSECURE_UPLOAD: 'true', EXRP_UPLOAD_HOSTS: '127.0.0.1' },
  });
  const mcp = { EXCP_MCP_USERNAME: 'mcp', EXCP_MCP_PASSWORD: 'secret' };
  const excp = await startApp('excp', {
    ...{ ...common, ...mcp, EXRP_URL: exrp.url, EXCP_QUIET_PERIOD_SECONDS: '0.2' },
  });
  apps.push(storage, exrp, excp);
  env = {
    ...{ ...webdav, ...mcp, EXREC_TOKEN: 'admin', EXREC_URL: 'http://127.0.0.1:9' },
    ...{ EXCP_URL: excp.url, EXRP_URL: exrp.url },
    ...{ RWS_URL: rws.url, RWS_USERNAME: rws.username, RWS_PASSWORD: rws.password },
  };
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.kill()));
  await Promise.all([redis.stop(), gc.stop(), rws.stop()]);
  await rm(dir, { recursive: true });
});

async function putAudio(name: string): Promise<void> {
  const headers = { authorization: `Basic ${Buffer.from('s:s').toString('base64')}` };
  const body = new Uint8Array(oggOpusFile(20_000));
  const answer = await fetch(`${env.WEBDAV_URL}/${name}`, { method: 'PUT', headers, body });
  expect(answer.ok).toBe(true);
}

const backfill = (args: readonly string[], changes: Record<string, string> = {}) =>
  startExrec(['backfill', ...span, '--per-minute', '6000', ...args], {
    env: { ...env, ...changes },
  });
const jsonOf = async (args: readonly string[]) =>
  JSON.parse((await backfill([...args, '--json'])).stdout) as Record<string, unknown>;

it('says first what it would do, and asks nobody who is not there', async () => {
  await Promise.all(names.slice(0, 2).map(putAudio));
  const dry = await backfill(['--dry-run']);
  expect(dry.stdout).toContain('RWS has 3 recordings of that time');
  expect(dry.stdout).toContain('1 have no audio on the storage any more. 2 would be handed in');
  const { code, stderr } = await backfill([]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')]);
  expect(gc.recordings()).toEqual([]);
});

it('hands in what RWS has and never came, as the recording it would have been, and does no harm twice', async () => {
  expect(await jsonOf(['--yes'])).toMatchObject({
    ...{ source: 'rws', found: 3, withoutAudio: 1, toSend: 2, sent: 2, duplicates: 0 },
  });
  await waitFor('the uploads', () => gc.recordings().length === 2, { timeoutMs: 180_000 });
  await gc.settled();
  const ids = gc.recordings().map(({ recordingId }) => recordingId);
  expect(ids.toSorted()).toEqual(names.slice(0, 2).map(recordingIdOf).toSorted());
  expect(gc.recordings()[0]?.metadata).toMatchObject({
    agent: { id: 'agent7105', dn: '7105' },
    durationMs: 20_000,
  });
  const again = await jsonOf(['--yes']);
  expect(again).toMatchObject({ toSend: 2, sent: 0, duplicates: 2, refused: [] });
  expect(gc.recordings()).toHaveLength(2);
});

it('hands in files that nobody described, under the call in their name and with their own length', async () => {
  const name = `${'F'.repeat(32)}_nobody.opus`;
  await Promise.all([putAudio(name), putAudio('not-of-a-call.opus')]);
  const { stdout } = await startExrec(
    ['backfill', '--since', '1h', '--source', 'storage', '--per-minute', '6000', '--yes', '--json'],
    { env },
  );
  expect(JSON.parse(stdout)).toMatchObject({ source: 'storage', found: 3, sent: 1, duplicates: 2 });
  await waitFor(
    'the upload',
    () => gc.recordings().filter(({ metadata }) => metadata !== null).length === 3,
    { timeoutMs: 180_000 },
  );
  const found = gc.recordings().find(({ recordingId }) => recordingId === recordingIdOf(name));
  expect(found?.metadata).toMatchObject({ interactionId: 'F'.repeat(32), agent: null });
});

it('gives way while recordings queue up', async () => {
  let asked = 0;
  const busy = createServer((_request, response) => {
    asked += 1;
    response.setHeader('connection', 'close');
    const queued = asked < 3 ? 21 : 20;
    response.end(JSON.stringify({ states: { queued }, causes: { waiting: {}, failed: {} } }));
  }).listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const { port } = busy.address() as AddressInfo;
  const { stdout } = await backfill(['--yes'], { EXRP_URL: `http://127.0.0.1:${port}` });
  busy.close();
  expect(asked).toBe(4);
  expect(stdout).toContain('2 were known to EXCP');
});

it.each([
  [[], {}, '--from is needed'],
  [[...span, '--source', 'tape'], {}, '--source is rws or storage'],
  [[...span, '--source', 'rws'], { RWS_URL: '' }, 'RWS_URL is not set'],
  [[...span, '--yes'], { RWS_PASSWORD: 'wrong' }, 'RWS cannot be asked'],
  [[...span, '--yes'], { EXCP_MCP_PASSWORD: 'wrong' }, 'EXCP takes no metadata from here (401)'],
])('says what is wrong: %j %j', async (args, changes, words) => {
  const { code, stderr } = await startExrec(['backfill', ...args], { env: { ...env, ...changes } });
  expect(code).not.toBe(0);
  expect(stderr).toContain(words);
});
