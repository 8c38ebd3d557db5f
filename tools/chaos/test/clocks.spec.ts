import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, shiftedClock, startRedis, waitFor, type StartedApp } from '@exrec/testing';
import { startCalls } from '../src/calls.js';
import { adminToken, mcp, startFleet } from '../src/fleet.js';
import { settledOutcome } from '../src/outcome.js';

const hourMs = 3_600_000;

/** Undone after each test, last first. */
const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** In step with Redis, a day ahead, a day behind, and off by what is no reason to say anything. */
const shifts = [0, 25 * hourMs, -25 * hourMs, 30_000] as const;

async function get(app: StartedApp | undefined, path: string) {
  const headers = { authorization: `Bearer ${adminToken}` };
  const answer = await fetch(`${app?.url ?? ''}${path}`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function post(app: StartedApp | undefined, path: string, body: unknown): Promise<void> {
  const basic = Buffer.from(`${mcp.username}:${mcp.password}`).toString('base64');
  const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/json' };
  const url = `${app?.url ?? ''}${path}`;
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

const newCallUUID = () => randomBytes(16).toString('hex').toUpperCase();

it('nothing ends early, is given up early or is not found on instances whose clocks are off', async () => {
  const redis = await startRedis();
  undo.push(() => redis.stop());
  const fleet = await startFleet({
    redis: { REDIS_URL: redis.url },
    ...{ excps: 4, exrps: 3 },
    each: (n) => shiftedClock(shifts[n] ?? 0),
  });
  undo.push(() => fleet.stop());
  const [open, waiting] = [newCallUUID(), newCallUUID()];
  // A call that goes on, and one whose audio is a day away for whoever is 25 h ahead.
  const time = new Date().toISOString();
  const created = { event: 'EventCallCreated', time, callUUID: open, callType: 'Inbound' };
  await post(fleet.excps[0], '/api/v1/call-events', created);
  const late = `${waiting}_late.opus`;
  const times = { startTime: '2026-03-02T09:15:10Z', stopTime: '2026-03-02T09:15:15Z' };
  const parameters = { recordDN: '7105', agentId: 'agent7105' };
  const media = { mediaId: late, callUUID: waiting, type: 'audio/opus', ...times, parameters };
  await post(fleet.excps[1], '/api/contact-centers/cc1/recordings', media);

  const calls = startCalls({ fleet, perSecond: 5 });
  await waitFor('calls', () => calls.accepted.size >= 15);
  await calls.finish();
  const outcome = await settledOutcome(fleet, calls.accepted, 180_000);
  expect(outcome).toMatchObject({ arrived: calls.accepted.size, lost: 0, twice: 0 });

  const id = recordingIdOf(late);
  const tried = await waitFor('several tries', async () => {
    const { body } = await get(fleet.exrps[1], `/api/v1/injections/${id}`);
    const isTried = Number(body.attempts) >= 4 && body.state === 'waiting';
    return isTried || body.state === 'failed' ? body : undefined;
  });
  expect(tried).toMatchObject({ state: 'waiting', cause: 'audio-missing' });
  const [first = ''] = [...calls.accepted].map((mediaId) => mediaId.slice(0, 32));
  for (const excp of fleet.excps) {
    expect((await get(excp, `/api/v1/interactions/${open}`)).body).toMatchObject({
      state: 'open',
    });
    await waitFor('its end', async () => {
      const { status, body } = await get(excp, `/api/v1/interactions/${first}`);
      expect(status).toBe(200);
      return body.state === 'finished';
    });
    const { body } = await get(excp, '/api/v1/interactions?limit=100');
    expect(JSON.stringify(body)).toContain(first);
  }

  const bytes = audioFixture('short-en').bytes();
  const basic = Buffer.from(`${mcp.username}:${mcp.password}`).toString('base64');
  const headers = { authorization: `Basic ${basic}` };
  await fetch(`${fleet.storage.url}/${late}`, { method: 'PUT', headers, body: bytes });
  await waitFor('the late one', () =>
    fleet.gc.recordings().some(({ recordingId }) => recordingId === id),
  );
  const said = await Promise.all(fleet.excps.map((app) => get(app, '/health/ready')));
  const degraded = said.map(({ body }) => JSON.stringify(body).includes('ahead of that of Redis'));
  expect(degraded).toEqual([false, true, false, false]);
});

it('nothing is taken, ended or put off by a clock that is off before Redis has told the time', async () => {
  const redis = await startRedis();
  undo.push(() => redis.stop());
  const admin = new Redis(redis.url);
  undo.push(() => {
    admin.disconnect();
    return Promise.resolve();
  });
  // Everything but the key that the time is asked by.
  await admin.call('ACL', 'SETUSER', 'late', 'on', '>late', '+@all', '&*');
  await admin.call('ACL', 'SETUSER', 'late', '~{exrec}:[^c]*', '~{exrec}:c[^l]*');
  const open = newCallUUID();
  const begun = new Date();
  const callOf = (event: string, time: Date, more = {}) => {
    return { event, time: time.toISOString(), callUUID: open, ...more };
  };
  const created = callOf('EventCallCreated', begun, { callType: 'Inbound' });
  const asLate = { REDIS_URL: redis.url.replace('//', '//late:late@') };
  const users = (n: number) => (n === 0 ? {} : { ...shiftedClock(25 * hourMs), ...asLate });
  const fleet = await startFleet({
    redis: { REDIS_URL: redis.url },
    ...{ excps: 2, exrps: 2, each: users },
  });
  undo.push(() => fleet.stop());
  const [, late] = fleet.excps;
  await post(fleet.excps[0], '/api/v1/call-events', created);
  const ended = callOf('EventCallDeleted', begun);
  await expect(post(late, '/api/v1/call-events', ended)).rejects.toThrow('503');
  const times = { startTime: '2026-03-02T09:15:10Z', stopTime: '2026-03-02T09:15:15Z' };
  const media = { mediaId: `${open}_late.opus`, callUUID: open, type: 'audio/opus', ...times };
  await expect(post(late, '/api/contact-centers/cc1/recordings', media)).rejects.toThrow('503');
  // By a clock that is a day ahead it would have been ended by force within this time.
  await sleep(2_000);
  expect((await get(fleet.excps[0], `/api/v1/interactions/${open}`)).body).toMatchObject({
    state: 'open',
  });
  await admin.call('ACL', 'SETUSER', 'late', 'allkeys');
  await waitFor('the late ones to know the time', () =>
    post(late, '/api/v1/call-events', ended).then(
      () => true,
      () => false,
    ),
  );
  const calls = startCalls({ fleet, perSecond: 5 });
  await waitFor('calls', () => calls.accepted.size >= 10);
  await calls.finish();
  const outcome = await settledOutcome(fleet, calls.accepted, 60_000);
  expect(outcome).toMatchObject({ arrived: calls.accepted.size, lost: 0, twice: 0 });
});

it('an EXRP whose clock is off deletes nothing, and says why', async () => {
  const shortly = { EXRP_RETENTION_HOURS: '0.002' };
  const redis = await startRedis();
  undo.push(() => redis.stop());
  const fleet = await startFleet({
    redis: { REDIS_URL: redis.url },
    settings: shortly,
    ...{ excps: 1, exrps: 2 },
    each: (n) => (n === 0 ? shiftedClock(25 * hourMs) : shiftedClock(-25 * hourMs)),
  });
  undo.push(() => fleet.stop());
  const calls = startCalls({ fleet, perSecond: 5 });
  await waitFor('calls', () => calls.accepted.size >= 3);
  await calls.finish();
  await settledOutcome(fleet, calls.accepted, 180_000);
  const stopped = await waitFor('a look of retention', async () => {
    const { body } = await get(fleet.exrps[0], '/health/ready');
    return /clock is not that of Redis/.exec(JSON.stringify(body)) ?? undefined;
  });
  expect(stopped).not.toBeNull();
  for (const mediaId of calls.accepted) {
    const basic = Buffer.from(`${mcp.username}:${mcp.password}`).toString('base64');
    const headers = { authorization: `Basic ${basic}` };
    const answer = await fetch(`${fleet.storage.url}/${mediaId}`, { method: 'HEAD', headers });
    expect(answer.status).toBe(200);
  }
});
