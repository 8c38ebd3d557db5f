import { sampleIds } from '@exrec/simulator';
import { waitFor } from '@exrec/testing';
import { Fleet, type Instance } from '../../test/sta-fleet.js';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.stop());
afterEach(() => fleet.reset());

const { users } = sampleIds;
const login = 'Agent7105@Example.com';

/** The user of an agent, once GC was asked. */
function answered({ source }: Instance, agent: string): Promise<{ id: string | null }> {
  return waitFor(`the user of ${agent}`, () => {
    const id = source.userIdOf(agent);
    return id === undefined ? undefined : { id };
  });
}

describe('agents whose login is an e-mail', () => {
  it('are looked for when they are first met, together and once, and all instances know them', async () => {
    const first = await fleet.running();
    const searches = fleet.gc.requests.count('gc.usersearch');
    expect(first.source.userIdOf(login)).toBeUndefined();
    expect(first.source.userIdOf('nobody@example.com')).toBeUndefined();
    expect(await answered(first, login)).toEqual({ id: users.agent7105 });
    expect(await answered(first, 'nobody@example.com')).toEqual({ id: null });
    const second = await fleet.running();
    expect(second.source.userIdOf(login)).toBe(users.agent7105);
    expect(second.source.view().unknownLogins).toEqual(['nobody@example.com']);
    expect(fleet.gc.requests.count('gc.usersearch') - searches).toBe(1);
    expect(JSON.stringify([...first.log, ...second.log])).not.toContain('@');
  });

  it('are whom the agent_map says, also where GC has a user of that e-mail', async () => {
    const instance = await fleet.running({ [login]: users.agent7106, 'a@b.c': 'nobody@b.c' });
    expect(instance.source.userIdOf(login)).toBe(users.agent7106);
    expect(instance.source.userIdOf('a@b.c')).toBeNull();
    expect(instance.source.view().unknownLogins).toEqual([]);
    expect(instance.source.userIdOf('agent7105')).toBeNull();
  });

  it('are asked for with each pull: who has left is nobody', async () => {
    const instance = await fleet.running();
    await answered(instance, login);
    await fleet.pullAfter(instance, Fleet.refreshMs);
    expect(instance.source.userIdOf(login)).toBe(users.agent7105);
    const configuration = fleet.gc.configuration();
    fleet.gc.configure({
      ...configuration,
      users: configuration.users.filter(({ id }) => id !== users.agent7105),
    });
    await fleet.pullAfter(instance, Fleet.refreshMs);
    expect(instance.source.userIdOf(login)).toBeNull();
  });

  it('are nobody, and nobody waits for them, while GC cannot be asked', async () => {
    const instance = await fleet.running();
    await fleet.gc.faults.order({ target: 'gc.usersearch', status: 403, times: 0 });
    expect(await answered(instance, login)).toEqual({ id: null });
    expect(instance.log).toContainEqual(
      expect.objectContaining({ event: 'sta-configuration.part-missing' }),
    );
  });
});
