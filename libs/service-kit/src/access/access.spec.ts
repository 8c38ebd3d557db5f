import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@exrec/testing';
import { Health } from '../health/health.js';
import { createServiceApp } from '../http/service-app.js';
import { silentLogger } from '../log/logger.js';
import { createMetrics } from '../metrics/metrics.js';
import { Access, callerOf, followTokens } from './access.js';
import { readTokens, readTokensFile, tokensRule } from './read-tokens.js';
import { Secrets } from './secrets.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const entry = (name: string, role: string, token: string) =>
  `- {name: ${name}, role: ${role}, sha256: "${sha256(token)}"}\n`;
const everyMs = 20;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exrec-access-'));
  file = join(folder, 'tokens.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a tokens file', () => {
  it('may give one person two tokens', () => {
    const text = entry('jane', 'viewer', 'a') + entry('jane', 'viewer', 'b');
    expect(readTokens(text).map(({ name }) => name)).toEqual(['jane', 'jane']);
  });

  it.each([
    ['no YAML', '- {name: "canary', 'cannot be read as YAML'],
    ['no list', 'jane: canary', 'must be a YAML list of {name, role, sha256}'],
    ['nobody', '[]', 'lists nobody'],
    ['an empty file', '', 'must be a YAML list of {name, role, sha256}'],
    ['no name', `- {role: viewer, sha256: ${sha256('a')}}`, 'entry 1: name is missing or no text'],
    [
      'a role that is none',
      entry('a', 'viewer', 'a') + entry('b', 'canary', 'b'),
      'entry 2: role must be one of viewer, operator, admin',
    ],
    [
      'a token instead of its digest',
      '- {name: a, role: viewer, sha256: canary}',
      'entry 1: sha256 must be 64 hexadecimal digits',
    ],
    [
      'the digest of nothing',
      entry('a', 'viewer', ''),
      'entry 1: sha256 is that of an empty token',
    ],
    [
      'a mistyped field',
      `- {name: a, rolle: canary, role: viewer, sha256: ${sha256('a')}}`,
      'entry 1: has a field other than name, role, sha256',
    ],
    [
      'one token for two people',
      entry('a', 'viewer', 'a') + entry('b', 'admin', 'a'),
      'entry 2: sha256 is there twice',
    ],
    [
      'a person with two roles',
      entry('a', 'viewer', 'a') + entry('a', 'admin', 'b'),
      'entry 2: role differs from that of an entry with the same name',
    ],
    [
      'the name of ADMIN_TOKEN',
      entry('admin', 'viewer', 'a'),
      'entry 1: name is the name of ADMIN_TOKEN: take another',
    ],
  ])('with %s is refused by words that quote nothing', (_what, text, words) => {
    writeFileSync(file, text);
    const faults = tokensRule({ EXREC_TOKENS_FILE: file });
    expect(faults).toEqual([{ name: 'EXREC_TOKENS_FILE', problem: words }]);
    expect(JSON.stringify(faults)).not.toContain('canary');
  });

  it('that everybody may write, or that is not there, is refused', () => {
    writeFileSync(file, entry('a', 'viewer', 'a'));
    chmodSync(file, 0o646);
    expect(() => readTokensFile(file)).toThrow('may be written by everybody');
    expect(() => readTokensFile(join(folder, 'none'))).toThrow('cannot be read');
  });
});

describe('Access', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function guarded(access: Access) {
    const health = new Health();
    health.enter('running');
    const options = { logger: silentLogger, health, metrics: createMetrics('excp') };
    const app = createServiceApp(options, (routes) => {
      for (const role of ['viewer', 'operator', 'admin'] as const) {
        routes.get(`/${role}`, access.atLeast(role), (_request, response) =>
          response.json(callerOf(response).name),
        );
      }
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const statuses = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const answers = ['viewer', 'operator', 'admin'].map((role) =>
        fetch(`http://127.0.0.1:${port}/${role}`, { headers }),
      );
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    const ask = async (path: string, token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).json();
    };
    return { statuses, ask, health };
  }

  it('lets each role do what the ones before it may, and says who it was', async () => {
    const text =
      entry('v', 'viewer', 'v1') + entry('o', 'operator', 'o1') + entry('a', 'admin', 'a1');
    const access = new Access({ adminTokens: () => ['root'], tokens: readTokens(text) });
    const { statuses, ask } = await guarded(access);
    expect(await statuses('v1')).toEqual([200, 403, 403]);
    expect(await statuses('o1')).toEqual([200, 200, 403]);
    expect(await statuses('a1')).toEqual([200, 200, 200]);
    expect(await statuses('root')).toEqual([200, 200, 200]);
    expect(await statuses('guess')).toEqual([401, 401, 401]);
    expect(await statuses('')).toEqual([401, 401, 401]);
    expect([await ask('/viewer', 'o1'), await ask('/viewer', 'root')]).toEqual(['o', 'admin']);
    expect(await ask('/admin', 'v1')).toMatchObject({
      status: 403,
      detail: 'this needs the role admin; the token has viewer',
    });
  });

  it('follows its file; a broken one changes nothing and is told by readiness', async () => {
    const access = new Access({ adminTokens: () => [] });
    const { statuses, health } = await guarded(access);
    writeFileSync(file, entry('jane', 'viewer', 'old'));
    const stop = followTokens({ path: file, access, health, logger: silentLogger, everyMs });
    const checks = async () => (await health.readiness()).checks['tokens-file']?.status;
    try {
      expect(await statuses('old')).toEqual([200, 403, 403]);
      writeFileSync(file, entry('jane', 'viewer', 'old') + entry('jane', 'viewer', 'new'));
      await waitFor('the new token', async () => (await statuses('new'))[0] === 200);
      expect((await statuses('old'))[0]).toBe(200);
      writeFileSync(file, '- {name: jane');
      await waitFor('the complaint', async () => (await checks()) === 'degraded');
      expect((await statuses('new'))[0]).toBe(200);
      rmSync(file);
      expect((await statuses('new'))[0]).toBe(200);
      writeFileSync(file, entry('jane', 'viewer', 'new'));
      await waitFor('the end of the complaint', async () => (await checks()) === 'up');
      expect((await statuses('old'))[0]).toBe(401);
    } finally {
      stop();
    }
  });
});

describe('Secrets', () => {
  it('take a changed file, and accept the former value for ten minutes', async () => {
    let nowMs = 0;
    const secrets = new Secrets({ ADMIN_TOKEN: 'one' }, { now: () => nowMs, everyMs });
    const health = new Health();
    health.enter('running');
    writeFileSync(file, 'one\n');
    secrets.follow(['ADMIN_TOKEN'], { ADMIN_TOKEN_FILE: file }, { health, logger: silentLogger });
    const status = async () => (await health.readiness()).status;
    try {
      writeFileSync(file, 'two\n');
      await waitFor('the change', () => secrets.current('ADMIN_TOKEN') === 'two');
      expect(secrets.accepted('ADMIN_TOKEN')).toEqual(['two', 'one']);
      nowMs = 10 * 60_000;
      expect(secrets.accepted('ADMIN_TOKEN')).toEqual(['two']);
      writeFileSync(file, ' \n');
      await waitFor('the complaint', async () => (await status()) === 'degraded');
      expect(secrets.current('ADMIN_TOKEN')).toBe('two');
      writeFileSync(file, 'two');
      await waitFor('the end of the complaint', async () => (await status()) === 'ready');
    } finally {
      secrets.stop();
    }
    expect(secrets.accepted('EXRP_API_TOKEN')).toEqual([]);
  });
});
