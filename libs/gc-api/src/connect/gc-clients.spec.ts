import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gcClients } from './gc-clients.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'exrec-clients-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const none = {
  GC_CLIENT_ID: undefined,
  GC_CLIENT_SECRET: undefined,
  GC_CLIENTS_FILE: undefined,
};
const fromFile = (text: string) => {
  const file = join(dir, 'clients.yaml');
  writeFileSync(file, text);
  return gcClients({ ...none, GC_CLIENTS_FILE: file });
};

describe('gcClients', () => {
  it('gives the one client of the two settings', () => {
    const settings = { ...none, GC_CLIENT_ID: 'a', GC_CLIENT_SECRET: 's' };
    expect(gcClients(settings)).toEqual([{ clientId: 'a', clientSecret: 's' }]);
  });

  it('gives all clients of the file, in its order', () => {
    const text = '- {client_id: a, client_secret: s1}\n- client_id: b\n  client_secret: s2\n';
    expect(fromFile(text)).toEqual([
      { clientId: 'a', clientSecret: 's1' },
      { clientId: 'b', clientSecret: 's2' },
    ]);
  });

  it.each([
    ['no list', 'client_id: a', 'is not a YAML list'],
    ['an empty list', '[]', 'is not a YAML list'],
    ['a client without a secret', '- {client_id: a}', 'is not a YAML list'],
    ['a mistyped field', '- {client_id: a, client_secret: s, clientid: b}', 'is not a YAML list'],
    [
      'a client twice',
      '- {client_id: a, client_secret: s1}\n- {client_id: a, client_secret: s2}',
      'names a client twice',
    ],
    ['no YAML', '- {client_id: a, client_secret: "s3cret', 'cannot be read as YAML'],
  ])('refuses %s by the name of the setting, and never quotes a secret', (_, text, problem) => {
    const attempt = () => fromFile(text);
    expect(attempt).toThrow(`GC_CLIENTS_FILE ${problem}`);
    expect(attempt).not.toThrow('s3cret');
  });

  it('refuses a file that is not there, and no client at all', () => {
    const gone = { ...none, GC_CLIENTS_FILE: join(dir, 'gone.yaml') };
    expect(() => gcClients(gone)).toThrow('GC_CLIENTS_FILE');
    expect(() => gcClients(none)).toThrow('GC_CLIENT_ID');
  });
});
