import { createPublicKey } from 'node:crypto';
import { readKey } from 'openpgp';
import { keyForms, startGcSimulator, type GcSimulator, type KeyForm } from '../../src/gc/index.js';
import { call, logIn } from './gc-client.js';

const list = '/api/v2/recording/recordingkeys';

async function newestOf(simulator: GcSimulator) {
  const { json } = await (await logIn(simulator))(list);
  const byDate = [...json.entities].sort((a: Entity, b: Entity) =>
    a.createDate < b.createDate ? 1 : -1,
  );
  return byDate[0] as Entity | undefined;
}

type Entity = { readonly id: string; readonly createDate: string; readonly keydataSummary: string };

describe.each(keyForms)('a key shown as %s', (keyForm) => {
  it('is a key of that form', async () => {
    const simulator = await startGcSimulator({ keyForm, olderKeys: 0 });
    try {
      const entity = await newestOf(simulator);
      await expect(bitsOf(keyForm, entity?.keydataSummary ?? '')).resolves.toBe(2048);
      expect(entity?.id).toBe(simulator.currentKey().id);
      const { text } = await call(`${simulator.url}/simulator/keys/private`);
      expect(text).toContain(
        keyForm.startsWith('rsa') ? 'BEGIN PRIVATE KEY' : 'BEGIN PGP PRIVATE KEY BLOCK',
      );
    } finally {
      await simulator.stop();
    }
  });
});

async function bitsOf(form: KeyForm, summary: string): Promise<number | undefined> {
  const bytes = Buffer.from(summary, 'base64');
  const [kind, type, format] = form.split('-');
  if (kind === 'rsa') {
    const der = { key: bytes, format: 'der', type: type === 'pkcs1' ? 'pkcs1' : 'spki' } as const;
    return createPublicKey(format === 'der' ? der : summary).asymmetricKeyDetails?.modulusLength;
  }
  if (form === 'openpgp-binary-base64')
    return (await readKey({ binaryKey: bytes })).getAlgorithmInfo().bits;
  const armoredKey = form === 'openpgp-armored' ? summary : bytes.toString();
  return (await readKey({ armoredKey })).getAlgorithmInfo().bits;
}

describe('keys in trouble', () => {
  let simulator: GcSimulator;
  beforeAll(async () => {
    simulator = await startGcSimulator();
  });
  afterEach(() => simulator.faults.clear());
  afterAll(() => simulator.stop());

  it('lists the key in force last, and pages', async () => {
    const api = await logIn(simulator);
    const { json } = await api(`${list}?pageSize=1`);
    expect(json).toMatchObject({
      total: 2,
      pageCount: 2,
      entities: [{ keyConfigurationType: 'Native' }],
    });
    expect((await api(String(json.nextUri))).json.entities[0].id).toBe(simulator.currentKey().id);
  });

  it('rotates to a newer key', async () => {
    const before = simulator.currentKey();
    await simulator.faults.order({ target: 'keys', action: 'rotate' });
    const after = await newestOf(simulator);
    expect(after?.id).not.toBe(before.id);
    expect(Date.parse(after?.createDate ?? '')).toBeGreaterThan(Date.parse(before.createDate));
  });

  it('shows an expired key, and takes it back', async () => {
    const good = simulator.currentKey().id;
    await simulator.faults.order({ target: 'keys', action: 'expire' });
    const key = await readKey({ armoredKey: (await newestOf(simulator))?.keydataSummary ?? '' });
    await expect(key.getEncryptionKey()).rejects.toThrow('Primary key is expired');
    await simulator.faults.clear();
    expect((await newestOf(simulator))?.id).toBe(good);
  });

  it('shows a revoked key', async () => {
    await simulator.faults.order({ target: 'keys', action: 'revoke' });
    const key = await readKey({ armoredKey: (await newestOf(simulator))?.keydataSummary ?? '' });
    await expect(key.getEncryptionKey()).rejects.toThrow('revoked');
  });

  it('shows garbage', async () => {
    await simulator.faults.order({ target: 'keys', action: 'garbage' });
    const der = Buffer.from((await newestOf(simulator))?.keydataSummary ?? '', 'base64');
    expect(() => createPublicKey({ key: der, format: 'der', type: 'spki' })).toThrow();
  });

  it('shows no key at all', async () => {
    await simulator.faults.order({ target: 'keys', action: 'empty' });
    expect(await newestOf(simulator)).toBeUndefined();
  });
});
