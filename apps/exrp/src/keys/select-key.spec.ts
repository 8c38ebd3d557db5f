import { generateKeyPairSync } from 'node:crypto';

import { selectKey } from './select-key.js';

const CREATE_DATE = '2026-02-20T04:00:00.750Z';
const NOW_MS = Date.parse('2026-03-01T00:00:00Z');

function entity(keydataSummary: string, createDate = CREATE_DATE, id = 'key-1') {
  return { id, createDate, keydataSummary };
}

describe('selectKey', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyData = publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
  const good = (id: string, createDate: string) => entity(keyData, createDate, id);

  it('takes the newest key, whatever the order', async () => {
    const entities = [
      good('b', '2026-02-02T00:00:00Z'),
      good('c', '2026-02-03T00:00:00Z'),
      good('a', '2026-02-01T00:00:00Z'),
    ];
    await expect(selectKey(entities, NOW_MS)).resolves.toMatchObject({
      key: { keyId: 'c' },
      refused: [],
    });
  });

  it('passes over newer keys that are unusable and says why', async () => {
    const entities = [
      good('old', '2026-01-01T00:00:00Z'),
      entity('garbage', '2026-02-01T00:00:00Z', 'new'),
      { id: 'bare' },
    ];
    const { key, refused } = await selectKey(entities, NOW_MS);
    expect(key.keyId).toBe('old');
    expect(refused).toEqual([{ keyId: 'new', reason: 'unparsable' }]);
  });

  it('fails with no-key when GC has none, and with key-invalid and every reason when none is usable', async () => {
    await expect(selectKey([], NOW_MS)).rejects.toMatchObject({ code: 'no-key', retry: 'later' });
    const entities = [entity('garbage', CREATE_DATE, 'k1'), { id: 'k2', createDate: CREATE_DATE }];
    await expect(selectKey(entities, NOW_MS)).rejects.toMatchObject({
      code: 'key-invalid',
      retry: 'later',
      detail: 'k1: unparsable; k2: no public key in the entity',
    });
  });
});
