import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, startProcess } from '@exrec/testing';
import type { BenchContext } from '../bench.js';
import { startProgram } from './program.js';

export const storageCredentials = { username: 'mcp', password: 'mcp-secret' } as const;

/** A WebDAV server without credentials on a folder, and the processes that do its work. */
export type WebdavServer = {
  readonly port: number;
  readonly dir: string;
  readonly pids: readonly number[];
};

/** Our storage, with or without credentials. */
export async function startStorage(
  context: BenchContext,
  dir: string,
  access: 'open' | 'guarded' = 'open',
): Promise<WebdavServer & { readonly url: string }> {
  const guard = {
    STORAGE_USERNAME: storageCredentials.username,
    STORAGE_PASSWORD: storageCredentials.password,
  };
  const program = await startProgram(context, {
    bundle: 'apps/storage',
    env: (port) => ({
      STORAGE_HOST: '127.0.0.1',
      STORAGE_PORT: `${port}`,
      STORAGE_DIR: dir,
      ...(access === 'guarded' ? guard : {}),
    }),
    readyPath: '/health/live',
  });
  return { port: program.port, url: program.url, dir, pids: [program.pid] };
}

/** nginx's DAV module with one worker, as our storage is one process. @throws with what to install when nginx is missing */
export async function startNginx(context: BenchContext, dir: string): Promise<WebdavServer> {
  await requireNginx();
  const port = await freePort();
  const home = join(context.dir, 'nginx');
  await Promise.all([mkdir(home, { recursive: true }), mkdir(dir, { recursive: true })]);
  const file = join(home, 'nginx.conf');
  await writeFile(file, configuration(home, dir, port));
  const running = await startProcess({
    command: 'nginx',
    args: ['-p', home, '-c', file, '-e', join(home, 'error.log')],
    readyUrl: `http://127.0.0.1:${port}/health`,
  });
  context.cleanUp(() => running.kill('SIGTERM'));
  return { port, dir, pids: [running.pid] };
}

/** One process without a master; bodies are put next to the files, so that a PUT ends with a rename, as ours does. */
function configuration(home: string, dir: string, port: number): string {
  return `
daemon off; master_process off; pid ${home}/nginx.pid;
error_log ${home}/error.log;
events { worker_connections 128; }
http {
  access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000;
  client_max_body_size 0; client_body_temp_path ${dir}/.incoming;
  proxy_temp_path ${home}/a; fastcgi_temp_path ${home}/b; uwsgi_temp_path ${home}/c; scgi_temp_path ${home}/d;
  server {
    listen 127.0.0.1:${port};
    location = /health { return 200; }
    location / { root ${dir}; dav_methods PUT DELETE; }
  }
}`;
}

function requireNginx(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('nginx', ['-v'], { stdio: 'ignore' });
    child.once('error', () =>
      reject(new Error('nginx is needed as baseline (Debian: apt-get install nginx-light)')),
    );
    child.once('exit', () => resolve());
  });
}
