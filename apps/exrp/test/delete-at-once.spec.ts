import { audioFixture, waitFor } from '@exrec/testing';
import axios from 'axios';
import { ExrpStack } from './exrp-stack.js';

const audio = audioFixture('short-en').bytes();
let stack: ExrpStack;

beforeAll(async () => {
  stack = await ExrpStack.start({ settings: { EXRP_REPORT_INTERVAL_MINUTES: '0.02' } });
});
afterAll(() => stack.stop());

async function isStored(name: string): Promise<boolean> {
  const auth = { username: 'mcp', password: 'mcp-secret' };
  const { status } = await axios.head(`${stack.storage.url}/${name}`, {
    auth,
    validateStatus: () => true,
  });
  return status === 200;
}

it.each(['uploaded', 'confirmed'])(
  'an audio file goes as soon as its recording is %s, long before retention looks',
  async (deleteWhen) => {
    const name = `${deleteWhen}.opus`;
    const { client } = await stack.another({
      REDIS_KEY_PREFIX: deleteWhen,
      EXRP_DELETE_WHEN: deleteWhen,
    });
    await stack.put(name, audio);
    await client.inject(name);
    await client.until(name, 'confirmed');
    await waitFor('the audio to be deleted', async () => !(await isStored(name)));
  },
);

it('an audio file stays for its retention by default', async () => {
  await stack.put('kept.opus', audio);
  await stack.inject('kept.opus');
  await stack.until('kept.opus', 'confirmed');
  expect(await isStored('kept.opus')).toBe(true);
});
