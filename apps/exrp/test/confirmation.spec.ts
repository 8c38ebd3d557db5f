import { createHash } from 'node:crypto';
import { recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, waitFor } from '@exrec/testing';
import axios from 'axios';
import { ExrpStack } from './exrp-stack.js';

const audio = audioFixture('short-en').bytes();
let stack: ExrpStack;

beforeAll(async () => {
  stack = await ExrpStack.start({
    settings: {
      EXRP_REPORT_INTERVAL_MINUTES: '0.02',
      EXRP_RETENTION_HOURS: '0.005',
      EXRP_DELETE_WHEN: 'confirmed',
    },
  });
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

describe('an uploaded recording', () => {
  it('is confirmed by the report of Genesys Cloud; then its audio goes, and its metadata are forgotten', async () => {
    await stack.put('good.opus', audio);
    await stack.inject('good.opus');
    await stack.until('good.opus', 'confirmed');
    await waitFor('the audio to be deleted', async () => !(await isStored('good.opus')));
  });

  it('that Genesys Cloud could not use becomes a dead letter with its reason', async () => {
    // The simulator finds that this audio is not what was played, and reports a failure.
    stack.gc.expectAudio({
      recording: recordingIdOf('bad.opus'),
      sha256: createHash('sha256').update('other').digest('hex'),
    });
    stack.gc.requests.clear();
    await stack.put('bad.opus', audio);
    await stack.inject('bad.opus');
    const view = await stack.until('bad.opus', 'failed', 'gc-rejected');
    expect(view.detail).toContain("GC's report:");
    const list = await stack.get('/api/v1/injections?state=failed&cause=gc-rejected');
    expect(list.data.items).toHaveLength(1);
    // The key may be the reason: the next recording asks for it.
    expect(stack.gc.requests.count('gc.recordingkeys')).toBe(0);
    await stack.put('next.opus', audio);
    await stack.inject('next.opus');
    await stack.until('next.opus', 'confirmed');
    expect(stack.gc.requests.count('gc.recordingkeys')).toBe(1);
  });
});
