import { startGcSimulator, type GcSimulator } from '@exrec/simulator';
import { GcClient } from '../src/check/gc-client.js';
import { checkPermissions, permissions } from '../src/check/permissions.js';
import { checkSettings } from '../src/check/settings.js';

let gc: GcSimulator;
beforeAll(async () => {
  gc = await startGcSimulator();
});
afterAll(() => gc.stop());

async function loggedIn(): Promise<GcClient> {
  const { clientId, clientSecret, url } = gc;
  const { settings } = checkSettings({
    ...{ GC_API_URL: url, GC_LOGIN_URL: url },
    ...{ GC_CLIENT_ID: clientId, GC_CLIENT_SECRET: clientSecret },
  });
  if (settings === undefined) throw new Error('the settings are wrong');
  const client = new GcClient({ clientId, clientSecret }, settings);
  expect((await client.login()).status).toBe(200);
  return client;
}

async function findings() {
  const client = await loggedIn();
  return (await checkPermissions(client)).findings.map(({ text }) => text);
}

it('asks for each permission, and leaves nothing behind', async () => {
  expect(await findings()).toEqual([expect.stringContaining(`${permissions.length} permissions`)]);
  const { body } = await (await loggedIn()).call('GET', '/api/v2/presence/sources');
  expect(body).toMatchObject({ entities: [] });
});

it.each(permissions.map(({ name }) => name))('names %s when it is missing', async (name) => {
  await gc.faults.order({ target: 'permissions', denied: [name] });
  expect(await findings()).toEqual([expect.stringContaining(name)]);
  await gc.faults.clear();
});
