import { recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, waitFor } from '@exrec/testing';
import { Redis } from 'ioredis';
import { ExrpStack } from './exrp-stack.js';

const audio = audioFixture('short-en').bytes();
let stack: ExrpStack;
let redis: Redis;

beforeAll(async () => {
  stack = await ExrpStack.start({ settings: { EXRP_REPORT_INTERVAL_MINUTES: '0.02' } });
  redis = new Redis(stack.redis.url);
});
afterAll(async () => {
  redis.disconnect();
  await stack.stop();
});

describe('a report of Genesys Cloud', () => {
  it.each([
    { format: 'csv', bom: true, quoted: true },
    { format: 'csv', polls: 3 },
    { format: 'json', bom: true },
  ] as const)('confirms recordings, whatever it looks like: %j', async (style) => {
    await stack.gc.faults.order({ target: 'report-style', ...style });
    const name = `${JSON.stringify(style).replace(/\W+/g, '-')}.opus`;
    const audioFile = `report${name}`;
    await stack.put(audioFile, audio);
    await stack.inject(audioFile);
    await stack.until(audioFile, 'confirmed');
  });

  it('that never comes leaves recordings uploaded; the next one confirms them', async () => {
    await stack.gc.faults.order({ target: 'report-style', fails: true });
    await stack.put('patient.opus', audio);
    await stack.inject('patient.opus');
    await stack.until('patient.opus', 'uploaded');
    await waitFor('the report to fail', () => stack.exrp.output().includes('report is Failed'));
    expect((await stack.injection('patient.opus')).state).toBe('uploaded');
    await stack.gc.faults.order({ target: 'report-style', fails: false });
    await stack.until('patient.opus', 'confirmed');
  });
});

it('shows and counts what Genesys Cloud has held for more than an hour, on every instance', async () => {
  const recordingId = recordingIdOf('held.opus');
  await stack.gc.faults.order({
    target: 'report',
    recordingId,
    uploadStatus: 'WaitForConversation',
  });
  await stack.put('held.opus', audio);
  await stack.inject('held.opus');
  await stack.until('held.opus', 'uploaded');
  const path = `/api/v1/injections/${recordingId}`;
  await waitFor('the status to be shown', async () => {
    const { data } = await stack.get(path);
    return (data as { reportStatus: string | null }).reportStatus === 'WaitForConversation';
  });
  const gauge = 'exrec_recordings_waiting_for_conversation_over_1h';
  const { client } = await stack.another();
  expect(await stack.metric(gauge)).toBe(0);
  await redis.hset(`{exrec}:injection:${recordingId}`, 'uploadedAtMs', Date.now() - 3_700_000);
  for (const instance of [stack, client]) {
    const isCounted = async () => (await instance.metric(gauge)) === 1;
    await waitFor('it to be counted', isCounted);
  }
});
