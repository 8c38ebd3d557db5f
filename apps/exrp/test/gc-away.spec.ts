import { recordingIdOf } from '@exrec/gc-metadata';
import type { FaultOrder } from '@exrec/simulator';
import { audioFixture, freePort, waitFor } from '@exrec/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExrpStack, type AnotherExrp } from './exrp-stack.js';
import { startWebdavStandIn, type WebdavStandIn } from './webdav-stand-in.js';

const audio = audioFixture('short-en').bytes();
/** How long the outages of these tests last. */
const outageMs = 4_000;
/** The first upload comes 10 s after the return at the latest, and what a busy machine may add. */
const firstUploadMs = 10_000 + 50_000;

let webdav: WebdavStandIn;
let stack: ExrpStack;
let other: AnotherExrp;
beforeAll(async () => {
  webdav = await startWebdavStandIn();
  stack = await ExrpStack.start({ settings: { EXRP_CONCURRENCY: '2' }, webdavUrl: webdav.url });
  // What this one accepts has to go first.
  other = await stack.another({ EXRP_AUDIO_DEADLINE_HOURS: '1', EXRP_CONCURRENCY: '2' });
});
afterAll(async () => {
  await stack.stop();
  await webdav.stop();
});

afterEach(() => stack.gc.faults.clear());

const fetched = (name: string) => webdav.count('GET', name);

async function cpuSeconds(): Promise<number> {
  const one = await stack.metric('process_cpu_seconds_total');
  return one + (await other.client.metric('process_cpu_seconds_total'));
}

async function uploadsCheck() {
  const { data, status } = await stack.get('/health/ready', null);
  return { status, check: (data as { checks: Record<string, unknown> }).checks.uploads };
}

it.each<[string, string, () => Promise<FaultOrder>]>([
  [
    'Genesys Cloud says 503',
    'gc-unavailable',
    () => Promise.resolve({ target: 'gc', status: 503, times: 0 }),
  ],
  [
    'Genesys Cloud breaks off requests for upload URLs only',
    'gc-unavailable',
    () => Promise.resolve({ target: 'gc.uploads', kind: 'reset', times: 0 }),
  ],
  [
    'S3 cannot be reached',
    'upload-failed',
    async () => {
      const location = `http://127.0.0.1:${await freePort()}`;
      return { target: 'uploadUrl', kind: 'location', location, times: 0 };
    },
  ],
])('while %s nothing is fetched twice, and nearly nothing done', async (what, cause, fault) => {
  const late = Array.from({ length: 10 }, (_, n) => `${what.replace(/\W/g, '-')}-late-${n}.opus`);
  const early = Array.from({ length: 4 }, (_, n) => `${what.replace(/\W/g, '-')}-early-${n}.opus`);
  for (const name of [...late, ...early]) webdav.show(name, audio);
  await stack.gc.faults.order(await fault());
  await Promise.all(late.map((name) => stack.inject(name)));
  await waitFor('the outage to be seen', async () => {
    const { check } = await uploadsCheck();
    return JSON.stringify(check).includes(cause);
  });
  expect((await uploadsCheck()).status).toBe(200);
  expect(await stack.metric('exrec_gc_outage_seconds')).toBeGreaterThanOrEqual(0);
  await Promise.all(early.map((name) => other.client.inject(name)));
  // What was in flight has settled.
  await sleep(1_000);
  const [cpuBefore, beganAtMs] = [await cpuSeconds(), Date.now()];
  await sleep(outageMs);
  const share = (await cpuSeconds()) - cpuBefore;
  // Two processes that ask Redis once a second; a whole core would be 1.
  expect((share * 1000) / (Date.now() - beganAtMs)).toBeLessThan(0.4);
  const duringOutage = [...late, ...early].map(fetched);
  expect(Math.max(...duringOutage)).toBeLessThanOrEqual(1);
  // No more than were in flight when it began.
  expect(duringOutage.filter((count) => count > 0).length).toBeLessThanOrEqual(5);

  await stack.gc.faults.clear();
  const backAtMs = Date.now();
  const views = await Promise.all([...early, ...late].map((name) => stack.until(name, 'uploaded')));
  const times = views.map(({ history }) => Date.parse(history.at(-1)!.endedAt));
  expect(Math.min(...times) - backAtMs).toBeLessThan(firstUploadMs);
  const [firstLate] = times.slice(early.length).toSorted((a, b) => a - b);
  expect(Math.min(...times.slice(0, early.length))).toBeLessThan(firstLate!);
  // An attempt that ended in the outage, and the one that succeeded.
  expect(Math.max(...[...late, ...early].map(fetched))).toBeLessThanOrEqual(2);
  await waitFor(
    'the end of the outage',
    async () =>
      (await uploadsCheck()).check !== undefined &&
      JSON.stringify((await uploadsCheck()).check).includes('up'),
  );
});

it('one failure is no outage: others go on', async () => {
  const names = ['one.opus', 'two.opus'];
  for (const name of names) webdav.show(name, audio);
  const subject = recordingIdOf('one.opus');
  await stack.gc.faults.order({ target: 'gc.uploads', status: 503, subject });
  await Promise.all(names.map((name) => stack.inject(name)));
  await Promise.all(names.map((name) => stack.until(name, 'uploaded')));
  expect((await stack.injection('one.opus')).attempts).toBe(2);
  expect((await stack.injection('two.opus')).attempts).toBe(1);
});

it('one recording that Genesys Cloud chokes on does not hold up the others', async () => {
  const subject = recordingIdOf('choke.opus');
  await stack.gc.faults.order({ target: 'gc.uploads', status: 500, times: 0, subject });
  const names = ['choke.opus', 'fine-1.opus', 'fine-2.opus'];
  for (const name of names) webdav.show(name, audio);
  await stack.inject('choke.opus');
  await stack.until('choke.opus', 'waiting', 'gc-unavailable');
  await Promise.all(names.slice(1).map((name) => stack.inject(name)));
  await Promise.all(names.slice(1).map((name) => stack.until(name, 'uploaded')));
  await stack.gc.faults.clear();
  await stack.until('choke.opus', 'uploaded');
});
