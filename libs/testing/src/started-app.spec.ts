import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from './gpg-home.js';
import { startProcess } from './process-runner.js';
import { bundledApp } from './started-app.js';

/** Prints whether V8 refuses what the build has left for a program, behind its digest. */
const askV8 = `
  const { readFileSync } = require('node:fs');
  const [file] = process.argv.slice(1);
  const names = ['exports', 'require', 'module', '__filename', '__dirname'];
  const cachedData = readFileSync(file + '.cache').subarray(32);
  const program = require('node:vm').compileFunction(readFileSync(file, 'latin1'), names, { cachedData });
  console.log(program.cachedDataRejected);
`;

describe('a bundle', () => {
  let dir: string;
  let program: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bundle-'));
    program = join(dir, 'program.js');
    await cp(dirname(await bundledApp('storage')), dir, { recursive: true });
  });
  afterEach(() => rm(dir, { recursive: true }));

  /** What it says of wrong settings. */
  async function complaint(...flags: string[]): Promise<string> {
    const running = await startProcess({
      args: [...flags, join(dir, 'main.js')],
      env: { STORAGE_PORT: 'no number' },
    });
    expect(await running.ended).toEqual({ code: 78, signal: null });
    return running.output();
  }

  it('brings code that V8 takes', async () => {
    const { stdout } = await runCommand(process.execPath, ['-e', askV8, program]);
    expect(stdout.toString().trim()).toBe('false');
  });

  it('runs as it is, not as it was when it was compiled', async () => {
    expect(await complaint()).toContain('storage cannot start');
    const source = await readFile(program, 'latin1');
    // At the top, where V8 compiles everything at once; it does not see the difference, since the length is the same.
    await writeFile(program, source.replaceAll('name:"storage"', 'name:"changed"'), 'latin1');
    expect(await complaint()).toContain('changed cannot start');
  });

  it('runs without its compiled code, and with a damaged one', async () => {
    const compiled = await readFile(`${program}.cache`);
    // V8 would look at the whole of it, and end the process.
    for (let at = 5_000; at < compiled.length; at += 1_000) compiled[at] = 0x55;
    await writeFile(`${program}.cache`, compiled);
    expect(await complaint()).toContain('storage cannot start');
    await rm(`${program}.cache`);
    expect(await complaint()).toContain('storage cannot start');
  });

  it('runs with source maps, too', async () => {
    expect(await complaint('--enable-source-maps')).toContain('storage cannot start');
  });
});
