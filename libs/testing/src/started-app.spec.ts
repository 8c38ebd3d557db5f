import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startProcess } from './process-runner.js';
import { bundledApp } from './started-app.js';

describe('a bundle', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bundle-'));
    await cp(dirname(await bundledApp('storage')), dir, { recursive: true });
  });
  afterEach(() => rm(dir, { recursive: true }));

  it.each([[], ['--enable-source-maps']])('runs in a folder of its own %j', async (...flags) => {
    expect(await readdir(dir)).not.toContain('node_modules');
    const running = await startProcess({
      args: [...flags, join(dir, 'main.js')],
      env: { STORAGE_PORT: 'no number' },
    });
    expect(await running.ended).toEqual({ code: 78, signal: null });
    expect(running.output()).toContain('storage cannot start');
  });
});
