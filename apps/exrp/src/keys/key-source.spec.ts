import type { RecordingKey } from '@exrec/gc-api';
import { Failure, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { enums, generateKey, revokeKey, type PrivateKey } from 'openpgp';
import { KeySource } from './key-source.js';

const startMs = Date.parse('2026-03-01T00:00:00Z');
const hourMs = 3_600_000;

const redis = ownRedis();
let nowMs: number;
/** What GC lists, or that it cannot be asked. */
let listed: RecordingKey[] | Failure;
let timesAsked: number;

beforeEach(() => {
  nowMs = startMs;
  timesAsked = 0;
});

function source(): KeySource {
  return new KeySource({
    gc: {
      recordingKeys: () => {
        timesAsked += 1;
        return listed instanceof Failure ? Promise.reject(listed) : Promise.resolve(listed);
      },
    },
    redis: redis(),
    prefix: '{exrec}',
    refreshMs: hourMs,
    logger: silentLogger,
    now: () => nowMs,
  });
}

async function makeKey(keyExpirationTime = 0): Promise<PrivateKey> {
  const { privateKey } = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'GC' }],
    date: new Date(startMs - hourMs),
    keyExpirationTime,
    format: 'object',
  });
  return privateKey;
}

function entityOf(key: { toPublic(): { armor(): string } }, id = 'key-1'): RecordingKey {
  const createDate = new Date(startMs - hourMs).toISOString();
  return { id, createDate, keydataSummary: key.toPublic().armor() };
}

async function revoked(key: PrivateKey) {
  const { publicKey } = await revokeKey({
    key,
    reasonForRevocation: { flag: enums.reasonForRevocation.keyCompromised },
    date: new Date(startMs),
    format: 'object',
  });
  return { toPublic: () => publicKey };
}

describe('the key in use', () => {
  it('is used no more once GC lists it as revoked, also after a restart while GC is away', async () => {
    const key = await makeKey();
    listed = [entityOf(key)];
    const keys = source();
    expect((await keys.current()).keyId).toBe('key-1');
    listed = [entityOf(await revoked(key))];
    nowMs += hourMs + 1;
    await expect(keys.current()).rejects.toMatchObject({
      code: 'key-invalid',
      detail: 'key-1: revoked',
    });
    listed = Failure.later('gc-unavailable');
    await expect(source().current()).rejects.toMatchObject({ code: 'no-key' });
  });

  it('is used on while GC lists it in a form that cannot be read, or not at all', async () => {
    const entity = entityOf(await makeKey());
    listed = [entity];
    const keys = source();
    await keys.current();
    for (const answer of [[{ ...entity, keydataSummary: 'garbage' }], []]) {
      listed = answer;
      nowMs += hourMs + 1;
      expect((await keys.current()).keyId).toBe('key-1');
    }
    expect(timesAsked).toBe(3);
  });

  it('that expires is asked for anew, whatever GC once answered before there was one', async () => {
    listed = [];
    const keys = source();
    await expect(keys.current()).rejects.toMatchObject({ code: 'no-key' });
    nowMs += 6_000;
    listed = [entityOf(await makeKey(2 * 3_600))];
    await keys.current();
    nowMs = startMs + hourMs + 1;
    listed = [entityOf(await makeKey(), 'key-2')];
    expect((await keys.current()).keyId).toBe('key-2');
  });

  it.each(['{', 'null', '{"fetchedAtMs":"x"}', '\u0000', '{"entities":{}}'])(
    'is asked for anew when its copy in Redis is damaged: %j',
    async (copy) => {
      await redis().set('{exrec}:gc-keys', copy);
      listed = [entityOf(await makeKey())];
      expect((await source().current()).keyId).toBe('key-1');
    },
  );

  it('that was rejected is judged by GC, not by what another instance keeps', async () => {
    listed = [entityOf(await makeKey())];
    const keys = source();
    await keys.current();
    nowMs += 1_000;
    const other = source();
    other.reject();
    await other.current();
    timesAsked = 0;
    listed = [entityOf(await makeKey(), 'key-2')];
    keys.reject();
    expect((await keys.current()).keyId).toBe('key-2');
    expect(timesAsked).toBe(1);
  });
});
