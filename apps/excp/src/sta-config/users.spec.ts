import { sampleIds } from '@exrec/simulator';
import { Fleet, manyQueues, type Instance } from '../../test/sta-fleet.js';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.stop());
afterEach(() => fleet.reset());

describe('GC users', () => {
  const { users } = sampleIds;
  const agentMap = {
    agent7105: 'Agent7105@example.com',
    agent9: 'nobody@example.com',
    agent7106: users.agent7106.toUpperCase(),
  };

  it('are found for agents mapped to an e-mail or an id, also after a restart with GC away', async () => {
    const seen = (instance: Instance) =>
      ['agent7105', 'agent7106', 'agent9', 'agent0', 'constructor'].map((agent) =>
        instance.source.userIdOf(agent),
      );
    const expected = [users.agent7105, users.agent7106, null, null, null];
    const first = await fleet.running(agentMap);
    expect(seen(first)).toEqual(expected);
    expect(JSON.stringify(first.log)).not.toContain('@');
    await fleet.stopInstances();
    await fleet.gc.faults.order({ target: '*', kind: 'reset', times: 0 });
    expect(seen(await fleet.running(agentMap))).toEqual(expected);
  });

  it('are asked for at once when the agent_map has a new e-mail, and once only', async () => {
    const instance = await fleet.running();
    const searches = fleet.gc.requests.count('gc.usersearch');
    instance.agentMap = agentMap;
    for (let turn = 0; turn < 3; turn += 1) await fleet.pullAfter(instance, 1);
    expect(instance.source.userIdOf('agent7105')).toBe(users.agent7105);
    expect(fleet.gc.requests.count('gc.usersearch') - searches).toBe(1);
  });

  it('that cannot be read stay as they were, and hold nothing else back', async () => {
    const instance = await fleet.running(agentMap);
    fleet.gc.configure(manyQueues(7));
    await fleet.gc.faults.order({ target: 'gc.usersearch', status: 503 });
    await fleet.pullAfter(instance, Fleet.refreshMs);
    expect(instance.source.view()).toMatchObject({
      queues: { total: 7 },
      lastPull: { ok: true, missing: [{ part: 'users', cause: 'gc-unavailable' }] },
    });
    expect(instance.source.userIdOf('agent7105')).toBe(users.agent7105);
    expect(JSON.stringify(instance.log)).not.toContain('@');
  });
});
