import { recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, waitFor } from '@exrec/testing';
import { Redis } from 'ioredis';
import { ExrpStack } from './exrp-stack.js';

const name = 'long-upload.opus';
const recordingId = recordingIdOf(name);

it('is renewed for as long as an upload goes on, and nobody else takes the recording', async () => {
  const stack = await ExrpStack.start();
  const redis = new Redis(stack.redis.url);
  try {
    await stack.put(name, audioFixture('short-en').bytes());
    // Until the faults are cleared.
    await stack.gc.faults.order({ target: 's3.put', kind: 'delay', delayMs: 3_600_000 });
    await stack.inject(name);
    await stack.until(name, 'uploading');
    await stack.another();
    const lock = `{exrec}:injections:${recordingId}:lock`;
    let before: { readonly token: string | null; readonly leftMs: number } | undefined;
    let renewals = 0;
    // A lease that is renewed has more time than at the look before; three times are longer than it lasts by itself.
    await waitFor('three renewals by the same instance', async () => {
      const [token, leftMs] = [await redis.get(lock), await redis.pttl(lock)];
      if (before !== undefined && token !== before.token) renewals = 0;
      else if (before !== undefined && leftMs > before.leftMs) renewals += 1;
      before = { token, leftMs };
      return renewals >= 3;
    });
    const { attempts } = await stack.injection(name);
    await stack.gc.faults.clear();
    expect(await stack.until(name, 'uploaded')).toMatchObject({ attempts });
  } finally {
    redis.disconnect();
    await stack.stop();
  }
});
