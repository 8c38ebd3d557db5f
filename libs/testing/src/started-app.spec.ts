import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './gpg-home.js';
import { bundledApp } from './started-app.js';

/** Prints whether V8 refuses what the build has left for a program. */
const askV8 = `
  const { readFileSync } = require('node:fs');
  const [file] = process.argv.slice(1);
  const names = ['exports', 'require', 'module', '__filename', '__dirname'];
  const cachedData = readFileSync(file + '.cache');
  const program = require('node:vm').compileFunction(readFileSync(file, 'latin1'), names, { cachedData });
  console.log(program.cachedDataRejected);
`;

describe('a bundle', () => {
  let program: string;
  beforeAll(async () => {
    program = join(await bundledApp('storage'), '..', 'program.js');
  });

  it('has no character outside ASCII, since main.js reads it as Latin-1', () => {
    expect(readFileSync(program).findIndex((byte) => byte > 0x7f)).toBe(-1);
  });

  it('brings code that V8 takes', async () => {
    const { stdout } = await runCommand(process.execPath, ['-e', askV8, program]);
    expect(stdout.toString().trim()).toBe('false');
  });
});
