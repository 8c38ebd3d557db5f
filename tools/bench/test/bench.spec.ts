import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { redisProgram, workspaceRoot } from '@exrec/testing';

const run = promisify(execFile);
const programs = ['apps/excp', 'apps/exrp', 'apps/storage', 'tools/simulator', 'tools/bench'];

let bundleDir: string;
let outDir: string;

beforeAll(async () => {
  // Inside the workspace, so that the bundles find node_modules.
  bundleDir = join(workspaceRoot(), '.run', 'test-bench', `${process.pid}`);
  outDir = await mkdtemp(join(tmpdir(), 'exrec-bench-out-'));
  for (const program of programs) {
    await run(process.execPath, [join(workspaceRoot(), 'scripts', 'build-app.mjs')], {
      cwd: join(workspaceRoot(), program),
      env: { ...process.env, EXREC_BUNDLE_DIR: join(bundleDir, program) },
    });
  }
}, 120_000);

afterAll(async () => {
  await rm(bundleDir, { recursive: true, force: true });
  await rm(outDir, { recursive: true, force: true });
});

function bench(...args: string[]) {
  const main = join(bundleDir, 'tools/bench/main.js');
  return run(process.execPath, [main, ...args, '--bundles', bundleDir], { cwd: workspaceRoot() });
}

// One without servers and one with; all nine take minutes.
const measured = ['seal', 'collect'];

it('measures what is asked for and writes figures and picture', async () => {
  expect(redisProgram()).toBeDefined();
  await bench(...measured, '--quick', '--out', outDir);
  const files = await readdir(outDir);
  const json = files.find((file) => file.endsWith('.json'));
  const svg = files.find((file) => file.endsWith('.svg'));
  const written = JSON.parse(await readFile(join(outDir, json!), 'utf8'));
  const figures: readonly { bench: string; subject: number }[] = written.figures;
  const names = figures.map(({ bench }) => bench);
  expect([...new Set(names)]).toEqual(measured);
  for (const figure of figures) expect(figure.subject).toBeGreaterThanOrEqual(0);
  expect(await readFile(join(outDir, svg!), 'utf8')).toContain('seal: CPU time');
}, 180_000);

it('names the benches there are when it does not know one', async () => {
  await expect(bench('sealing')).rejects.toMatchObject({
    stderr: expect.stringContaining('there are: seal, inject'),
  });
});
