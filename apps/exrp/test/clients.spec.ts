import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audioFixture } from '@exrec/testing';
import { ExrpStack } from './exrp-stack.js';

const audio = audioFixture('short-en').bytes();
const clients = [
  { id: 'client-one', secret: 'secret-one' },
  { id: 'client-two', secret: 'secret-two' },
];
/** Of each client, in the simulator: less than one client needs for all recordings. */
const requestsPerMinute = 14;
const names = Array.from({ length: 20 }, (_, number) => `client-${number}.opus`);

let dir: string;
let stack: ExrpStack;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'exrec-clients-'));
  const file = join(dir, 'clients.yaml');
  const refused = { id: 'client-three', secret: 'not-its-secret' };
  const entries = [refused, ...clients].map(
    ({ id, secret }) => `- {client_id: ${id}, client_secret: ${secret}}\n`,
  );
  writeFileSync(file, entries.join(''));
  stack = await ExrpStack.start({
    settings: { GC_CLIENT_ID: '', GC_CLIENT_SECRET: '', GC_CLIENTS_FILE: file },
    simulator: { clients, requestsPerMinute },
  });
});
afterAll(async () => {
  await stack.stop();
  rmSync(dir, { recursive: true });
});

it('spends the budgets of several OAuth clients together, and sets a refused one aside with an alarm', async () => {
  for (const name of names) await stack.put(name, audio);
  await Promise.all(names.map((name) => stack.inject(name)));
  for (const name of names) await stack.until(name, 'uploaded');
  const senders = stack.gc.requests
    .recent()
    .filter(({ target, status }) => target === 'gc.uploads' && status === 200)
    .map(({ client }) => client);
  expect(senders).toHaveLength(names.length);
  expect(new Set(senders)).toEqual(new Set(clients.map(({ id }) => id)));
  expect(await stack.metric('exrec_gc_client_refused_total')).toBe(1);
  const alarms = stack.exrp
    .output()
    .split('\n')
    .filter((line) => line.includes('gc.client-refused'));
  expect(alarms.length).toBeGreaterThanOrEqual(1);
  expect(alarms[0]).toContain('"level":"error"');
  const output = stack.exrp.output();
  for (const secret of ['not-its-secret', ...clients.map((client) => client.secret)])
    expect(output).not.toContain(secret);
});
