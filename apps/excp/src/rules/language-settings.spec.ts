import { waitFor } from '@exrec/testing';
import { Fleet, loggerInto, type LogLine } from '../../test/sta-fleet.js';
import { LanguageSettingsOverTime, maxChanges } from './language-settings.js';
import type { LanguageSettings } from './settings-history.js';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.stop());
afterEach(() => fleet.reset());

const english = { defaultLanguage: 'en-US', languageKey: 'language_code' };
const german = { defaultLanguage: 'de-DE', languageKey: 'language_code' };
const none = { defaultLanguage: null, languageKey: null };

class Instance {
  nowMs = 1_000;
  settings: LanguageSettings | undefined = english;
  readonly log: LogLine[] = [];
  readonly overTime = new LanguageSettingsOverTime({
    redis: fleet.client(),
    keyspace: Fleet.keyspace,
    current: () => this.settings,
    logger: loggerInto(this.log),
    now: () => this.nowMs,
    pollMs: 10,
  });

  async set(settings: LanguageSettings | undefined, nowMs: number): Promise<void> {
    Object.assign(this, { settings, nowMs });
    await waitFor('the note', () =>
      this.overTime.refresh().then(
        () => true,
        () => false,
      ),
    );
  }
}

describe('the language settings', () => {
  it('are those in force when the agent answered, the moment of the change included', async () => {
    const instance = new Instance();
    await instance.set(english, 1_000);
    await instance.set(german, 2_000);
    await instance.set(none, 3_000);
    const at = (timeMs: number) => instance.overTime.at(timeMs);
    expect([1_000, 1_999, 2_000, 2_999, 3_000, 9_000].map(at)).toEqual([
      english,
      english,
      german,
      german,
      none,
      none,
    ]);
  });

  it('before everything that is known are those of now: such a call is played back', async () => {
    const instance = new Instance();
    await instance.set(german, 2_000);
    await instance.set(english, 3_000);
    expect(instance.overTime.at(5)).toEqual(english);
  });

  it('are the same on every instance, and after a restart', async () => {
    const [first, second] = [new Instance(), new Instance()];
    await first.set(english, 1_000);
    await second.set(english, 1_500);
    await first.set(german, 2_000);
    await second.set(german, 2_500);
    const restarted = new Instance();
    await restarted.set(german, 9_000);
    for (const { overTime } of [first, second, restarted]) {
      expect(overTime.at(1_999)).toEqual(english);
      expect(overTime.at(2_000)).toEqual(german);
    }
    const changes = [first, second, restarted].map(({ log }) => log.length);
    expect(changes).toEqual([2, 0, 0]);
  });

  it('do not go to and fro while the instances are reloaded one after the other', async () => {
    const [first, second] = [new Instance(), new Instance()];
    await first.set(english, 1_000);
    await second.set(english, 1_000);
    await first.set(german, 2_000);
    await second.set(english, 2_100);
    expect(second.overTime.at(2_200)).toEqual(german);
  });

  it('are not taken away by an instance that has no usable ones, which goes by those of the others', async () => {
    const [healthy, broken] = [new Instance(), new Instance()];
    await healthy.set(english, 1_000);
    await broken.set(undefined, 2_000);
    await healthy.overTime.refresh();
    for (const { overTime } of [healthy, broken]) expect(overTime.at(3_000)).toEqual(english);
  });

  it('keep the order of the changes when the clocks of two instances differ', async () => {
    const [ahead, behind] = [new Instance(), new Instance()];
    await ahead.set(english, 5_000);
    await behind.set(german, 4_000);
    await ahead.overTime.refresh();
    expect(ahead.overTime.at(4_999)).toEqual(english);
    expect(ahead.overTime.at(5_000)).toEqual(german);
  });

  it('forget the oldest of very many changes', async () => {
    const instance = new Instance();
    for (let n = 1; n <= maxChanges + 5; n += 1) {
      await instance.set({ ...english, languageKey: `key${n}` }, n);
    }
    expect(instance.overTime.at(6)).toMatchObject({ languageKey: 'key6' });
    expect(instance.overTime.at(5)).toMatchObject({ languageKey: `key${maxChanges + 5}` });
  });

  it('are noted without being told, and once Redis is back when it was away', async () => {
    const instance = new Instance();
    await instance.set(english, 1_000);
    await instance.overTime.start();
    await fleet.redis.kill();
    Object.assign(instance, { settings: german, nowMs: 2_000 });
    expect(instance.overTime.at(2_000)).toEqual(english);
    await fleet.redis.restart();
    await waitFor('the note', () =>
      instance.log.some(({ fields }) => fields.defaultLanguage === 'de-DE'),
    );
    instance.overTime.stop();
    expect(instance.overTime.at(1_000)).toEqual(english);
  });
});
