import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { bundledProgram } from '@exrec/testing';

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** The command line as its user starts it. */
async function exrec(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const file = await bundledProgram('apps/exrec');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [file, ...args],
      { env: { PATH: process.env.PATH ?? '', ...env } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

/** A service that is degraded, which is all that is asked here. */
async function degradedService(): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('connection', 'close');
    const ready = {
      status: 'degraded',
      checks: { webdav: { status: 'degraded', reason: 'away' } },
    };
    const body = request.url === '/version' ? { version: '1.2.3' } : ready;
    response.end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  [['nonsense'], 'exrec help'],
  [['status', '--nonsense'], 'exrec help'],
  [['completion'], 'missing required argument'],
  [['completion', 'csh'], 'one of bash, zsh, fish'],
  [['status', '--url', 'ftp://x'], 'no http or https URL'],
])('%j is wrong use, and says what to do', async (args, words) => {
  const { code, stdout, stderr } = await exrec(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(words);
});

it('says of each service whether it is well; one that is away is named with its address', async () => {
  const up = await degradedService();
  const away = 'http://127.0.0.1:9';
  const env = { EXREC_URL: up, EXCP_URL: away, EXRP_URL: up };
  const { code, stdout } = await exrec(['status', '--json'], env);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    services: [
      { service: 'ledger', status: 'degraded', version: '1.2.3', findings: [{ check: 'webdav' }] },
      { service: 'excp', status: 'away', url: away },
      { service: 'exrp', status: 'degraded' },
    ],
  });
  const forPeople = (await exrec(['status'], env)).stdout;
  expect(forPeople).toContain('webdav: away');
  expect(forPeople).not.toContain('\u001b');
});

it.each(['bash', 'zsh', 'fish'])('completes its own commands in %s', async (shell) => {
  const { code, stdout } = await exrec(['completion', shell]);
  expect(code).toBe(0);
  for (const word of ['status', 'version', 'completion']) expect(stdout).toContain(word);
});

it.each([
  ['config check file.yaml --j', '--json'],
  ['reh', 'rehearse'],
  ['bridge ', 'check'],
  ['find 0110 --since 1d --q', '--queue'],
])('bash completes `exrec %s` to %s', async (typed, word) => {
  const { stdout } = await exrec(['completion', 'bash']);
  const words = `exrec ${typed}`.split(' ');
  const ask = `COMP_WORDS=(${words.map((each) => `"${each}"`).join(' ')}); COMP_CWORD=${words.length - 1}`;
  const script = `${stdout}\n${ask}; _exrec; echo "\${COMPREPLY[@]}"`;
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toContain(word);
});

it('ends quietly when whoever reads has enough', async () => {
  const file = await bundledProgram('apps/exrec');
  const child = spawn(process.execPath, [file, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  // Gone before the program writes anything.
  child.stdout.destroy();
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([complaint, code]).toEqual(['', 0]);
});
