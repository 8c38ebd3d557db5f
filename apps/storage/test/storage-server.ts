import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dirent } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorageApp } from '../src/server.js';

export const username = 'mcp';
export const password = 'a password: with a colon';
export const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

export type StorageServer = {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  readonly http: Server;
  /** A request with the right credentials. */
  request(method: string, path: string, init?: RequestInit): Promise<Response>;
  put(name: string, content: Buffer | string): Promise<Response>;
  /** Names of unfinished files. */
  unfinished(): Promise<string[]>;
  /** Bytes of them that the disk has. */
  unfinishedBytes(): Promise<number>;
  stop(): Promise<void>;
};

export type StorageServerOptions = {
  readonly dir?: string;
  readonly instance?: string;
  readonly quotaBytes?: number;
};

/** The storage in this process, on a free port of 127.0.0.1, over a fresh folder or the one given. */
export async function startStorage(options: StorageServerOptions = {}): Promise<StorageServer> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'exrec-storage-')));
  const { instance = '3670' } = options;
  const app = await createStorageApp({ ...options, dir, instance, username, password });
  const http = createServer(app.handler);
  http.on('checkContinue', app.handler);
  http.requestTimeout = 0;
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  await app.begin();
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const request = (method: string, path: string, init: RequestInit = {}) => {
    const headers = { authorization, ...(init.headers as Record<string, string> | undefined) };
    return fetch(new URL(path, url), { method, redirect: 'manual', ...init, headers });
  };
  return {
    url,
    port,
    dir,
    http,
    request,
    put: (name, content) => request('PUT', `/${name}`, { body: content }),
    unfinished: async () => (await filesBelow(join(dir, '.incoming'))).map(({ name }) => name),
    unfinishedBytes: async () => {
      const files = await filesBelow(join(dir, '.incoming'));
      const sizes = await Promise.all(
        files.map(({ name, parentPath }) => stat(join(parentPath, name))),
      );
      return sizes.reduce((sum, { size }) => sum + size, 0);
    },
    stop: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function filesBelow(dir: string): Promise<Dirent[]> {
  const members = await readdir(dir, { recursive: true, withFileTypes: true });
  return members.filter((member) => member.isFile());
}
