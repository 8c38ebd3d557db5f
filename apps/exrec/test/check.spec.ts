import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleHybridIntegration, startGcSimulator, type GcSimulator } from '@exrec/simulator';
import { connectRedis, readSettings, redisSettingNames, silentLogger } from '@exrec/service-kit';
import {
  startApp,
  startPostgres,
  startRedis,
  waitFor,
  type PostgresServer,
  type RedisServer,
  type StartedApp,
} from '@exrec/testing';
import { permissions } from '../src/check/permissions.js';
import { runExrec, startExrec } from './run-exrec.js';

type Finding = { level: string; subject: string; text: string; hint?: string };

let redis: RedisServer;
let postgres: PostgresServer;
let gc: GcSimulator;
let dir: string;
let storage: StartedApp;
let excp: StartedApp;
let env: Record<string, string>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-check-test-'));
  [redis, postgres, gc] = await Promise.all([startRedis(), startPostgres(), startGcSimulator()]);
  const rules = join(dir, 'hybrid-integration.yaml');
  await writeFile(rules, sampleHybridIntegration());
  const common = {
    ...{ REDIS_URL: redis.url, ADMIN_TOKEN: 'admin' },
    ...{ GC_API_URL: gc.url, GC_LOGIN_URL: gc.url },
    ...{ GC_CLIENT_ID: gc.clientId, GC_CLIENT_SECRET: gc.clientSecret },
    ...{ HYBRID_INTEGRATION_FILE: rules, EXRP_URL: 'http://127.0.0.1:9' },
  };
  [storage, excp] = await Promise.all([
    startApp('storage', {
      ...{ STORAGE_DIR: join(dir, 'audio'), STORAGE_USERNAME: 's', STORAGE_PASSWORD: 's' },
    }),
    startApp('excp', common),
  ]);
  env = {
    ...common,
    ...{ WEBDAV_URL: storage.url, WEBDAV_USERNAME: 's', WEBDAV_PASSWORD: 's' },
    ...{ LEDGER_DATABASE_URL: postgres.url, EXCP_URL: excp.url, EXREC_URL: 'http://127.0.0.1:9' },
    ...{ EXRP_ALLOW_INSECURE_UPLOAD: 'true', EXRP_UPLOAD_HOSTS: '127.0.0.1' },
    ...{ EXCP_EVENTS_TOKEN: 'x', EXCP_MCP_USERNAME: 'mcp', EXCP_MCP_PASSWORD: 'x' },
  };
  await waitFor('the source', async () => {
    const headers = { authorization: 'Bearer admin' };
    const answer = await fetch(`${excp.url}/api/v1/configuration`, { headers });
    return ((await answer.json()) as { source: unknown }).source !== null;
  });
});
afterAll(async () => {
  await Promise.all([storage.kill(), excp.kill()]);
  await Promise.all([redis.stop(), postgres.stop(), gc.stop(), rm(dir, { recursive: true })]);
});
afterEach(() => gc.faults.clear());

type Changes = Readonly<Record<string, string | undefined>>;
const checkBy =
  (run: typeof runExrec) =>
  async (changes: Changes = {}, ...args: string[]) => {
    const ended = await run(['check', '--json', ...args], { env: { ...env, ...changes } });
    const { findings } = JSON.parse(ended.stdout) as { findings: Finding[] };
    return { ...ended, findings };
  };
const check = checkBy(runExrec);
/** Under Jest an error of Node.js itself is no `Error`. */
const checkStarted = checkBy(startExrec);

const of = (findings: readonly Finding[], subject: string) =>
  findings.filter((finding) => finding.subject === subject);

it('finds nothing that stops recordings, says what it has looked at, and each finding has a hint', async () => {
  const { code, findings } = await check();
  expect(findings.filter(({ level }) => level === 'stops')).toEqual([]);
  expect(code).toBe(0);
  const subjects = new Set(findings.map(({ subject }) => subject));
  for (const subject of [
    ...['settings', 'redis', 'postgresql', 'webdav', 'genesys cloud', 'clock', 'key', 'source'],
    ...['rules', 'mappings', 'upload hosts', 'calls'],
  ])
    expect(subjects).toContain(subject);
  expect(of(findings, 'genesys cloud')[0]?.text).toContain(`all ${permissions.length} permissions`);
  for (const { level, hint } of findings) if (level !== 'fine') expect(hint).toMatch(/\w/);
  expect((await check({}, '--strict')).code).toBe(1);
  const forPeople = await startExrec(['check'], { env });
  expect(forPeople.stdout).toMatch(
    /^ ! upload hosts +uploads may go over plain http\n +→ EXRP_ALLOW/m,
  );
});

