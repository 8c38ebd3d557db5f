import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundledProgram, workspaceRoot } from '@exrec/testing';

const root = workspaceRoot();
const run = (file: string, ...args: string[]) => {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, GC_CLIENT_ID: 'client', GC_CLIENT_SECRET: 'secret', GC_REGION: 'x' };
  return spawnSync(process.execPath, [file, ...args], { cwd: root, env, encoding: 'utf8' });
};

it('npm start uploads to a real organization only when it is told to', async () => {
  const asked = run(join(root, 'scripts', 'start.mjs'));
  expect(asked.status).toBe(1);
  expect(asked.stderr).toContain('npm start -- --yes');
  // Before anything is installed, built or started.
  expect(asked.stdout).toBe('');
  const stack = run(await bundledProgram('tools/stack'), '--once');
  expect(stack.status).toBe(1);
  expect(stack.stdout + stack.stderr).toContain('--yes');
});
