import { defaultGcConfiguration } from '@exrec/simulator';
import { waitFor } from '@exrec/testing';
import { ConfigurationStore } from './configuration-store.js';
import { Fleet, type Instance } from '../../test/sta-fleet.js';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.stop());
afterEach(() => fleet.reset());

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('a fleet', () => {
  it('pulls once a period, whoever is asked and however often', async () => {
    const before = fleet.pulls();
    const [a, b] = [await fleet.instance(), await fleet.instance()];
    for (let period = 1; period <= 3; period += 1) {
      for (let turn = 0; turn < 5; turn += 1) {
        await waitFor('both turns', () =>
          Promise.all([a.source.pullWhenDue(), b.source.pullWhenDue()]).catch(() => false),
        );
      }
      expect(fleet.pulls() - before).toBe(period);
      fleet.nowMs += Fleet.refreshMs;
    }
  });

  it('sees a change at all its instances, whichever pulled it', async () => {
    const [a, b] = [await fleet.running(), await fleet.running()];
    fleet.gc.configure({ ...defaultGcConfiguration, transcription: 'Disabled' });
    await fleet.pullAfter(a, Fleet.refreshMs);
    expect(a.source.view().transcription).toBe('Disabled');
    await waitFor('the change', () => b.source.view().transcription === 'Disabled');
    expect(b.source.view()).toEqual(a.source.view());
  });

  it('goes on when the instance that pulls dies, and not while it only takes its time', async () => {
    const store = new ConfigurationStore(fleet.client(), Fleet.keyspace);
    const claim = { nowMs: fleet.nowMs, refreshMs: Fleet.refreshMs, early: true };
    await waitFor('the claim', () =>
      store.claim(claim).then(
        () => true,
        () => false,
      ),
    );
    const instance = await fleet.instance();
    await waitFor('a look', () =>
      instance.source.pullWhenDue().then(
        () => true,
        () => false,
      ),
    );
    await store.prolong(fleet.nowMs + 10_000);
    await fleet.pullAfter(instance, 29_999);
    expect(instance.source.snapshot()).toBeNull();
    await fleet.pullAfter(instance, 1);
    expect(instance.source.snapshot()).not.toBeNull();
  });

  it('leaves a pull of an instance that stops to the next one', async () => {
    const other = await fleet.running();
    await fleet.gc.faults.order({ target: 'gc.queues', kind: 'stall' });
    fleet.nowMs += Fleet.refreshMs;
    const pulls = fleet.pulls();
    const stopping = await fleet.instance();
    await waitFor('the pull', () => fleet.pulls() > pulls);
    await stopping.stop();
    await fleet.gc.faults.clear();
    expect(other.source.ageMs()).toBe(Fleet.refreshMs);
    await fleet.pullAfter(other, 0);
    expect(other.source.ageMs()).toBe(0);
  });

  it('does not believe a next pull that lies further ahead than a period', async () => {
    const instance = await fleet.running();
    fleet.nowMs -= 2 * Fleet.refreshMs;
    const pulls = fleet.pulls();
    await fleet.pullAfter(instance, 0);
    expect(fleet.pulls()).toBe(pulls + 1);
  });
});

describe('the last snapshot', () => {
  it('is there at once after a restart with GC away', async () => {
    await fleet.running();
    await fleet.stopInstances();
    await fleet.gc.faults.order({ target: '*', kind: 'reset', times: 0 });
    fleet.nowMs += 2 * hourMs;
    const { source } = await fleet.instance();
    await waitFor('the snapshot', () => source.snapshot());
    expect(source.view()).toMatchObject({ ageSeconds: 7200, queues: { total: 3 } });
  });

  it('is not asked for again after a restart while it is young', async () => {
    await fleet.running();
    await fleet.stopInstances();
    const pulls = fleet.pulls();
    await fleet.pullAfter(await fleet.running(), Fleet.refreshMs - 1);
    expect(fleet.pulls()).toBe(pulls);
  });

  it('stays while Redis is away, and is renewed when it is back, also when it lost everything', async () => {
    const instance = await fleet.running();
    await fleet.redis.kill();
    fleet.nowMs += Fleet.refreshMs;
    await expect(instance.source.pullWhenDue()).rejects.toThrow();
    expect(instance.source.view().queues?.total).toBe(3);
    await fleet.redis.restart();
    const redis = fleet.client();
    await waitFor('Redis', () => redis.flushall().catch(() => false));
    expect(instance.source.view().queues?.total).toBe(3);
    await waitFor('a pull', () =>
      instance.source.pullWhenDue().then(
        () => instance.source.ageMs() === 0,
        () => false,
      ),
    );
  });

  it('of another release is nothing to a new instance, and nothing lost to an old one', async () => {
    const old = await fleet.running();
    const redis = fleet.client();
    const overwrite = { version: 'x', snapshot: '{"version":99}' };
    const key = `${Fleet.keyspace}:sta-configuration`;
    await waitFor('the write', () =>
      redis.hset(key, overwrite).then(
        () => true,
        () => false,
      ),
    );
    await waitFor('a remark', () =>
      old.log.some(({ event }) => event === 'sta-configuration.stored-in-unknown-form'),
    );
    expect(old.source.view().queues?.total).toBe(3);
    const pulls = fleet.pulls();
    const fresh = await fleet.running();
    expect(fresh.source.view().queues?.total).toBe(3);
    expect(fleet.pulls()).toBe(pulls + 1);
  });
});

describe('its age', () => {
  const metric = async ({ metrics }: Instance) =>
    /exrec_sta_configuration_age_seconds\{.*\} (.*)/.exec(await metrics.registry.metrics())?.[1];

  it('is a metric, and above an hour a degradation and one warning', async () => {
    const instance = await fleet.running();
    const { source, log } = instance;
    const remarks = () =>
      log.filter(({ event }) => /\.(old|fresh-again)$/.test(event)).map(({ event }) => event);
    fleet.nowMs += hourMs;
    expect(source.check()).toBeUndefined();
    expect(await metric(instance)).toBe('3600');
    fleet.nowMs += minuteMs;
    expect(source.check()).toEqual({ degraded: 'GC configuration is 61 minutes old' });
    expect(await metric(instance)).toBe('3660');
    await waitFor('the warning', () => remarks().length > 0);
    fleet.nowMs += minuteMs;
    await fleet.pullAfter(instance, 0);
    await waitFor('the all-clear', () => remarks().length > 1);
    expect(remarks()).toEqual(['sta-configuration.old', 'sta-configuration.fresh-again']);
    expect(source.check()).toBeUndefined();
  });

  it('is infinite and a degradation before the first snapshot', async () => {
    await fleet.gc.faults.order({ target: 'gc.transcription', status: 503, times: 0 });
    const instance = await fleet.instance();
    expect(instance.source.ageMs()).toBeNull();
    expect(await metric(instance)).toBe('+Inf');
    expect(instance.source.check()).toEqual({ degraded: 'no GC configuration yet' });
    expect(instance.source.view()).toMatchObject({ takenAt: null, languages: null });
  });
});
