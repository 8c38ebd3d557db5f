import { caseFile, withinBounds } from '@exrec/testing';
import { parseGcKey } from './parse-gc-key.js';

const nowMs = Date.parse('2026-03-01T00:00:00Z');
const createDate = '2026-02-20T04:00:00.000Z';
const text = (name: string) => caseFile('keys', name).toString('latin1');

function read(keydataSummary: string) {
  return parseGcKey({ id: 'key-1', createDate, keydataSummary }, nowMs);
}

it.each([
  ['text-before-armor.asc', 'openpgp'],
  ['text-before-pem.pem', 'rsa'],
  ['pem-on-one-line.pem', 'rsa'],
])('%s is read', async (name, form) => {
  const { fingerprint } = await read(text(name));
  for (const summary of [
    text(name),
    text(name).replaceAll('\n', '\\n'),
    text(name).replaceAll('\n', '\\r\\n'),
    Buffer.from(text(name)).toString('base64'),
  ])
    expect(await read(summary)).toMatchObject({ form, fingerprint });
});

it('brainpoolP256r1.asc is refused in words of ours', async () => {
  await expect(read(text('brainpoolP256r1.asc'))).rejects.toMatchObject({
    code: 'key-invalid',
    detail: 'the curve brainpoolP256r1 is not supported',
  });
});

it('of two blocks in one text the usable one counts, wherever it stands', async () => {
  const [usable, other] = [text('text-before-pem.pem'), text('brainpoolP256r1.asc')];
  const { fingerprint } = await read(usable);
  expect(await read(`${other}\n${usable}`)).toMatchObject({ fingerprint });
  expect(await read(`${usable}\n${other}`)).toMatchObject({ fingerprint });
});

it.each([
  ['beginnings', '-----BEGIN PUBLIC KEY-----'.repeat(40_000)],
  ['dashes', '-----BEGIN '.repeat(90_000)],
  ['blanks', ' '.repeat(1_000_000)],
  ['letters', 'A'.repeat(1_000_001)],
])('a megabyte of %s is refused at once', async (_, summary) => {
  await withinBounds(() => expect(read(summary)).rejects.toMatchObject({ code: 'key-invalid' }));
});