it('asks for each permission by name, and stops for those without which nothing arrives', async () => {
  const names = permissions.map(({ name }) => name);
  await gc.faults.order({ target: 'permissions', denied: names });
  const { code, findings } = await check();
  for (const { name, isVital } of permissions) {
    const missing = findings.find(({ text }) => text.includes(`permission ${name} is missing`));
    expect([name, missing?.level]).toEqual([name, isVital === true ? 'stops' : 'warning']);
    expect(missing?.hint).toContain('add it to the role of this OAuth client');
  }
  expect(code).toBe(1);
  await gc.faults.clear();
  const spare = permissions.filter(({ isVital }) => isVital !== true).map(({ name }) => name);
  await gc.faults.order({ target: 'permissions', denied: spare });
  expect((await check()).code).toBe(0);
});

it('leaves no trace in Redis, PostgreSQL, the storage and Genesys Cloud', async () => {
  // Nobody else writes here.
  const quiet = await startRedis();
  const settings = readSettings(redisSettingNames, { REDIS_URL: quiet.url });
  const client = connectRedis({ settings, role: 'worker', logger: silentLogger });
  const sources = async () => {
    const headers = { authorization: 'Bearer admin' };
    const answer = await fetch(`${excp.url}/api/v1/configuration`, { headers });
    return ((await answer.json()) as { source: unknown }).source;
  };
  const standing = async () => ({
    keys: await client.keys('*'),
    files: await readdir(join(dir, 'audio'), { recursive: true }),
    source: await sources(),
    conversations: gc.conversations(),
    recordings: gc.recordings(),
    orders: gc.requests.count('gc.reports.create', 200) + gc.requests.count('gc.uploads', 200),
    newSources: gc.requests.count('gc.presence.sources.create', 200),
  });
  try {
    const before = await standing();
    const refused = gc.requests.count('gc.presence.sources.create', 400);
    const commands = await watched(client, () => check({ REDIS_URL: quiet.url }));
    expect(await standing()).toEqual(before);
    expect(gc.requests.count('gc.presence.sources.create', 400)).toBe(refused + 1);
    // Nothing that anybody could have seen in between either: the one write is gone in its own step.
    const written = commands.filter((command) => /^(multi|set|del|exec)$/i.test(command));
    expect(written.map((command) => command.toLowerCase())).toEqual([
      'multi',
      'set',
      'del',
      'exec',
    ]);
  } finally {
    client.disconnect();
    await quiet.stop();
  }
});

/** The commands that Redis gets meanwhile. */
async function watched(
  client: ReturnType<typeof connectRedis>,
  act: () => Promise<unknown>,
): Promise<string[]> {
  if (!('monitor' in client)) throw new Error('a single Redis is meant');
  const monitor = await client.monitor();
  const seen: string[] = [];
  monitor.on('monitor', (_time: string, [command = '']: string[]) => seen.push(command));
  await act();
  monitor.disconnect();
  return seen;
}

