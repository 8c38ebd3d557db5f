import { freePort } from './free-port.js';
import { startProcess } from './process-runner.js';
import { waitFor } from './wait-for.js';

const script = (code: string) => ['-e', code];
const running: { kill(): Promise<unknown> }[] = [];

async function start(code: string, options: { env?: Record<string, string> } = {}) {
  const child = await startProcess({ args: script(code), ...options });
  running.push(child);
  return child;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => child.kill()));
});

describe('startProcess', () => {
  it('collects both outputs and the exit code', async () => {
    const child = await start(
      'console.log("to out"); console.error("to err"); process.exitCode = 3',
    );
    expect(await child.ended).toEqual({ code: 3, signal: null });
    expect(child.exitCode()).toBe(3);
    expect(child.output()).toContain('to out');
    expect(child.output()).toContain('to err');
  });

  it('returns when the URL answers', async () => {
    const port = await freePort();
    const server = `require('http').createServer((q, r) => r.end()).listen(${port}, '127.0.0.1')`;
    const child = await startProcess({
      args: script(`setTimeout(() => ${server}, 200)`),
      readyUrl: `http://127.0.0.1:${port}/`,
    });
    running.push(child);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });

  it('fails at once with the output when the process ends before it is ready', async () => {
    const started = startProcess({
      args: script('console.log("no luck"); process.exitCode = 78'),
      readyUrl: `http://127.0.0.1:${await freePort()}/`,
    });
    await expect(started).rejects.toThrow(/ended with 78[^]*no luck/);
  });

  it('fails and leaves nothing behind when the process never gets ready', async () => {
    const started = startProcess({
      args: script('console.log(`pid ${process.pid}.`); setInterval(() => 0, 1000)'),
      readyUrl: `http://127.0.0.1:${await freePort()}/`,
      readyTimeoutMs: 5_000,
    });
    const message = await started.then(String, String);
    const pid = Number(/pid (\d+)\./.exec(message)?.[1]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('ends a stopped process by SIGKILL', async () => {
    const child = await start('setInterval(() => 0, 1000)');
    child.signal('SIGSTOP');
    expect(await child.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(child.exitCode()).toBeNull();
  });

  it('lets a process answer a signal while the test looks on', async () => {
    const child = await start(
      'process.on("SIGTERM", () => console.log("draining")); console.log("up"); setInterval(() => 0, 1000)',
    );
    await waitFor('the handler', () => child.output().includes('up'));
    child.signal('SIGTERM');
    await waitFor('the answer', () => child.output().includes('draining'));
    expect(child.exitCode()).toBeUndefined();
  });

  it("hides this shell's settings from the process", async () => {
    process.env.EXCP_PORT = '1';
    const child = await start('console.log(JSON.stringify(process.env))', { env: { GIVEN: 'x' } });
    delete process.env.EXCP_PORT;
    await child.ended;
    const seen: unknown = JSON.parse(child.output());
    expect(seen).toMatchObject({ GIVEN: 'x', PATH: process.env.PATH });
    expect(seen).not.toHaveProperty('EXCP_PORT');
  });

  it('says which program is missing', async () => {
    await expect(startProcess({ command: 'no-such-program', args: [] })).rejects.toThrow('ENOENT');
  });
});
