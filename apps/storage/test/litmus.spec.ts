import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { password, startStorage, username, type StorageServer } from './storage-server.js';

const suitesDir = process.env.LITMUS_DIR ?? '/usr/libexec/litmus';
const sampleFiles = '/usr/share/litmus/htdocs';

let storage: StorageServer;
let workDir: string;
beforeAll(async () => {
  storage = await startStorage();
  workDir = await mkdtemp(join(tmpdir(), 'exrec-litmus-'));
});
afterAll(async () => {
  await storage.stop();
  await rm(workDir, { recursive: true });
});

function runSuite(suite: string): Promise<string> {
  const args = ['--htdocs', sampleFiles, storage.url, username, password];
  return new Promise((resolve, reject) => {
    // litmus writes its debug log where it is started.
    execFile(join(suitesDir, suite), args, { cwd: workDir, timeout: 120_000 }, (error, stdout) => {
      if (error?.code === 'ENOENT')
        reject(new Error('litmus is not installed: apt-get install litmus'));
      else resolve(stdout);
    });
  });
}

describe('litmus, the WebDAV conformance suite', () => {
  it.each([
    ['basic', 16],
    ['copymove', 13],
    ['http', 4],
  ])('%s passes whole', async (suite, tests) => {
    const output = await runSuite(suite);
    expect(output).toContain(`of ${tests} tests run: ${tests} passed, 0 failed. 100.0%`);
    expect(output).not.toMatch(/FAIL|SKIPPED/);
  });
});
