import { strict as assert } from 'node:assert';
import { caseFile } from '@exrec/testing';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { Failure } from '@exrec/service-kit';
import { selectKey } from '../../src/keys/select-key.js';

const file = (name: string) => caseFile('keys', name);
const pem = file('text-before-pem.pem').toString('latin1');
const nowMs = Date.parse('2026-03-01T00:00:00Z');
const createDate = '2026-02-20T04:00:00.000Z';

/** `keydataSummary` of the only recording key: used, or refused in words that name nothing of ours. */
export const target: FuzzTarget = {
  name: 'keys',
  corpus: [
    pem,
    pem.replaceAll('\n', '\\n'),
    Buffer.from(pem).toString('base64'),
    Buffer.from(/-----\n([^-]*)-----END/.exec(pem)?.[1] ?? '', 'base64'),
    file('text-before-armor.asc'),
    file('brainpoolP256r1.asc'),
    `${file('brainpoolP256r1.asc').toString('latin1')}\n${pem}`,
  ],
  words: [
    ...[
      '-----BEGIN PGP PUBLIC KEY BLOCK-----',
      '-----END PGP PUBLIC KEY BLOCK-----',
      '-----BEGIN ',
    ],
    ...['-----BEGIN PUBLIC KEY-----', '-----END PUBLIC KEY-----', '-----BEGIN RSA PUBLIC KEY-----'],
    ...['\\n', '\\r\\n', '=', '==', '-----', 'Version: 1', 'MII', '0\x82'],
  ],
  check: async (input) => {
    const entity = { id: 'key-1', createDate, keydataSummary: input.toString('latin1') };
    try {
      const { key } = await selectKey([entity], nowMs);
      assert.match(key.fingerprint, /^[0-9A-F]{40}$/);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      assert.equal(error.code, 'key-invalid');
      assert.ok(!/node_modules|module|[/\\]/.test(error.detail ?? ''), error.detail);
      assert.ok((error.detail ?? '').length < 400);
    }
  },
};
