import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { workspaceRoot } from '@exrec/testing';

const advisory = {
  id: 1_099_999,
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  title: 'made for this test',
  severity: 'high',
  vulnerable_versions: '>=0',
};
const folder = mkdtempSync(join(tmpdir(), 'exrec-audit-'));
let registry: Server | undefined;
afterEach(() => {
  registry?.closeAllConnections();
  registry?.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A registry that knows one advisory, of express; or one that answers no audits. */
async function startRegistry(answersAudits: boolean): Promise<string> {
  registry = createServer((request, response) => {
    request.resume();
    const isAudit = request.url?.endsWith('/advisories/bulk') === true && answersAudits;
    response.statusCode = isAudit ? 200 : 405;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isAudit ? { express: [advisory] } : {}));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => registry?.once('listening', resolve));
  return `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
}

async function audit(registryUrl: string, allowed: string, ...args: string[]) {
  const list = join(folder, 'allowed.yaml');
  writeFileSync(list, allowed);
  const program = join(workspaceRoot(), 'scripts', 'audit.mjs');
  const child = spawn(process.execPath, [program, ...args], {
    cwd: workspaceRoot(),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      EXREC_AUDIT_ALLOWED: list,
      npm_config_registry: registryUrl,
      npm_config_cache: join(folder, 'cache'),
      npm_config_fetch_retries: '0',
    },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return { said: await text(child.stdout), code: await ended };
}

const allowing = (until: string) =>
  `- id: GHSA-aaaa-bbbb-cccc\n  reason: only tests use it, with texts of ours\n  until: ${until}\n`;

it('an advisory that nobody has allowed fails; one that is allowed does not, until its day', async () => {
  const url = await startRegistry(true);
  const open = await audit(url, '[]');
  expect(open).toMatchObject({ code: 1 });
  expect(open.said).toContain('high: express: made for this test (GHSA-aaaa-bbbb-cccc)');
  expect(await audit(url, allowing('2999-12-31'))).toEqual({
    code: 0,
    said: '0 open, 1 allowed\n',
  });
  expect(await audit(url, allowing('2020-12-31'))).toMatchObject({ code: 1 });
});

it('a registry that answers no audits is no finding, and is said', async () => {
  const url = await startRegistry(false);
  const said = 'the registry did not answer: nothing was checked\n';
  expect(await audit(url, '[]')).toEqual({ code: 0, said });
  expect(await audit(url, '[]', '--strict')).toEqual({ code: 1, said });
});

it('an entry needs a reason and a day', async () => {
  const { code, said } = await audit('http://127.0.0.1:1/', '- id: GHSA-aaaa-bbbb-cccc\n');
  expect(code).toBe(1);
  expect(said).toContain('entry 1 has no reason');
  expect(said).toContain('entry 1 has no day');
});

it('the list in the repository is in order', async () => {
  const list = readFileSync(join(workspaceRoot(), 'scripts', 'audit-allowed.yaml'), 'utf8');
  expect((await audit('http://127.0.0.1:1/', list)).code).toBe(0);
});
