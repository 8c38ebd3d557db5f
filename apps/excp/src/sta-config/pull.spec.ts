import { Failure } from '@exrec/service-kit';
import { DOCUMENTED_DIALECTS } from '@exrec/sta-resolver';
import { defaultGcConfiguration, sampleIds } from '@exrec/simulator';
import { waitFor } from '@exrec/testing';
import { Fleet, manyQueues, uuid } from '../../test/sta-fleet.js';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.stop());
afterEach(() => fleet.reset());

const minuteMs = 60_000;
/** The longest that a first failed attempt waits. */
const firstRetryMs = 5_000;

describe('a pull', () => {
  it('is made at once when there never was one, and can be looked at', async () => {
    const { source } = await fleet.running();
    const { queues, programs } = sampleIds;
    const bySales = source.snapshot()?.queueById.get(queues.sales);
    expect(bySales).toMatchObject({ transcription: true, program: { id: programs.sales } });
    expect(source.view()).toEqual({
      takenAt: new Date(fleet.nowMs).toISOString(),
      ageSeconds: 0,
      transcription: 'EnabledQueueFlow',
      queues: { total: 3, withTranscription: 2 },
      unknownLogins: [],
      defaultProgram: { id: programs.everything, name: 'All calls', published: true },
      mappings: [
        { programId: programs.techSupport, published: true, queues: 1 },
        { programId: programs.sales, published: true, queues: 1 },
      ],
      languages: {
        source: 'genesys-cloud',
        codes: defaultGcConfiguration.dialects[0]?.dialects,
      },
      lastPull: {
        at: new Date(fleet.nowMs).toISOString(),
        ok: true,
        cause: null,
        detail: null,
        missing: [],
      },
    });
  });

  it('reads 10,000 queues, all mappings and programs, in as few requests as there are pages', async () => {
    fleet.gc.configure(manyQueues(10_000));
    const before = fleet.gc.requests.count('gc.queues');
    const { source } = await fleet.running();
    expect(source.snapshot()?.queues).toHaveLength(10_000);
    expect(source.snapshot()?.queueById.get(uuid(119))?.program?.id).toBe(uuid(119));
    expect(fleet.gc.requests.count('gc.queues') - before).toBe(20);
  });

  it('knows which of the mapped programs are published', async () => {
    const { mappings, ...others } = defaultGcConfiguration;
    const { queues, programs } = sampleIds;
    const drafted = { programId: programs.draft, queueIds: [queues.billing] };
    fleet.gc.configure({ ...others, mappings: [...mappings.slice(0, 2), drafted] });
    const { source } = await fleet.running();
    const program = (id: string) => source.snapshot()?.queueById.get(id)?.program;
    expect(program(queues.billing)).toEqual({ id: programs.draft, published: false });
    expect(program(queues.sales)).toEqual({
      id: programs.sales,
      name: 'Sales quality',
      published: true,
    });
  });

  const listings = ['gc.queues', 'gc.sta.mappings', 'gc.sta.programs'];
  const wholly = ['gc.transcription', ...listings, 'gc.sta.settings'];
  it.each([
    ...wholly.map((target) => ({ target, kind: 'status', status: 503 }) as const),
    ...wholly.map((target) => ({ target, kind: 'malformedJson' }) as const),
    ...listings.map((target) => ({ target, kind: 'omit', fields: ['entities'] }) as const),
    ...listings.map((target) => ({ target, kind: 'reset', skip: 1 }) as const),
  ])('that fails half-way changes nothing, and is soon made again: %j', async (fault) => {
    const instance = await fleet.running();
    const { source, log } = instance;
    const present = source.snapshot();
    fleet.gc.configure(manyQueues(501));
    await fleet.gc.faults.order({ times: 0, ...fault });
    await fleet.pullAfter(instance, Fleet.refreshMs);
    expect(source.snapshot()).toBe(present);
    expect(source.view().lastPull).toMatchObject({ ok: false, cause: 'gc-unavailable' });
    expect(log.filter(({ event }) => event === 'sta-configuration.pull-failed')).toHaveLength(1);
    await fleet.gc.faults.clear();
    await fleet.pullAfter(instance, firstRetryMs);
    expect(source.snapshot()?.queues).toHaveLength(501);
    expect(source.view().lastPull).toMatchObject({ ok: true });
  });

  it('is made again with growing patience, at most five minutes, and at once after a restart', async () => {
    const first = await fleet.running();
    await fleet.gc.faults.order({ target: 'gc.transcription', status: 503, times: 0 });
    await fleet.pullAfter(first, Fleet.refreshMs);
    const waits: number[] = [];
    for (let waitedMs = 0, pulls = fleet.pulls(); waits.length < 8;) {
      await fleet.pullAfter(first, 1_000);
      waitedMs += 1_000;
      if (fleet.pulls() === pulls) continue;
      waits.push(waitedMs / 1_000);
      [waitedMs, pulls] = [0, fleet.pulls()];
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
    const pulls = fleet.pulls();
    const second = await fleet.instance();
    await waitFor('a pull', () => fleet.pulls() > pulls);
    await fleet.pullAfter(second, 0);
    expect(fleet.pulls()).toBe(pulls + 1);
  });

  it('waits as long as GC says', async () => {
    let asked = 0;
    const limited: typeof fleet.api = {
      ...fleet.api,
      transcriptionSettings: () => {
        asked += 1;
        return Promise.reject(Failure.later('gc-rate-limited', { retryAfterMs: minuteMs }));
      },
    };
    const instance = await fleet.instance({}, limited);
    await waitFor('the first attempt', () => instance.source.view().lastPull);
    await fleet.pullAfter(instance, minuteMs - 1);
    expect(asked).toBe(1);
    await fleet.pullAfter(instance, 1);
    expect(asked).toBe(2);
  });
});

describe('the languages', () => {
  const documented = { source: 'documented-list', codes: DOCUMENTED_DIALECTS };

  it('are the documented ones when GC names none, and the log and the view say so', async () => {
    fleet.gc.configure({ ...defaultGcConfiguration, dialects: [] });
    const { source, log } = await fleet.running();
    expect(source.view().languages).toEqual(documented);
    expect(log.map(({ event }) => event)).toContain('sta-configuration.documented-languages');
  });

  it('are the documented ones when GC never gave any, until a soon repetition brings them', async () => {
    await fleet.gc.faults.order({ target: 'gc.sta.dialects', status: 403 });
    const instance = await fleet.running();
    const { source } = instance;
    expect(source.view().languages).toEqual(documented);
    expect(source.view().lastPull).toMatchObject({
      ok: true,
      missing: [{ part: 'dialects', cause: 'gc-unauthorized' }],
    });
    await fleet.pullAfter(instance, firstRetryMs);
    expect(source.view().languages).toMatchObject({ source: 'genesys-cloud' });
    expect(source.view().lastPull).toMatchObject({ ok: true, missing: [] });
  });

  it('stay those that GC named last when they cannot be read, and the rest is new', async () => {
    const instance = await fleet.running();
    const { languages } = instance.source.view();
    fleet.gc.configure(manyQueues(7));
    await fleet.gc.faults.order({ target: 'gc.sta.dialects', status: 503 });
    await fleet.pullAfter(instance, Fleet.refreshMs);
    expect(instance.source.view()).toMatchObject({ languages, queues: { total: 7 } });
  });
});
