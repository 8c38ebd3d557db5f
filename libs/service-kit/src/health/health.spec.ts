import { Health } from './health.js';

function running(): Health {
  const health = new Health();
  health.enter('running');
  return health;
}

afterEach(() => jest.useRealTimers());

describe('Health', () => {
  it('is ready when every check passes', async () => {
    const health = running();
    health.addCheck('redis', () => Promise.resolve(undefined));
    health.addCheck('key', () => undefined);
    expect(await health.readiness()).toEqual({
      status: 'ready',
      checks: { redis: { status: 'up' }, key: { status: 'up' } },
    });
  });

  it('names what is degraded and stays ready', async () => {
    const health = running();
    health.addCheck('gc', () => ({ degraded: 'no snapshot yet' }));
    expect(await health.readiness()).toEqual({
      status: 'degraded',
      checks: { gc: { status: 'degraded', reason: 'no snapshot yet' } },
    });
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('gone'))],
    [
      'throws',
      () => {
        throw new Error('gone');
      },
    ],
  ])('is not ready when a check %s, whatever else is degraded', async (_how, check) => {
    const health = running();
    health.warn('auth', 'open');
    health.addCheck('redis', check);
    expect(await health.readiness()).toMatchObject({
      status: 'not-ready',
      checks: { auth: { status: 'degraded' }, redis: { status: 'down', reason: 'gone' } },
    });
  });

  it('does not wait for a check that hangs', async () => {
    jest.useFakeTimers();
    const health = running();
    health.addCheck('redis', () => new Promise(() => undefined));
    const asked = health.readiness();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await asked).toMatchObject({
      status: 'not-ready',
      checks: { redis: { status: 'down', reason: expect.stringContaining('no answer') } },
    });
  });

  it.each(['starting', 'draining'] as const)('is not ready while %s', async (phase) => {
    const health = new Health();
    if (phase === 'draining') health.enter('draining');
    expect(await health.readiness()).toMatchObject({
      status: 'not-ready',
      checks: { service: { reason: `the service is ${phase}` } },
    });
  });

  it('asks anew after a second, and not before', async () => {
    jest.useFakeTimers();
    const health = running();
    let asked = 0;
    health.addCheck('redis', () => {
      asked++;
      if (asked === 1) throw new Error('gone');
      return undefined;
    });
    const answers = await Promise.all(Array.from({ length: 300 }, () => health.readiness()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['not-ready']));
    expect(asked).toBe(1);
    health.enter('draining');
    expect((await health.readiness()).checks.service).toBeDefined();
    health.enter('running');
    jest.advanceTimersByTime(1_000);
    expect((await health.readiness()).status).toBe('ready');
  });
});
