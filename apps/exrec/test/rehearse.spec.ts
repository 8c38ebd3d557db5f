import { startGcSimulator, type GcSimulator } from '@exrec/simulator';
import { scenarios } from '../src/rehearse/scenarios.js';
import { startExrec } from './run-exrec.js';

let gc: GcSimulator;
beforeAll(async () => {
  gc = await startGcSimulator();
  await gc.faults.order({
    target: 'presence',
    sources: [
      {
        id: '99999999-8888-4777-8666-555555555555',
        name: 'EX Engage Connector',
        type: 'User',
        deactivated: false,
      },
    ],
  });
});
afterAll(() => gc.stop());

const rehearse = (...args: string[]) =>
  startExrec(['rehearse', ...args], {
    env: {
      ...{ GC_API_URL: gc.url, GC_LOGIN_URL: gc.url },
      ...{ GC_CLIENT_ID: gc.clientId, GC_CLIENT_SECRET: gc.clientSecret },
    },
  });

it('asks before it makes anything', async () => {
  const { code, stderr } = await rehearse();
  expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')]);
  expect(gc.conversations()).toEqual({});
});

it('tells one call of each kind, and finds each whole', async () => {
  const { code, stdout } = await rehearse('--yes', '--json');
  const { conversations, answers, fine } = JSON.parse(stdout) as {
    conversations: { scenario: string; legs: number }[];
    answers: object[];
    fine: boolean;
  };
  expect(conversations.map((one) => one.scenario)).toEqual(scenarios.map(({ name }) => name));
  for (const one of conversations)
    expect(one).toMatchObject({ refused: [], shown: one.legs, ended: one.legs, analytics: true });
  expect(answers[0]).toMatchObject({ answer: 'taken (200)' });
  expect([code, fine]).toEqual([0, true]);
});

it('says what an organization refuses', async () => {
  await gc.faults.order({ target: 'gc.events', maxAgeHours: 48 });
  const old = await rehearse('--yes');
  expect(old.stdout).toMatch(/a call of a month ago: refused: /);
  expect(old.stdout).toMatch(/a call of yesterday: taken/);
  await gc.faults.order({ target: 'permissions', denied: ['conversation:conversation:inject'] });
  const denied = await rehearse('--yes', '--wait', '0');
  expect([denied.code, denied.stdout]).toEqual([
    1,
    expect.stringContaining('the request was refused (403)'),
  ]);
});
