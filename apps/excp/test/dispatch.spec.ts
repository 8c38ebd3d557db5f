import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import { apiToken, ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID } from './sample-call.js';

let stack: ExcpStack;
let dir: string;
let file: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-excp-'));
  file = join(dir, 'hybrid.yaml');
  await writeFile(file, 'sync_scope: all\nhybrid_integration: {sta_default_language: en-US}\n');
  stack = await ExcpStack.start({ HYBRID_INTEGRATION_FILE: file });
});
beforeEach(() => {
  stack.exrp.answer = { status: 202 };
});
afterAll(async () => {
  await stack.stop();
  await rm(dir, { recursive: true, force: true });
});

const dispatchOf = async (callUUID: string) =>
  (await stack.interaction(callUUID)).segments[0]?.dispatch;

/** Posts one segment and waits until it is in a state. */
async function sent(callUUID: string, state: string) {
  await stack.postMetadata(mediaFile(callUUID));
  return waitFor(`${callUUID} to be ${state}`, async () => {
    const dispatch = await dispatchOf(callUUID);
    return dispatch?.state === state ? dispatch : undefined;
  });
}

it('says who it is, and gives the request an id that can be followed', async () => {
  const callUUID = newCallUUID();
  await sent(callUUID, 'dispatched');
  const { mediaId } = mediaFile(callUUID);
  expect(stack.exrp.of(mediaId)).toMatchObject([
    { authorization: `Bearer ${apiToken}`, requestId: `${recordingIdOf(mediaId)}.1` },
  ]);
});

it.each([
  ['503', { status: 503 }, 'exrp-unavailable', 500],
  ['500', { status: 500 }, 'exrp-unavailable', 500],
  [
    'a redirect',
    { status: 307, headers: { location: 'http://127.0.0.1:9/' } },
    'exrp-unavailable',
    500,
  ],
  [
    '429 with Retry-After',
    { status: 429, headers: { 'retry-after': '120' } },
    'exrp-unavailable',
    115_000,
  ],
  ['401', { status: 401 }, 'exrp-unauthorized', 55_000],
  ['403', { status: 403 }, 'exrp-unauthorized', 55_000],
])('tries again later after %s', async (_name, answer, cause, leastDelayMs) => {
  stack.exrp.answer = answer;
  const callUUID = newCallUUID();
  const postedAtMs = Date.now();
  const dispatch = await sent(callUUID, 'waiting');
  expect(dispatch.cause).toBe(cause);
  expect(Date.parse(dispatch.nextTryAt ?? '') - postedAtMs).toBeGreaterThan(leastDelayMs);
  expect((await stack.interaction(callUUID)).state).toBe('ended');
});

it('sends what had to wait as soon as EXRP takes it', async () => {
  stack.exrp.answer = { status: 503 };
  const callUUID = newCallUUID();
  await sent(callUUID, 'waiting');
  const ready = await stack.get('/health/ready');
  expect(ready.data.checks.exrp).toMatchObject({ status: 'degraded' });
  stack.exrp.answer = { status: 200 };
  await stack.reaches(callUUID, 'finished');
  expect((await dispatchOf(callUUID))?.cause).toBeNull();
});

it('gives up what EXRP will never take, says why, and sends it again when asked to', async () => {
  const refusal = { errors: [{ pointer: '/metadata/ani', detail: 'secret +4930555010' }] };
  stack.exrp.answer = { status: 400, body: refusal };
  const callUUID = newCallUUID();
  const dispatch = await sent(callUUID, 'refused');
  expect(dispatch).toMatchObject({ cause: 'exrp-refused', attempts: 1 });
  expect(dispatch.detail).toBe('EXRP answered 400 about /metadata/ani');
  expect((await stack.interaction(callUUID)).state).toBe('finished');
  stack.exrp.answer = { status: 202 };
  await stack.end(callUUID);
  await waitFor('the second try', async () => (await dispatchOf(callUUID))?.state === 'dispatched');
  expect(stack.exrp.of(mediaFile(callUUID).mediaId)).toHaveLength(2);
});

it('does not send what is out of scope, and follows the file when it changes', async () => {
  await writeFile(file, 'sync_scope: {agents: ["agent9*"]}\n');
  await waitFor('the new scope', async () => {
    const { data } = await stack.get('/api/v1/configuration');
    return data.rules.syncScope !== null;
  });
  const callUUID = newCallUUID();
  await sent(callUUID, 'out-of-scope');
  const view = await stack.interaction(callUUID);
  expect(view.state).toBe('finished');
  expect(view.segments[0]?.scope).toEqual({ inScope: false, rule: 'no-rule-matches' });
  expect(stack.exrp.of(mediaFile(callUUID).mediaId)).toEqual([]);
});

it('keeps the last good file in force when the new one is wrong, and says where', async () => {
  await writeFile(file, 'sync_scope:\n  agents: "agent9*"\n');
  const reason = await waitFor('the refusal', async () => {
    const { data } = await stack.get('/health/ready');
    const check = data.checks['hybrid-integration'] as { reason?: string };
    return check.reason;
  });
  expect(reason).toContain('line 2');
  const callUUID = newCallUUID();
  await sent(callUUID, 'out-of-scope');
  await writeFile(file, 'sync_scope: all\nhybrid_integration: {sta_default_language: en-US}\n');
  await waitFor('the good file', async () => {
    const { data } = await stack.get('/health/ready');
    return data.checks['hybrid-integration'].status === 'up';
  });
  // Decided again because something new came, and now it is in scope.
  await stack.postMetadata(mediaFile(callUUID, 'b'));
  await waitFor('the first segment', () => stack.exrp.of(mediaFile(callUUID).mediaId).length === 1);
});
