import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, startProcess, waitFor } from '@exrec/testing';

/** A real proxy on loopback. */
export type Tinyproxy = {
  readonly url: string;
  /** `host:port` of every tunnel that was asked for. */
  tunnels(): string[];
  stop(): Promise<void>;
};

/** @param dir where its configuration and its log are put */
export async function startTinyproxy(dir: string): Promise<Tinyproxy> {
  const port = await freePort();
  const [configFile, logFile] = [join(dir, 'tinyproxy.conf'), join(dir, 'tinyproxy.log')];
  const config = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Allow 127.0.0.1',
    'Timeout 60',
    'MaxClients 50',
    `LogFile "${logFile}"`,
    'LogLevel Connect',
  ];
  writeFileSync(configFile, `${config.join('\n')}\n`);
  const running = await startProcess({ command: 'tinyproxy', args: ['-d', '-c', configFile] });
  await waitFor('tinyproxy', () => listens(port)).catch((error: unknown) => {
    throw new Error(running.output(), { cause: error });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    tunnels: () =>
      [...readFileSync(logFile, 'utf8').matchAll(/CONNECT (\S+) HTTP/g)].map(([, to]) => to ?? ''),
    stop: async () => {
      await running.kill();
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
