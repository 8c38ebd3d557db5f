import { waitFor } from '@exrec/testing';
import { ownRedis } from '../../test/own-redis.js';
import { Health } from '../health/health.js';
import { InstanceAnnouncement, readInstances } from './instances.js';

const redis = ownRedis();

it('tells of every instance how it is, and which went away without a word', async () => {
  const health = new Health();
  health.enter('running');
  health.warn('webdav', 'away');
  const prefix = '{exrec}';
  const announce = (port: number, nowMs: number) =>
    new InstanceAnnouncement({
      ...{ redis: redis(), prefix, service: 'exrp', port, health },
      now: () => nowMs,
    });
  const [here, silent] = [announce(1, 1_000_000), announce(2, 960_000)];
  here.start();
  silent.start();
  const read = async (nowMs = 1_000_000) => readInstances(redis(), prefix, nowMs);
  await waitFor('both', async () => (await read()).length === 2);
  expect(await read()).toMatchObject([
    { service: 'exrp', status: 'degraded', findings: [{ check: 'webdav', reason: 'away' }] },
    { service: 'exrp', status: 'gone' },
  ]);
  await here.stop();
  expect(await read()).toMatchObject([{ status: 'gone' }]);
  expect(await read(960_000 + 3_600_001)).toEqual([]);
  await silent.stop();
});

it('passes over what is no instance', async () => {
  await redis().hset('{other}:instances', 'excp/x:1', 'not JSON');
  expect(await readInstances(redis(), '{other}', 0)).toEqual([]);
});