it.each<[string, Record<string, string>, string, string, string]>([
  ['a setting that is none', { EXCP_TYPO: 'x' }, 'settings', 'stops', 'EXCP_TYPO is no setting'],
  ['credentials of RWS that lack', { EXCP_METADATA_SOURCE: 'rws' }, 'settings', 'stops', 'RWS_URL'],
  ['Redis that is away', { REDIS_URL: 'redis://127.0.0.1:9' }, 'redis', 'stops', 'ECONNREFUSED'],
  [
    'PostgreSQL that is away',
    { LEDGER_DATABASE_URL: 'postgres://u:secret@127.0.0.1:9/x' },
    'postgresql',
    'warning',
    'ECONNREFUSED',
  ],
  ['a wrong password of the storage', { WEBDAV_PASSWORD: 'wrong' }, 'webdav', 'stops', '401'],
  [
    'a client that is refused',
    { GC_CLIENT_SECRET: 'wrong' },
    'genesys cloud',
    'stops',
    'is refused',
  ],
  [
    'an upload host that is away',
    { EXRP_UPLOAD_HOSTS: '127.0.0.1,localhost' },
    'upload hosts',
    'stops',
    'localhost cannot be reached',
  ],
  ['EXCP that is away', { EXCP_URL: 'http://127.0.0.1:9' }, 'excp', 'stops', 'does not answer'],
  [
    'a file of rules that is none',
    { HYBRID_INTEGRATION_FILE: '/nowhere' },
    'rules',
    'stops',
    'cannot be read',
  ],
  [
    'a source that is not there',
    { EXCP_GC_SOURCE: 'Elsewhere' },
    'source',
    'stops',
    'Elsewhere is not among',
  ],
  ['a language that is none', { STA_DEFAULT_LANGUAGE: 'tlh-QO' }, 'languages', 'warning', 'tlh-QO'],
])('finds %s', async (_what, changes, subject, level, words) => {
  const run = words === 'ECONNREFUSED' ? checkStarted : check;
  const { findings, stdout, code } = await run(changes);
  const found = of(findings, subject).find((finding) => finding.text.includes(words));
  expect(found).toMatchObject({ level });
  expect(stdout).not.toContain('secret');
  expect(code).toBe(level === 'stops' ? 1 : 0);
});

it('names agents that were met whose e-mail is that of no user, once', async () => {
  const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000055';
  const base = { callUUID, time: new Date().toISOString() };
  const answer = await fetch(`${excp.url}/api/v1/call-events`, {
    method: 'POST',
    headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
    body: JSON.stringify([
      { ...base, event: 'EventCallCreated', callType: 'Inbound' },
      {
        ...{ ...base, event: 'EventCallPartyAdded', thisDN: '7177', partyType: 'agent' },
        ...{ agentId: 'Gone@Example.com', partyState: 'established' },
      },
    ]),
  });
  expect(answer.status).toBe(202);
  const found = await waitFor('the login to be asked for', async () => {
    const { findings } = await check();
    const naming = of(findings, 'agents').filter(({ text }) => /gone@example\.com/i.test(text));
    return naming.length > 0 && naming;
  });
  expect(found).toHaveLength(1);
  expect(found[0]?.text).toContain(
    '1 login is the e-mail of no user in Genesys Cloud: gone@example.com',
  );
});

it('finds queues and agents of the file that Genesys Cloud does not have, and a queue without a program', async () => {
  const file = join(dir, 'strange.yaml');
  const maps =
    'queue_map: {VQ_Old: Nowhere, VQ_Sales: Sales}\nagent_map: {a1: nobody@example.com}\n';
  await writeFile(file, `sync_scope: all\n${maps}`);
  const before = gc.configuration();
  gc.configure({ ...before, mappings: [], defaultProgramId: null });
  const { findings, code } = await check({
    HYBRID_INTEGRATION_FILE: file,
    STA_DEFAULT_LANGUAGE: 'en_us',
  });
  gc.configure(before);
  expect(of(findings, 'queues')[0]?.text).toContain('1 that Genesys Cloud does not know: VQ_Old');
  expect(of(findings, 'agents')[0]?.text).toContain('a1');
  expect(of(findings, 'programs')[0]?.text).toContain('2 queues have transcription and no program');
  expect(of(findings, 'languages')).toEqual([]);
  expect(code).toBe(0);
});

it.each([
  ['empty', 'stops', 'there is no recording key'],
  ['garbage', 'warning', 'a newer key is passed over: unparsable'],
  ['expire', 'warning', 'a newer key is passed over: expired'],
])('finds keys that are no good: %s', async (action, level, words) => {
  await gc.faults.order({ target: 'keys', action });
  const { findings, code } = await check();
  await gc.faults.order({ target: 'keys', action: 'restore' });
  const [first] = of(findings, 'key');
  expect(first).toMatchObject({ level, text: expect.stringContaining(words) });
  expect(code).toBe(level === 'stops' ? 1 : 0);
});
