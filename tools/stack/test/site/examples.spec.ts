import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminName, tokensRule } from '@exrec/service-kit';
import {
  bundledApp,
  startApp,
  startProcess,
  startRedis,
  waitFor,
  workspaceRoot,
  type RedisServer,
  type StartedApp,
} from '@exrec/testing';

const root = workspaceRoot();
const example = (name: string) => join(root, 'examples', name);

describe('a service', () => {
  let redis: RedisServer;
  let excp: StartedApp;
  beforeAll(async () => {
    redis = await startRedis();
    excp = await startApp('excp', {
      REDIS_URL: redis.url,
      GC_API_URL: 'http://127.0.0.1:9',
      GC_LOGIN_URL: 'http://127.0.0.1:9',
      GC_CLIENT_ID: 'client',
      GC_CLIENT_SECRET: 'secret',
      ADMIN_TOKEN: 'admin',
      EXREC_TOKENS_FILE: example('tokens.yaml'),
      HYBRID_INTEGRATION_FILE: example('hybrid-integration.yaml'),
      EXCP_SETTLE_SECONDS: '0.3',
    });
  });
  afterAll(async () => {
    await excp.kill();
    await redis.stop();
  });
  const ask = async (path: string) => {
    const headers = { authorization: 'Bearer admin' };
    return (await fetch(`${excp.url}${path}`, { headers })).json();
  };

  it('takes hybrid-integration.yaml with every field that there is', async () => {
    expect(await ask('/api/v1/configuration')).toMatchObject({
      fileProblems: [],
      rules: {
        defaultLanguage: 'en-US',
        userDataLanguageKey: 'language_code',
        syncScope: { queues: ['VQ_Tech*', 'VQ_Sales'] },
        queueMap: { VQ_TechSupport: 'Tech Support' },
        mappedAgents: 2,
      },
    });
  });

  it('takes bridge-feed.ndjson whole and makes three interactions of it, all over', async () => {
    const body = readFileSync(example('bridge-feed.ndjson'));
    const answer = await fetch(`${excp.url}/api/v1/call-events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
    });
    const lines = body.toString().trim().split('\n').length;
    expect(await answer.json()).toEqual({ accepted: lines, duplicates: 0, rejected: [] });
    // docs/operate says how many.
    for (const page of ['install.md', 'bridge.md'])
      expect(readFileSync(join(root, 'docs/operate', page), 'utf8')).toContain(
        `"accepted":${lines}`,
      );
    const last = '02AB00000000000000000000000000C1';
    await waitFor('the last one to be over', async () => {
      const { state } = (await ask(`/api/v1/interactions/${last}`)) as { state: string };
      return state === 'finished';
    });
    const { items } = (await ask('/api/v1/interactions')) as { items: { state: string }[] };
    expect(items.map(({ state }) => state)).toEqual(['finished', 'finished', 'finished']);
    const { calls, parties } = (await ask(`/api/v1/interactions/${last}`)) as {
      calls: unknown[];
      parties: { agentId?: string }[];
    };
    expect(calls).toHaveLength(2);
    expect(parties.map(({ agentId }) => agentId)).toContain('agent7201');
  });
});

it('a faulty tokens file or a secret that cannot be read ends the start, by name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'exrec-examples-'));
  const tokens = join(folder, 'tokens.yaml');
  const text = readFileSync(example('tokens.yaml'), 'utf8');
  writeFileSync(tokens, text.replace('role: operator', 'role: operater'));
  const service = await startProcess({
    args: [await bundledApp('excp')],
    cwd: folder,
    env: {
      GC_API_URL: 'http://127.0.0.1:9',
      GC_LOGIN_URL: 'http://127.0.0.1:9',
      GC_CLIENT_ID: 'client',
      GC_CLIENT_SECRET_FILE: join(folder, 'none'),
      EXREC_TOKENS_FILE: tokens,
      EXREC_TOKENS_FILES: tokens,
      EXREC_TOKNES_FILE: tokens,
    },
  });
  expect((await service.ended).code).toBe(78);
  expect(service.output()).toContain(
    'EXREC_TOKENS_FILE entry 2: role must be one of viewer, operator, admin',
  );
  expect(service.output()).toContain('GC_CLIENT_SECRET the file that GC_CLIENT_SECRET_FILE names');
  for (const slip of ['EXREC_TOKENS_FILES', 'EXREC_TOKNES_FILE'])
    expect(service.output()).toContain(`${slip} is no setting`);
  expect(service.output()).not.toContain('operater');
  rmSync(folder, { recursive: true });
});

it('tokens.yaml is a tokens file of nobody', () => {
  expect(tokensRule({ EXREC_TOKENS_FILE: example('tokens.yaml') })).toEqual([]);
  expect(readFileSync(example('tokens.yaml'), 'utf8')).not.toContain(`name: ${adminName}\n`);
});

it('docs/operate/words.md is what libs/words says; `npm run docs` writes it anew', () => {
  const script = join(root, 'scripts', 'words-document.mjs');
  const written = execFileSync(process.execPath, [script], { encoding: 'utf8' });
  expect(readFileSync(join(root, 'docs/operate/words.md'), 'utf8')).toBe(written);
});

it('every link of docs/operate leads to a file, and every page is in its list', () => {
  const folder = join(root, 'docs/operate');
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
  const list = readFileSync(join(folder, 'README.md'), 'utf8');
  const missing = pages.flatMap((page) =>
    [...readFileSync(join(folder, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .map(([, target = '']) => join(folder, target))
      .filter((path) => !existsSync(path))
      .map((path) => `${page}: ${path}`),
  );
  expect(missing).toEqual([]);
  for (const page of pages.filter((name) => name !== 'README.md'))
    expect(list).toContain(`(${page})`);
});
