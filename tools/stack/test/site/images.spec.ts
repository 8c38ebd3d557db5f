import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  startProcess,
  startRedis,
  waitFor,
  workspaceRoot,
  type RedisServer,
} from '@exrec/testing';
import { buildImage, readStages, type BuiltImage } from './dockerfile.js';

const root = workspaceRoot();
const isRoot = process.getuid?.() === 0;
const images = [
  { name: 'excp', program: 'apps/excp', portSetting: 'EXCP_PORT' },
  { name: 'exrp', program: 'apps/exrp', portSetting: 'EXRP_PORT' },
  { name: 'ledger', program: 'apps/ledger', portSetting: 'LEDGER_PORT' },
  { name: 'storage', program: 'apps/storage', portSetting: 'STORAGE_PORT' },
  { name: 'simulator', program: 'tools/simulator', portSetting: 'SIMULATOR_PORT' },
];
const stagesOf = (name: string) =>
  readStages(readFileSync(join(root, 'docker', `${name}.Dockerfile`), 'utf8'));

let redis: RedisServer;
const built: BuiltImage[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
  for (const image of built) rmSync(image.root, { recursive: true, force: true });
});

/** Settings without which a service does not start; nothing of it is reached but Redis. */
const needed = () => ({
  REDIS_URL: redis.url,
  GC_API_URL: 'http://127.0.0.1:9',
  GC_LOGIN_URL: 'http://127.0.0.1:9',
  GC_CLIENT_ID: 'client',
  GC_CLIENT_SECRET: 'secret',
  EXRP_API_TOKEN: 'token',
  STORAGE_USERNAME: 'exrec',
  STORAGE_PASSWORD: 'secret',
  LEDGER_DATABASE_URL: 'postgres://127.0.0.1:9/exrec',
  LEDGER_NUMBER_KEY: 'a-key-of-no-numbers',
});

/** As the user of the image, where this test may choose one. */
function asUser(image: BuiltImage, [command = '', ...args]: readonly string[]) {
  if (!isRoot) return { command, args };
  const [uid = '', gid = ''] = image.user.split(':');
  const drop = ['--reuid', uid, '--regid', gid, '--clear-groups', '--no-new-privs'];
  return { command: 'setpriv', args: [...drop, command, ...args] };
}

function filesBelow(folder: string): string {
  return execFileSync('find', [folder, '-printf', '%p %s %T@\n'], { encoding: 'utf8' });
}

/** What the build of a project does, without the name that it is only told by. */
function buildOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    scripts: { build: string };
  };
  return manifest.scripts.build.replace(/ [a-z]+$/, '');
}

it.each(images)(
  '$name: the build stage builds this program, from the npm registry alone',
  ({ name, program }) => {
    const [build = []] = stagesOf(name);
    expect(build.filter(({ name: word }) => word === 'FROM')).toEqual([
      { name: 'FROM', rest: 'node:24-slim AS build' },
    ]);
    const runs = build.filter(({ name: word }) => word === 'RUN').map(({ rest }) => rest);
    expect(runs[0]).toBe('npm ci --ignore-scripts');
    const [first, ...others] = runs.slice(1);
    expect(first).toBe(`cd ${program} && ${buildOf(program)}`);
    const known = [`cd apps/exrec && ${buildOf('apps/exrec')}`, 'cd apps/console && npm run build'];
    expect(others.filter((run) => !known.includes(run))).toEqual([]);
  },
);

it.each(images)(
  '$name: runs as a user without rights, writes nothing of its own, and says whether it is alive',
  async ({ name, portSetting }) => {
    const stages = stagesOf(name);
    expect(stages).toHaveLength(2);
    expect(stages[1]?.[0]).toEqual({ name: 'FROM', rest: 'node:24-slim' });
    const image = await buildImage(stages[1] ?? []);
    built.push(image);
    expect(image.user).toBe('10001:10001');
    expect(image.env.NODE_ENV).toBe('production');
    const before = filesBelow(join(image.root, 'opt'));

    const port = await freePort();
    const env = { ...image.env, ...needed(), [portSetting]: `${port}` };
    const temporary = join(image.root, 'tmp');
    mkdirSync(temporary);
    if (isRoot) execFileSync('chown', ['10001:10001', temporary]);
    const exrec = join(image.root, 'opt/exrec/exrec/main.js');
    if (existsSync(exrec)) {
      const { command, args } = asUser(image, [process.execPath, exrec, 'version']);
      expect(spawnSync(command, args, { encoding: 'utf8' })).toMatchObject({ status: 0 });
    }
    const service = await startProcess({
      ...asUser(image, image.entrypoint),
      cwd: image.workDir,
      env: { ...env, TMPDIR: temporary },
    });
    const { healthcheck } = image;
    const isAlive = () => {
      if (healthcheck === undefined) return service.output().includes('simulator.listening');
      const { command, args } = asUser(image, healthcheck);
      return spawnSync(command, args, { env: { ...env, PATH: process.env.PATH } }).status === 0;
    };
    await waitFor('the health check to pass', () => {
      if (service.exitCode() !== undefined) throw new Error(service.output());
      return isAlive();
    });
    if (existsSync(join(image.root, 'opt/exrec/console'))) {
      const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } });
      expect(await page.text()).toContain('<script type="module"');
    }
    service.signal('SIGTERM');
    expect((await service.ended).code).toBe(0);
    if (healthcheck !== undefined) expect(isAlive()).toBe(false);
    expect(filesBelow(join(image.root, 'opt'))).toBe(before);
  },
);
