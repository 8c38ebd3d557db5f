import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gcConnectionRule, type GcConnectionSettings } from './gc-connection-rule.js';

const unset: GcConnectionSettings = {
  GC_REGION: undefined,
  GC_API_URL: undefined,
  GC_LOGIN_URL: undefined,
  GC_CLIENT_ID: undefined,
  GC_CLIENT_SECRET: undefined,
  GC_CLIENTS_FILE: undefined,
};
const folder = mkdtempSync(join(tmpdir(), 'exrec-gc-rule-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true }));

const good = '- {client_id: a, client_secret: canary}';
it.each([
  ['nothing, which others complain about', {}, []],
  ['a region', { GC_REGION: 'eu-central-1' }, []],
  ['a region that is none', { GC_REGION: 'eu-canary-9' }, ['GC_REGION']],
  [
    'one that is not needed',
    { GC_REGION: 'x', GC_API_URL: 'http://a.test', GC_LOGIN_URL: 'http://b.test' },
    [],
  ],
  ['a file of clients', { GC_CLIENTS_FILE: file('good', good) }, []],
  ['one that is not there', { GC_CLIENTS_FILE: '/canary' }, ['GC_CLIENTS_FILE']],
  ['one of something else', { GC_CLIENTS_FILE: file('bad', 'canary: 1') }, ['GC_CLIENTS_FILE']],
  [
    'one that names a client twice',
    { GC_CLIENTS_FILE: file('twice', `${good}\n${good}`) },
    ['GC_CLIENTS_FILE'],
  ],
])('judges %s, and repeats no value', (_what, given, expected) => {
  const faults = gcConnectionRule({ ...unset, ...given });
  expect(faults.map(({ name }) => name)).toEqual(expected);
  expect(JSON.stringify(faults)).not.toContain('canary');
});
