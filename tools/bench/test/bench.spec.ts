import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bundledProgram, redisProgram, workspaceRoot } from '@exrec/testing';

const run = promisify(execFile);
const programs = ['apps/excp', 'apps/exrp', 'apps/storage', 'tools/simulator', 'tools/bench'];

let bundles: string[];
let outDir: string;

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'exrec-bench-out-'));
  bundles = await Promise.all(programs.map(bundledProgram));
});

afterAll(async () => {
  await rm(outDir, { recursive: true, force: true });
});

function bench(...args: string[]) {
  const main = bundles.at(-1)!;
  const bundleDir = dirname(dirname(dirname(main)));
  return run(process.execPath, [main, ...args, '--bundles', bundleDir], { cwd: workspaceRoot() });
}

// One without servers and one with; all ten take minutes.
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
});

it('names the benches there are when it does not know one', async () => {
  await expect(bench('sealing')).rejects.toMatchObject({
    stderr: expect.stringContaining('there are: seal, inject'),
  });
});
