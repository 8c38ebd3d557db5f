import { randomUUID } from 'node:crypto';
import { startGcSimulator } from '../../src/gc/index.js';
import { logIn } from './gc-client.js';

it('are listed without pages, and a second active one is a conflict unless that is switched off', async () => {
  const simulator = await startGcSimulator({ olderKeys: 0 });
  try {
    const path = '/api/v2/presence/sources';
    const id = randomUUID();
    await simulator.faults.order({ target: 'presence', sources: [{ id, name: 'Engage' }] });
    const api = await logIn(simulator);
    expect((await api(path)).json).toMatchObject({ total: 1, entities: [{ id }] });
    expect((await api(path, { name: 'Second' })).status).toBe(409);
    await simulator.faults.order({ target: 'presence', onePerOrganization: false });
    expect((await api(path, { name: 'Second' })).json).toMatchObject({ type: 'User' });
    expect((await api(path)).json.total).toBe(2);
    expect((await api(`${path}?deactivated=true`)).json.total).toBe(0);
  } finally {
    await simulator.stop();
  }
});
