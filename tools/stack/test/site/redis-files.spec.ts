import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  freePort,
  startApp,
  startProcess,
  waitFor,
  workspaceRoot,
  type RunningProcess,
} from '@exrec/testing';
import { Redis } from 'ioredis';

const folder = mkdtempSync(join(tmpdir(), 'exrec-redis-files-'));
const shipped = (name: string) => readFileSync(join(workspaceRoot(), 'docker', name), 'utf8');
const password = 'redis-password';
const running: RunningProcess[] = [];
const clients: Redis[] = [];

afterAll(async () => {
  for (const client of clients) client.disconnect();
  await Promise.all(running.map((process) => process.kill()));
  rmSync(folder, { recursive: true, force: true });
});

async function startServer(file: string, ...args: string[]): Promise<RunningProcess> {
  const server = await startProcess({ command: 'redis-server', args: [file, ...args] });
  running.push(server);
  return server;
}

function client(port: number, username?: string): Redis {
  const credentials = username === undefined ? {} : { username, password };
  const made = new Redis(port, '127.0.0.1', { ...credentials, retryStrategy: () => 100 });
  made.on('error', () => undefined);
  clients.push(made);
  return made;
}

/** The shipped file, in a folder and on a port of this test. */
function placed(name: string, changes: Readonly<Record<string, string>>): string {
  const text = Object.entries(changes).reduce(
    (changed, [from, to]) => changed.replaceAll(from, to),
    shipped(name),
  );
  const file = join(folder, `${Object.values(changes)[0] ?? ''}-${name}`.replaceAll(/[ /]/g, '-'));
  writeFileSync(file, text);
  return file;
}

it('redis.conf and users.acl are what the services need and no more', async () => {
  const port = await freePort();
  const sha256 = createHash('sha256').update(password).digest('hex');
  const acl = placed('users.acl', { ['0'.repeat(64)]: sha256 });
  // So that the test may look: a site has no such user.
  writeFileSync(acl, `${readFileSync(acl, 'utf8')}user watch on #${sha256} ~* &* +@all\n`);
  const conf = placed('redis.conf', { 'port 6379': `port ${port}`, 'dir /data': `dir ${folder}` });
  writeFileSync(conf, `${readFileSync(conf, 'utf8')}\naclfile ${acl}\n`);
  const server = await startServer(conf);
  const watch = client(port, 'watch');
  expect(await watch.ping()).toBe('PONG');

  const env = {
    REDIS_URL: `redis://exrec:${password}@127.0.0.1:${port}`,
    GC_API_URL: 'http://127.0.0.1:9',
    GC_LOGIN_URL: 'http://127.0.0.1:9',
    GC_CLIENT_ID: 'client',
    GC_CLIENT_SECRET: 'secret',
    EXRP_API_TOKEN: 'token',
    ADMIN_TOKEN: 'admin',
    EXCP_QUIET_PERIOD_SECONDS: '0.5',
  };
  const exrp = await startApp('exrp', env);
  running.push(exrp);
  const excp = await startApp('excp', { ...env, EXRP_URL: exrp.url });
  running.push(excp);
  for (const { url } of [excp, exrp]) {
    const ready = (await (await fetch(`${url}/health/ready`)).json()) as { checks: object };
    expect(ready.checks).toMatchObject({ redis: { status: 'up' } });
  }
  const metadata = {
    mediaId: '02AB00000000000000000000000000A1_2026-03-02_09-15-04-1.opus',
    callUUID: '02AB00000000000000000000000000A1',
    startTime: '2026-03-02T09:15:04.000Z',
    stopTime: '2026-03-02T09:18:00.000Z',
    duration: 176_000,
    size: 1000,
    parameters: { agentId: 'agent7105', recordDN: '7105' },
  };
  const posted = await fetch(`${excp.url}/api/contact-centers/cc/recordings`, {
    method: 'POST',
    body: JSON.stringify(metadata),
  });
  expect([posted.status, await posted.text()]).toEqual([
    200,
    expect.stringContaining('stored') as string,
  ]);
  const ask = async (url: string) =>
    (await fetch(url, { headers: { authorization: 'Bearer admin' } })).text();
  // Collected, ended, dispatched, queued and tried: most of the commands that there are.
  await waitFor('the recording to wait for its audio', async () =>
    (await ask(`${exrp.url}/api/v1/injections`)).includes('"waiting"'),
  );
  expect(await watch.acl('LOG')).toEqual([]);

  // And nothing that is not needed.
  const asService = client(port, 'exrec');
  for (const forbidden of [
    ['FLUSHALL'],
    ['SHUTDOWN'],
    ['CONFIG', 'SET', 'save', ''],
    ['REPLICAOF', 'NO', 'ONE'],
  ]) {
    const [command = '', ...args] = forbidden;
    await expect(asService.call(command, ...args)).rejects.toThrow('NOPERM');
  }
  await expect(asService.get('other')).rejects.toThrow('NOPERM');
  await expect(client(port).get('{exrec}:x')).rejects.toThrow('NOAUTH');

  // Redis reads its file back in the name of its default user: without rights, every transaction in it is lost.
  await Promise.all([exrp, excp].map((app) => app.kill('SIGTERM')));
  // BullMQ's mark of its last look for stalled jobs is over after half a minute.
  const kept = async () =>
    (await watch.keys('*')).filter((key) => !key.endsWith(':stalled-check')).toSorted();
  const before = await kept();
  await server.kill('SIGTERM');
  const again = await startServer(conf);
  await waitFor('Redis to have read its file', () =>
    watch.ping().then(
      () => true,
      () => false,
    ),
  );
  expect(again.output()).not.toContain('AOF-loading-client');
  expect(await kept()).toEqual(before);
});

it('sentinel.conf watches the master that it names and finds its replica', async () => {
  const [masterPort, replicaPort, sentinelPort] = await Promise.all(
    [1, 2, 3].map(() => freePort()),
  );
  const conf = (port: number | undefined) =>
    placed('redis.conf', {
      'port 6379': `port ${port}`,
      'dir /data': `dir ${mkdtempSync(join(folder, 'data-'))}`,
    });
  await startServer(conf(masterPort));
  await startServer(conf(replicaPort), '--replicaof', `127.0.0.1 ${masterPort}`);
  const sentinel = placed('sentinel.conf', {
    'port 26379': `port ${sentinelPort}`,
    'exrec redis-1 6379 2': `exrec 127.0.0.1 ${masterPort} 1`,
    'dir /tmp': `dir ${folder}`,
  });
  await startServer(sentinel, '--sentinel');
  const asked = client(sentinelPort ?? 0);
  const answer = (...args: string[]) =>
    asked.call('SENTINEL', ...args).then(
      (value) => JSON.stringify(value),
      () => '',
    );
  await waitFor('the replica', async () =>
    (await answer('REPLICAS', 'exrec')).includes(`${replicaPort}`),
  );
  expect(await answer('MASTER', 'exrec')).toContain('"down-after-milliseconds","5000"');
});
